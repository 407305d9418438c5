//! The country's stock as eLMIS and Logistimo hold it, and doubles that serve them.

use std::collections::BTreeMap;
use std::io;

use jiff::civil::Date;
use jiff::tz::Offset;
use mlatho_model::Period;
use serde_json::json;

use super::Country;
use super::requisitions::{cell, units};
use crate::{elmis, logistimo};

impl Country {
    /// The reports of the requisition files in eLMIS's form: quantities in dispensing units, a blank cell is null, and of
    /// a corrected report the last version.
    ///
    /// # Errors
    /// There is none on files of our own making.
    pub fn elmis_data(&self) -> io::Result<elmis::Data> {
        let mut data = elmis::Data::new();
        let program = data.program("EM", "Essential medicines");
        let packs: BTreeMap<&str, i32> = self.products.iter().map(|own| (own.lmis_code, own.pack)).collect();
        let mut facilities: BTreeMap<String, u64> = BTreeMap::new();
        for rows in self.reports()? {
            let Some(head) = rows.first() else { continue };
            let (code, name, district) =
                (cell(head, "facility_code"), cell(head, "facility_name"), cell(head, "district_code"));
            let facility = *facilities.entry(code.to_owned()).or_insert_with(|| data.facility(code, name, district));
            let period: Period = cell(head, "period").parse().map_err(io::Error::other)?;
            let day: Date = cell(head, "reported_at").parse().map_err(io::Error::other)?;
            let modified = Offset::UTC.to_timestamp(day.at(12, 0, 0, 0)).map_err(io::Error::other)?;
            let lines = rows.iter().filter_map(|row| {
                let product = cell(row, "product_code");
                let [opening, received, consumed, adjusted, closing, stockout_days, ordered] =
                    units(row, *packs.get(product)?);
                let numbers = json!({
                    "beginningBalance": opening, "quantityReceived": received, "quantityDispensed": consumed,
                    "totalLossesAndAdjustments": adjusted, "stockInHand": closing, "stockOutDays": stockout_days,
                    "quantityRequested": ordered, "amc": consumed,
                });
                Some(elmis::Line::new(product, numbers))
            });
            data.requisition(facility, program, period, modified.as_millisecond(), lines.collect());
            if let Some(requisition) = data.requisitions.last_mut() {
                requisition.status = cell(head, "status").into();
            }
        }
        Ok(data)
    }

    /// Starts a double of eLMIS that holds the country's requisitions. The password is that of the account `mlatho`,
    /// which sees all.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn serve_elmis(&self, password: &str) -> io::Result<elmis::Server> {
        let account = elmis::Account::new("mlatho", password);
        elmis::Server::start(elmis::Config::new(vec![account]), self.elmis_data()?)
    }

    /// What happened to the country's stock as Logistimo holds it: for each month a receipt, an issue, a discard, and a
    /// count where the stock was found to be another.
    #[must_use]
    pub fn logistimo_data(&self) -> logistimo::Data {
        let mut data = logistimo::Data::new();
        let materials: Vec<u64> = self.products.iter().map(|own| data.material(own.lmis_code, own.lmis_name)).collect();
        for (at, facility) in self.facilities.iter().enumerate() {
            let entity = data.entity(&facility.lmis_code, &facility.lmis_name);
            for (product, material) in materials.iter().enumerate() {
                let Some(truth) = self.truth(at, product) else { continue };
                for (month, period) in truth.iter().zip(&self.months) {
                    let mut stock = i64::from(month.opening);
                    let mut enter = |kind: &str, change: i32, day: Date| {
                        let opening = stock;
                        stock += i64::from(change);
                        let counted = kind == "Stock count";
                        if change != 0 {
                            data.transactions.push(logistimo::Transaction {
                                entity,
                                material: *material,
                                kind: kind.into(),
                                quantity: if counted { stock } else { i64::from(change.abs()) },
                                opening,
                                closing: stock,
                                entered: day.at(12, 0, 0, 0),
                                actual: None,
                            });
                        }
                    };
                    let last = period.end();
                    enter("Receipt", month.received, period.start());
                    enter("Issue", -month.consumed, last.yesterday().unwrap_or(last));
                    enter("Discard", -month.losses, last);
                    enter("Stock count", month.adjustments, last);
                }
                if let (Some(month), Some(period)) = (truth.last(), self.months.last()) {
                    data.stocks.push(logistimo::Stock {
                        entity,
                        material: *material,
                        stock: i64::from(month.closing),
                        allocated: 0,
                        updated: period.end().at(12, 0, 0, 0),
                    });
                }
            }
        }
        data
    }

    /// Starts a double of Logistimo that holds the country's stock. The password is that of the account `mlatho`, which
    /// sees all.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn serve_logistimo(&self, password: &str) -> io::Result<logistimo::Server> {
        let account = logistimo::Account::new("mlatho", password);
        logistimo::Server::start(logistimo::Config::new(vec![account]), self.logistimo_data())
    }
}
