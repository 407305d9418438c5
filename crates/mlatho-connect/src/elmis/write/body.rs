//! A requisition as it was read, of which single lines go back to the byte but for the numbers that are replaced.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_model::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

type Fields = BTreeMap<String, Box<RawValue>>;

/// A requisition in its wrapping, in two forms: its lines as they came, to be sent back, and all of it as values.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// Lines of products, then those of regimens.
    lines: Vec<Fields>,
    products: usize,
    values: Vec<Json>,
    /// What stands around the lines.
    pub(super) head: Json,
    pub(super) months: u64,
}

#[derive(Deserialize)]
struct Wrapped<T> {
    rnr: T,
    #[serde(rename = "numberOfMonths")]
    months: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lines<T> {
    full_supply_line_items: Vec<T>,
    regimen_line_items: Option<Vec<T>>,
}

/// What is sent: nothing but lines that change. Lists that are empty leave what is there as it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent<'b> {
    id: &'b Json,
    full_supply_line_items: Vec<&'b Fields>,
    non_full_supply_line_items: [(); 0],
    regimen_line_items: Vec<&'b Fields>,
}

impl Body {
    /// Reads a requisition with its lines.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let Wrapped { rnr: raw, .. } = serde_json::from_slice::<Wrapped<Lines<Fields>>>(bytes)?;
        let Wrapped { rnr: lines, .. } = serde_json::from_slice::<Wrapped<Lines<Json>>>(bytes)?;
        let Wrapped { rnr: mut head, months } = serde_json::from_slice::<Wrapped<Json>>(bytes)?;
        let months = months.or_else(|| head["period"]["numberOfMonths"].as_u64()).unwrap_or(1);
        if let Some(fields) = head.as_object_mut() {
            fields.retain(|name, _| !matches!(name.as_str(), "fullSupplyLineItems" | "regimenLineItems"));
        }
        let products = raw.full_supply_line_items.len();
        let raw = raw.full_supply_line_items.into_iter().chain(raw.regimen_line_items.unwrap_or_default());
        let values = lines.full_supply_line_items.into_iter().chain(lines.regimen_line_items.unwrap_or_default());
        Ok(Self { lines: raw.collect(), products, values: values.collect(), head, months })
    }

    /// The lines of products as values, each with its place.
    pub(super) fn products(&self) -> impl Iterator<Item = (usize, &Json)> {
        self.values.iter().enumerate().take(self.products)
    }

    /// The lines of regimens as values, each with its place.
    pub(super) fn regimens(&self) -> impl Iterator<Item = (usize, &Json)> {
        self.values.iter().enumerate().skip(self.products)
    }

    pub(super) fn line(&self, at: usize) -> Option<&Json> {
        self.values.get(at)
    }

    /// The line of this requisition that is the line of an earlier reading of it: that of the same product or regimen.
    pub(super) fn again(&self, earlier: &Self, at: usize) -> Option<&Json> {
        let name = if at < earlier.products { "productCode" } else { "code" };
        let code = &earlier.line(at)?[name];
        let range = if at < earlier.products { 0..self.products } else { self.products..self.values.len() };
        self.values.get(range)?.iter().find(|line| line[name] == *code)
    }

    /// Whether two requisitions are the same in all that they say.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.head == other.head && self.values == other.values
    }

    /// Replaces a number of a line.
    pub(super) fn set(&mut self, line: usize, name: &str, number: Decimal) -> Result<(), serde_json::Error> {
        let number = RawValue::from_string(number.normalize().to_string())?;
        if let Some(fields) = self.lines.get_mut(line) {
            fields.insert(name.into(), number);
        }
        Ok(())
    }

    /// These lines, to be sent.
    pub(super) fn bytes(&self, lines: &BTreeSet<usize>) -> Result<Vec<u8>, serde_json::Error> {
        let of = |products: bool| {
            let own = lines.iter().filter(|at| (**at < self.products) == products);
            own.filter_map(|at| self.lines.get(*at)).collect()
        };
        serde_json::to_vec(&Sent {
            id: &self.head["id"],
            full_supply_line_items: of(true),
            non_full_supply_line_items: [],
            regimen_line_items: of(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_change_go_back_to_the_byte_and_others_not_at_all() {
        let text = r#"{"rnr":{"id":7,"odd":1.50,"fullSupplyLineItems":[{"productCode":"A","price":"4.10","x":1.50},{"productCode":"B"}],"regimenLineItems":[{"code":"R"}]},"numberOfMonths":3}"#;
        let mut body = Body::read(text.as_bytes()).unwrap();
        assert_eq!((body.months, body.products().count(), body.regimens().count()), (3, 2, 1));
        body.set(0, "newPatientCount", "7.00".parse().unwrap()).unwrap();
        let sent = String::from_utf8(body.bytes(&[0].into()).unwrap()).unwrap();
        let expected = r#"{"id":7,"fullSupplyLineItems":[{"newPatientCount":7,"price":"4.10","productCode":"A","x":1.50}],"nonFullSupplyLineItems":[],"regimenLineItems":[]}"#;
        assert_eq!(sent, expected);
        assert!(body.same(&Body::read(text.as_bytes()).unwrap())); // as it was read
        assert!(Body::read(b"{\"rnr\":{\"id\":7}}").is_err());
    }
}
