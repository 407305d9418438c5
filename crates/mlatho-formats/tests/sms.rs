//! Logs of SMS systems: state that messages of one log give each other, and grammars of a project's own.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use common::{Seen, seen};
use mlatho_formats::Format;
use proptest::prelude::*;

const HEADER: &str = "id,received_at,sender,sender_level,system,setup,text\n";

fn log(rows: &str) -> Seen {
    seen(Format::CstockSms, None, format!("{HEADER}{rows}").as_bytes())
}

#[test]
fn a_month_holds_each_day() {
    let seen = log(
        "1,2026-03-02 07:30,a,hsa,cstock,hsa 261601,soh zi 10\n2,2026-03-30T23:50:00Z,a,hsa,,hsa 261601,rec la 5\n",
    );
    assert_eq!(seen.records, ["2 261601 zi 202603 closing_balance=10", "3 261601 la 202603 received=5"]);
    assert_eq!(seen.findings, [""; 0]);
}

#[test]
fn a_receipt_that_comes_again_counts_once_in_whatever_order() {
    let seen = log("1,2026-03-03 10:00,a,hsa,,,rec zi 100\n\
                    2,2026-03-02 10:00,a,hsa,,,Rec  ZI 100\n\
                    3,2026-03-05 10:01,a,hsa,,,rec zi 100\n\
                    4,2026-03-03 10:00,b,hsa,,,rec zi 100\n");
    assert_eq!(seen.records.len(), 3, "{:?}", seen.records);
    assert_eq!(seen.findings, ["3 text duplicate-receipt", "0  unknown-reporter"]);
}

#[test]
fn far_too_much_waits_for_the_same_text_within_the_hour() {
    let seen = log("1,2026-03-01 08:00,a,hsa,,,soh zi 10\n\
                    2,2026-03-02 08:00,a,hsa,,,soh zi 1000000\n\
                    3,2026-03-02 09:30,a,hsa,,,soh zi 1000000\n\
                    4,2026-03-02 10:20,a,hsa,,,soh zi 1000000\n");
    assert_eq!(seen.records, ["2  zi 202603 closing_balance=10", "5  zi 202603 closing_balance=1000000"]);
    assert_eq!(
        seen.findings,
        ["3 text over-maximum", "4 text over-maximum", "5 text limit-overridden", "0  unknown-reporter"]
    );
}

#[test]
fn a_registration_tells_the_place_and_a_confirmation_what_was_given() {
    let seen = log("1,2026-03-01 08:00,a,unregistered,,,reg some body 1 2616\n\
                    2,2026-03-01 08:00,b,unregistered,,,reg some body 2 2616\n\
                    3,2026-03-02 08:00,a,hsa,,,give 261602 zi 20\n\
                    4,2026-03-03 08:00,b,hsa,,,confirm\n\
                    5,2026-03-03 08:05,b,hsa,,,confirm\n");
    assert_eq!(seen.records, ["4 261601 zi 202603 adjustments=-20", "5 261602 zi 202603 received=20"]);
    assert_eq!(seen.findings, ["6 text nothing-pending"]);
}

#[test]
fn answers_to_orders_are_no_reports() {
    let seen = log(
        "1,2026-03-01,a,in_charge,,pending request,ready 261601\n2,2026-03-01,a,in_charge,,pending request,os 261601\n",
    );
    assert_eq!((seen.records.len(), seen.findings.len()), (0, 0));
}

#[test]
fn a_setup_names_the_codes_of_another_list() {
    let seen = log("1,2026-03-01,a,hsa,,\"hsa 261601; manages qq,zz\",soh qq 4 zz 0\n2,2026-03-01,a,hsa,,,soh qq 4\n");
    assert_eq!(seen.records, ["2 261601 qq 202603 closing_balance=4", "2 261601 zz 202603 closing_balance=0"]);
    assert_eq!(seen.findings, ["3 text unknown-product"]);
}

#[test]
fn bad_rows_cost_themselves() {
    let seen = log(
        "1,yesterday,a,hsa,,,soh zi 10\n2,2026-03-01,a,hsa,telex,,soh zi 10\n3,2026-03-01,a,hsa,,facility 2616,soh zi 1\n",
    );
    assert_eq!(seen.records, ["4 2616 zi 202603 closing_balance=1"]);
    assert_eq!(seen.findings, ["2 received_at bad-period", "3 system unknown-system"]);
    assert_eq!(self::seen(Format::CstockSms, None, b"id,text\n1,soh\n").findings, ["1 received_at missing-column"]);
    assert_eq!(self::seen(Format::CstockSms, None, b"").findings, ["0  empty-file"]);
}

#[test]
fn other_systems_by_their_grammar() {
    let facility = format!("{HEADER}1,2026-03-01,a,facility,,facility 77,soh inj 100 pil 5\n");
    let seen = seen(Format::IlsgatewaySms, None, facility.as_bytes());
    assert_eq!(seen.records, ["2 77 inj 202603 closing_balance=100", "2 77 pil 202603 closing_balance=5"]);
    let weekly = format!("{HEADER}1,2026-03-04,a,facility,,facility 77,act_sps=40 act_tps.12\n");
    let seen = self::seen(Format::MtracSms, None, weekly.as_bytes());
    assert_eq!(seen.records, ["2 77 act_sps 2026W10 act_sps=40", "2 77 act_tps 2026W10 act_tps=12"]);
}

#[test]
fn a_grammar_of_the_projects_own() {
    let layout = r#"
        [period]
        type = "daily"
        format = "dd/MM/yyyy"
        [sms]
        name = "village"
        period = "Weekly"
        pairs = { code_letters = [1, 9] }
        [[sms.keywords]]
        words = ["have"]
        action = "stock_on_hand"
    "#;
    let log = format!("{HEADER}1,04/03/2026 09:00,a,,,at 7,have soap 3\n2,04/03/2026,a,,village,at 7,soh soap 3\n");
    let seen = seen(Format::CstockSms, Some(layout), log.as_bytes());
    assert_eq!(seen.records, ["2 7 soap 2026W10 closing_balance=3"]);
    assert_eq!(seen.findings, ["3 text unknown-keyword"]);
}

proptest! {
    #[test]
    fn no_message_makes_a_panic_and_nothing_is_taken_that_is_not_there(
        words in prop::collection::vec("(soh|eo|rec|give|report|confirm|reg|from|261601|2616|zi|la|[a-zA-Z]{1,5}|[0-9lLO]{1,6}|[-+?.,:é ])", 0..12),
        setup in "(manages [a-z,]{0,6}|facility [0-9]{0,4}|same text[ <0-9minh]{0,12}|pending transfer of [a-z0-9 ]{0,9}|[ -~]{0,20})",
        level in "(hsa|in_charge|district|facility|unregistered|)",
    ) {
        for system in ["cstock", "ilsgateway", "mtrac"] {
            let mut log = csv::Writer::from_writer(Vec::new());
            log.write_record(HEADER.trim().split(',')).unwrap();
            let text = words.join(" ");
            log.write_record(["1", "2026-03-01 10:00", "s", &level, system, &setup, &text]).unwrap();
            let seen = seen(Format::CstockSms, None, &log.into_inner().unwrap());
            let digits = words.iter().filter(|word| word.chars().any(|c| c.is_ascii_digit() || "lLO".contains(c))).count();
            let said = setup.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).count();
            let named = seen.records.iter().filter(|row| !row.contains("closing_balance=0")).count();
            prop_assert!(named <= digits * 2 + said, "{text}: {:?}", seen.records);
        }
    }
}
