//! The country's requisitions as OpenLMIS holds them, and a double that serves them.

use std::collections::{BTreeMap, HashMap};
use std::io;

use jiff::civil::Date;
use mlatho_model::{Decimal, Period};
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value as Json, json};

use super::Country;
use crate::openlmis::{Account, Config, Data, Server, uuid};

pub(super) type Row = HashMap<String, String>;

pub(super) fn cell<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

impl Country {
    /// The reports of the requisition files in OpenLMIS's form: quantities in dispensing units, a blank cell is null, and
    /// of a corrected report the last version.
    ///
    /// # Errors
    /// There is none on files of our own making.
    pub fn openlmis_data(&self) -> io::Result<Data> {
        let mut data = Data::new();
        let program = data.program(1, "EM", "Essential medicines");
        let approved = json!({"id": uuid("approved", 1), "maxPeriodsOfStock": 3, "meta": {"versionNumber": 1}});
        data.add("facilityTypeApprovedProducts", approved);
        let products: BTreeMap<&str, (String, i32)> = self
            .products
            .iter()
            .enumerate()
            .map(|(at, product)| {
                let pack = u64::try_from(product.pack).unwrap_or(1);
                (product.lmis_code, (data.orderable(at, 1, product.lmis_code, pack), product.pack))
            })
            .collect();
        let (mut facilities, mut periods) = (BTreeMap::new(), BTreeMap::new());
        for (number, rows) in self.reports()?.iter().enumerate() {
            let Some(head) = rows.first() else { continue };
            let (code, name) = (cell(head, "facility_code"), cell(head, "facility_name"));
            let count = facilities.len();
            let facility: String = facilities
                .entry(code.to_owned())
                .or_insert_with(|| data.facility(count, code, name, &[&program]))
                .clone();
            let period: Period = cell(head, "period").parse().map_err(io::Error::other)?;
            let count = periods.len();
            let id: String = periods
                .entry(period)
                .or_insert_with(|| data.period(count, &period.to_string(), period.start(), period.end()))
                .clone();
            let lines: Vec<(&str, u64, Json)> = rows
                .iter()
                .filter_map(|row| {
                    let (orderable, pack) = products.get(cell(row, "product_code"))?;
                    Some((orderable.as_str(), 1, numbers(row, *pack)))
                })
                .collect();
            let day: Date = cell(head, "reported_at").parse().map_err(io::Error::other)?;
            let modified = format!("{day}T12:00:00Z");
            data.requisition(number + 1, &facility, &program, &id, cell(head, "status"), &modified, &lines);
        }
        Ok(data)
    }

    /// The rows of each report of the requisition files; of a corrected one, those of the last version.
    pub(super) fn reports(&self) -> io::Result<Vec<Vec<Row>>> {
        let mut reports: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for bytes in self.requisition_files().into_values() {
            for row in csv::Reader::from_reader(bytes.as_slice()).deserialize() {
                let row: Row = row.map_err(io::Error::other)?;
                let report = reports.entry(cell(&row, "report_id").into()).or_default();
                if report.first().is_some_and(|first| cell(first, "version") != cell(&row, "version")) {
                    report.clear(); // corrected
                }
                report.push(row);
            }
        }
        Ok(reports.into_values().collect())
    }

    /// Starts a double of OpenLMIS that holds the country's requisitions. The key is that of an account that sees all.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn serve_lmis(&self, api_key: &str) -> io::Result<Server> {
        let account = Account::new(&uuid("account", 1), api_key).with_api_key(api_key);
        Server::start(Config::new(vec![account]), self.openlmis_data()?)
    }
}

/// The numbers of a line, from packs to dispensing units: opening balance, received, consumed, losses and adjustments,
/// closing balance, stock-out days, ordered. A blank cell is none.
pub(super) fn units(row: &Row, pack: i32) -> [Option<i64>; 7] {
    let packs = |name: &str| cell(row, name).parse::<Decimal>().ok();
    let units = |packs: Option<Decimal>| packs.and_then(|packs| (packs * Decimal::from(pack)).round().to_i64());
    let adjusted = packs("adjustments").zip(packs("losses")).map(|(adjustments, lost)| adjustments - lost);
    [
        units(packs("opening_balance")),
        units(packs("received")),
        units(packs("consumed")),
        units(adjusted),
        units(packs("closing_balance")),
        cell(row, "stockout_days").parse().ok(),
        units(packs("ordered")),
    ]
}

fn numbers(row: &Row, pack: i32) -> Json {
    let [opening, received, consumed, adjusted, closing, stockout_days, ordered] = units(row, pack);
    json!({
        "beginningBalance": opening, "totalReceivedQuantity": received, "totalConsumedQuantity": consumed,
        "totalLossesAndAdjustments": adjusted, "stockOnHand": closing, "totalStockoutDays": stockout_days,
        "requestedQuantity": ordered,
    })
}
