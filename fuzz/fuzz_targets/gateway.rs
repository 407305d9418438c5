//! Requests of SMS gateways, and the log of their message.
#![no_main]

use std::io::sink;

use jiff::tz::TimeZone;
use mlatho_formats::{Format, NamelessSms, SmsGateway, SmsSender};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let nameless = NamelessSms::new(Format::CstockSms, None).expect("a format of SMS");
    for gateway in [SmsGateway::Kannel, SmsGateway::Telerivet, SmsGateway::AfricasTalking] {
        let _ = SmsGateway::secret(data);
        if let Ok(message) = gateway.message(data, &TimeZone::UTC, |_| SmsSender::default()) {
            nameless.write_message(sink(), &message).expect("nothing can fail where nothing is kept");
        }
    }
});
