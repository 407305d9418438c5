//! `mlatho periods`: what a DHIS2 period means, and what it is made of.

use mlatho_harmonize::align;
use mlatho_model::{Calendar, CalendarPeriod, Finding, Period, PeriodType};

use super::{Context, Done, Failure};
use crate::arguments::{Format, Periods, PeriodsParse};

pub(super) fn periods(context: &Context, args: &Periods) -> Result<Done, Failure> {
    match args {
        Periods::Parse(args) => parse(context, args),
        Periods::Convert(args) => convert(context, &args.period, &args.to),
    }
}

fn bad_period(error: &mlatho_model::BadPeriod) -> Finding {
    Finding::error("bad-period-given").with("period", &*error.found).with("reason", error.to_string())
}

fn calendar(text: &str) -> Result<Calendar, Finding> {
    text.parse().map_err(|_| {
        let known = Calendar::ALL.map(Calendar::name).join(", ");
        Finding::error("bad-calendar").with("calendar", text).with("known", known)
    })
}

fn parse(context: &Context, args: &PeriodsParse) -> Result<Done, Failure> {
    let calendar = calendar(&args.calendar)?;
    let period = CalendarPeriod::parse(calendar, &args.period).map_err(|error| bad_period(&error))?;
    let fields = [
        ("canonical", period.to_string()),
        ("type", period.period_type().name().to_owned()),
        ("start", period.start().to_string()),
        ("end", period.end().to_string()),
        ("calendar", calendar.name().to_owned()),
    ];
    if context.out.format == Format::Json {
        let object: serde_json::Map<String, serde_json::Value> =
            fields.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
        context.out.line(&serde_json::Value::Object(object).to_string())?;
    } else {
        let (names, row): (Vec<&str>, Vec<String>) = fields.into_iter().unzip();
        context.out.table(&names, &[row])?;
    }
    Ok(Done::Well)
}

fn convert(context: &Context, text: &str, to: &str) -> Result<Done, Failure> {
    let from: Period = text.parse().map_err(|error| bad_period(&error))?;
    let wanted = PeriodType::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(to)).ok_or_else(|| {
        let known: Vec<&str> = PeriodType::ALL.iter().map(|known| known.name()).collect();
        Finding::error("bad-period-type").with("type", to).with("known", known.join(", "))
    })?;
    let shares = align::shares(from, wanted);
    if context.out.format == Format::Text {
        for (period, _) in shares {
            context.out.line(&period.to_string())?;
        }
    } else {
        let rows: Vec<Vec<String>> =
            shares.into_iter().map(|(period, share)| vec![period.to_string(), share.to_string()]).collect();
        context.out.table(&["period", "share"], &rows)?;
    }
    Ok(Done::Well)
}
