//! The REST interface, and what the server's own pages ask for.

use axum::response::Response;
use jiff::civil::Date;
use mlatho_model::PeriodType;
use serde_json::{Value as Json, json};

use super::config::{Account, Config};
use super::data::{Data, Facility, Line, Requisition, midnight};
use crate::http::json as answer;

type Query = [(String, String)];

fn parameter<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// An error as every interface of the server gives it.
pub(super) fn error(status: u16, message: &str) -> Response {
    answer(status, &json!({"error": message}))
}

pub(super) fn rest(config: &Config, data: &Data, path: &str, query: &Query) -> Response {
    match path {
        "lookup/programs" => {
            let program = |(id, code, name): &(u64, String, String)| json!({"id": id, "code": code, "name": name});
            answer(200, &json!({"programs": data.programs.iter().map(program).collect::<Vec<_>>()}))
        }
        "lookup/facilities" => match rows(data.facilities.iter().map(facility).collect(), query) {
            Ok(rows) => answer(200, &json!({"facilities": rows})),
            Err(reply) => *reply,
        },
        "stock-status/monthly" if config.offers_stock_status => stock_status(data, query, "month", 12),
        "stock-status/quarter" if config.offers_stock_status => stock_status(data, query, "quarter", 4),
        _ => error(404, "Not found"),
    }
}

/// Rows as the paged lists cut them: `page` is taken for an offset, so that 1, its default, leaves out the first row.
fn rows(all: Vec<Json>, query: &Query) -> Result<Vec<Json>, Box<Response>> {
    let number = |name: &str, default: usize| match parameter(query, name).map(str::parse) {
        None => Ok(default),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(Box::new(error(500, "unexpected.exception"))),
    };
    let (offset, size) = (number("page", 1)?, number("pageSize", 10)?);
    if parameter(query, "paging") == Some("false") {
        return Ok(all);
    }
    Ok(all.into_iter().skip(offset).take(size).collect())
}

fn facility(own: &Facility) -> Json {
    json!({"id": own.id, "code": own.code, "name": own.name, "active": true})
}

/// From the warehouse tables: authorized requisitions, traced products, lines that say anything but zero. Months of
/// stock that nobody can tell are 0.
fn stock_status(data: &Data, query: &Query, part: &str, most: i8) -> Response {
    let Some(program) = parameter(query, "program") else {
        return error(400, "Required String parameter 'program' is not present");
    };
    let number = |name: &str| parameter(query, name).map(str::parse::<i16>);
    let (Some(number_of_part), Some(year)) = (number(part), number("year")) else {
        return error(400, &format!("Required Long parameter '{part}' is not present"));
    };
    let (Ok(wanted), Ok(year)) = (number_of_part, year) else { return error(500, "unexpected.exception") };
    let Some((id, code, name)) = data.programs.iter().find(|(_, code, _)| code == program) else {
        return error(404, "Program does not exist");
    };
    let kind = if most == 12 { PeriodType::Monthly } else { PeriodType::Quarterly };
    let of_period = |own: &&Requisition| {
        let month = own.period.start().month();
        let number = if most == 12 { month } else { (month - 1) / 3 + 1 };
        own.period.period_type() == kind && (i16::from(number), own.period.start().year()) == (wanted, year)
    };
    let counted = |own: &&Requisition| !matches!(own.status.as_str(), "INITIATED" | "SUBMITTED" | "SKIPPED");
    let own = data.requisitions.iter().filter(|own| own.program == *id && !own.emergency);
    let own = own.filter(of_period).filter(counted);
    let report: Vec<Json> = own
        .flat_map(|requisition| requisition.lines.iter().map(move |line| (requisition, line)))
        .filter(|(_, line)| line.tracer && says_something(line))
        .map(|(requisition, line)| {
            let place = data.facility_of(requisition);
            let (stock, amc) = (line.number("stockInHand"), line.number("amc"));
            json!({
                "reportYear": year,
                "reportMonth": (most == 12).then_some(wanted),
                "reportQuarter": (requisition.period.start().month() - 1) / 3 + 1,
                "reportPeriodName": requisition.period.to_string(),
                "reportedDate": requisition.modified,
                "programCode": code,
                "programName": name,
                "facilityName": place.map(|place| &place.name),
                "district": place.map(|place| &place.district),
                "productCode": line.product,
                "product": format!("Product {}", line.product),
                "stockInHand": stock,
                "amc": amc,
                "mos": months_of_stock(stock, amc),
            })
        })
        .collect();
    answer(200, &json!({"report": report}))
}

/// To the tenth; 0 where the consumption is 0, and so nobody can tell.
fn months_of_stock(stock: i64, amc: i64) -> Json {
    let tenths = (stock * 10).checked_div(amc).unwrap_or(0);
    serde_json::from_str(&format!("{}.{}", tenths / 10, tenths % 10)).unwrap_or_default()
}

fn says_something(line: &Line) -> bool {
    let numbers = line.numbers.as_object().into_iter().flatten();
    numbers.into_iter().any(|(_, number)| number.as_f64().is_some_and(|number| number != 0.0))
}

/// What the pages of the server ask for, in the session of an account.
pub(super) fn page_data(config: &Config, data: &Data, account: &Account, path: &str, query: &Query) -> Response {
    if path == "/requisitions-list.json" {
        return list(config, data, account, query);
    }
    if path == "/logistics/periods.json" {
        return open_periods(config, data, account, query);
    }
    let id = path.strip_prefix("/requisitions/").and_then(|rest| rest.strip_suffix(".json"));
    let found = id.and_then(|id| id.parse().ok()).and_then(|id: u64| data.requisitions.iter().find(|own| own.id == id));
    match found {
        Some(found) if account.sees(found.facility) => {
            answer(200, &json!({"rnr": whole(config, data, found), "numberOfMonths": found.months()}))
        }
        Some(_) => error(403, "error.authorisation"),
        None => error(404, "requisition.not.found"),
    }
}

