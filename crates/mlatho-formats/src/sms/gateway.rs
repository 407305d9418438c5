//! Messages as SMS gateways hand them over, one in each request.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::input::lossless;

/// A request longer than this holds no SMS: ten parts of 153 characters, each escaped, are 14 kB.
const LONGEST_REQUEST: usize = 64 << 10;

/// A gateway, by the form of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmsGateway {
    /// The query of a `get-url` that ends in `?id=%I&time=%t&from=%p&text=%a`. Its times are in UTC.
    Kannel,
    /// The form that a webhook posts. Its times are seconds since 1970.
    Telerivet,
    /// The form that is posted to the callback address for incoming messages. Times without a zone are taken as those of
    /// the country: no documentation names their zone.
    AfricasTalking,
}

/// One message on its way into a log. It cannot be shown: it may name persons.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsMessage {
    /// The gateway's own, the same when a request comes again.
    pub id: String,
    /// By the clock of the country.
    pub received_at: DateTime,
    /// What stands for the sender; never the number itself.
    pub sender: String,
    /// What is known of the sender beforehand, as in the columns of a log.
    pub sender_level: String,
    pub setup: String,
    pub text: String,
}

/// What is kept in the place of a telephone number. It cannot be shown, as little as a message.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SmsSender {
    /// Stands for the number, such as a hash with a key.
    pub pseudonym: String,
    /// As in the columns `sender_level` and `setup` of a log; blank where nothing is known.
    pub level: String,
    pub setup: String,
}

/// Why a request gives no message. It says nothing of what the request holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSmsRequest {
    #[error("the request is longer than 64 kB")]
    TooLong,
    #[error("the request tells of something other than a received SMS")]
    NotAMessage,
    #[error("the request has no field `{0}`; let the gateway send it")]
    Missing(&'static str),
    #[error("the field `{0}` is no time")]
    BadTime(&'static str),
}

impl SmsGateway {
    /// The message in a query or a form (`application/x-www-form-urlencoded`).
    ///
    /// `zone` is that of the country, whose months count. `sender` makes of a telephone number what stands for it from
    /// then on: the number itself goes nowhere else.
    ///
    /// # Errors
    /// It is too long, tells of something else such as a delivery, or lacks what a message needs.
    pub fn message(
        self,
        request: &[u8],
        zone: &TimeZone,
        sender: impl FnOnce(&str) -> SmsSender,
    ) -> Result<SmsMessage, BadSmsRequest> {
        if request.len() > LONGEST_REQUEST {
            return Err(BadSmsRequest::TooLong);
        }
        let form = Form::parse(request);
        if !self.is_message(&form) {
            return Err(BadSmsRequest::NotAMessage);
        }
        let [time, from, text] = match self {
            Self::Kannel => ["time", "from", "text"],
            Self::Telerivet => ["time_created", "from_number", "content"],
            Self::AfricasTalking => ["date", "from", "text"],
        };
        let needed = |name| form.get(name).filter(|value| !value.is_empty()).ok_or(BadSmsRequest::Missing(name));
        let received_at = self.moment(needed(time)?, zone).ok_or(BadSmsRequest::BadTime(time))?;
        let SmsSender { pseudonym, level, setup } = sender(needed(from)?);
        Ok(SmsMessage {
            id: needed("id")?.to_owned(),
            received_at,
            sender: pseudonym,
            sender_level: level,
            setup,
            text: form.get(text).ok_or(BadSmsRequest::Missing(text))?.to_owned(),
        })
    }

    /// The secret that a request carries in itself: the field `secret`, which Telerivet sends with every request. Nothing,
    /// where there is none.
    #[must_use]
    pub fn secret(request: &[u8]) -> Option<String> {
        let form = Form::parse(request.get(..LONGEST_REQUEST).unwrap_or(request));
        form.get("secret").map(str::to_owned)
    }

    /// Telerivet tells of calls, deliveries and more at the same address; reports of delivery of Africa's Talking name a
    /// status.
    fn is_message(self, form: &Form) -> bool {
        match self {
            Self::Kannel => true,
            Self::Telerivet => {
                form.get("event") == Some("incoming_message") && form.get("message_type").is_none_or(|it| it == "sms")
            }
            Self::AfricasTalking => form.get("status").is_none(),
        }
    }

    fn moment(self, text: &str, zone: &TimeZone) -> Option<DateTime> {
        let in_country = |moment: Timestamp| zone.to_datetime(moment);
        let in_utc = |text: &str| TimeZone::UTC.to_timestamp(text.parse().ok()?).ok();
        match self {
            Self::Kannel => in_utc(text).map(in_country),
            Self::Telerivet => Timestamp::from_second(text.parse().ok()?).ok().map(in_country),
            Self::AfricasTalking => text.parse().map(in_country).ok().or_else(|| text.parse().ok()),
        }
    }
}

/// The fields of a form.
struct Form(Vec<(String, String)>);

impl Form {
    fn parse(request: &[u8]) -> Self {
        let pairs = request.split(|byte| *byte == b'&').map(|pair| {
            let (name, value) = pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
            (unescaped(name), unescaped(value.get(1..).unwrap_or_default()).trim().to_owned())
        });
        Self(pairs.collect())
    }

    /// The first field of a name.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// A text without its `+` and `%41`; a `%` before anything else is itself.
fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, further @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit(high).unwrap_or_default() << 4 | digit(low).unwrap_or_default());
                rest = further;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    lossless(&bytes).into_owned()
}
