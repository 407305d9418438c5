//! Import of data values.

mod rules_a;
mod rules_b;
mod timeliness;
mod value_type;

use super::call::Call;
use super::config::Engine;
use super::faults::Trouble;
use super::payload::Payload;
use super::report::Summary;
use super::state::{Completion, Slice, State, moment};
use super::values::Stamp;

/// What the parameters of the request ask for.
pub(super) struct Options {
    pub(super) dry_run: bool,
    /// Only a superuser's `force` counts `[C]`.
    pub(super) force: bool,
    pub(super) strategy: Strategy,
    pub(super) atomic: bool,
    pub(super) strict: Strict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    CreateAndUpdate,
    Create,
    Update,
    Delete,
}

/// Engine A's switches; engine B is always strict `[C]`.
#[expect(clippy::struct_excessive_bools, reason = "they are DHIS2's switches, each on its own")]
pub(super) struct Strict {
    pub(super) periods: bool,
    pub(super) data_elements: bool,
    pub(super) option_combos: bool,
    pub(super) attribute_combos: bool,
    pub(super) org_units: bool,
    pub(super) require_option_combo: bool,
    pub(super) require_attribute_combo: bool,
}

impl Options {
    fn read(call: &Call, payload: &Payload<'_>) -> Self {
        let strategy = match call.parameter("importStrategy").or(call.parameter("strategy")) {
            Some("CREATE" | "NEW") => Strategy::Create,
            Some("UPDATE" | "UPDATES") => Strategy::Update,
            Some("DELETE" | "DELETES") => Strategy::Delete,
            _ => Strategy::CreateAndUpdate,
        };
        Self {
            dry_run: call.flag("dryRun")
                || payload.groups.iter().any(|group| group.dry_run == Some(true))
                || call.trouble == Some(Trouble::StoresNothing),
            force: call.flag("force") && call.user.is_super(),
            strategy,
            atomic: call.flag("atomic"),
            strict: Strict {
                periods: call.flag("strictPeriods"),
                data_elements: call.flag("strictDataElements"),
                option_combos: call.flag("strictCategoryOptionCombos"),
                attribute_combos: call.flag("strictAttributeOptionCombos"),
                org_units: call.flag("strictOrganisationUnits"),
                require_option_combo: call.flag("requireCategoryOptionCombo"),
                require_attribute_combo: call.flag("requireAttributeOptionCombo"),
            },
        }
    }
}

/// Why there is no import summary: the plain error of shape (d).
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Imports a payload by the rules of the server's engine.
pub(super) fn import(state: &mut State, call: &Call, payload: &Payload<'_>) -> Result<Summary, Refusal> {
    let options = Options::read(call, payload);
    let stamp = state.tick(&call.user);
    match state.config.version.engine() {
        Engine::A => rules_a::import(state, call, payload, &options, &stamp),
        Engine::B => rules_b::import(state, call, payload, &options, &stamp),
    }
}

fn register_complete(state: &mut State, slice: Slice, date: &str, stamp: &Stamp) {
    let completion = Completion {
        date: if date == "true" { moment(stamp.now) } else { date.to_owned() },
        stored_by: stamp.by.name.clone(),
        created: stamp.now,
        completed: true,
    };
    state.completions.insert(slice, completion);
}
