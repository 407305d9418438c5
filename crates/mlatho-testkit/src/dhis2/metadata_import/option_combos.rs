//! Making the option combos of category combos.

use mlatho_model::Uid;
use serde_json::json;

use super::members;
use crate::dhis2::metadata::{Metadata, uid};
use crate::dhis2::structure::text;

pub(super) fn make_all(metadata: &mut Metadata) {
    let combos: Vec<String> =
        metadata.objects("categoryCombos").filter_map(|combo| text(combo, "id").map(str::to_owned)).collect();
    combos.iter().for_each(|combo| make(metadata, combo));
}

/// Adds the option combos that a combo lacks: one for each choice of an option from every category.
pub(super) fn make(metadata: &mut Metadata, combo: &str) {
    let Some(object) = metadata.object(combo) else { return };
    let mut choices: Vec<Vec<Uid>> = vec![Vec::new()];
    for category in members(object, "categories") {
        let options = metadata.object(category.as_str()).map(|category| members(category, "categoryOptions"));
        let options = options.unwrap_or_default();
        choices = choices
            .iter()
            .flat_map(|chosen| options.iter().map(move |option| [chosen.as_slice(), &[*option]].concat()))
            .collect();
    }
    let sorted = |mut ids: Vec<Uid>| {
        ids.sort_unstable();
        ids
    };
    let own = |object: &&serde_json::Value| object.get("categoryCombo").and_then(|own| text(own, "id")) == Some(combo);
    let known: Vec<Vec<Uid>> = metadata
        .objects("categoryOptionCombos")
        .filter(own)
        .map(|object| sorted(members(object, "categoryOptions")))
        .collect();
    for choice in choices.into_iter().filter(|choice| !choice.is_empty() && !known.contains(&sorted(choice.clone()))) {
        let names: Vec<String> = choice
            .iter()
            .filter_map(|option| text(metadata.object(option.as_str())?, "name").map(str::to_owned))
            .collect();
        let options: Vec<_> = choice.iter().map(|option| json!({"id": option})).collect();
        let id = uid(&format!("option combo {combo} {choice:?}"));
        let name = names.join(", ");
        let made = json!({"id": id, "name": name, "categoryCombo": {"id": combo}, "categoryOptions": options});
        metadata.add("categoryOptionCombos", made);
    }
}
