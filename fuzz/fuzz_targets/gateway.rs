//! Requests of SMS gateways, and the log of their message.
#![no_main]

use std::io::sink;

use jiff::tz::TimeZone;
use mlatho_formats::{SmsGateway, write_sms_log};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for gateway in [SmsGateway::Kannel, SmsGateway::Telerivet, SmsGateway::AfricasTalking] {
        if let Ok(message) = gateway.message(data, &TimeZone::UTC, |_| "s".into()) {
            write_sms_log(sink(), &[message]).expect("nothing can fail where nothing is kept");
        }
    }
});
