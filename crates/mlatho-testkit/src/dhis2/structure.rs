//! The metadata that decides about data values, compiled from its documents.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use mlatho_model::{Decimal, Period, PeriodType, Uid};
use serde_json::Value as Json;

use super::Calendar;
use super::config::User;
use super::metadata::Metadata;

#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) elements: HashMap<Uid, Element>,
    pub(super) data_sets: HashMap<Uid, DataSet>,
    pub(super) org_units: HashMap<Uid, OrgUnit>,
    pub(super) option_combos: HashMap<Uid, OptionCombo>,
    pub(super) options: HashMap<Uid, CategoryOption>,
    pub(super) option_sets: HashMap<Uid, HashSet<String>>,
    pub(super) default_option_combo: Option<Uid>,
    default_combo: Option<Uid>,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) value_type: String,
    pub(super) aggregation: String,
    pub(super) zero_is_significant: bool,
    pub(super) option_set: Option<Uid>,
    pub(super) comment_option_set: Option<Uid>,
    pub(super) combo: Option<Uid>,
    /// Data sets that it is a member of, in the order of their UIDs.
    pub(super) data_sets: Vec<Uid>,
}

#[derive(Debug)]
pub(super) struct DataSet {
    pub(super) period_type: Option<PeriodType>,
    pub(super) combo: Option<Uid>,
    /// Data elements with the combo that holds for them here: the member's own, else the element's `[C]`.
    pub(super) elements: HashMap<Uid, Option<Uid>>,
    pub(super) org_units: HashSet<Uid>,
    /// How long after a period's end it stays open; none: for ever.
    pub(super) expiry: Option<SignedDuration>,
    pub(super) open_future_periods: i64,
    /// For so many periods after the end of a category option it may still be used.
    pub(super) open_after_option: i64,
    pub(super) input_periods: Vec<InputPeriod>,
    pub(super) workflow: Option<Uid>,
    pub(super) no_value_requires_comment: bool,
    pub(super) sharing: Sharing,
}

#[derive(Debug)]
pub(super) struct InputPeriod {
    pub(super) period: Period,
    opening: Option<DateTime>,
    closing: Option<DateTime>,
}

impl InputPeriod {
    /// Whether entry is open at that moment.
    pub(super) fn is_open(&self, now: DateTime) -> bool {
        self.opening.is_none_or(|opening| opening <= now) && self.closing.is_none_or(|closing| now <= closing)
    }
}

#[derive(Debug)]
pub(super) struct OrgUnit {
    /// From the root down to itself.
    pub(super) path: Vec<Uid>,
    pub(super) opening: Option<Date>,
    pub(super) closed: Option<Date>,
}

#[derive(Debug)]
pub(super) struct OptionCombo {
    pub(super) combo: Option<Uid>,
    pub(super) options: Vec<Uid>,
}

#[derive(Debug)]
pub(super) struct CategoryOption {
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    /// Where it may be used, with everything below; empty: everywhere.
    pub(super) org_units: HashSet<Uid>,
    pub(super) sharing: Sharing,
}

/// Who may write data. An object without `sharing` is open to all `[U]`.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    closed: bool,
    writers: HashSet<String>,
}

impl Sharing {
    pub(super) fn read(object: &Json) -> Self {
        let Some(sharing) = object.get("sharing") else { return Self::default() };
        let lets_write =
            |access: Option<&Json>| access.and_then(Json::as_str).is_some_and(|a| a.as_bytes().get(3) == Some(&b'w'));
        let mut writers = HashSet::new();
        for list in ["users", "userGroups"] {
            let entries = sharing.get(list).and_then(Json::as_object);
            let entries = entries.into_iter().flatten().filter(|(_, entry)| lets_write(entry.get("access")));
            writers.extend(entries.map(|(id, _)| id.clone()));
        }
        Self { closed: !lets_write(sharing.get("public")), writers }
    }

    pub(super) fn lets_write(&self, user: &User) -> bool {
        !self.closed
            || user.is_super()
            || self.writers.contains(user.id.as_str())
            || user.groups.iter().any(|group| self.writers.contains(group.as_str()))
    }
}

pub(super) fn text<'a>(object: &'a Json, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Json::as_str)
}

