//! Records and findings handed over as lines.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::ops::ControlFlow;

use mlatho_formats::{Ending, LineWriter, read_lines};
use mlatho_model::{Decimal, Finding, Measure, MissingReason, RawRecord, RawValue, RecordSink, Unit, Value};
use proptest::prelude::*;

/// Everything that comes, as text.
#[derive(Default)]
struct All(Vec<String>);

impl RecordSink for All {
    fn record(&mut self, record: &RawRecord<'_>) -> ControlFlow<()> {
        self.0.push(format!("{record:?}"));
        ControlFlow::Continue(())
    }

    fn finding(&mut self, finding: Finding) {
        self.0.push(format!("{finding:?}"));
    }
}

fn give(texts: &[String], number: i64, sink: &mut dyn RecordSink) {
    let (unit, measure) = (Unit::dispensing(), Measure::Element("New_Visits".into()));
    let told = |value, unit| RawValue { measure: &measure, value, unit, column: &texts[0] };
    let values = [
        told(Value::Reported(Decimal::new(number, 3)), Some(&unit)),
        told(Value::Missing(MissingReason::Blank), None),
        told(Value::Suppressed("status".into()), None),
        told(Value::NotApplicable, None),
    ];
    let _ = sink.record(&RawRecord {
        position: 7,
        org_unit: &texts[0],
        org_unit_name: &texts[1],
        item: &texts[2],
        item_name: &texts[3],
        status: &texts[4],
        version: 3,
        date: "2016-06-30",
        ..RawRecord::new("201606".parse().unwrap(), &values)
    });
    sink.finding(Finding::warning("bad-period").in_file("f").at(3, &texts[1]).with("text", texts[2].as_str()));
    sink.finding(Finding::info("adjustments-without-line").in_file("f").with("count", 4u64));
}

fn lines(texts: &[String], number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = LineWriter::new(&mut bytes);
    give(texts, number, &mut writer);
    writer.finish().unwrap();
    bytes
}

proptest! {
    #[test]
    fn what_is_written_comes_back(texts in prop::collection::vec("[ -~é\n\"]{0,8}", 5), number in any::<i64>()) {
        let (mut expected, mut found) = (All::default(), All::default());
        give(&texts, number, &mut expected);
        prop_assert_eq!(read_lines("f", lines(&texts, number).as_slice(), &mut found), Ending::Whole);
        prop_assert_eq!(found.0, expected.0);
    }

    /// Lines that end early, or that say what no reader says, are never taken for a whole reading.
    #[test]
    fn cut_and_changed_lines_are_no_whole(cut in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = lines(&["a", "b", "c", "d", "e"].map(str::to_owned), 1);
        let cut = cut % bytes.len();
        prop_assert_eq!(read_lines("f", &bytes[..cut.min(bytes.len() - 2)], &mut All::default()), Ending::Cut);
        bytes[cut] = byte;
        read_lines("f", bytes.as_slice(), &mut All::default());
    }
}

#[test]
fn an_unknown_code_is_not_believed() {
    let line = br#"{"f":{"code":"made-up","severity":"info","row":1,"column":"","args":[]}}"#;
    assert_eq!(read_lines("f", line.as_slice(), &mut All::default()), Ending::Cut);
    assert_eq!(read_lines("f", b"\"e\"\n".as_slice(), &mut All::default()), Ending::Whole);
    assert_eq!(read_lines("f", b"".as_slice(), &mut All::default()), Ending::Cut);
}
