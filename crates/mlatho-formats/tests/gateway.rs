//! Requests of SMS gateways, and the log that comes of them.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

mod common;

use common::seen;
use jiff::tz::{TimeZone, offset};
use mlatho_formats::{BadSmsRequest, Format, NamelessSms, SmsGateway, SmsMessage, SmsSender};
use proptest::prelude::*;

/// Two hours east, without summer time.
fn zone() -> TimeZone {
    TimeZone::fixed(offset(2))
}

fn message(gateway: SmsGateway, request: &str) -> Result<SmsMessage, BadSmsRequest> {
    let sender = |number: &str| SmsSender {
        pseudonym: format!("s{}", number.len()),
        level: "facility".into(),
        setup: "facility 2616".into(),
    };
    gateway.message(request.as_bytes(), &zone(), sender)
}

/// `id moment sender text`
fn shown(gateway: SmsGateway, request: &str) -> String {
    let SmsMessage { id, received_at, sender, text, .. } = message(gateway, request).ok().unwrap();
    format!("{id} {received_at} {sender} {text}")
}

#[test]
fn kannel_counts_in_utc() {
    // The last two hours of March in London are April in the country.
    let query = "id=a-1&time=2026-03-31+22%3A30&from=%2B265991000000&text=soh+zi+10%20la%205";
    assert_eq!(shown(SmsGateway::Kannel, query), "a-1 2026-04-01T00:30:00 s13 soh zi 10 la 5");
}

#[test]
fn telerivet_counts_seconds() {
    let form = "event=incoming_message&id=SM1&message_type=sms&content=rec+la+5&from_number=0991000000&\
                from_number_e164=%2B265991000000&time_created=1774996200&contact%5Bname%5D=x&secret=y";
    // 1774996200 is 2026-03-31 22:30 in UTC.
    assert_eq!(shown(SmsGateway::Telerivet, form), "SM1 2026-04-01T00:30:00 s10 rec la 5");
}

#[test]
fn africas_talking_with_and_without_a_zone() {
    let form = |date: &str| format!("linkId=l&text=soh+zi+1&to=2390&id=b6&date={date}&from=%2B254714000000");
    let kept = shown(SmsGateway::AfricasTalking, &form("2026-03-31+22%3A30%3A15"));
    assert_eq!(kept, "b6 2026-03-31T22:30:15 s13 soh zi 1");
    let moved = shown(SmsGateway::AfricasTalking, &form("2026-03-31T22%3A30%3A15Z"));
    assert_eq!(moved, "b6 2026-04-01T00:30:15 s13 soh zi 1");
}

#[test]
fn what_is_no_message_is_told_apart() {
    let bad = |gateway, request: &str| message(gateway, request).err().unwrap();
    assert_eq!(bad(SmsGateway::Telerivet, "event=send_status&id=1&status=delivered"), BadSmsRequest::NotAMessage);
    assert_eq!(bad(SmsGateway::Telerivet, "event=incoming_message&message_type=call&id=1"), BadSmsRequest::NotAMessage);
    assert_eq!(bad(SmsGateway::AfricasTalking, "id=1&status=Success&phoneNumber=1"), BadSmsRequest::NotAMessage);
    assert_eq!(bad(SmsGateway::Kannel, "id=1&time=2026-03-01+10:00&text=soh"), BadSmsRequest::Missing("from"));
    assert_eq!(bad(SmsGateway::Kannel, "id=1&time=soon&from=1&text=soh"), BadSmsRequest::BadTime("time"));
    assert_eq!(bad(SmsGateway::Kannel, &"a".repeat(70_000)), BadSmsRequest::TooLong);
}

#[test]
fn messages_make_a_log_that_is_read() {
    let query = "id=1&time=2026-03-02+07:30&from=%2B265991000000&text=soh+inj+100,+pil+5+call+0991234567+Grace";
    let message = message(SmsGateway::Kannel, query).ok().unwrap();
    let nameless = NamelessSms::new(Format::IlsgatewaySms, None).unwrap();
    let mut log = Vec::new();
    nameless.write_header(&mut log).unwrap();
    nameless.write_message(&mut log, &message).unwrap();
    let expected = "id,received_at,sender,sender_level,system,setup,text\n1,2026-03-02 09:30,s13,facility,,\
                    facility 2616,\"soh inj 100, pil 5 xxxx #########0 yyyyy\"\n";
    assert_eq!(String::from_utf8(log.clone()).unwrap(), expected);
    let seen = seen(Format::IlsgatewaySms, None, &log);
    let withheld = "suppressed:unparsed-text"; // somebody is to be called: a person decides
    let line = |item: &str| format!("2 2616 {item} 202603 closing_balance={withheld}");
    assert_eq!(seen.records, [line("inj"), line("pil")]);
}

#[test]
fn the_secret_of_a_request_is_its_own_field() {
    assert_eq!(SmsGateway::secret(b"id=1&secret=a%20b&text=secret%3Dc").as_deref(), Some("a b"));
    assert_eq!(SmsGateway::secret(b"id=1&text=soh"), None);
}

proptest! {
    #[test]
    fn no_request_makes_a_panic_or_passes_a_number_on(request in "(id=1|time=2026-03-01 10:00|time_created=[0-9]{1,19}|\
        date=[0-9T:Z -]{0,20}|from=99[0-9]{7}|text=[a-z%+0-9é]{0,9}|event=incoming_message|%[0-9a-fA-F]{0,2}|&|=){0,9}") {
        for gateway in [SmsGateway::Kannel, SmsGateway::Telerivet, SmsGateway::AfricasTalking] {
            if let Ok(message) = gateway.message(request.as_bytes(), &zone(), |_| SmsSender { pseudonym: "s".into(), ..SmsSender::default() }) {
                prop_assert_eq!(message.sender, "s");
            }
        }
    }
}