pub(super) fn list<'a>(object: &'a Json, name: &str) -> &'a [Json] {
    object.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn id_of(object: &Json) -> Option<Uid> {
    text(object, "id").and_then(|id| id.parse().ok())
}

fn reference(object: &Json, name: &str) -> Option<Uid> {
    object.get(name).and_then(id_of)
}

fn day(object: &Json, name: &str) -> Option<Date> {
    text(object, name)?.get(..10)?.parse().ok()
}

fn moment(object: &Json, name: &str) -> Option<DateTime> {
    let text = text(object, name)?;
    text.parse().ok().or_else(|| text.get(..10)?.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)))
}

/// Days, perhaps a fraction, as DHIS2 writes them.
fn days(object: &Json, name: &str) -> Option<SignedDuration> {
    let days: Decimal = object.get(name)?.to_string().parse().ok()?;
    let seconds = i64::try_from((days * Decimal::from(86_400)).trunc()).ok()?;
    (seconds > 0).then(|| SignedDuration::from_secs(seconds))
}

impl Structure {
    pub(super) fn compile(metadata: &Metadata, calendar: Calendar) -> Self {
        let mut structure = Self::default();
        for object in metadata.objects("categoryOptionCombos") {
            let Some(id) = id_of(object) else { continue };
            let options = list(object, "categoryOptions").iter().filter_map(id_of).collect();
            let combo = reference(object, "categoryCombo");
            if text(object, "name") == Some("default") {
                structure.default_option_combo = Some(id);
                structure.default_combo = combo;
            }
            structure.option_combos.insert(id, OptionCombo { combo, options });
        }
        for object in metadata.objects("categoryOptions") {
            let Some(id) = id_of(object) else { continue };
            let option = CategoryOption {
                start: day(object, "startDate"),
                end: day(object, "endDate"),
                org_units: list(object, "organisationUnits").iter().filter_map(id_of).collect(),
                sharing: Sharing::read(object),
            };
            structure.options.insert(id, option);
        }
        for object in metadata.objects("optionSets") {
            let Some(id) = id_of(object) else { continue };
            let codes = list(object, "options").iter().filter_map(|option| {
                let whole = text(option, "id").and_then(|id| metadata.object(id)).unwrap_or(option);
                text(whole, "code").map(str::to_owned)
            });
            structure.option_sets.insert(id, codes.collect());
        }
        for object in metadata.objects("dataElements") {
            let Some(id) = id_of(object) else { continue };
            let element = Element {
                value_type: text(object, "valueType").unwrap_or("TEXT").into(),
                aggregation: text(object, "aggregationType").unwrap_or("NONE").into(),
                zero_is_significant: object.get("zeroIsSignificant").and_then(Json::as_bool).unwrap_or(false),
                option_set: reference(object, "optionSet"),
                comment_option_set: reference(object, "commentOptionSet"),
                combo: reference(object, "categoryCombo").or(structure.default_combo),
                data_sets: Vec::new(),
            };
            structure.elements.insert(id, element);
        }
        for object in metadata.objects("dataSets") {
            structure.add_data_set(object, calendar);
        }
        for object in metadata.objects("organisationUnits") {
            let Some(id) = id_of(object) else { continue };
            let unit = OrgUnit {
                path: path(metadata, object),
                opening: day(object, "openingDate"),
                closed: day(object, "closedDate"),
            };
            structure.org_units.insert(id, unit);
        }
        structure
    }

    fn add_data_set(&mut self, object: &Json, calendar: Calendar) {
        let Some(id) = id_of(object) else { return };
        let mut elements = HashMap::new();
        for member in list(object, "dataSetElements") {
            let Some(element) = reference(member, "dataElement") else { continue };
            let own = self.elements.get_mut(&element).and_then(|known| {
                known.data_sets.push(id);
                known.combo
            });
            elements.insert(element, reference(member, "categoryCombo").or(own));
        }
        let input_periods = list(object, "dataInputPeriods").iter().filter_map(|input| {
            let period = calendar.read(text(input.get("period")?, "id")?)?;
            Some(InputPeriod { period, opening: moment(input, "openingDate"), closing: moment(input, "closingDate") })
        });
        let set = DataSet {
            period_type: text(object, "periodType").and_then(|name| name.parse().ok()),
            combo: reference(object, "categoryCombo").or(self.default_combo),
            elements,
            org_units: list(object, "organisationUnits").iter().filter_map(id_of).collect(),
            expiry: days(object, "expiryDays"),
            open_future_periods: object.get("openFuturePeriods").and_then(Json::as_i64).unwrap_or(0),
            open_after_option: object.get("openPeriodsAfterCoEndDate").and_then(Json::as_i64).unwrap_or(0),
            input_periods: input_periods.collect(),
            workflow: reference(object, "workflow"),
            no_value_requires_comment: object.get("noValueRequiresComment").and_then(Json::as_bool).unwrap_or(false),
            sharing: Sharing::read(object),
        };
        self.data_sets.insert(id, set);
    }

