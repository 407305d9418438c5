//! A regular requisition that is not authorized yet, and what may be written into it.

use mlatho_formats::openlmis::{Order, order};
use mlatho_model::{Decimal, Period};
use serde_json::Value as Json;

use super::super::Status;
use super::body::Body;
use crate::requisition::write::{self, Cell, Column, Refusal, number, same};

/// Statuses before a requisition is authorized.
pub(super) const DRAFTS: [Status; 3] = [Status::Initiated, Status::Rejected, Status::Submitted];

/// A regular requisition that is not authorized yet, as it was read.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) body: Body,
    /// The version, to be sent back as it came.
    pub(super) etag: Option<String>,
    pub(super) facility: String,
    pub(super) program: String,
    pub(super) period: Period,
    /// The form; null where it may not be seen.
    pub(super) template: Json,
    /// Code of the product of each line; empty where it is not known.
    pub(super) products: Vec<String>,
    /// Approved product of each line; null where the line says all that is needed.
    pub(super) approved: Vec<Json>,
}

impl Draft {
    /// Whether it may still be written.
    fn is_draft(&self) -> bool {
        self.body.text("status").parse().is_ok_and(|status| DRAFTS.contains(&status))
    }

    /// Months of the period by its dates, for servers that do not say.
    fn months(&self) -> u64 {
        let (start, end) = (self.period.start(), self.period.end());
        let months = i64::from(end.year() - start.year()) * 12 + i64::from(end.month() - start.month()) + 1;
        u64::try_from(months).unwrap_or(1)
    }
}

impl write::Draft for Draft {
    fn id(&self) -> String {
        self.body.text("id").to_owned()
    }

    fn place(&self) -> (&str, Period, &str) {
        (&self.program, self.period, &self.facility)
    }

    fn held(&self, cell: &Cell) -> Result<(usize, Option<Decimal>), Refusal> {
        let flag = |name: &str| self.body.values[name] == true;
        if !self.is_draft() || flag("emergency") {
            return Err(Refusal::NotDraft);
        }
        if self.etag.is_none() || self.body.text("modifiedDate").is_empty() {
            return Err(Refusal::NoGuard);
        }
        if !typed_by_persons(&self.template, cell.column) {
            return Err(Refusal::NotInForm);
        }
        if cell.column == Column::AdditionalQuantity && flag("reportOnly") {
            return Err(Refusal::ReportOnly);
        }
        let mut of_product = self.products.iter().enumerate().filter(|(_, code)| same(code) == cell.product);
        let (Some((at, _)), None) = (of_product.next(), of_product.next()) else { return Err(Refusal::NoLine) };
        let line = self.body.lines().get(at).ok_or(Refusal::NoLine)?;
        if line["skipped"] == true {
            return Err(Refusal::SkippedLine);
        }
        Ok((at, number(&line[cell.column.name()])?))
    }

    fn line(&self, at: usize) -> Option<&Json> {
        self.body.lines().get(at)
    }

    fn order(&self, at: usize, fields: &Json) -> Order {
        let template = &self.template;
        let from_target = template["populateStockOnHandFromStockCards"] == true;
        let column = if from_target { "calculatedOrderQuantityIsa" } else { "calculatedOrderQuantity" };
        let shown = template["columnsMap"][column]["isDisplayed"] == true;
        let months = self.body.values["numberOfMonthsInPeriod"].as_u64().unwrap_or_else(|| self.months());
        if self.body.values["reportOnly"].as_bool().unwrap_or(false) {
            return Order::default();
        }
        let found = order(fields, self.approved.get(at).unwrap_or(&Json::Null), months, from_target);
        Order { calculated: found.calculated.filter(|_| shown), ..found }
    }
}

/// Whether the form shows a column and takes it from persons.
fn typed_by_persons(template: &Json, column: Column) -> bool {
    let column = &template["columnsMap"][column.name()];
    let source = &column["source"];
    column["isDisplayed"] == true && (*source == 0 || *source == "USER_INPUT")
}
