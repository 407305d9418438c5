//! Regions, districts and facilities, under the names and codes of both sides.

use mlatho_model::Uid;

use super::catalogue::Level;
use super::dice::Dice;
use super::names::{Names, misspelled};

/// The highest administrative areas.
#[derive(Clone, Debug)]
pub struct Region {
    pub uid: Uid,
    pub name: String,
}

/// A district as the HMIS knows it today.
#[derive(Clone, Debug)]
pub struct District {
    pub uid: Uid,
    pub name: String,
    /// Place of its region in [`super::Country::regions`].
    pub region: usize,
    /// People who live in the catchments of its facilities.
    pub population: u32,
    /// The district of the LMIS that it belongs to, or belonged to before it was split off.
    pub lmis_code: String,
    pub lmis_name: String,
    /// For a district that was split off another: that one's place, and the month from which it exists.
    pub split_from: Option<(usize, usize)>,
}

/// A facility with its names and codes on both sides.
#[derive(Clone, Debug)]
pub struct Facility {
    /// HMIS identifier, which is also the project's.
    pub uid: Uid,
    /// HMIS name.
    pub name: String,
    pub level: Level,
    /// Place of its district in [`super::Country::districts`].
    pub district: usize,
    /// People it serves.
    pub catchment: i32,
    /// Its stock reports come by quarter, the others' by month.
    pub quarterly: bool,
    /// First month in which it no longer works.
    pub closed: Option<usize>,
    /// Whether the project's mapping has a link for it.
    pub mapped: bool,
    pub lmis_code: String,
    pub lmis_name: String,
    /// From this month on the LMIS has another code and name for it.
    pub renamed: Option<Renamed>,
}

/// A new code and name from a month on.
#[derive(Clone, Debug)]
pub struct Renamed {
    pub month: usize,
    pub lmis_code: String,
    pub lmis_name: String,
}

impl Facility {
    /// Code and name on the LMIS side in a month.
    pub fn lmis_identity(&self, month: usize) -> (&str, &str) {
        match &self.renamed {
            Some(renamed) if month >= renamed.month => (&renamed.lmis_code, &renamed.lmis_name),
            _ => (&self.lmis_code, &self.lmis_name),
        }
    }

    /// Whether it works in a month.
    pub fn is_open(&self, month: usize) -> bool {
        self.closed.is_none_or(|closed| month < closed)
    }

    /// Works all the time, reports by month under one code that is mapped: a trouble planted here shows undisturbed.
    pub(super) fn is_plain(&self) -> bool {
        !self.quarterly && self.closed.is_none() && self.mapped && self.renamed.is_none()
    }
}

#[derive(Debug)]
pub(super) struct Places {
    pub(super) uid: Uid,
    pub(super) regions: Vec<Region>,
    pub(super) districts: Vec<District>,
    pub(super) facilities: Vec<Facility>,
}

const FACILITIES_PER_DISTRICT: usize = 25;
const DISTRICTS_PER_REGION: usize = 6;

impl Places {
    pub(super) fn new(seed: u64, facilities: usize, months: usize) -> Self {
        let (mut dice, mut names) = (Dice::new(seed, 0), Names::default());
        let uid = names.uid(&mut dice);
        let district_count = facilities.div_ceil(FACILITIES_PER_DISTRICT).max(2);
        let regions: Vec<Region> = (0..district_count.div_ceil(DISTRICTS_PER_REGION))
            .map(|_| Region { uid: names.uid(&mut dice), name: format!("{} Region", names.place(&mut dice)) })
            .collect();
        let mut districts: Vec<District> = (0..district_count)
            .map(|at| district(at, at * regions.len() / district_count, &mut names, &mut dice))
            .collect();
        let mut facilities: Vec<Facility> = (0..facilities)
            .map(|at| facility(at, at % district_count, at / district_count, &mut names, &mut dice))
            .collect();
        change(&mut facilities, months, &mut names, &mut dice);
        split_first(&mut districts, &mut facilities, months, &mut names, &mut dice);
        for facility in &facilities {
            districts[facility.district].population += facility.catchment.unsigned_abs();
        }
        Self { uid, regions, districts, facilities }
    }
}

fn district(at: usize, region: usize, names: &mut Names, dice: &mut Dice) -> District {
    let place = names.place(dice);
    District {
        uid: names.uid(dice),
        name: format!("{place} District"),
        region,
        population: 0,
        lmis_code: format!("D{:02}", at + 1),
        lmis_name: format!("DHO {}", misspelled(&place).to_uppercase()),
        split_from: None,
    }
}

fn facility(at: usize, district: usize, within: usize, names: &mut Names, dice: &mut Dice) -> Facility {
    let level = match within {
        0 => Level::Hospital,
        _ if dice.chance(0.45) => Level::Centre,
        _ => Level::Post,
    };
    let place = names.place(dice);
    let people = match level {
        Level::Hospital => dice.between(22_000, 48_000),
        Level::Centre => dice.between(8_000, 21_000),
        Level::Post => dice.between(2_500, 7_500),
    };
    let short = match level {
        Level::Hospital => "D/HOSP",
        Level::Centre => "HC",
        Level::Post => "H/POST",
    };
    Facility {
        uid: names.uid(dice),
        name: format!("{place} {}", level.name()),
        level,
        district,
        catchment: people,
        quarterly: level == Level::Post && dice.chance(0.25),
        closed: None,
        mapped: true,
        lmis_code: format!("{:02}-{:04}", district + 1, 1000 + at),
        lmis_name: format!("{} {short}", misspelled(&place).to_uppercase()),
        renamed: None,
    }
}

/// One facility in a hundred gets a new name, one closes, and one is not in the mapping yet; each at least once.
fn change(facilities: &mut [Facility], months: usize, names: &mut Names, dice: &mut Dice) {
    let count = (facilities.len() / 100).max(1);
    let order = dice.shuffled(facilities.len());
    let candidates: Vec<usize> =
        order.into_iter().filter(|at| facilities[*at].level != Level::Hospital && !facilities[*at].quarterly).collect();
    for (nth, at) in candidates.into_iter().take(3 * count).enumerate() {
        let facility = &mut facilities[at];
        let month = months / 3 + dice.place(months / 3);
        match nth % 3 {
            0 => {
                let lmis_name = format!("ST. {} HC", names.place(dice).to_uppercase());
                let lmis_code = format!("{}-{}", &facility.lmis_code[..2], 8000 + at);
                facility.renamed = Some(Renamed { month, lmis_code, lmis_name });
            }
            1 => facility.closed = Some(month),
            _ => facility.mapped = false,
        }
    }
}

/// The first district is split in the middle of the time; the LMIS goes on with the old one.
fn split_first(
    districts: &mut Vec<District>,
    facilities: &mut [Facility],
    months: usize,
    names: &mut Names,
    dice: &mut Dice,
) {
    let place = names.place(dice);
    let mut new = districts[0].clone();
    new.uid = names.uid(dice);
    new.name = format!("{place} District");
    new.split_from = Some((0, months / 2));
    let at = districts.len();
    districts.push(new);
    facilities
        .iter_mut()
        .filter(|facility| facility.district == 0)
        .skip(1)
        .step_by(2)
        .for_each(|one| one.district = at);
}