    /// Whether the org unit is one of those or below one of them.
    pub(super) fn is_within(&self, org_unit: Uid, above: &[Uid]) -> bool {
        self.org_units.get(&org_unit).is_some_and(|unit| unit.path.iter().any(|step| above.contains(step)))
    }

    /// The options of an option combo.
    pub(super) fn options_of(&self, option_combo: Uid) -> impl Iterator<Item = &CategoryOption> {
        let combo = self.option_combos.get(&option_combo);
        combo.into_iter().flat_map(|combo| &combo.options).filter_map(|option| self.options.get(option))
    }

    /// The combo that an option combo belongs to.
    pub(super) fn combo_of(&self, option_combo: Uid) -> Option<Uid> {
        self.option_combos.get(&option_combo).and_then(|combo| combo.combo)
    }

    /// Whether every option may be used at the org unit.
    pub(super) fn is_valid_at(&self, option_combo: Uid, org_unit: Uid) -> bool {
        let Some(unit) = self.org_units.get(&org_unit) else { return true };
        self.options_of(option_combo)
            .all(|option| option.org_units.is_empty() || unit.path.iter().any(|step| option.org_units.contains(step)))
    }

    /// Whether the days of the period lie within the dates of every option (engine B `[C]`). After the end of an option
    /// the period may be as many periods earlier as the data set says; DHIS2 moves its days, so that the ends of months of
    /// unlike length may differ from this `[I]`.
    pub(super) fn is_valid_between(
        &self,
        option_combo: Uid,
        period: Period,
        open_after: i64,
        calendar: Calendar,
    ) -> bool {
        let within = |period: Period| {
            let (start, end) = (calendar.start(period), calendar.end(period));
            self.options_of(option_combo).all(|option| {
                option.start.is_none_or(|first| first <= start) && option.end.is_none_or(|last| end <= last)
            })
        };
        within(period) || (open_after > 0 && earlier(period, open_after).is_some_and(within))
    }

    /// Whether some day of the period lies within the dates of every option (engine A `[C]`), their ends moved by as many
    /// periods as the data set says.
    pub(super) fn is_valid_in_part(
        &self,
        option_combo: Uid,
        period: Period,
        open_after: i64,
        calendar: Calendar,
    ) -> bool {
        let end = calendar.end(period);
        let start = earlier(period, open_after).map_or_else(|| calendar.start(period), |period| calendar.start(period));
        self.options_of(option_combo)
            .all(|option| option.start.is_none_or(|first| first <= end) && option.end.is_none_or(|last| start <= last))
    }

    /// Whether the user may write data with every option.
    pub(super) fn may_write(&self, option_combo: Uid, user: &User) -> bool {
        self.options_of(option_combo).all(|option| option.sharing.lets_write(user))
    }
}

fn earlier(period: Period, periods: i64) -> Option<Period> {
    (0..periods).try_fold(period, |period, _| period.previous())
}

/// The org units from the root down to this one: as its `path` says, else by its parents.
pub(super) fn path(metadata: &Metadata, object: &Json) -> Vec<Uid> {
    let written = text(object, "path").unwrap_or_default();
    let mut path: Vec<Uid> = written.split('/').filter_map(|id| id.parse().ok()).collect();
    if path.is_empty() {
        let mut next = Some(object);
        while let Some(unit) = next {
            let Some(id) = id_of(unit) else { break };
            if path.contains(&id) {
                break;
            }
            path.insert(0, id);
            next = reference(unit, "parent").and_then(|parent| metadata.object(parent.as_str()));
        }
    }
    path
}
