//! Where data values go: import files in a folder, or payloads to a URL.

use std::path::PathBuf;

use mlatho_connect::payload::{PostError, Poster};
use mlatho_formats::dhis2::{AdxWriter, CsvWriter, DataValue, JsonWriter};
use mlatho_model::Finding;

use crate::PipelineError;

/// Values in one payload or file; DHIS2 takes as many without complaint.
const MOST_VALUES: usize = 10_000;

/// Where to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Import files, numbered, in a folder that is made where it is absent.
    Files { folder: PathBuf, format: FileFormat },
    /// JSON payloads, sent to a URL such as `https://host/api/dataValueSets`.
    Post { url: String },
}

/// Form of the import files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Json,
    Csv,
    Adx,
}

/// Takes values, gathers them by data set, and delivers whenever there are enough.
pub(crate) struct Outlet {
    /// By data set: a target has few.
    open: Vec<(String, Payload)>,
    way: Way,
    /// The bytes of a file that was written: room for the next one.
    spare: Vec<u8>,
}

enum Way {
    Files { folder: PathBuf, format: FileFormat, written: usize },
    Post(Poster),
}

enum Payload {
    Json(JsonWriter),
    Csv { writer: Box<CsvWriter<Vec<u8>>>, values: usize },
    Adx { writer: AdxWriter, values: usize },
}

impl Outlet {
    /// Opens the way.
    ///
    /// # Errors
    /// The folder cannot be made, or the URL is none.
    pub(crate) fn open(delivery: &Delivery) -> Result<Self, PipelineError> {
        let way = match delivery {
            Delivery::Files { folder, format } => {
                std::fs::create_dir_all(folder).map_err(PipelineError::io("making the folder", folder))?;
                Way::Files { folder: folder.clone(), format: *format, written: 0 }
            }
            Delivery::Post { url } => Way::Post(Poster::start(url).map_err(|error| {
                Finding::error("bad-url").with("url", url.as_str()).with("reason", error.to_string())
            })?),
        };
        Ok(Self { open: Vec::new(), way, spare: Vec::new() })
    }

    /// Takes one value of a data set; an empty id sends none along.
    ///
    /// # Errors
    /// The value has no place in the form of the files, or a full payload cannot be delivered.
    pub(crate) fn push(&mut self, data_set: &str, value: &DataValue<'_>) -> Result<(), PipelineError> {
        // Two empty texts are told equal by their length: reading none of their bytes can cost more than writing a value,
        // for they lie at no address that can be read.
        let same = |known: &str| known.len() == data_set.len() && (known.is_empty() || known == data_set);
        let open = self.open.iter().position(|(known, _)| same(known));
        let at = open.unwrap_or(self.open.len());
        if open.is_none() {
            let payload = self.begin(data_set)?;
            self.open.push((data_set.to_owned(), payload));
        }
        let Some((_, payload)) = self.open.get_mut(at) else { return Ok(()) };
        let taken = match payload {
            Payload::Json(writer) => {
                writer.push(value);
                Ok(writer.len())
            }
            Payload::Csv { writer, values } => writer.push(value).map(|()| counted(values)),
            Payload::Adx { writer, values } => writer.push(value).map(|()| counted(values)),
        };
        let full = taken.map_err(PipelineError::io("writing import values", data_set))? >= MOST_VALUES;
        if full {
            let (_, payload) = self.open.swap_remove(at);
            self.spare = self.way.deliver(payload)?;
        }
        Ok(())
    }

    fn begin(&mut self, data_set: &str) -> Result<Payload, PipelineError> {
        let format = match &self.way {
            Way::Files { format, .. } => *format,
            Way::Post(_) => FileFormat::Json,
        };
        Ok(match format {
            FileFormat::Json => Payload::Json(JsonWriter::within(std::mem::take(&mut self.spare), data_set)),
            FileFormat::Csv => {
                let writer =
                    CsvWriter::new(Vec::new()).map_err(PipelineError::io("writing import values", data_set))?;
                Payload::Csv { writer: Box::new(writer), values: 0 }
            }
            FileFormat::Adx => Payload::Adx { writer: AdxWriter::new(data_set), values: 0 },
        })
    }

    /// Delivers what is left, and says what the receiver did not take.
    ///
    /// # Errors
    /// A payload cannot be delivered.
    pub(crate) fn close(mut self, findings: &mut Vec<Finding>) -> Result<(), PipelineError> {
        for (_, payload) in std::mem::take(&mut self.open) {
            self.way.deliver(payload)?;
        }
        if let Way::Post(poster) = self.way {
            let refused = poster.finish().map_err(|error| not_posted(&error))?;
            findings.extend(refused.into_iter().map(|refusal| {
                let finding = Finding::error("post-refused").with("payload", refusal.payload);
                finding.with("ignored", refusal.ignored).with("reason", refusal.reason)
            }));
        }
        Ok(())
    }
}

const fn counted(values: &mut usize) -> usize {
    *values += 1;
    *values
}

fn not_posted(error: &PostError) -> PipelineError {
    Finding::error("post-failed").with("reason", error.to_string()).into()
}

impl Way {
    /// Gives back the bytes of the payload where they are no longer needed.
    fn deliver(&mut self, payload: Payload) -> Result<Vec<u8>, PipelineError> {
        match self {
            Self::Post(poster) => {
                if let Payload::Json(writer) = payload {
                    // `begin` makes only JSON for this way
                    poster.send(writer.finish()).map_err(|error| not_posted(&error))?;
                }
                Ok(Vec::new())
            }
            Self::Files { folder, written, .. } => {
                let (bytes, ending) = match payload {
                    Payload::Json(writer) => (writer.finish(), "json"),
                    Payload::Csv { writer, .. } => {
                        (writer.into_inner().map_err(PipelineError::io("writing", &*folder))?, "csv")
                    }
                    Payload::Adx { writer, .. } => {
                        let mut bytes = Vec::new();
                        writer.finish(&mut bytes).map_err(PipelineError::io("writing", &*folder))?;
                        (bytes, "xml")
                    }
                };
                let path = folder.join(format!("{written:05}.{ending}"));
                *written += 1;
                std::fs::write(&path, &bytes).map_err(PipelineError::io("writing", &path))?;
                Ok(bytes)
            }
        }
    }
}
