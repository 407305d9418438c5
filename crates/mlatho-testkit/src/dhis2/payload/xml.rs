//! XML (DXF 2): the names of JSON as attributes.

use quick_xml::events::{BytesStart, Event};

use super::{Group, Incoming, Payload, Unreadable, owned, owned_combo};

pub(super) fn read(body: &[u8]) -> Result<Payload<'static>, Unreadable> {
    let mut reader = quick_xml::Reader::from_reader(body);
    let (mut buffer, mut group, mut found) = (Vec::new(), Group::default(), false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) if found => return Ok(Payload { groups: vec![group], defaults_to_code: false }),
            Ok(Event::Eof) => return Err(Unreadable::Malformed("there is no dataValueSet".into())),
            Ok(Event::Start(element) | Event::Empty(element)) => match element.local_name().as_ref() {
                "dataValueSet" => {
                    found = true;
                    group = envelope(&element);
                }
                "dataValue" => group.data_values.push(value(&element)),
                _ => {}
            },
            Ok(_) => {}
            Err(error) => return Err(Unreadable::Malformed(error.to_string())),
        }
    }
}

/// The attributes of an element, entities resolved, names without their prefix.
pub(super) fn attributes(element: &BytesStart<'_>) -> Vec<(String, String)> {
    let one = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let text = quick_xml::escape::unescape(&attribute.value);
        let text = text.map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
        (attribute.key.local_name().as_ref().to_owned(), text)
    };
    element.attributes().flatten().map(one).collect()
}

fn envelope(element: &BytesStart<'_>) -> Group<'static> {
    let mut group = Group::default();
    for (name, text) in attributes(element) {
        match name.as_str() {
            "dataSet" => group.data_set = owned(&text),
            "period" => group.period = owned(&text),
            "orgUnit" => group.org_unit = owned(&text),
            "attributeOptionCombo" => group.attribute_option_combo = owned_combo(&text),
            "completeDate" => group.complete_date = owned(&text),
            "dryRun" => group.dry_run = Some(text == "true"),
            "idScheme" => group.id_scheme = Some(text),
            "dataSetIdScheme" => group.data_set_id_scheme = Some(text),
            "dataElementIdScheme" => group.data_element_id_scheme = Some(text),
            "orgUnitIdScheme" => group.org_unit_id_scheme = Some(text),
            "categoryOptionComboIdScheme" => group.category_option_combo_id_scheme = Some(text),
            "attributeOptionComboIdScheme" => group.attribute_option_combo_id_scheme = Some(text),
            _ => {}
        }
    }
    group
}

fn value(element: &BytesStart<'_>) -> Incoming<'static> {
    let mut row = Incoming::default();
    for (name, text) in attributes(element) {
        match name.as_str() {
            "dataElement" => row.data_element = owned(&text),
            "period" => row.period = owned(&text),
            "orgUnit" => row.org_unit = owned(&text),
            "categoryOptionCombo" => row.category_option_combo = owned_combo(&text),
            "attributeOptionCombo" => row.attribute_option_combo = owned_combo(&text),
            "value" => row.value = owned(&text),
            "comment" => row.comment = owned(&text),
            "storedBy" => row.stored_by = owned(&text),
            "followUp" | "followup" => row.follow_up = Some(text == "true"),
            "deleted" => row.deleted = Some(text == "true"),
            _ => {}
        }
    }
    row
}
