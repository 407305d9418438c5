//! The project folder: settings, sources, mappings, rules and targets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use mlatho_formats::Format;
use mlatho_harmonize::Kind;
use mlatho_model::{Arg, Finding, Uid};
use mlatho_text::Language;

use super::{CheckReport, Detail, Part};
use crate::PipelineError;
use crate::compare::load_rules;
use crate::door;
use crate::drift::dead_links;
use crate::openhim;
use crate::project::{FILE, Project, ProjectMappings, PullDhis2, Source, Target, load_checks, shown};
use crate::publish::requisitions::lines;
use crate::review::register;

/// The version of the project file that this program reads.
const VERSION: u32 = 1;

pub(super) fn check(project: &Project, report: &mut CheckReport) {
    settings(project, report);
    for one in &project.config().sources {
        let (detail, found) = source(project, one);
        report.add(Part::Source, one.name.as_str(), detail, found);
    }
    let mappings = match project.mappings() {
        Ok(found) => Some(found),
        Err(error) => {
            report.add(Part::Mapping, "mappings", None, vec![told(error)]);
            None
        }
    };
    if let Some(mappings) = &mappings {
        links(project, mappings, report);
    }
    registers(project, mappings.as_ref(), report);
    rules(project, report);
    for one in &project.config().targets {
        target(project, one, mappings.as_ref(), report);
    }
}

/// An error as a finding: it ends the part that is looked at, and not the whole.
fn told(error: PipelineError) -> Finding {
    match error {
        PipelineError::Person(finding) => *finding,
        PipelineError::Io { path, source, .. } => {
            Finding::error("file-unusable").in_file(&shown(&path)).with("reason", source.to_string())
        }
        PipelineError::Store(error) => Finding::error("file-unusable").with("reason", error.to_string()),
    }
}

fn count(key: &'static str, count: usize) -> Detail {
    (key, vec![("count", count.into())])
}

fn in_project(project: &Project, finding: Finding) -> Finding {
    finding.in_file(&shown(&project.path(FILE.as_ref())))
}

fn settings(project: &Project, report: &mut CheckReport) {
    let config = project.config();
    let mut found = Vec::new();
    if config.version != VERSION {
        found.push(Finding::error("project-version").with("version", u64::from(config.version)));
    }
    if let Some(language) = config.language.as_deref().filter(|name| name.parse::<Language>().is_err()) {
        found.push(Finding::error("project-language").with("language", language));
    }
    let sources: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    let targets: Vec<&str> = config.targets.iter().map(|target| target.name.as_str()).collect();
    for names in [sources, targets] {
        let mut seen = BTreeSet::new();
        let twice = names.into_iter().filter(|name| !seen.insert(*name));
        found.extend(twice.map(|name| Finding::error("project-name-twice").with("name", name)));
    }
    found.extend(project.catalogue_url().err().map(told));
    if let Some(settings) = &config.openhim {
        found.extend(openhim::mediator(project, settings).err().map(told));
        found.extend(openhim::client(project, settings).err().map(told));
    }
    let found = found.into_iter().map(|finding| in_project(project, finding)).collect();
    report.add(Part::Project, FILE, Some(("check-project", vec![("name", config.name.as_str().into())])), found);
}

