//! What the double serves: programs, facilities, requisitions.

use jiff::civil::Date;
use jiff::tz::Offset;
use mlatho_model::{Period, PeriodType};
use serde_json::Value as Json;

/// A requisition. Numbers that it does not have are null, as in the database.
#[derive(Clone, Debug)]
pub struct Requisition {
    pub id: u64,
    pub facility: u64,
    pub program: u64,
    pub period: Period,
    pub status: String,
    pub emergency: bool,
    /// Milliseconds since 1970.
    pub modified: i64,
    pub lines: Vec<Line>,
    /// Regimens: code, and further fields.
    pub regimens: Vec<(String, Json)>,
    /// Groups of patients that are not on a regimen: category and total.
    pub patients: Vec<(String, u64)>,
}

impl Requisition {
    pub(super) fn months(&self) -> u8 {
        if self.period.period_type() == PeriodType::Quarterly { 3 } else { 1 }
    }

    /// A made-up id: the year and month of its start.
    pub(super) fn period_id(&self) -> i32 {
        i32::from(self.period.start().year()) * 100 + i32::from(self.period.start().month())
    }
}

/// A line of a requisition: a product, whether it is traced, and its numbers by the names of the fields.
#[derive(Clone, Debug)]
pub struct Line {
    pub product: String,
    pub tracer: bool,
    pub numbers: Json,
}

impl Line {
    /// A traced product with these numbers.
    #[must_use]
    pub fn new(product: &str, numbers: Json) -> Self {
        Self { product: product.into(), tracer: true, numbers }
    }

    pub(super) fn number(&self, name: &str) -> i64 {
        self.numbers[name].as_i64().unwrap_or(0)
    }
}

/// A facility. Stock status names it by name and district only.
#[derive(Clone, Debug)]
pub(super) struct Facility {
    pub(super) id: u64,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) district: String,
}

/// Everything at the server.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Id, code and name.
    pub(super) programs: Vec<(u64, String, String)>,
    pub(super) facilities: Vec<Facility>,
    pub requisitions: Vec<Requisition>,
}

impl Data {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a program and gives its id.
    pub fn program(&mut self, code: &str, name: &str) -> u64 {
        let id = self.programs.len() as u64 + 1;
        self.programs.push((id, code.into(), name.into()));
        id
    }

    /// Adds a facility and gives its id.
    pub fn facility(&mut self, code: &str, name: &str, district: &str) -> u64 {
        let id = self.facilities.len() as u64 + 101;
        self.facilities.push(Facility { id, code: code.into(), name: name.into(), district: district.into() });
        id
    }

    /// Adds an authorized requisition of these lines and gives its id.
    pub fn requisition(&mut self, facility: u64, program: u64, period: Period, modified: i64, lines: Vec<Line>) -> u64 {
        let id = self.requisitions.len() as u64 + 1001;
        self.requisitions.push(Requisition {
            id,
            facility,
            program,
            period,
            status: "AUTHORIZED".into(),
            emergency: false,
            modified,
            lines,
            regimens: Vec::new(),
            patients: Vec::new(),
        });
        id
    }

    pub(super) fn facility_of(&self, requisition: &Requisition) -> Option<&Facility> {
        self.facilities.iter().find(|facility| facility.id == requisition.facility)
    }

    pub(super) fn program_of(&self, requisition: &Requisition) -> Option<&(u64, String, String)> {
        self.programs.iter().find(|(id, ..)| *id == requisition.program)
    }
}

/// The first moment of a day by the server's clock, in milliseconds since 1970.
pub(super) fn midnight(day: Date, hours_east: i64) -> i64 {
    let moment = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, jiff::Timestamp::as_millisecond);
    moment - hours_east * 60 * 60 * 1000
}
