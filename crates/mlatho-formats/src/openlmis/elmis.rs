//! eLMIS and OpenLMIS v1 and v2: requisitions, and monthly or quarterly stock status.

use std::io::Read;
use std::ops::ControlFlow;

use jiff::ToSpan;
use jiff::civil::Date;
use mlatho_model::{
    Decimal, Finding, Measure, MissingReason, Period, PeriodType, RawRecord, RawValue, RecordSink, Unit,
    Value as Number,
};
use serde_json::Value;

use super::elmis_order::{normalized, rounded};
use super::fields::{Field, In, Requisitions, Rules, Told, field, own, rank};
use super::reference::Reference;
use crate::json::{at, date, elements, number, period_between, text, truth, value};
use crate::layout::Layout;

/// Lists of periods, which stand before the requisitions that name one by its id.
const PERIODS: [&str; 2] = ["periods", "processing-periods"];
/// What a requisition may be wrapped in, and where its lines and regimens may stand.
const WRAPPED: [&str; 2] = ["requisition", "rnr"];
const LINES: [&str; 3] = ["products", "fullSupplyLineItems", "nonFullSupplyLineItems"];
const REGIMENS: [&str; 2] = ["regimens", "regimenLineItems"];

const FIELDS: [Field; 15] = [
    field("beginningBalance", Measure::OpeningBalance, In::DispensingUnits, false),
    field("quantityReceived", Measure::Received, In::DispensingUnits, false),
    field("quantityDispensed", Measure::Consumed, In::DispensingUnits, false),
    field("totalLossesAndAdjustments", Measure::Adjustments, In::DispensingUnits, false),
    field("stockInHand", Measure::ClosingBalance, In::DispensingUnits, false),
    field("stockOutDays", Measure::StockoutDays, In::Other, false),
    field("newPatientCount", Measure::NewPatients, In::Other, false),
    field("normalizedConsumption", Measure::AdjustedConsumptionReported, In::DispensingUnits, false),
    field("amc", Measure::AmcReported, In::DispensingUnits, false),
    field("quantityRequested", Measure::Ordered, In::DispensingUnits, true),
    field("quantityApproved", Measure::Approved, In::DispensingUnits, true),
    own("maxStockQuantity", In::DispensingUnits, false),
    own("calculatedOrderQuantity", In::DispensingUnits, true),
    own("packsToShip", In::Packs, true),
    own("reportingDays", In::Other, false),
];

/// Numbers of a regimen; each keeps its name.
const REGIMEN_FIELDS: [Field; 4] = [
    own("patientsOnTreatment", In::Other, false),
    own("patientsToInitiateTreatment", In::Other, false),
    own("patientsStoppedTreatment", In::Other, false),
    own("total", In::Other, false),
];

/// Reads requisitions and stock status. Positions count the lines of the document from 1.
pub(crate) fn read(layout: Option<&Layout>, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let settings = layout.and_then(|layout| layout.requisitions.clone()).unwrap_or_default();
    let lists = [&["requisitions", "report"], &PERIODS[..]].concat();
    let mut reading = Reading { file, settings, periods: Reference::default(), lines: 0 };
    elements(file, input, &lists, sink, &mut |list, element, sink| match list {
        "report" => reading.stock_status(&element, sink),
        list if PERIODS.contains(&list) => {
            reading.periods.keep("periods", element);
            ControlFlow::Continue(())
        }
        _ => {
            let inner = WRAPPED.iter().find_map(|name| element.get(name)).unwrap_or(&element);
            reading.requisition(inner, sink)
        }
    });
}

struct Reading<'a> {
    file: &'a str,
    settings: Requisitions,
    periods: Reference,
    lines: u64,
}

struct Head {
    id: String,
    org_unit: String,
    org_unit_name: String,
    period: Period,
    status: String,
    reported_at: String,
    skipped: bool,
}

impl Head {
    fn record<'r>(&'r self, position: u64, item: &'r str, line: &'r str, values: &'r [RawValue<'r>]) -> RawRecord<'r> {
        RawRecord {
            position,
            org_unit: &self.org_unit,
            org_unit_name: &self.org_unit_name,
            item,
            status: &self.status,
            reported_at: &self.reported_at,
            report: &self.id,
            line,
            ..RawRecord::new(self.period, values)
        }
    }
}

