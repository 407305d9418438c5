//! Data value sets in XML (DXF 2).

use std::io::{BufReader, Read};

use mlatho_model::RecordSink;
use quick_xml::events::{BytesStart, Event};

use super::incoming::Incoming;
use crate::unreadable;

/// Reads a data value set. Positions count the `dataValue` elements from 1.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(input));
    let (mut buffer, mut whole, mut position) = (Vec::new(), Incoming::default(), 0);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return,
            Ok(Event::Start(element) | Event::Empty(element)) => match element.local_name().as_ref() {
                "dataValueSet" => whole = attributes(&element),
                "dataValue" => {
                    position += 1;
                    if attributes(&element).or(&whole).give(file, position, sink).is_break() {
                        return;
                    }
                }
                _ => {}
            },
            Ok(_) => {}
            Err(error) => return sink.finding(unreadable(file, position, &error)),
        }
    }
}

fn attributes(element: &BytesStart<'_>) -> Incoming {
    let mut value = Incoming::default();
    for (name, text) in super::adx::attributes(element) {
        match name.as_str() {
            "dataElement" => value.data_element = text,
            "period" => value.period = text,
            "orgUnit" => value.org_unit = text,
            "categoryOptionCombo" => value.category_option_combo = text,
            "attributeOptionCombo" => value.attribute_option_combo = text,
            "value" => value.value = text,
            "lastUpdated" | "timestamp" => value.timestamp = text,
            "comment" => value.comment = text,
            "deleted" => value.deleted = text == "true",
            _ => {}
        }
    }
    value
}
