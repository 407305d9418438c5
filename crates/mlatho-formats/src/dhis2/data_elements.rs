//! What an interoperability layer takes at `POST /dhis2/data-elements`: data values by code, and the body before it,
//! with product codes that end in a letter for the measure.

use std::io::Read;
use std::ops::ControlFlow;

use mlatho_model::{Finding, Measure, MissingReason, Period, RawRecord, RawValue, RecordSink, Unit, Value as Number};
use serde_json::Value;

use super::incoming::Incoming;
use crate::json::{at, elements, text, value};
use crate::table::not_a_number;

const PERIOD: &str = "reporting-period";
const FACILITIES: &str = "facilities";

/// Reads `{"values": [{value, dataElementCode, organizationUnitCode, period}]}`, or `{"reporting-period", "facilities":
/// [{"facility-code", "values": [{"product-code": "X-a", value}]}]}`. Positions count the values of the document from 1.
/// Facilities that stand before their period are held in memory until it comes.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let (mut position, mut period, mut held) = (0, String::new(), Vec::new());
    elements(file, input, &["values", PERIOD, FACILITIES], sink, &mut |list, element, sink| match list {
        "values" => {
            position += 1;
            data_value(&element).give(file, position, sink)
        }
        PERIOD => {
            period = element.as_str().map_or_else(|| element.to_string(), |text| text.trim().to_owned());
            held.drain(..).try_for_each(|own| facility(file, &period, &own, &mut position, sink))
        }
        FACILITIES if period.is_empty() => {
            held.push(element);
            ControlFlow::Continue(())
        }
        FACILITIES => facility(file, &period, &element, &mut position, sink),
        _ => {
            sink.finding(Finding::error("no-data-values").in_file(file));
            ControlFlow::Continue(())
        }
    });
    // Where no period came: each of their values is told. A sink that has had enough takes no more.
    let _ = held.iter().try_for_each(|own| facility(file, &period, own, &mut position, sink));
}

fn data_value(element: &Value) -> Incoming {
    Incoming {
        data_element: text(element, &["dataElementCode"]),
        org_unit: text(element, &["organizationUnitCode"]),
        period: text(element, &["period"]),
        value: text(element, &["value"]),
        ..Incoming::default()
    }
}

fn facility(
    file: &str,
    period: &str,
    facility: &Value,
    position: &mut u64,
    sink: &mut dyn RecordSink,
) -> ControlFlow<()> {
    let org_unit = text(facility, &["facility-code"]);
    for element in at(facility, "values").as_array().into_iter().flatten() {
        *position += 1;
        let lacks = |finding: Finding, column: &str| finding.in_file(file).at(*position, column);
        if org_unit.is_empty() {
            sink.finding(lacks(Finding::error("missing-org-unit"), "facility-code"));
            continue;
        }
        let Ok(period) = period.parse::<Period>() else {
            sink.finding(lacks(Finding::error("bad-period"), PERIOD).with("text", period));
            continue;
        };
        let code = text(element, &["product-code"]);
        let Some((item, measure)) = product(&code) else {
            sink.finding(lacks(Finding::error("missing-item"), "product-code"));
            continue;
        };
        let value = value(at(element, "value")).unwrap_or_else(|text| {
            sink.finding(not_a_number(file, *position, "value", &text));
            Number::Missing(MissingReason::NotANumber)
        });
        let unit = measure.is_quantity().then(Unit::dispensing);
        let values = [RawValue { measure: &measure, value, unit: unit.as_ref(), column: "value" }];
        let record = RawRecord { position: *position, org_unit: &org_unit, item, ..RawRecord::new(period, &values) };
        sink.record(&record)?;
    }
    ControlFlow::Continue(())
}

/// The product and measure of `X-a`.
fn product(code: &str) -> Option<(&str, Measure)> {
    let (item, letter) = code.rsplit_once('-').filter(|(item, _)| !item.is_empty())?;
    let measure = match letter {
        "a" => Measure::ClosingBalance,
        "b" => Measure::Consumed,
        "c" => Measure::Received,
        "d" => Measure::StockoutDays,
        "e" => Measure::AmcReported,
        "f" => Measure::MosReported,
        _ => return None,
    };
    Some((item, measure))
}
