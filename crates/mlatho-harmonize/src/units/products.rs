//! The product tables of a project, and conversion by them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::{Factor, Finding, ItemId, Rational, Unit};

use super::read::{self, CODES, DOSAGE_COLUMNS, PACK_COLUMNS};
use super::{Dosage, Group, Pack, Suitable, Validity};
use crate::rows::each_row;

/// What a project's product tables say.
#[derive(Clone, Debug, Default)]
pub struct Products {
    packs: BTreeMap<ItemId, Vec<Pack>>,
    dosages: Vec<Dosage>,
}

/// When, and of what, a number is.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub day: Date,
    /// The version of the product that the source names. It counts for itself, whatever day it is.
    pub version: Option<&'a str>,
    /// What ties doses and courses to units; see [`Products::dosages`].
    pub dosage: Option<&'a Dosage>,
}

impl At<'_> {
    /// A day, and nothing else known.
    #[must_use]
    pub const fn day(day: Date) -> Self {
        Self { day, version: None, dosage: None }
    }
}

/// Why units are not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoConversion {
    #[error("no table says how many {to} of {item} one {from} makes on that day")]
    Unknown { item: ItemId, from: Unit, to: Unit },
    #[error("the tables say of a {from} of {item} that it makes {one} {to}, and that it makes {other}")]
    Contradiction { item: ItemId, from: Unit, to: Unit, one: Factor, other: Factor },
    #[error("no table has version {version} of {item}")]
    Version { item: ItemId, version: Box<str> },
    #[error("the number is too large to be converted exactly")]
    TooLarge,
}

impl Products {
    /// Reads a table after any that were read before: one with a column `regimen` is of dosages, any other of packs. A bad
    /// row costs itself and is told.
    ///
    /// - Packs: `item,unit,contains` and any of `of,version,valid_from,valid_to`; `of` is `dispensing-unit` where blank.
    /// - Dosages: `regimen,item,units_per_dose,doses_per_day,days` and any of
    ///   `per,unit,age_from,age_to,weight_from,weight_to,valid_from,valid_to`; `per` is `treatment` where blank, `unit`
    ///   `dispensing-unit`. Bands include where they begin and not where they end; ages are in months, weights in
    ///   kilograms.
    ///
    /// Other columns are let be, so that a table may say where a row is from.
    pub fn read(&mut self, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let file: Arc<str> = file.into();
        let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let names = header.split(|byte| b",;\t\r\" \xef\xbb\xbf".contains(byte));
        if names.into_iter().any(|name| name == b"regimen") {
            self.read_dosages(&file, bytes, findings);
        } else {
            self.read_packs(&file, bytes, findings);
        }
    }

    fn read_packs(&mut self, file: &Arc<str>, bytes: &[u8], findings: &mut Vec<Finding>) {
        each_row(file, bytes, CODES, &PACK_COLUMNS, findings, |row| {
            let pack = read::pack(row)?;
            let packs = self.packs.entry(pack.item.clone()).or_default();
            let clash = packs.iter().find(|known| pack.is_beside(known) && pack.contains != known.contains);
            let told = clash.map(|known| {
                let finding = Finding::error("products-overlap").in_file(row.file).at(row.line, "contains");
                let finding = finding.with("item", pack.item.as_str()).with("unit", pack.unit.as_str());
                finding.with("one", known.contains.to_string()).with("other", pack.contains.to_string())
            });
            packs.push(pack);
            told.map_or(Ok(()), Err)
        });
    }

    fn read_dosages(&mut self, file: &Arc<str>, bytes: &[u8], findings: &mut Vec<Finding>) {
        each_row(file, bytes, CODES, &DOSAGE_COLUMNS, findings, |row| {
            let dosage = read::dosage(row)?;
            let clash = self.dosages.iter().any(|known| dosage.is_beside(known) && dosage.units() != known.units());
            let told = clash.then(|| {
                let finding = Finding::error("dosage-overlap").in_file(row.file).at(row.line, "regimen");
                finding.with("regimen", &*dosage.regimen).with("item", dosage.item.as_str())
            });
            self.dosages.push(dosage);
            told.map_or(Ok(()), Err)
        });
    }

