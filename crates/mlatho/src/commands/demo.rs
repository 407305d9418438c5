//! `mlatho demo`: the invented country, the whole job on it, and a page to look at.

mod found;
mod links;

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::time::Instant;

use mlatho_model::{Arg, Period};
use mlatho_pipeline::publish::{Publication, RepositoryLog, confirm, plan_for};
use mlatho_pipeline::run::run as run_job;
use mlatho_pipeline::{PipelineError, Project};
use mlatho_testkit::country::{Country, Server, Sources, Spec};

use super::{Context, Done, Failure, block_on, results, run, serve};
use crate::arguments::{Demo, DemoSources};
use crate::output::write_file;
use crate::progress::Progress;

/// The kinds of product that the country hands out.
const PRODUCTS: usize = 40;
/// The last month of the data: long past, so that the same seed makes the same country on every day.
const LAST_MONTH: (i16, i8) = (2025, 12);
/// What the double says it is.
pub(super) const DHIS2: &str = "2.43.2";

pub(super) fn demo(context: &Context, args: &Demo) -> Result<Done, Failure> {
    let started = Instant::now();
    let folder = folder(args)?;
    let country = country(context, args.facilities, args.months, args.seed);
    let (token, key) = (token(), token());
    let version = DHIS2.parse().map_err(std::io::Error::other)?;
    let double = country.serve_hmis(version, &token)?;
    let openlmis = match args.sources {
        DemoSources::Api => Some(country.serve_lmis(&key)?),
        DemoSources::Both | DemoSources::Files => None,
    };
    let root = folder.join("project");
    let dhis2 = Server { url: double.url(), token: &token };
    let sources = match (&openlmis, args.sources) {
        (Some(server), _) => Sources::Servers(Server { url: server.url(), token: &key }),
        (None, DemoSources::Files) => Sources::Files,
        (None, _) => Sources::Both,
    };
    for (name, bytes) in country.project_files(&dhis2, sources) {
        write_new(&root.join(name), &bytes)?;
    }
    write_new(&folder.join("planted.csv"), &country.planted_csv())?;

    let project = Project::load(&root)?;
    block_on(job(context, args.sources, &project, &folder, &country))?;
    let seconds = started.elapsed().as_secs();
    let args_of_end = [("folder", Arg::from(folder.display().to_string())), ("seconds", seconds.into())];
    context.out.tell("demo-done", &args_of_end);
    if args.no_serve {
        return Ok(Done::Well);
    }
    context.out.tell("demo-dhis2", &[("url", double.url().into())]);
    if let Some(openlmis) = &openlmis {
        context.out.tell("demo-openlmis", &[("url", openlmis.url().into())]);
    }
    serve::serve_project(context, project, args.port)
}

/// A folder of one's own where none is named. One that holds a demo already is not written to.
fn folder(args: &Demo) -> Result<PathBuf, Failure> {
    let folder = match &args.data_dir {
        Some(folder) => folder.clone(),
        None => tempfile::Builder::new().prefix("mlatho-demo-").tempdir()?.keep(),
    };
    if folder.join("project").exists() {
        let finding = mlatho_model::Finding::error("demo-folder-used");
        return Err(finding.in_file(&folder.display().to_string()).into());
    }
    Ok(folder)
}

pub(super) fn country(context: &Context, facilities: usize, months: usize, seed: u64) -> Country {
    let progress = Progress::new(&context.out);
    progress.step("demo-making", &[]);
    let last = Period::month(LAST_MONTH.0, LAST_MONTH.1);
    let first_month = std::iter::successors(last, |month| month.previous()).take(months.max(6)).last();
    #[expect(clippy::expect_used, reason = "a constant that is a month")]
    let first_month = first_month.expect("December 2025 is a month");
    Country::generate(&Spec { facilities, products: PRODUCTS, months, seed, first_month })
}

/// A token for the double that nobody else on this machine knows.
pub(super) fn token() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("d2pat_{:016x}{:016x}", random(), random())
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(PipelineError::io("making the folder", parent))?;
    }
    Ok(write_file(path, |out| std::io::Write::write_all(out, bytes))?)
}

/// Match, run, compare, publish, and publish again.
async fn job(
    context: &Context,
    sources: DemoSources,
    project: &Project,
    folder: &Path,
    country: &Country,
) -> Result<(), Failure> {
    let now = crate::now().timestamp();
    let repository = project.make_repository().await?;
    // OpenLMIS counts in dispensing units, its exported files in packs.
    let packs = sources != DemoSources::Api;
    links::decide_all(context, project, &repository, (country, packs), now).await?;
    let report = {
        let progress = Progress::new(&context.out);
        run_job(project, &repository, now, &mut |at| run::show(&progress, at)).await?
    };
    let (compared, worklist) = results::write(&context.out.texts, project, &repository).await?;
    context.report(&report.findings)?;
    run::print(context, &report, &compared)?;
    let list = folder.join("worklist.csv");
    fs::copy(project.data_dir().join("results/worklist.csv"), &list).map_err(PipelineError::io("writing", &list))?;

    let target = project.target(None)?;
    for _ in 0..2 {
        let Publication { client, prepared, .. } = plan_for(project, &repository, target, now).await?;
        let progress = Progress::new(&context.out);
        let mut log = RepositoryLog::new(&repository, now);
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let mut show = |at: mlatho_pipeline::publish::PublishProgress| {
            progress.part("publish-sending", number(at.done), number(at.total));
        };
        let delivered = confirm(&client, &mut log, &prepared, &mut show).await.map_err(PipelineError::from)?;
        drop(progress);
        let counts = [
            ("target", Arg::from(target.name.as_str())),
            ("sent", delivered.sent.into()),
            ("confirmed", delivered.confirmed.into()),
            ("withdrawn", delivered.withdrawn.into()),
            ("refused", delivered.refused.len().into()),
        ];
        context.out.tell("publish-done", &counts);
    }
    found::print(context, worklist, &repository, country).await?;
    Ok(repository.close().await?)
}
