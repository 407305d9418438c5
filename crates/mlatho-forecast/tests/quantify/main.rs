//! Quantification by hand and by property.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod by_hand;
mod scenarios;
mod weighing;

use mlatho_model::Decimal;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn numbers(texts: &[&str]) -> Vec<Decimal> {
    texts.iter().map(|text| number(text)).collect()
}