impl Reading<'_> {
    fn finding(&self, finding: Finding, column: &str) -> Finding {
        finding.in_file(self.file).at(self.lines, column)
    }

    fn requisition(&mut self, whole: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let lists = LINES.map(|name| at(whole, name)).into_iter().filter_map(Value::as_array);
        let lines: Vec<&Value> = lists.flatten().collect();
        let regimens = REGIMENS.map(|name| at(whole, name)).into_iter().filter_map(Value::as_array).flatten();
        let patients = at(whole, "patientQuantifications").as_array().into_iter().flatten();
        let others: Vec<&Value> = regimens.chain(patients).collect();
        if lines.is_empty() && others.is_empty() {
            let finding = Finding::warning("requisition-without-lines").with("id", text(whole, &["id"]));
            sink.finding(self.finding(finding, ""));
            return ControlFlow::Continue(());
        }
        let head = match self.head(whole) {
            Ok(head) => head,
            Err((finding, column)) => {
                sink.finding(finding.in_file(self.file).at(self.lines + 1, column).with("id", text(whole, &["id"])));
                self.lines += (lines.len() + others.len()) as u64;
                return ControlFlow::Continue(());
            }
        };
        let rules = Rules {
            file: self.file,
            emergency: truth(at(whole, "emergency")),
            withheld: rank(&head.status).is_none_or(|rank| rank < self.settings.publish_from),
            hidden: &[],
        };
        for line in lines {
            self.lines += 1;
            self.line(&head, &rules, line, sink)?;
        }
        for line in others {
            self.lines += 1;
            let item = text(line, &["code", "category", "name"]);
            if item.is_empty() {
                sink.finding(self.finding(Finding::error("missing-item"), "code"));
                continue;
            }
            let numbers = rules.numbers(&REGIMEN_FIELDS, line, head.skipped, self.lines, sink);
            let values: Vec<RawValue<'_>> = numbers.iter().map(Told::raw).collect();
            sink.record(&head.record(self.lines, &item, &item, &values))?;
        }
        ControlFlow::Continue(())
    }

    fn head(&self, whole: &Value) -> Result<Head, (Finding, &'static str)> {
        let org_unit = text(whole, &["facilityCode", "agentCode", "facility.code", "facilityId", "facility.id"]);
        if org_unit.is_empty() {
            return Err((Finding::error("missing-org-unit"), "facilityCode"));
        }
        let span = match at(whole, "period") {
            Value::Null => self.periods.find("periods", at(whole, "periodId")),
            period => self.periods.find("periods", period),
        };
        let days = [(whole, "periodStartDate", "periodEndDate"), (span, "startDate", "endDate")];
        let days = days.iter().find_map(|(of, start, end)| day(at(of, start)).zip(day(at(of, end))));
        let Some(period) = days.and_then(|(start, end)| between(start, end)) else {
            let finding = Finding::error("unknown-processing-period");
            return Err((finding.with("text", text(whole, &["periodId", "period.id", "period"])), "periodId"));
        };
        let status = text(whole, &["requisitionStatus", "status"]).to_uppercase();
        let reported = at(whole, "submittedTime");
        Ok(Head {
            id: text(whole, &["id", "requisitionId"]),
            org_unit,
            org_unit_name: text(whole, &["facilityName", "facility.name"]),
            period,
            skipped: status == "SKIPPED",
            status,
            reported_at: day(reported).map(|day| day.to_string()).unwrap_or_default(),
        })
    }

    fn line(&self, head: &Head, rules: &Rules<'_>, line: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let item = text(line, &["productCode"]);
        if item.is_empty() {
            sink.finding(self.finding(Finding::error("missing-item"), "productCode"));
            return ControlFlow::Continue(());
        }
        let skipped = head.skipped || truth(at(line, "skipped"));
        let mut numbers = rules.numbers(&FIELDS, line, skipped, self.lines, sink);
        if !skipped && !rules.emergency {
            self.figures(line, rules, &mut numbers, sink);
        }
        let values: Vec<RawValue<'_>> = numbers.iter().map(Told::raw).collect();
        let name = text(line, &["product", "productName"]);
        sink.record(&RawRecord { item_name: &name, ..head.record(self.lines, &item, &item, &values) })
    }

    /// Adjusted consumption, maximum and order quantity computed again, beside those of the vendor.
    fn figures(&self, line: &Value, rules: &Rules<'_>, numbers: &mut Vec<Told>, sink: &mut dyn RecordSink) {
        let whole = |name: &str| number(at(line, name)).ok().flatten();
        let [plain, by_doses] = normalized(line);
        let most = whole("maxMonthsOfStock")
            .zip(whole("amc"))
            .and_then(|(months, amc)| Some(rounded(months.checked_mul(amc)?)));
        let order =
            most.zip(whole("stockInHand")).and_then(|(most, stock)| Some(most.checked_sub(stock)?.max(Decimal::ZERO)));
        for (name, beside, ours, other) in [
            ("normalizedConsumption recomputed", "normalizedConsumption", plain, by_doses),
            ("maxStockQuantity recomputed", "maxStockQuantity", most, None),
            ("calculatedOrderQuantity recomputed", "calculatedOrderQuantity", order, None),
        ] {
            let (Some(ours), stored) = (ours, whole(beside)) else { continue };
            // A template may count the doses of new patients; either rule is the vendor's own.
            if stored.is_some_and(|stored| stored != ours && Some(stored) != other) {
                let finding = Finding::info("vendor-figure-differs").with("stored", text(line, &[beside]));
                sink.finding(self.finding(finding.with("ours", ours), beside));
            }
            numbers.push(Told {
                measure: Measure::Element(name.into()),
                value: rules.counted(Number::Reported(ours)),
                unit: Some(Unit::dispensing()),
                column: beside.into(),
            });
        }
    }

    /// One line of the monthly or quarterly stock status. It names its facility without a code, and so do we: by name
    /// and district.
    fn stock_status(&mut self, line: &Value, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        self.lines += 1;
        let (name, district) = (text(line, &["facilityName"]), text(line, &["district"]));
        let org_unit = if district.is_empty() { name.clone() } else { format!("{name}, {district}") };
        let item = text(line, &["productCode"]);
        if name.is_empty() || item.is_empty() {
            let code =
                if name.is_empty() { Finding::error("missing-org-unit") } else { Finding::error("missing-item") };
            sink.finding(self.finding(code, ""));
            return ControlFlow::Continue(());
        }
        let whole = |name: &str| at(line, name).as_i64().or_else(|| text(line, &[name]).parse().ok());
        let year = whole("reportYear").and_then(|year| i16::try_from(year).ok());
        let month = |month: i64| Period::month(year?, i8::try_from(month).ok()?);
        let quarter = || {
            let start = month(whole("reportQuarter")?.checked_sub(1)?.checked_mul(3)?.checked_add(1)?)?.start();
            Period::containing(PeriodType::Quarterly, start)
        };
        let Some(period) = whole("reportMonth").and_then(month).or_else(quarter) else {
            let finding = Finding::error("unknown-processing-period");
            sink.finding(self.finding(finding.with("text", text(line, &["reportPeriodName"])), "reportMonth"));
            return ControlFlow::Continue(());
        };
        let number = |name: &str| value(at(line, name)).unwrap_or(Number::Missing(MissingReason::NotANumber));
        let amc = number("amc");
        // Zero stands for months of stock that nobody can tell.
        let mos = match number("mos") {
            Number::Reported(mos) if mos.is_zero() && amc.reported().is_none_or(|amc| amc.is_zero()) => {
                Number::Missing(MissingReason::Blank)
            }
            other => other,
        };
        let unit = Unit::dispensing();
        let told = |measure, value, unit, column| RawValue { measure, value, unit, column };
        let values = [
            told(&Measure::ClosingBalance, number("stockInHand"), Some(&unit), "stockInHand"),
            told(&Measure::AmcReported, amc, Some(&unit), "amc"),
            told(&Measure::MosReported, mos, None, "mos"),
        ];
        let reported_at = day(at(line, "reportedDate")).map(|day| day.to_string()).unwrap_or_default();
        let head = Head {
            id: String::new(),
            org_unit,
            org_unit_name: name,
            period,
            status: String::new(),
            reported_at,
            skipped: false,
        };
        sink.record(&RawRecord { item_name: &text(line, &["product"]), ..head.record(self.lines, &item, "", &values) })
    }
}

/// A day as milliseconds since 1970 at the midnight of some zone, or as a date. The nearest midnight of Greenwich is
/// that of the same day for every zone from 11 hours west to 12 hours east.
fn day(value: &Value) -> Option<Date> {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let Some(milliseconds) = value.as_i64() else { return date(value) };
    let days = milliseconds.checked_add(DAY / 2)?.div_euclid(DAY);
    (-1_000_000..1_000_000).contains(&days).then(|| Date::constant(1970, 1, 1).checked_add(days.days()).ok())?
}

/// The days of a period of these versions, as milliseconds or dates.
#[must_use]
pub fn elmis_period(span: &Value) -> Option<Period> {
    between(day(at(span, "startDate"))?, day(at(span, "endDate"))?)
}

/// The period of two days; a last day that is given by its last second came out as the day after.
fn between(start: Date, end: Date) -> Option<Period> {
    period_between(start, end).or_else(|| period_between(start, end.yesterday().ok()?))
}
