//! What is planted is labelled, and nothing else is touched.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mlatho_testkit::faults::{Carried, Column, Fault, Line, Planting, plant, read, write};

/// Forty facilities with three products over two years; every line adds up and opens with the closing before.
fn ledger() -> Vec<Line> {
    let mut table =
        "facility,product,period,beginning_balance,received,consumed,adjustments,closing_balance\n".to_owned();
    for facility in 0..40 {
        for product in 0..3 {
            let mut stock = 500;
            for month in 0..24 {
                let consumed = 20 + (facility * 7 + product * 11 + month * 5) % 17;
                let received = if month % 4 == 0 { 110 } else { 0 };
                let closing = stock + received - consumed;
                let period = format!("{}{:02}", 2024 + month / 12, month % 12 + 1);
                writeln!(table, "F{facility},P{product},{period},{stock},{received},{consumed},0,{closing}").unwrap();
                stock = closing;
            }
        }
    }
    read(table.as_bytes()).unwrap()
}

const PLANTING: Planting =
    Planting { seed: 5, of_each: 4, carried: Carried::Nowhere, whole_reports: false, parity: None };

fn keyed(lines: &[Line]) -> BTreeMap<(String, String, String), Vec<&Line>> {
    let mut keyed: BTreeMap<_, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        keyed.entry((line.facility.clone(), line.item.clone(), line.period.to_string())).or_default().push(line);
    }
    keyed
}

#[test]
fn every_kind_is_planted_and_every_change_is_labelled() {
    let before = ledger();
    for whole_reports in [false, true] {
        let (after, planted) = plant(&before, Planting { whole_reports, ..PLANTING });
        let kinds: BTreeSet<Fault> = planted.iter().map(|one| one.fault).collect();
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), Fault::ALL);
        let labels: BTreeSet<_> =
            planted.iter().map(|one| (one.facility.clone(), one.item.clone(), one.period.to_string())).collect();
        let (before, after) = (keyed(&before), keyed(&after));
        let changed: BTreeSet<_> =
            after.iter().filter(|(key, lines)| before[*key] != **lines).map(|(key, _)| key.clone()).collect();
        assert_eq!(changed, labels);
        for one in planted.iter().filter(|one| one.right.is_some()) {
            let key = (one.facility.clone(), one.item.clone(), one.period.to_string());
            assert_eq!(before[&key][0].get(one.column.unwrap()), one.right);
        }
    }
}

#[test]
fn a_carried_fault_adds_up_and_reaches_the_next_opening() {
    let (after, planted) = plant(&ledger(), Planting { carried: Carried::NextOpening, ..PLANTING });
    let after = keyed(&after);
    let unit = planted.iter().find(|one| one.fault == Fault::UnitFactor).unwrap();
    let key = |period: String| (unit.facility.clone(), unit.item.clone(), period);
    let line = after[&key(unit.period.to_string())][0];
    let [opening, received, consumed, adjustments, closing] = Column::ALL.map(|column| line.get(column).unwrap());
    assert_eq!(opening + received - consumed + adjustments, closing);
    if let Some(next) = after.get(&key(unit.period.next().unwrap().to_string())) {
        assert_eq!(next[0].get(Column::Opening), Some(closing));
    }
}

#[test]
fn a_seed_gives_the_same_faults_and_another_one_others() {
    let ledger = ledger();
    assert_eq!(plant(&ledger, PLANTING), plant(&ledger, PLANTING));
    assert_ne!(plant(&ledger, PLANTING).1, plant(&ledger, Planting { seed: 6, ..PLANTING }).1);
    let even = |planting| plant(&ledger, planting).1.into_iter().filter(|one| one.fault == Fault::Sign);
    let months = even(Planting { parity: Some(0), ..PLANTING }).map(|one| one.period.start().month());
    assert!(months.into_iter().all(|month| month % 2 == 0), "years have an even number of months");
}

#[test]
fn tables_come_back_as_they_were_written() {
    let ledger = ledger();
    let mut table = Vec::new();
    write(&mut table, &ledger, false).unwrap();
    assert_eq!(read(&*table).unwrap(), ledger);
    let counts: Vec<Line> =
        ledger.into_iter().map(|line| Line { numbers: [None, None, line.numbers[2], None, None], ..line }).collect();
    let mut table = Vec::new();
    write(&mut table, &counts, true).unwrap();
    assert!(table.starts_with(b"facility,element,period,value\n"));
    assert_eq!(read(&*table).unwrap(), counts);
}