/// The requisitions of one facility and program whose periods touch the range of days. Days in any other form than
/// `dd-MM-yyyy` are no range, and nothing lies in it.
fn list(config: &Config, data: &Data, account: &Account, query: &Query) -> Response {
    let number = |name: &str| parameter(query, name).and_then(|text| text.parse::<u64>().ok());
    let (Some(facility), Some(program)) = (number("facilityId"), number("programId")) else {
        return error(500, "unexpected.exception");
    };
    if !account.sees(facility) {
        return error(403, "error.authorisation");
    }
    let day = |name: &str| parameter(query, name).and_then(|text| Date::strptime("%d-%m-%Y", text).ok());
    let range = day("dateRangeStart").zip(day("dateRangeEnd"));
    let within =
        |own: &&Requisition| range.is_some_and(|(first, last)| own.period.start() <= last && own.period.end() >= first);
    let own = data.requisitions.iter().filter(|own| own.facility == facility && own.program == program);
    let heads: Vec<Json> = own.filter(within).map(|own| head(config, data, own)).collect();
    answer(200, &json!({"rnr_list": heads}))
}

/// The periods that a facility may still report for in a program, and the requisitions that it has begun for them.
fn open_periods(config: &Config, data: &Data, account: &Account, query: &Query) -> Response {
    let number = |name: &str| parameter(query, name).and_then(|text| text.parse::<u64>().ok());
    let (Some(facility), Some(program)) = (number("facilityId"), number("programId")) else {
        return error(500, "unexpected.exception");
    };
    if !account.sees(facility) || account.lacks.contains("CREATE_REQUISITION") {
        return error(403, "error.authorisation");
    }
    let emergency = parameter(query, "emergency") == Some("true");
    let open = data.requisitions.iter().filter(|own| own.facility == facility && own.program == program);
    let open = open.filter(|own| own.emergency == emergency);
    let open: Vec<&Requisition> = open.filter(|own| matches!(own.status.as_str(), "INITIATED" | "SUBMITTED")).collect();
    let periods: Vec<Json> = open.iter().map(|own| period(config, own)).collect();
    let begun = |own: &&Requisition| json!({"id": own.id, "status": own.status, "period": {"id": own.period_id()}});
    let begun: Vec<Json> = open.iter().map(begun).collect();
    answer(200, &json!({"periods": periods, "rnr_list": begun, "is_emergency": emergency}))
}

fn period(config: &Config, own: &Requisition) -> Json {
    json!({
        "id": own.period_id(),
        "name": own.period.to_string(),
        "startDate": midnight(own.period.start(), config.hours_east),
        "endDate": end(config, own),
        "numberOfMonths": own.months(),
    })
}

fn head(config: &Config, data: &Data, own: &Requisition) -> Json {
    let (facility, program) = (data.facility_of(own), data.program_of(own));
    json!({
        "id": own.id,
        "programId": own.program,
        "programName": program.map(|(_, _, name)| name),
        "facilityId": own.facility,
        "facilityCode": facility.map(|own| &own.code),
        "facilityName": facility.map(|own| &own.name),
        "emergency": own.emergency,
        "modifiedDate": own.modified,
        "periodStartDate": midnight(own.period.start(), config.hours_east),
        "periodEndDate": end(config, own),
        "requisitionStatus": own.status,
    })
}

/// The last second of the period by the server's clock.
fn end(config: &Config, own: &Requisition) -> i64 {
    midnight(own.period.end(), config.hours_east) + 24 * 60 * 60 * 1000 - 1000
}

fn whole(config: &Config, data: &Data, own: &Requisition) -> Json {
    let lines: Vec<Json> = own.lines.iter().zip(1u64..).map(|(line, number)| line_item(own.id, line, number)).collect();
    let regimens = own.regimens.iter().map(|(code, fields)| {
        let mut regimen = fields.clone();
        regimen["code"] = json!(code);
        regimen
    });
    let patients = own.patients.iter().map(|(category, total)| json!({"category": category, "total": total}));
    let program = data.program_of(own).map(|(id, code, name)| json!({"id": id, "code": code, "name": name}));
    json!({
        "id": own.id,
        "facility": data.facility_of(own).map(facility),
        "program": program,
        "period": period(config, own),
        "status": own.status,
        "emergency": own.emergency,
        "modifiedDate": own.modified,
        "submittedDate": own.modified,
        "fullSupplyLineItems": lines,
        "nonFullSupplyLineItems": [],
        "regimenLineItems": regimens.collect::<Vec<_>>(),
        "patientQuantifications": patients.collect::<Vec<_>>(),
        "rnrSignatures": [{"type": "SUBMITTER", "text": "A name of a person"}],
        "fieldOfALaterRelease": "unknown",
    })
}

fn line_item(requisition: u64, line: &Line, number: u64) -> Json {
    let mut item = json!({
        "id": requisition * 1000 + number,
        "rnrId": requisition,
        "productCode": line.product,
        "product": format!("Product {}", line.product),
        "beginningBalance": null, "quantityReceived": null, "quantityDispensed": null,
        "totalLossesAndAdjustments": null, "stockInHand": null, "stockOutDays": null, "newPatientCount": null,
        "quantityRequested": null, "quantityApproved": null, "skipped": false,
    });
    if let (Some(item), Some(numbers)) = (item.as_object_mut(), line.numbers.as_object()) {
        item.extend(numbers.clone());
    }
    item
}