fn source(project: &Project, source: &Source) -> (Option<Detail>, Vec<Finding>) {
    let named = |finding: Finding| in_project(project, finding).with("source", source.name.as_str());
    let mut found = Vec::new();
    match project.layout(source) {
        Ok(None) if source.format == Format::Xlsx => found.push(named(Finding::error("source-without-layout"))),
        Ok(_) => {}
        Err(error) => found.push(told(error)),
    }
    found.extend(source.inputs_problem().map(|finding| in_project(project, finding)));
    let inputs = [
        !source.files.is_empty(),
        source.dhis2.is_some(),
        source.openlmis.is_some(),
        source.elmis.is_some(),
        source.logistimo.is_some(),
        source.gateway.is_some(),
        !source.senders.is_empty(),
    ];
    if inputs.into_iter().filter(|given| *given).count() != 1 {
        found.push(named(Finding::error("source-inputs")));
        return (None, found);
    }
    let detail = if let Some(pull) = &source.dhis2 {
        found.extend(pulled(pull).into_iter().map(named));
        Some(count("check-data-sets", pull.data_sets.len()))
    } else if let Some(pull) = &source.openlmis {
        Some(count("check-programs", pull.programs.len()))
    } else if let Some(pull) = &source.elmis {
        found.extend(pull.end_date.and_then(|end| dates(pull.start_date, end)).map(named));
        Some(count("check-programs", pull.programs.len()))
    } else if source.logistimo.is_some() {
        match source.format {
            Format::LogistimoCsv => Some(("check-transactions", Vec::new())),
            Format::LogistimoJson => Some(("check-inventory", Vec::new())),
            _ => {
                found.push(named(Finding::error("logistimo-format")));
                None
            }
        }
    } else if let Some(gateway) = &source.gateway {
        found.extend(shut(project, gateway.secret_file.as_ref(), gateway.secret_env.as_deref()).map(named));
        found.extend(gateway.reporters.as_ref().and_then(|file| unreadable(&project.path(file))));
        Some(("check-gateway", Vec::new()))
    } else if !source.senders.is_empty() {
        for sender in &source.senders {
            found.extend(shut(project, sender.token_file.as_ref(), sender.token_env.as_deref()).map(named));
        }
        Some(count("check-senders", source.senders.len()))
    } else {
        match project.files(source) {
            Ok(files) => {
                if files.is_empty() {
                    let finding = named(Finding::info("source-no-files"));
                    found.push(finding.with("patterns", source.files.join(", ")));
                }
                Some(count("check-files", files.len()))
            }
            Err(error) => {
                found.push(told(error));
                None
            }
        }
    };
    (detail, found)
}

/// What keeps a source shut at which others hand something over.
fn shut(project: &Project, file: Option<&PathBuf>, variable: Option<&str>) -> Option<Finding> {
    door::read(project, file, variable).err()
}

/// That a file cannot be read, if it cannot.
fn unreadable(path: &Path) -> Option<Finding> {
    let error = std::fs::File::open(path).err()?;
    Some(Finding::error("file-unusable").in_file(&shown(path)).with("reason", error.to_string()))
}

fn pulled(pull: &PullDhis2) -> Vec<Finding> {
    let mut found = Vec::new();
    if pull.data_sets.is_empty() {
        found.push(Finding::error("source-no-data-sets"));
    }
    let ids = pull.data_sets.iter().chain([&pull.org_unit]).filter(|id| id.parse::<Uid>().is_err());
    found.extend(ids.map(|id| Finding::error("source-bad-uid").with("id", id.as_str())));
    found.extend(dates(pull.start_date, pull.end_date));
    found
}

/// That a span of days ends before it starts, if it does.
fn dates(start: Date, end: Date) -> Option<Finding> {
    let finding = || Finding::error("source-dates").with("start", start.to_string()).with("end", end.to_string());
    (end < start).then(finding)
}

/// What the mapping files say of each kind. What is wrong with a file counts against the kind that it maps.
fn links(project: &Project, mappings: &ProjectMappings, report: &mut CheckReport) {
    let settings = &project.config().mappings;
    let found_in = |files: Vec<&PathBuf>| -> Vec<Finding> {
        let files: BTreeSet<String> = files.into_iter().map(|file| shown(&project.path(file))).collect();
        mappings.findings.iter().filter(|finding| files.contains(&*finding.place.file)).cloned().collect()
    };
    for (kind, name, files) in
        [(Kind::OrgUnit, "org_units", &settings.org_units), (Kind::Item, "items", &settings.items)]
    {
        let tables = settings.tables.iter().filter(|table| table.kind.kind() == kind).map(|table| &table.file);
        let links = mappings.crosswalk.links().filter(|link| link.kind == kind).count();
        let found = found_in(files.iter().chain(tables).collect());
        report.add(Part::Mapping, name, Some(count("check-links", links)), found);
    }
    let tables = project.products().unwrap_or_default(); // a bad pattern has ended the loading of the mappings
    if !tables.is_empty() {
        let items = mappings.crosswalk.products().items().count();
        let found = found_in(tables.iter().collect());
        report.add(Part::Mapping, "products", Some(count("check-products", items)), found);
    }
    let decisions = mappings.decisions.iter().count();
    let found = found_in(vec![&settings.decisions]);
    if decisions > 0 || !found.is_empty() {
        report.add(Part::Mapping, "decisions", Some(count("check-decisions", decisions)), found);
    }
    let tables = settings.element_tables.iter().map(|table| &table.file);
    let mut found = found_in(settings.elements.iter().chain(tables).collect());
    let known: Vec<&str> = project.config().targets.iter().map(|target| target.name.as_str()).collect();
    let unknown: BTreeSet<&str> = mappings.elements.targets().filter(|name| !known.contains(name)).collect();
    found.extend(unknown.into_iter().map(|name| {
        let finding = in_project(project, Finding::warning("element-target-unknown"));
        finding.with("target", name).with("known", known.join(", "))
    }));
    let elements = mappings.elements.targets().map(|target| mappings.elements.len_of(target)).sum();
    report.add(Part::Mapping, "elements", Some(count("check-elements", elements)), found);
}

