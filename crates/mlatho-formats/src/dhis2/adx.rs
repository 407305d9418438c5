//! Aggregate data exchange (ADX), the XML of IHE QRPH.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};

use jiff::civil::{Date, Weekday};
use mlatho_model::{Period, PeriodType, RecordSink};
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::DataValue;
use super::incoming::Incoming;
use crate::unreadable;

const NAMESPACE: &str = "urn:ihe:qrph:adx:2015";

/// The attributes of an element, entities resolved, names without their prefix.
pub(super) fn attributes(element: &BytesStart<'_>) -> Vec<(String, String)> {
    let one = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let name = attribute.key.local_name().as_ref().to_owned();
        let text = quick_xml::escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
        (name, text)
    };
    element.attributes().flatten().map(one).collect()
}

/// Reads ADX. Positions count the `dataValue` elements from 1.
pub(crate) fn read(file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(input));
    let (mut buffer, mut group, mut position) = (Vec::new(), Incoming::default(), 0);
    // A value with an annotation is given when its element ends.
    let mut open: Option<Incoming> = None;
    let mut in_annotation = false;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return,
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "group" => group = of_group(&element),
                "dataValue" => open = Some(of_value(&element).or(&group)),
                "annotation" => in_annotation = true,
                _ => {}
            },
            Ok(Event::Empty(element)) if element.local_name().as_ref() == "dataValue" => {
                position += 1;
                if of_value(&element).or(&group).give(file, position, sink).is_break() {
                    return;
                }
            }
            Ok(Event::Text(text)) if in_annotation => {
                if let Some(value) = &mut open {
                    value.comment.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(reference)) if in_annotation => {
                let escaped = format!("&{};", &*reference);
                if let (Some(value), Ok(text)) = (&mut open, quick_xml::escape::unescape(&escaped)) {
                    value.comment.push_str(&text);
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "annotation" => in_annotation = false,
                "dataValue" => {
                    position += 1;
                    if let Some(value) = open.take()
                        && value.give(file, position, sink).is_break()
                    {
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

fn of_group(element: &BytesStart<'_>) -> Incoming {
    let mut group = Incoming::default();
    for (name, text) in attributes(element) {
        match name.as_str() {
            "orgUnit" => group.org_unit = text,
            "period" => group.period = period(&text).map_or(text, |period| period.to_string()),
            "attributeOptionCombo" => group.attribute_option_combo = text,
            _ => {}
        }
    }
    group
}

/// Attributes that are not ADX's own are categories; their options, in the order of the categories, are the split.
fn of_value(element: &BytesStart<'_>) -> Incoming {
    let mut value = Incoming::default();
    let mut options = BTreeMap::new();
    for (name, text) in attributes(element) {
        match name.as_str() {
            "dataElement" => value.data_element = text,
            "value" => value.value = text,
            "categoryOptionCombo" => value.category_option_combo = text,
            _ => {
                options.insert(name, text);
            }
        }
    }
    if value.category_option_combo.is_empty() {
        value.category_option_combo =
            options.iter().map(|(category, option)| format!("{category}={option}")).collect::<Vec<_>>().join(";");
    }
    value
}

/// A period as ADX writes it: `2026-01-01/P1M`.
fn period(text: &str) -> Option<Period> {
    let (start, length) = text.split_once('/')?;
    let start: Date = start.parse().ok()?;
    let kind = match (length, start.month()) {
        ("P1D", _) => PeriodType::Daily,
        ("P7D", _) => match start.weekday() {
            Weekday::Monday => PeriodType::Weekly,
            Weekday::Tuesday => return None,
            Weekday::Wednesday => PeriodType::WeeklyWednesday,
            Weekday::Thursday => PeriodType::WeeklyThursday,
            Weekday::Friday => PeriodType::WeeklyFriday,
            Weekday::Saturday => PeriodType::WeeklySaturday,
            Weekday::Sunday => PeriodType::WeeklySunday,
        },
        ("P14D", _) => PeriodType::BiWeekly,
        ("P1M", _) => PeriodType::Monthly,
        ("P2M", _) => PeriodType::BiMonthly,
        ("P3M", _) => PeriodType::Quarterly,
        ("P6M", 1 | 7) => PeriodType::SixMonthly,
        ("P6M", 4 | 10) => PeriodType::SixMonthlyApril,
        ("P6M", 5 | 11) => PeriodType::SixMonthlyNov,
        ("P1Y", 1) => PeriodType::Yearly,
        ("P1Y", 2) => PeriodType::FinancialFeb,
        ("P1Y", 4) => PeriodType::FinancialApril,
        ("P1Y", 7) => PeriodType::FinancialJuly,
        ("P1Y", 8) => PeriodType::FinancialAug,
        ("P1Y", 9) => PeriodType::FinancialSep,
        ("P1Y", 10) => PeriodType::FinancialOct,
        ("P1Y", 11) => PeriodType::FinancialNov,
        _ => return None,
    };
    Period::containing(kind, start).filter(|period| period.start() == start)
}

/// The period in ADX; nothing for November quarters and odd last weeks, which ADX cannot tell from others.
fn length(period: Period) -> Option<String> {
    let length = match period.period_type() {
        PeriodType::Daily => "P1D",
        PeriodType::BiWeekly if period.days() == 14 => "P14D",
        PeriodType::BiWeekly | PeriodType::QuarterlyNov => return None,
        PeriodType::Monthly => "P1M",
        PeriodType::BiMonthly => "P2M",
        PeriodType::Quarterly => "P3M",
        PeriodType::SixMonthly | PeriodType::SixMonthlyApril | PeriodType::SixMonthlyNov => "P6M",
        _ if period.days() == 7 => "P7D",
        _ => "P1Y",
    };
    Some(format!("{}/{length}", period.start()))
}

/// Writes ADX. Values are gathered by org unit, period and attribute option combo, and written when the file ends.
pub struct AdxWriter {
    data_set: String,
    groups: BTreeMap<(String, Period, String), Vec<Owned>>,
}

struct Owned {
    data_element: String,
    category_option_combo: String,
    value: String,
    comment: String,
}

impl AdxWriter {
    /// Begins a file for one data set.
    #[must_use]
    pub fn new(data_set: &str) -> Self {
        Self { data_set: data_set.into(), groups: BTreeMap::new() }
    }

    /// Takes one value.
    ///
    /// # Errors
    /// ADX has no form for the period or for a deletion.
    pub fn push(&mut self, value: &DataValue<'_>) -> io::Result<()> {
        if value.deleted || length(value.period).is_none() {
            return Err(io::Error::other(format!("ADX has no form for {} {}", value.data_element, value.period)));
        }
        let key = (value.org_unit.to_owned(), value.period, value.attribute_option_combo.to_owned());
        self.groups.entry(key).or_default().push(Owned {
            data_element: value.data_element.into(),
            category_option_combo: value.category_option_combo.into(),
            value: value.value.into(),
            comment: value.comment.into(),
        });
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self, out: impl Write) -> io::Result<()> {
        let mut writer = quick_xml::Writer::new_with_indent(out, b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut root = BytesStart::new("adx");
        root.push_attribute(("xmlns", NAMESPACE));
        writer.write_event(Event::Start(root))?;
        for ((org_unit, period, attribute_option_combo), values) in &self.groups {
            let mut group = BytesStart::new("group");
            if !self.data_set.is_empty() {
                group.push_attribute(("dataSet", self.data_set.as_str()));
            }
            group.push_attribute(("orgUnit", org_unit.as_str()));
            group.push_attribute(("period", length(*period).unwrap_or_default().as_str()));
            if !attribute_option_combo.is_empty() {
                group.push_attribute(("attributeOptionCombo", attribute_option_combo.as_str()));
            }
            writer.write_event(Event::Start(group))?;
            for value in values {
                write_value(&mut writer, value)?;
            }
            writer.write_event(Event::End(BytesEnd::new("group")))?;
        }
        writer.write_event(Event::End(BytesEnd::new("adx")))?;
        writer.into_inner().flush()
    }
}

fn write_value(writer: &mut quick_xml::Writer<impl Write>, value: &Owned) -> io::Result<()> {
    let mut element = BytesStart::new("dataValue");
    element.push_attribute(("dataElement", value.data_element.as_str()));
    if !value.category_option_combo.is_empty() {
        element.push_attribute(("categoryOptionCombo", value.category_option_combo.as_str()));
    }
    element.push_attribute(("value", value.value.as_str()));
    if value.comment.is_empty() {
        return writer.write_event(Event::Empty(element));
    }
    writer.write_event(Event::Start(element))?;
    writer.write_event(Event::Start(BytesStart::new("annotation")))?;
    writer.write_event(Event::Text(BytesText::new(&value.comment)))?;
    writer.write_event(Event::End(BytesEnd::new("annotation")))?;
    writer.write_event(Event::End(BytesEnd::new("dataValue")))
}
