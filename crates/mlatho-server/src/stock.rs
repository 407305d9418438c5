//! `/stock`: how much there is of each product, and for how long.

use mlatho_chart::{Frame, StockChart, StockClass, StockRow};
use mlatho_model::Decimal;
use mlatho_pipeline::{MonthsOfStock, Overview, ProductStock, StockBounds};
use mlatho_text::{Texts, shown};

use crate::table_page::Content;
use crate::view::{NOTHING, fixed, whole};

/// Products that the picture holds.
const DRAWN: usize = 40;

/// The columns of the table for download, with exact numbers.
pub(crate) const COLUMNS: [&str; 9] = [
    "item",
    "name",
    "period",
    "org_units_known",
    "org_units_stocked_out",
    "org_units_silent",
    "stock_on_hand",
    "average_monthly_consumption",
    "months_of_stock",
];

pub(crate) fn content(overview: &Overview, bounds: Option<StockBounds>, texts: &Texts) -> Content {
    let heads = ["item", "months-of-stock", "stocked-out", "silent", "stock-on-hand", "average"];
    let line = |product: &ProductStock| {
        let rate =
            texts.say("pages-coverage", &[("used", product.stocked_out.into()), ("pairs", product.known.into())]);
        let known = (product.pairs > 0).then_some(product.stock);
        vec![
            product.name.clone(),
            months(product, texts),
            rate,
            product.silent.to_string(),
            known.map_or_else(|| NOTHING.into(), |stock| whole(stock, texts)),
            average(product).map_or_else(|| NOTHING.into(), |average| whole(average, texts)),
        ]
    };
    let month = overview.stock.month.map(|month| texts.period(month)).unwrap_or_default();
    Content {
        title: texts.say("pages-stock-title", &[("period", month.into())]),
        explained: texts.say("pages-stock-explained", &[]),
        svg: svg(overview, bounds, texts),
        heads: heads.map(|head| texts.say(&format!("pages-head-{head}"), &[])).into(),
        lines: overview.stock.products.iter().map(line).collect(),
    }
}

/// The picture: the products with the least months of stock first.
pub(crate) fn svg(overview: &Overview, bounds: Option<StockBounds>, texts: &Texts) -> String {
    let mut rows: Vec<StockRow> = overview.stock.products.iter().map(|product| row(product, bounds, texts)).collect();
    rows.sort_by_key(|row| (row.months.is_none(), row.months));
    rows.truncate(DRAWN);
    let worst = rows.iter().filter(|row| matches!(row.class, StockClass::StockedOut | StockClass::Under)).count();
    let month = overview.stock.month.map(|month| texts.period(month)).unwrap_or_default();
    let chart = StockChart {
        frame: Frame {
            id: "stock",
            title: &texts.say("pages-stock-question", &[]),
            subtitle: &texts.say("pages-stock-subtitle", &[("period", month.into())]),
            description: &texts.say("pages-stock-description", &[("count", worst.into())]),
            footer: &texts.say("pages-stock-footer", &[]),
        },
        rows: &rows,
        unit: &texts.say("pages-head-months-of-stock", &[]),
        band: &texts.say("pages-stock-band", &[]),
        number: &|number| shown(number, texts.language()),
    };
    chart.svg()
}

fn row(product: &ProductStock, bounds: Option<StockBounds>, texts: &Texts) -> StockRow {
    let class = class(product, bounds);
    let word = match class {
        StockClass::StockedOut => "stocked-out",
        StockClass::Under => "under",
        StockClass::Plan if bounds.is_none() => "no-bounds",
        StockClass::Plan => "plan",
        StockClass::Over => "over",
        StockClass::Unknown => "unknown",
    };
    StockRow {
        label: product.name.clone(),
        months: product.months_number(),
        bounds: bounds.map(|bounds| (bounds.minimum_months, bounds.maximum_months)),
        class,
        word: texts.say(&format!("pages-stock-{word}"), &[]),
    }
}

/// By `indicators.md` D1: without stock it is stocked out, whatever the months; both bounds are according to plan.
fn class(product: &ProductStock, bounds: Option<StockBounds>) -> StockClass {
    if product.pairs > 0 && product.stock.is_zero() {
        return StockClass::StockedOut;
    }
    match (product.months_number(), bounds) {
        (None, _) => StockClass::Unknown,
        (Some(months), Some(bounds)) if months < bounds.minimum_months => StockClass::Under,
        (Some(months), Some(bounds)) if months > bounds.maximum_months => StockClass::Over,
        (Some(_), _) => StockClass::Plan,
    }
}

fn months(product: &ProductStock, texts: &Texts) -> String {
    match (product.months(), product.months_number()) {
        (MonthsOfStock::NoUse, _) => texts.say("pages-stock-no-use", &[]),
        (MonthsOfStock::CheckStockOut, _) => texts.say("pages-stock-check", &[]),
        (_, Some(months)) => fixed(months, 1, texts),
        (_, None) => NOTHING.to_owned(),
    }
}

/// Units per month.
fn average(product: &ProductStock) -> Option<Decimal> {
    product.average_number()
}

/// The lines of the table for download.
pub(crate) fn rows(overview: &Overview) -> Vec<Vec<String>> {
    let month = overview.stock.month.map(|month| month.to_string()).unwrap_or_default();
    let number = |number: Option<Decimal>| number.map(|number| number.normalize().to_string()).unwrap_or_default();
    let row = |product: &ProductStock| {
        vec![
            product.item.clone(),
            product.name.clone(),
            month.clone(),
            product.known.to_string(),
            product.stocked_out.to_string(),
            product.silent.to_string(),
            number((product.pairs > 0).then_some(product.stock)),
            number(average(product)),
            number(product.months_number()),
        ]
    };
    overview.stock.products.iter().map(row).collect()
}
