//! A plan for the requisitions of a target, and how it is carried out.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;
use mlatho_connect::openlmis::write::{Cell, Outcome, Plan, Planned, Receipt};
use mlatho_model::{Decimal, Finding};
use mlatho_store::{DeliveryBatch, Repository};
use xxhash_rust::xxh3::Xxh3;

use super::ideal_stock::{self, IdealStock};
use super::lines;
use super::memory::{self, Memory};
use super::server::{Server, Settings, failed};
use super::wanted::{WantedCounts, wanted};
use crate::PipelineError;
use crate::project::{Project, Target};
use crate::publish::{PublishError, PublishProgress};
use crate::release::Cited;

/// A plan for a target, and the connection to carry it out.
pub struct Publication {
    pub target: String,
    /// The project file allows writing.
    pub write: bool,
    server: Server,
    memory: Memory,
    pub plan: Plan,
    /// Names the difference: who approves it names it, and no other is written.
    pub name: String,
    /// For a person to give to the server; it is no part of what is written.
    pub ideal_stock: IdealStock,
    pub counts: WantedCounts,
    /// What is doubtful, and what is held back and why.
    pub findings: Vec<Finding>,
    /// The mappings by which the numbers came about.
    pub cited: Cited,
    refusal: Option<Finding>,
}

/// What became of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Numbers that were sent.
    pub sent: u64,
    /// Numbers that were read back as sent.
    pub confirmed: u64,
    /// What did not go as planned, by requisition.
    pub findings: Vec<Finding>,
}

/// Reads the drafts of a target and compares them with what the repository has for them. Nothing is written.
///
/// # Errors
/// The target is no server of requisitions, the mapping or the repository cannot be read, the server does not answer or refuses the account.
pub async fn plan_for(
    project: &Project,
    repository: &Repository,
    target: &Target,
) -> Result<Publication, PipelineError> {
    let settings = Settings::of(target)?;
    let mut bad_rows = Vec::new();
    let lines = lines::read(project, target, &mut bad_rows)?;
    if let Some(first) = bad_rows.into_iter().next() {
        return Err(first.into());
    }
    let mappings = project.mappings()?;
    let cited = Cited::of(project, repository, &mappings).await?;
    let refusal = target.released_only.then(|| cited.refusal(&target.name)).flatten();
    let mut findings = mappings.findings;
    findings.extend(cited.finding());
    let current = repository.current(None).await?;
    let numbers = wanted(&current, &lines, &mappings.crosswalk, settings.source, &mut findings)?;
    let (wanted, counts) = (numbers.wanted, numbers.counts);
    let memory = Memory::load(repository, &target.name).await.map_err(PublishError::log(&target.name))?;
    let cells: BTreeSet<Cell> = wanted.iter().map(|wanted| wanted.cell.clone()).collect();
    let server = Server::read(project, target, &cells, &cited.header()).await?;
    findings.extend(server.findings().iter().cloned());
    let plan = server.plan(&wanted, &memory.sent);
    findings.extend(plan.findings());
    let name = name(&plan);
    let ideal_stock = match &server {
        Server::Openlmis(client, _) => {
            ideal_stock::file(client, &numbers.ideal_stock, &mut findings).await.map_err(failed)?
        }
        Server::Elmis(..) => IdealStock::default(), // the mapping names none
    };
    let (target, write) = (target.name.clone(), settings.write);
    Ok(Publication { target, write, server, memory, plan, name, ideal_stock, counts, findings, cited, refusal })
}

/// Equal for equal differences, on every machine and in every run. 32 hexadecimal digits.
fn name(plan: &Plan) -> String {
    let (mut hasher, mut line) = (Xxh3::new(), String::new());
    for planned in &plan.requisitions {
        for change in &planned.changes {
            line.clear();
            let orders = (change.before.quantity(), change.after.quantity());
            // Writing into a string does not fail.
            let _ =
                writeln!(line, "{} {} {:?} {} {orders:?}", planned.requisition, change.cell, change.old, change.new);
            hasher.update(line.as_bytes());
        }
    }
    format!("{:032x}", hasher.digest128())
}

