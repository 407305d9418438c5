//! A regular requisition that was begun and not submitted, and what may be written into it.

use mlatho_formats::openlmis::{Order, elmis_order};
use mlatho_model::{Decimal, Period};
use serde_json::Value as Json;

use super::body::Body;
use crate::requisition::write::{self, Cell, Column, Refusal, number, same};

/// The only status that is written into.
pub(super) const BEGUN: &str = "INITIATED";

/// A regular requisition that was begun and not submitted, as it was read.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) body: Body,
    pub(super) facility: String,
    pub(super) program: String,
    pub(super) period: Period,
}

impl write::Draft for Draft {
    fn id(&self) -> String {
        self.body.head["id"].to_string()
    }

    fn place(&self) -> (&str, Period, &str) {
        (&self.program, self.period, &self.facility)
    }

    fn held(&self, cell: &Cell) -> Result<(usize, Option<Decimal>), Refusal> {
        if self.body.head["status"] != BEGUN || self.body.head["emergency"] == true {
            return Err(Refusal::NotDraft);
        }
        let code = |line: &Json, name: &str| same(line[name].as_str().unwrap_or_default()) == cell.product;
        let mut own: Vec<(usize, &Json)> = match cell.column {
            Column::NewPatientCount => self.body.products().filter(|(_, line)| code(line, "productCode")).collect(),
            Column::PatientsOnTreatment => self.body.regimens().filter(|(_, line)| code(line, "code")).collect(),
            Column::NewPatients | Column::AdditionalQuantity => return Err(Refusal::NotInForm),
        };
        let (Some((at, line)), None) = (own.pop(), own.pop()) else { return Err(Refusal::NoLine) };
        if line["skipped"] == true {
            return Err(Refusal::SkippedLine);
        }
        Ok((at, number(&line[cell.column.name()])?))
    }

    fn line(&self, at: usize) -> Option<&Json> {
        self.body.line(at)
    }

    /// A line of a regimen orders nothing.
    fn order(&self, _at: usize, fields: &Json) -> Order {
        elmis_order(fields, self.body.months)
    }
}