    /// The dosages of an item in a regimen that may apply to a group of patients on a day.
    #[must_use]
    pub fn dosages(&self, regimen: &str, item: &ItemId, per: &Unit, day: Date, group: Group) -> Suitable<'_> {
        let of_regimen = self.dosages.iter().filter(|row| {
            *row.regimen == *regimen && row.item == *item && row.per == *per && row.validity.holds_on(day)
        });
        Suitable::among(of_regimen, group)
    }

    /// How many `to` one `from` of an item makes.
    ///
    /// # Errors
    /// No chain of rows leads from one unit to the other, rows contradict each other, or the source names a version that
    /// the tables with versions do not have. Nothing is guessed.
    pub fn factor(&self, item: &ItemId, from: &Unit, to: &Unit, at: At<'_>) -> Result<Factor, NoConversion> {
        let steps = between(self.steps(item, at)?, from, to);
        let mut reached: BTreeMap<&Unit, Factor> = BTreeMap::from([(from, Factor::ONE)]);
        let mut open = vec![(from, Factor::ONE)];
        while let Some((unit, so_far)) = open.pop() {
            for (next, factor) in steps.iter().filter_map(|step| step.leads_from(unit)) {
                let factor = so_far.times(factor).ok_or(NoConversion::TooLarge)?;
                match reached.get(next) {
                    None => {
                        reached.insert(next, factor);
                        open.push((next, factor));
                    }
                    Some(known) if *known == factor => {}
                    Some(known) => {
                        let (item, from, to) = (item.clone(), from.clone(), next.clone());
                        return Err(NoConversion::Contradiction { item, from, to, one: *known, other: factor });
                    }
                }
            }
        }
        let unknown = || NoConversion::Unknown { item: item.clone(), from: from.clone(), to: to.clone() };
        reached.get(to).copied().ok_or_else(unknown)
    }

    /// A number of `from` as the exact number of `to`, which is rounded where it is shown or stored, and not before: there
    /// and back is the same number.
    ///
    /// # Errors
    /// As of [`Products::factor`], or the number grows too large.
    pub fn convert(
        &self,
        number: Rational,
        item: &ItemId,
        from: &Unit,
        to: &Unit,
        at: At<'_>,
    ) -> Result<Rational, NoConversion> {
        let factor = self.factor(item, from, to, at)?;
        number.checked_mul(factor.into()).ok_or(NoConversion::TooLarge)
    }

    /// How many `to` one `from` makes, for each stretch of days on which the tables say the same. Days on which no
    /// chain of rows leads from one to the other are left out.
    ///
    /// # Errors
    /// As of [`Products::factor`], where there is no such day at all, or the rows of some day contradict each other.
    pub fn stretches(&self, item: &ItemId, from: &Unit, to: &Unit) -> Result<Vec<(Validity, Factor)>, NoConversion> {
        let packs = self.packs.get(item).map(Vec::as_slice).unwrap_or_default();
        let begins = packs.iter().filter_map(|pack| pack.validity.from);
        let ended = packs.iter().filter_map(|pack| pack.validity.to?.tomorrow().ok());
        let mut days: BTreeSet<Option<Date>> = begins.chain(ended).map(Some).collect();
        days.insert(None);
        let mut stretches: Vec<(Validity, Factor)> = Vec::new();
        let mut unknown = None;
        let mut days = days.into_iter().peekable();
        while let Some(day) = days.next() {
            let next = days.peek().copied().flatten();
            let until = next.and_then(|next| next.yesterday().ok());
            match self.factor(item, from, to, At::day(day.unwrap_or(Date::MIN))) {
                Ok(factor) => match stretches.last_mut() {
                    Some((last, known)) if *known == factor && last.to.and_then(|to| to.tomorrow().ok()) == day => {
                        last.to = until;
                    }
                    _ => stretches.push((Validity { from: day, to: until }, factor)),
                },
                Err(error @ NoConversion::Unknown { .. }) => unknown = Some(error),
                Err(error) => return Err(error),
            }
        }
        match unknown {
            Some(error) if stretches.is_empty() => Err(error),
            _ => Ok(stretches),
        }
    }

    /// What holds between the units of an item.
    fn steps<'a>(&'a self, item: &ItemId, at: At<'a>) -> Result<Vec<Step<'a>>, NoConversion> {
        let packs = self.packs.get(item).map(Vec::as_slice).unwrap_or_default();
        let pairs: BTreeSet<(&Unit, &Unit)> = packs.iter().map(|pack| (&pack.unit, &pack.of)).collect();
        let mut steps = Vec::new();
        for (unit, of) in pairs {
            let about = packs.iter().filter(|pack| (&pack.unit, &pack.of) == (unit, of));
            let version = at.version.filter(|_| about.clone().any(|pack| pack.version.is_some()));
            let holds = |pack: &&Pack| match version {
                Some(version) => pack.version.as_deref() == Some(version),
                None => pack.validity.holds_on(at.day),
            };
            let holding: Vec<Step<'_>> = about.filter(holds).map(Step::from).collect();
            if let (Some(version), []) = (version, holding.as_slice()) {
                return Err(NoConversion::Version { item: item.clone(), version: version.into() });
            }
            steps.extend(holding);
        }
        if let Some(dosage) = at.dosage.filter(|dosage| dosage.item == *item) {
            let contains = dosage.units().ok_or(NoConversion::TooLarge)?;
            steps.push(Step { unit: Cow::Borrowed(&dosage.per), contains, of: &dosage.unit });
            steps.push(Step { unit: Cow::Owned(Unit::dose()), contains: dosage.units_per_dose, of: &dosage.unit });
        }
        Ok(steps)
    }

    /// The items of which the tables say what their units contain.
    pub fn items(&self) -> impl Iterator<Item = &ItemId> {
        self.packs.keys()
    }

    /// By what factors numbers of an item are wrong when one of its units is taken for another, or one version's pack for
    /// another's: for [`super::suspect`]. In order of size, each only one way round.
    #[must_use]
    pub fn factors(&self, item: &ItemId) -> Vec<Factor> {
        let packs = self.packs.get(item).map(Vec::as_slice).unwrap_or_default();
        let mut found = BTreeSet::new();
        for one in packs {
            found.insert(larger(one.contains));
            for other in packs {
                if one.of == other.unit {
                    found.extend(one.contains.times(other.contains).map(larger));
                }
                if (&one.unit, &one.of) == (&other.unit, &other.of) {
                    found.extend(one.contains.times(other.contains.inverse()).map(larger));
                }
            }
        }
        found.into_iter().filter(|factor| *factor != Factor::ONE).collect()
    }
}