/// Writes the plan that was approved by its name, requisition by requisition. Each is noted as intended before it is sent,
/// and settled with its receipt after it was read back.
///
/// # Errors
/// Writing is not turned on, another plan was approved, the server does not answer, or the log cannot be written. What was
/// settled stays so.
pub async fn write(
    publication: &Publication,
    repository: &Repository,
    approved: Option<&str>,
    now: Timestamp,
    progress: &mut (dyn FnMut(PublishProgress) + Send),
) -> Result<Written, PipelineError> {
    let Publication { target, server, plan, name, .. } = publication;
    let finding = |code| Finding::error(code).with("target", target.as_str()).with("plan", name.as_str());
    if !publication.write {
        return Err(finding("requisition-write-off").into());
    }
    if let Some(refusal) = &publication.refusal {
        return Err(refusal.clone().into());
    }
    match approved {
        None => return Err(finding("requisition-not-approved").into()),
        Some(approved) if approved != name => return Err(finding("requisition-other-plan").into()),
        Some(_) => {}
    }
    let log = || PublishError::log(target);
    let there: Vec<(Cell, Decimal)> =
        plan.unchanged.iter().map(|wanted| (wanted.cell.clone(), wanted.value.normalize())).collect();
    publication.memory.adopt(repository, target, name, &there, now).await.map_err(log())?;
    let (mut written, total) = (Written::default(), plan.changes().count() as u64);
    for (planned, number) in plan.requisitions.iter().zip(1u64..) {
        let set = planned.requisition.clone();
        let batch = DeliveryBatch { target: target.clone(), plan: name.clone(), number, set };
        repository.intend(&batch, &memory::intended(planned), now).await.map_err(log())?;
        let receipt = server.write(planned).await?;
        let (changes, confirmed) = (planned.changes.len(), memory::confirmed(planned, &receipt));
        let refused = matches!(receipt.outcome, Outcome::Refused { .. });
        let differing = changes - confirmed.len();
        let counts = serde_json::json!({
            "sent": changes,
            "confirmed": confirmed.len(),
            "refused": if refused { differing } else { 0 },
            "differing": if refused { 0 } else { differing },
            "requests": receipt.sent,
            "mappings": publication.cited.header(),
        });
        let report = format!("[{}]", memory::receipt(planned, &receipt));
        repository.settle(&batch, &confirmed, &counts, &report, now).await.map_err(log())?;
        written.sent += changes as u64;
        written.confirmed += confirmed.len() as u64;
        written.findings.extend(told(planned, &receipt));
        progress(PublishProgress { total, done: written.sent, refused: written.sent - written.confirmed });
    }
    Ok(written)
}

/// What a person has to know of a requisition that did not go as planned.
fn told(planned: &Planned, receipt: &Receipt) -> Option<Finding> {
    let cell = &planned.changes.first()?.cell;
    let other_order = planned.changes.iter().zip(&receipt.found).any(|(change, found)| {
        change.after.calculated.zip(found.order).is_some_and(|(planned, found)| planned != found)
    });
    let finding = match &receipt.outcome {
        Outcome::Written if receipt.touched => Finding::warning("requisition-touched"),
        Outcome::Written if other_order => Finding::info("requisition-order-differs"),
        Outcome::Written => return None,
        Outcome::Changed => Finding::warning("requisition-changed"),
        Outcome::NotTaken => Finding::error("requisition-not-taken"),
        Outcome::Refused { status, message } => {
            Finding::error("requisition-refused").with("status", u64::from(*status)).with("message", message.as_str())
        }
    };
    let finding = finding.with("facility", cell.facility.as_str()).with("program", cell.program.as_str());
    Some(finding.with("period", cell.period.to_string()))
}
