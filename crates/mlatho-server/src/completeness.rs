//! `/completeness`: who reported, on both sides, month by month.

use mlatho_chart::{Frame, HeatRow, HeatTable};
use mlatho_model::Decimal;
use mlatho_pipeline::{OrgUnitReports, Overview, Reporting};
use mlatho_text::{Texts, shown};

use crate::table_page::Content;

/// Org units that the picture holds.
const DRAWN: usize = 60;

/// The columns of the table for download.
pub(crate) const COLUMNS: [&str; 5] = ["org_unit", "name", "period", "lmis", "hmis"];

pub(crate) fn content(overview: &Overview, texts: &Texts) -> Content {
    let reporting = &overview.reporting;
    let heads = ["org-unit", "reports", "lmis", "hmis"];
    let side = |months: &[bool]| {
        let there = months.iter().filter(|there| **there).count();
        match months.len() {
            0 => texts.say("pages-reports-never", &[]),
            all => texts.say("pages-coverage", &[("used", there.into()), ("pairs", all.into())]),
        }
    };
    let line = |unit: &OrgUnitReports| {
        let (there, all) = unit.counts();
        vec![unit.name.clone(), percent(there, all, texts), side(&unit.lmis), side(&unit.hmis)]
    };
    let (lmis, hmis) = reporting.one_side();
    Content {
        title: texts.say("pages-completeness-title", &[]),
        explained: texts.say("pages-completeness-explained", &[("lmis", lmis.into()), ("hmis", hmis.into())]),
        svg: svg(overview, texts),
        heads: heads.map(|head| texts.say(&format!("pages-head-{head}"), &[])).into(),
        lines: reporting.org_units.iter().map(line).collect(),
    }
}

/// The picture: the org units with the fewest reports.
pub(crate) fn svg(overview: &Overview, texts: &Texts) -> String {
    let reporting = &overview.reporting;
    let periods: Vec<String> = reporting.months.iter().map(|month| texts.period(*month)).collect();
    let rows: Vec<HeatRow> = reporting.org_units.iter().take(DRAWN).map(|unit| row(unit, reporting)).collect();
    let (first, last) = (periods.first().cloned().unwrap_or_default(), periods.last().cloned().unwrap_or_default());
    let span = [("first", first.into()), ("last", last.into())];
    let extent = [("last", rows.len().into()), ("count", reporting.org_units.len().into())];
    let chart = HeatTable {
        frame: Frame {
            id: "reports",
            title: &texts.say("pages-completeness-question", &[]),
            subtitle: &texts.say("pages-completeness-subtitle", &span),
            description: &texts.say("pages-completeness-description", &extent),
            footer: &texts.say("pages-completeness-footer", &extent),
        },
        periods: &periods,
        rows: &rows,
        unknown: &texts.say("pages-reports-none-expected", &[]),
        number: &|share| shown((share * Decimal::ONE_HUNDRED).round_dp(0).normalize(), texts.language()) + " %",
    };
    chart.svg()
}

fn row(unit: &OrgUnitReports, reporting: &Reporting) -> HeatRow {
    let share = |month: usize| {
        let (there, all) = unit.in_month(month);
        Decimal::from(there).checked_div(Decimal::from(all))
    };
    HeatRow { label: unit.name.clone(), shares: (0..reporting.months.len()).map(share).collect() }
}

fn percent(there: usize, all: usize, texts: &Texts) -> String {
    let share = Decimal::from(there * 100).checked_div(Decimal::from(all)).unwrap_or_default();
    crate::view::fixed(share, 1, texts) + " %"
}

/// The lines of the table for download: `1` where a report is there, `0` where not, blank where that side never reports.
pub(crate) fn rows(overview: &Overview) -> Vec<Vec<String>> {
    let reporting = &overview.reporting;
    let cell = |there: Option<&bool>| there.map(|there| u8::from(*there).to_string()).unwrap_or_default();
    let lines = reporting.org_units.iter().flat_map(|unit| {
        reporting.months.iter().enumerate().map(move |(at, month)| {
            let (lmis, hmis) = (cell(unit.lmis.get(at)), cell(unit.hmis.get(at)));
            vec![unit.org_unit.clone(), unit.name.clone(), month.to_string(), lmis, hmis]
        })
    });
    lines.collect()
}