/// The lists in which partners are looked for.
fn registers(project: &Project, mappings: Option<&ProjectMappings>, report: &mut CheckReport) {
    if let Some(mappings) = mappings {
        let mut dead = Vec::new();
        if dead_links(project, mappings, &mut dead) > 0 {
            report.add(Part::Mapping, "links", None, dead);
        }
    }
    for own in &project.config().registers {
        let mut found = Vec::new();
        let read = register(project, own.kind.kind(), own.source.as_ref(), &mut found);
        let records = read.unwrap_or_else(|error| {
            found.push(told(error));
            None
        });
        let detail = records.map(|(_, list)| count("check-records", list.len()));
        report.add(Part::Mapping, own.file.display().to_string(), detail, found);
    }
}

fn rules(project: &Project, report: &mut CheckReport) {
    let patterns = project.config().rules.join(", ");
    let (files, findings) = match load_rules(project) {
        Ok(found) => found,
        Err(error) => return report.add(Part::Rule, patterns, None, vec![told(error)]),
    };
    let (checks, invalid) = match load_checks(project) {
        Ok(found) => found,
        Err(error) => return report.add(Part::Rule, patterns, None, vec![told(error)]),
    };
    for file in &checks {
        report.add(Part::Rule, file.name.as_str(), Some(count("check-own-checks", file.rules.len())), vec![]);
    }
    let findings: Vec<Finding> = findings.into_iter().chain(invalid).collect();
    if files.is_empty() && checks.is_empty() && findings.is_empty() {
        let finding = in_project(project, Finding::info("no-rules")).with("patterns", patterns.as_str());
        report.add(Part::Rule, patterns, None, vec![finding]);
    }
    for file in files {
        report.add(Part::Rule, file.name, Some(("check-rule", vec![("name", Arg::from(file.rule.name))])), vec![]);
    }
    for finding in findings {
        let name = Path::new(&*finding.place.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        report.add(Part::Rule, name, None, vec![finding]);
    }
}

fn target(project: &Project, target: &Target, mappings: Option<&ProjectMappings>, report: &mut CheckReport) {
    let named = |finding: Finding| in_project(project, finding).with("target", target.name.as_str());
    let mut found = Vec::new();
    found.extend(target.two_servers().map(|finding| in_project(project, finding)));
    if target.is_requisitions() {
        let detail = match lines::read(project, target, &mut found) {
            Ok(lines) => Some(count("check-requisition-lines", lines.values().map(Vec::len).sum())),
            Err(error) => {
                found.push(told(error));
                None
            }
        };
        return report.add(Part::Target, target.name.as_str(), detail, found);
    }
    if target.dhis2.is_none() {
        found.push(named(Finding::info("publish-no-server")));
    }
    let Some(elements) = mappings.map(|mappings| &mappings.elements) else {
        return report.add(Part::Target, target.name.as_str(), None, found);
    };
    let known = elements.len_of(&target.name);
    if known == 0 {
        found.push(named(Finding::info("publish-no-elements")));
    }
    if target.dhis2.is_some() {
        let ids = elements.of_target(&target.name).flat_map(|element| {
            let combos = [&element.category_option_combo, &element.attribute_option_combo];
            let optional = combos.into_iter().chain([&element.data_set]).filter(|id| !id.is_empty());
            optional.chain([&element.data_element])
        });
        let bad: BTreeSet<&String> = ids.filter(|id| id.parse::<Uid>().is_err()).collect();
        found.extend(bad.into_iter().map(|id| named(Finding::error("publish-bad-element")).with("id", id.as_str())));
    }
    report.add(Part::Target, target.name.as_str(), Some(count("check-elements", known)), found);
}
