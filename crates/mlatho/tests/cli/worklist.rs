//! What the worklist of the demo is worth, by the list of what was planted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use serde::Deserialize;

use crate::world::World;

#[derive(Deserialize)]
struct Planted {
    org_unit: String,
    item: String,
    period_from: String,
    period_to: String,
    cause: String,
}

#[derive(Deserialize)]
struct Entry {
    rank: usize,
    org_unit: String,
    item: String,
    period: String,
    causes: String,
}

#[derive(Deserialize)]
struct Cause {
    cause: String,
}

/// How many were planted, found, of these in the top tenth by their org unit, named first, and named first or second.
type Counts = [usize; 5];

struct Score {
    by_cause: BTreeMap<String, Counts>,
    false_alarms: usize,
    quiet_months: usize,
}

impl Score {
    fn whole(&self) -> Counts {
        self.by_cause.values().fold([0; 5], |sum, one| std::array::from_fn(|at| sum[at] + one[at]))
    }

    fn table(&self) -> String {
        let mut text = String::from("cause                  planted  found  top tenth  first  first two\n");
        let all = ("all".to_owned(), self.whole());
        let rows = self.by_cause.iter().map(|(cause, counts)| (cause.clone(), *counts)).chain([all]);
        for (cause, [planted, found, top, first, two]) in rows {
            writeln!(text, "{cause:22} {planted:7} {found:6} {top:10} {first:6} {two:10}").unwrap();
        }
        writeln!(text, "false alarms: {} of {} quiet facility-months", self.false_alarms, self.quiet_months).unwrap();
        text
    }
}

/// Months of a stretch; a quarter is its three months.
fn months(from: &str, to: &str) -> BTreeSet<String> {
    let parts = |period: &str| -> Vec<mlatho_model::Period> {
        let period: mlatho_model::Period = period.parse().unwrap();
        let first = mlatho_model::Period::containing(mlatho_model::PeriodType::Monthly, period.start());
        std::iter::successors(first, |month| month.next()).take_while(|month| month.start() <= period.end()).collect()
    };
    let (first, last) = (parts(from)[0], *parts(to).last().unwrap());
    let all = std::iter::successors(Some(first), |month| month.next()).take_while(|month| *month <= last);
    all.map(|month| month.to_string()).collect()
}

fn rows<T: for<'de> Deserialize<'de>>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// Runs the demo and compares its worklist with what was planted. A planted trouble is found where an entry is about its
/// org unit, its item and one of its months; the cause is that of the highest such entry.
fn score(facilities: usize, months_of_data: usize, seed: u64) -> Score {
    let world = World::new();
    let (facilities, length) = (facilities.to_string(), months_of_data.to_string());
    let seed = seed.to_string();
    let size = ["--facilities", &facilities, "--months", &length, "--seed", &seed];
    let ran = crate::world::ran(world.mlatho().args(["demo", "--no-serve", "--data-dir", "demo"]).args(size));
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let planted: Vec<Planted> = rows(&world.read("demo/planted.csv"));
    let entries: Vec<Entry> = rows(&world.read("demo/worklist.csv"));
    let top = entries.len().div_ceil(10);
    let mut of_unit: HashMap<&str, Vec<&Entry>> = HashMap::new();
    entries.iter().for_each(|entry| of_unit.entry(&entry.org_unit).or_default().push(entry));
    let mut score = Score { by_cause: BTreeMap::new(), false_alarms: 0, quiet_months: 0 };
    let mut troubled: BTreeSet<(String, String)> = BTreeSet::new();
    for one in &planted {
        let months = months(&one.period_from, &one.period_to);
        troubled.extend(months.iter().map(|month| (one.org_unit.clone(), month.clone())));
        let there = of_unit.get(one.org_unit.as_str()).cloned().unwrap_or_default();
        let about = |entry: &&&Entry| months.contains(&entry.period) && (one.item.is_empty() || entry.item == one.item);
        let best = there.iter().filter(about).min_by_key(|entry| entry.rank);
        let names: Vec<String> = best.map_or_else(Vec::new, |entry| {
            let causes: Vec<Cause> = serde_json::from_str(&entry.causes).unwrap();
            causes.into_iter().map(|cause| cause.cause).collect()
        });
        let place = names.iter().position(|name| *name == one.cause);
        let counts = score.by_cause.entry(one.cause.clone()).or_default();
        counts[0] += 1;
        counts[1] += usize::from(best.is_some());
        counts[2] += usize::from(there.iter().any(|entry| entry.rank <= top));
        counts[3] += usize::from(place == Some(0));
        counts[4] += usize::from(place.is_some_and(|place| place < 2));
    }
    let alarms: BTreeSet<(String, String)> =
        entries.iter().map(|entry| (entry.org_unit.clone(), entry.period.clone())).collect();
    score.false_alarms = alarms.difference(&troubled).count();
    score.quiet_months = facilities.parse::<usize>().unwrap() * months_of_data - troubled.len();
    score
}

/// The targets: of all that was planted nine tenths in the top tenth, seven tenths with the right cause first, nine
/// tenths with it among the first two; alarms in at most a twentieth of the quiet facility-months.
fn reaches_the_targets(score: &Score) {
    let [planted, _, top, first, two] = score.whole();
    let table = score.table();
    assert!(top * 10 >= planted * 9 && first * 10 >= planted * 7 && two * 10 >= planted * 9, "{table}");
    assert!(score.false_alarms * 20 <= score.quiet_months, "{table}");
}

/// `facilities,months,seed` of each country, apart by blanks. Default: one that is small.
#[expect(clippy::disallowed_methods, reason = "how a person asks for more countries, which take minutes")]
fn countries() -> Vec<(usize, usize, u64)> {
    let asked = std::env::var("MLATHO_TEST_COUNTRIES").unwrap_or_else(|_| "40,18,31".into());
    let country = |text: &str| {
        let numbers: Vec<&str> = text.split(',').collect();
        let [facilities, months, seed] = numbers.try_into().unwrap();
        (facilities.parse().unwrap(), months.parse().unwrap(), seed.parse().unwrap())
    };
    asked.split_whitespace().map(country).collect()
}

#[test]
fn the_worklist_leads_to_what_was_planted() {
    for (facilities, months, seed) in countries() {
        let score = score(facilities, months, seed);
        println!("seed {seed}, {facilities} facilities, {months} months\n{}", score.table());
        reaches_the_targets(&score);
    }
}
