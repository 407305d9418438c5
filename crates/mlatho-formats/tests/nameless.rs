//! SMS as they may be kept: nobody is named, and nothing is judged otherwise.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use std::io::Cursor;

use common::seen;
use mlatho_formats::{Format, NamelessSms};
use proptest::prelude::*;

/// A log as it is kept, and what is wrong with it.
fn kept(format: Format, log: &str) -> (String, Vec<String>) {
    let mut out = Vec::new();
    let nameless = NamelessSms::new(format, None).unwrap();
    let findings = nameless.copy("log.csv", Cursor::new(log), &mut out).unwrap();
    let findings = findings.iter().map(|finding| format!("{} {}", finding.place.row, finding.code)).collect();
    (String::from_utf8(out).unwrap(), findings)
}

const LOG: &str = "\
Id,Received_at,Sender,Contact name,Sender_level,System,Setup,Message
1,2026-03-02 07:30,+265991234567,Grace B.,unregistered,cstock,,register Grace de Banda 1 2616
2,2026-03-02 08:30,+265991234567,Grace B.,,cstock,,\"soh zi 10, la 5 thanks Grace 0991 234 567\"

3,2026-03-02 08:45,+265881234567,,,cstock,,\"soh zi 10
la 20 tail\"
4,2026-03-02 09:30,0991234567,,facility,ilsgateway,facility 1,soh inj 100 pil 5 Neema
5,2026-03-02 09:31,0991234567,,facility,ilsgateway,facility 1,hello this is Neema or Zoé
6,2026-03-03 09:30,+265991234567,,,cstock,,rec zi 100 from Grace
";

#[test]
fn numbers_and_names_go_and_lines_stay() {
    let (log, findings) = kept(Format::CstockSms, LOG);
    let expected = "\
id,received_at,sender,sender_level,system,setup,text
1,2026-03-02 07:30,1,unregistered,cstock,,register xxxxx yy zzzzz 1 2616
2,2026-03-02 08:30,1,,cstock,,\"soh zi 10, la 5 xxxxxx yyyyy ###########0\"

3,2026-03-02 08:45,2,,cstock,,\"soh zi 10
la 20 xxxl\"
4,2026-03-02 09:30,3,facility,ilsgateway,facility 1,soh inj 100 pil 5 xxxxx
5,2026-03-02 09:31,3,facility,ilsgateway,facility 1,xxxxx yyyy zz wwwww vv uué
6,2026-03-03 09:30,1,,cstock,,rec zi 100 from xxxxx
";
    assert_eq!((log.as_str(), findings), (expected, vec![]));
    // What is read of it is what is read of the original, at the same places.
    let (of_original, of_kept) =
        (seen(Format::CstockSms, None, LOG.as_bytes()), seen(Format::CstockSms, None, log.as_bytes()));
    assert_eq!((of_kept.records, of_kept.findings), (of_original.records, of_original.findings));
    // And it is kept as it is when it comes again.
    assert_eq!(kept(Format::CstockSms, &log).0, log);
}

#[test]
fn a_log_without_its_columns_says_so_when_it_is_read() {
    let (log, findings) = kept(Format::MtracSms, "phone;name;received_at\n0991234567;Grace;2026-03-02\n");
    assert_eq!((log.as_str(), findings.len()), ("received_at\n2026-03-02\n", 0));
    assert_eq!(seen(Format::MtracSms, None, log.as_bytes()).findings, ["1 text missing-column"]);
    let (log, findings) = kept(Format::MtracSms, "");
    assert_eq!((log.as_str(), findings.len()), ("", 0));
    assert_eq!(seen(Format::MtracSms, None, b"").findings, ["0  empty-file"]);
    assert!(NamelessSms::new(Format::Csv, None).is_none());
}

proptest! {
    /// Whatever is written beside telephone numbers, what is kept is read in the same way.
    #[test]
    fn what_is_kept_is_read_as_the_original(texts in prop::collection::vec("(soh|rec|give 261601 |report 261601 soh|reg|\
        manage|add|hmk|la|stockout|no|from|zi|la|xyz|tail|inj|Ol|é|[1-9][0-9]{0,3} |[,.:?-]| |\n|[a-zé]{1,6}| ){1,9}", 1..5)) {
        for (format, system) in [(Format::CstockSms, "cstock"), (Format::IlsgatewaySms, "ilsgateway"),
            (Format::MtracSms, "mtrac")] {
            let mut log = csv::Writer::from_writer(Vec::new());
            log.write_record(["id", "received_at", "sender", "system", "setup", "text"]).unwrap();
            for (at, text) in texts.iter().enumerate() {
                let setup = "manages zi,la,xyz; facility 2616";
                log.write_record([&at.to_string(), "2026-03-02 07:30", "+265991234567", system, setup, text]).unwrap();
            }
            let log = String::from_utf8(log.into_inner().unwrap()).unwrap();
            let (nameless, _) = kept(format, &log);
            prop_assert!(!nameless.contains("991234567"), "{}", nameless);
            let (before, after) = (seen(format, None, log.as_bytes()), seen(format, None, nameless.as_bytes()));
            prop_assert_eq!(&before.findings, &after.findings, "{}\n{}", log, nameless);
            prop_assert_eq!(before.records.len(), after.records.len(), "{}\n{}", log, nameless);
        }
    }
}