/// The factor or its inverse, whichever is above one.
fn larger(factor: Factor) -> Factor {
    factor.max(factor.inverse())
}

/// One unit contains so many of another.
struct Step<'a> {
    unit: Cow<'a, Unit>,
    contains: Factor,
    of: &'a Unit,
}

impl<'a> From<&'a Pack> for Step<'a> {
    fn from(pack: &'a Pack) -> Self {
        Self { unit: Cow::Borrowed(&pack.unit), contains: pack.contains, of: &pack.of }
    }
}

impl Step<'_> {
    /// Where the step leads from a unit, and by what factor.
    fn leads_from(&self, unit: &Unit) -> Option<(&Unit, Factor)> {
        match unit {
            _ if *self.unit == *unit => Some((self.of, self.contains)),
            _ if self.of == unit => Some((&self.unit, self.contains.inverse())),
            _ => None,
        }
    }
}

/// The steps without those that lead aside: a doubt about doses is none about packs.
fn between<'a>(mut steps: Vec<Step<'a>>, from: &Unit, to: &Unit) -> Vec<Step<'a>> {
    loop {
        let neighbours = |unit: &Unit| -> BTreeSet<Unit> {
            steps.iter().filter_map(|step| step.leads_from(unit)).map(|(next, _)| next.clone()).collect()
        };
        let units = steps.iter().flat_map(|step| [&*step.unit, step.of]);
        let aside = units.filter(|unit| *unit != from && *unit != to).find(|unit| neighbours(unit).len() < 2).cloned();
        let Some(aside) = aside else { return steps };
        steps.retain(|step| *step.unit != aside && *step.of != aside);
    }
}
