//! Links that go to other systems and come from them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use mlatho_formats::Document;
use mlatho_harmonize::matching::List;
use mlatho_harmonize::{
    Given, Kind, Link, Offer, Relation, Taken, Taking, Verdict, link_table_row, read_concept_map, read_link_table,
};
use mlatho_model::{Finding, SourceName};

use super::register::register;
use crate::PipelineError;
use crate::project::Project;

/// Links as rows of [`mlatho_harmonize::LINK_TABLE_COLUMNS`], with the codes that the project's registers have for them.
///
/// # Errors
/// A register cannot be read.
pub fn link_rows<'a>(
    project: &Project,
    links: impl Iterator<Item = &'a Link>,
) -> Result<Vec<Vec<String>>, PipelineError> {
    let mut registers = Registers::new(project);
    let mut rows = Vec::new();
    for link in links {
        let source_code = registers.get(link.kind, Some(&link.source))?.map_or("", |it| it.code(&link.source_id));
        let source_code = source_code.to_owned();
        let target_code = registers.get(link.kind, None)?.map_or("", |it| it.code(&link.target));
        rows.push(link_table_row(link, &source_code, target_code).into());
    }
    Ok(rows)
}

/// The links that a file offers: a FHIR `ConceptMap` or a table of links. Nothing, where it is neither.
pub fn read_offers(file: &str, document: &Document, given: &Given, findings: &mut Vec<Finding>) -> Option<Vec<Offer>> {
    match document {
        Document::Json(bytes) => Some(read_concept_map(file, bytes, given, findings)),
        Document::Table(bytes) if is_link_table(bytes) => Some(read_link_table(file, bytes, findings)),
        Document::Table(_) => None,
    }
}

/// A sheet has verdicts, a table of links has none.
fn is_link_table(bytes: &[u8]) -> bool {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let has = |column: &str| header.iter().any(|name| name.trim_start_matches('\u{feff}') == column);
    ["kind", "source", "relation"].into_iter().all(has) && !has("verdict")
}

/// What becomes of offers in this project: decisions to be kept by [`super::decide`], and what is left out.
///
/// # Errors
/// The mappings or a register cannot be read.
pub fn import(project: &Project, offers: Vec<Offer>, taking: &Taking<'_>) -> Result<Taken, PipelineError> {
    let mappings = project.mappings()?;
    let mut registers = Registers::new(project);
    let (mut usable, mut findings) = (Vec::new(), Vec::new());
    for offer in offers {
        let row = offer.row;
        match registers.named(project, offer)? {
            Ok(offer) => usable.push(offer),
            Err((finding, column)) => findings.push(finding.in_file(taking.file).at(row, column)),
        }
    }
    let mut taken = mappings.crosswalk.take(&mappings.decisions, &usable, taking);
    findings.append(&mut taken.findings);
    Ok(Taken { findings, ..taken })
}

/// The registers of the project, each read when it is asked for first.
struct Registers<'a> {
    project: &'a Project,
    read: HashMap<(Kind, Option<SourceName>), Option<Register>>,
}

/// A register, by id and by code.
struct Register {
    file: String,
    /// Name and code of each id.
    records: HashMap<String, (String, String)>,
    by_code: HashMap<String, Vec<String>>,
}

/// A finding, and the column that it is about.
type Bad = (Finding, &'static str);

impl<'a> Registers<'a> {
    fn new(project: &'a Project) -> Self {
        Self { project, read: HashMap::new() }
    }

    fn get(&mut self, kind: Kind, source: Option<&SourceName>) -> Result<Option<&Register>, PipelineError> {
        let known = match self.read.entry((kind, source.cloned())) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                // `check` and `review links` tell what is wrong with a register.
                let found = register(self.project, kind, source, &mut Vec::new())?;
                place.insert(found.map(|(file, list)| Register::new(file, &list)))
            }
        };
        Ok(known.as_ref())
    }

    /// The offer with the ids of both sides, where it names them by their codes.
    fn named(&mut self, project: &Project, mut offer: Offer) -> Result<Result<Offer, Bad>, PipelineError> {
        let link = &mut offer.link;
        if let Err(error) = project.source(Some(link.source.as_str())) {
            return error.finding().map(|finding| Err((finding, "source"))).ok_or(error);
        }
        match self.get(link.kind, Some(&link.source))?.map(|register| register.find(&link.source_id)) {
            Some(Ok(Some(id))) => link.source_id = id.into(),
            Some(Err(several)) => return Ok(Err((several, "source_code"))),
            // What no register knows may still be a code that the source uses, unless it is said to be another code.
            Some(Ok(None)) | None if !offer.is_source_code => {}
            Some(Ok(None)) | None => return Ok(Err((unknown(&link.source_id, 0), "source_code"))),
        }
        if link.relation == Relation::None {
            return Ok(Ok(offer));
        }
        let Some(register) = self.get(link.kind, None)? else { return Ok(Ok(offer)) };
        match register.find(&link.target) {
            Ok(Some(id)) => {
                if link.target_name.is_empty() {
                    link.target_name = register.name(id).into();
                }
                link.target = id.into();
                Ok(Ok(offer))
            }
            Err(several) => Ok(Err((several, "target_code"))),
            Ok(None) if offer.verdict == Verdict::Reject => Ok(Ok(offer)),
            Ok(None) => {
                let finding = Finding::error("review-unknown-target").with("target", &*link.target);
                Ok(Err((finding.with("register", register.file.as_str()), "target")))
            }
        }
    }
}

fn unknown(code: &str, records: usize) -> Finding {
    Finding::error("take-code").with("code", code).with("count", records)
}

impl Register {
    fn new(file: String, list: &List) -> Self {
        let mut register = Self { file, records: HashMap::new(), by_code: HashMap::new() };
        for (row, id) in list.ids().enumerate() {
            let code = list.named(row, "code");
            for part in parts(code) {
                register.by_code.entry(part.to_owned()).or_default().push(id.to_owned());
            }
            register.records.insert(id.to_owned(), (list.named(row, "name").to_owned(), code.to_owned()));
        }
        register
    }

    fn code(&self, id: &str) -> &str {
        self.records.get(id).map_or("", |(_, code)| code)
    }

    fn name(&self, id: &str) -> &str {
        self.records.get(id).map_or("", |(name, _)| name)
    }

    /// The id that is meant by an id or by codes.
    fn find(&self, name: &str) -> Result<Option<&str>, Finding> {
        if let Some((id, _)) = self.records.get_key_value(name) {
            return Ok(Some(id));
        }
        let found = parts(name).filter_map(|part| self.by_code.get(part)).flatten();
        let ids: HashSet<&str> = found.map(String::as_str).collect();
        if ids.len() > 1 { Err(unknown(name, ids.len())) } else { Ok(ids.into_iter().next()) }
    }
}

/// Codes with `|` between them.
fn parts(codes: &str) -> impl Iterator<Item = &str> {
    codes.split('|').map(str::trim).filter(|code| !code.is_empty())
}
