//! Messages from SMS gateways, in one log for each source and month.
//!
//! A log is all that is kept, and it names nobody: numbers become pseudonyms, texts lose names. It lies in the data folder
//! under `gateway/` and lands like a file when the source is pulled.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use mlatho_formats::{BadSmsRequest, NamelessSms, SmsGateway, SmsMessage, SmsSender, comma_separated};
use mlatho_model::{Finding, SourceName};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::{Door, Refused, source};
use crate::PipelineError;
use crate::project::{Gateway, Project, Source};

/// Folder of the logs in the data folder.
const FOLDER: &str = "gateway";
/// What the key of pseudonyms is derived for; it may never change.
const PSEUDONYMS: &str = "mlatho 2026-11 pseudonyms of SMS senders";

/// A request of a gateway.
#[derive(Clone, Copy)]
pub struct Handed<'a> {
    /// The password or token of the header `Authorization`.
    pub secret: Option<&'a str>,
    pub query: &'a [u8],
    pub body: &'a [u8],
}

impl Handed<'_> {
    /// The secret where that gateway can put it. A parameter of an address ends up in logs of proxies, so that it counts
    /// only where there is no other way.
    fn secret(&self, gateway: SmsGateway) -> Option<String> {
        let of_header = self.secret.map(str::to_owned);
        match gateway {
            SmsGateway::Kannel => of_header,
            SmsGateway::Telerivet => SmsGateway::secret(self.body),
            SmsGateway::AfricasTalking => of_header.or_else(|| SmsGateway::secret(self.query)),
        }
    }

    const fn message(&self, gateway: SmsGateway) -> &[u8] {
        match gateway {
            SmsGateway::Kannel => self.query,
            SmsGateway::Telerivet | SmsGateway::AfricasTalking => self.body,
        }
    }
}

impl Door {
    /// Takes a message of a gateway. One whose id is known is not taken again.
    ///
    /// # Errors
    /// The secret is wrong, the request holds no message, or the log cannot be written.
    pub fn message(&self, name: &str, handed: Handed<'_>) -> Result<(), Refused> {
        let (source, gateway) =
            source(&self.project, name).and_then(|own| Some((own, own.gateway.as_ref()?))).ok_or(Refused::Secret)?;
        let shown = handed.secret(gateway.kind).ok_or(Refused::Secret)?;
        let secret = self.secret(&shown, gateway.secret_file.as_ref(), gateway.secret_env.as_deref());
        let secret = secret.ok_or(Refused::Secret)?;
        let layout = self.project.layout(source)?;
        let Some(nameless) = NamelessSms::new(source.format, layout.as_ref()) else { return Err(Refused::Secret) };
        let reporters = Reporters::read(&self.project, gateway)?;
        let sender = |number: &str| SmsSender { pseudonym: pseudonym(&secret, number), ..reporters.find(number) };
        let message = gateway.kind.message(handed.message(gateway.kind), &gateway.time_zone, sender);
        let message = match message {
            Ok(message) => message,
            Err(BadSmsRequest::NotAMessage) => return Err(Refused::NoMessage),
            Err(BadSmsRequest::TooLong) => return Err(Refused::TooLarge),
            Err(error) => {
                let finding = Finding::error("door-bad-message").with("source", name);
                return Err(Refused::Bad(finding.with("reason", error.to_string())));
            }
        };
        let path = path(&self.project, &source.name, &message);
        append(&path, &nameless, &message).map_err(PipelineError::io("adding a message to", &path))?;
        Ok(())
    }
}

/// What stands for a telephone number from now on: the same for the same number and secret. Without the secret nobody
/// can find out which number it was by trying all of them.
fn pseudonym(secret: &SecretString, number: &str) -> String {
    let key = blake3::derive_key(PSEUDONYMS, secret.expose_secret().as_bytes());
    let hash = blake3::keyed_hash(&key, digits(number).as_bytes()).to_hex();
    hash.get(..16).unwrap_or_default().to_owned()
}

/// A number however it is written; a sender without digits is a name.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { number.trim().to_lowercase() } else { digits }
}

/// The list of those who report: what is known of a number before it is dropped.
struct Reporters(Vec<Reporter>);

#[derive(Deserialize)]
struct Reporter {
    number: String,
    #[serde(default)]
    sender_level: String,
    #[serde(default)]
    setup: String,
}

impl Reporters {
    /// Reads the list, if the gateway has one.
    fn read(project: &Project, gateway: &Gateway) -> Result<Self, PipelineError> {
        let Some(file) = &gateway.reporters else { return Ok(Self(Vec::new())) };
        let path = project.path(file);
        let fail = |error: io::Error| PipelineError::io("reading", &path)(error);
        let bytes = comma_separated(File::open(&path).map_err(fail)?).map_err(fail)?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes.as_slice());
        // A row that is none knows of nobody.
        Ok(Self(reader.deserialize().flatten().collect()))
    }

    fn find(&self, number: &str) -> SmsSender {
        let wanted = digits(number);
        let found = self.0.iter().find(|own| digits(&own.number) == wanted);
        found.map_or_else(SmsSender::default, |own| SmsSender {
            pseudonym: String::new(),
            level: own.sender_level.clone(),
            setup: own.setup.clone(),
        })
    }
}

/// Begin of the names of a source's logs.
fn prefix(source: &SourceName) -> String {
    format!("{}_", byte_serialize(source.as_str().as_bytes()).collect::<String>())
}

fn path(project: &Project, source: &SourceName, message: &SmsMessage) -> PathBuf {
    let month = message.received_at.strftime("%Y-%m");
    project.data_dir().join(FOLDER).join(format!("{}{month}.csv", prefix(source)))
}

/// Adds a message to a log unless it is there. Waits while another process adds one or reads.
fn append(path: &Path, nameless: &NamelessSms, message: &SmsMessage) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    file.lock()?;
    let mut log = Vec::new();
    file.read_to_end(&mut log)?;
    // A line that a power cut left half written was never answered: its message comes again.
    let whole = log.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if whole < log.len() {
        file.set_len(whole as u64)?;
        log.truncate(whole);
    }
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(log.as_slice());
    let mut row = csv::ByteRecord::new();
    while rows.read_byte_record(&mut row)? {
        if row.get(0) == Some(message.id.as_bytes()) {
            return Ok(());
        }
    }
    let mut line = Vec::new();
    if log.is_empty() {
        nameless.write_header(&mut line)?;
    }
    nameless.write_message(&mut line, message)?;
    file.write_all(&line)?;
    file.sync_all()
}

/// The logs of a source, oldest first, each with its origin and locked against writing until it is dropped.
pub(crate) fn logs(project: &Project, source: &Source) -> Result<Vec<(String, File)>, PipelineError> {
    let folder = project.data_dir().join(FOLDER);
    let fail = |error: io::Error| PipelineError::io("reading", &folder)(error);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fail(error)),
    };
    let prefix = prefix(&source.name);
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(fail)?.file_name().to_string_lossy().into_owned();
        let month = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".csv"));
        if month.is_some_and(|month| month.len() == "2026-03".len()) {
            names.push(name);
        }
    }
    names.sort();
    let mut logs = Vec::new();
    for name in names {
        let path = folder.join(&name);
        let opened = File::open(&path).and_then(|file| file.lock_shared().map(|()| file));
        let file = opened.map_err(PipelineError::io("reading", &path))?;
        logs.push((format!("{FOLDER}/{name}"), file));
    }
    Ok(logs)
}
