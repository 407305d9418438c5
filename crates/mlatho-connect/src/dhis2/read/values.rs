//! Data values: as streamed bytes for the landing area, or one by one.

use std::fmt;
use std::io::Write;
use std::str::FromStr;

use futures::StreamExt;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use mlatho_model::{Period, Uid};

use crate::dhis2::{Client, DataValue, Dhis2Error, Dhis2Own, map};
use crate::http::{is_html, without_bom};

/// A moment in the server's own time up to which everything has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watermark(DateTime);

impl FromStr for Watermark {
    type Err = jiff::Error;

    /// Reads `2026-08-01T12:00:00.000`; an offset behind it is left out, for it is the server's time anyway.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.get(..23).or_else(|| text.get(..19)).unwrap_or(text).parse().map(Self)
    }
}

impl fmt::Display for Watermark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S.%3f"))
    }
}

/// Which data values are read.
#[derive(Clone, Debug, Default)]
pub struct ValueQuery {
    pub data_sets: Vec<Uid>,
    pub org_units: Vec<Uid>,
    /// Whether everything below the org units is read too.
    pub children: bool,
    pub periods: Vec<Period>,
    /// First and last day of the periods, in place of a list.
    pub between: Option<(Date, Date)>,
    /// Only what changed since; deleted values are then included and marked.
    pub since: Option<Watermark>,
}

/// What a pull gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulled {
    pub bytes: u64,
    /// Where the next pull starts: the server's time before this one, less ten minutes.
    pub watermark: Option<Watermark>,
}

/// Overlap between two incremental pulls.
const OVERLAP_MINUTES: i64 = 10;
const TRIES: u32 = 4;

impl Client {
    /// Streams data values as DHIS2's JSON into a new sink; one that holds a broken body is dropped and the request
    /// is made again. Bytes arrive as the server sent them.
    ///
    /// # Errors
    /// The server does not answer or refuses, bodies keep breaking off, or the sink cannot be written.
    pub async fn pull<W: Write>(
        &self,
        query: &ValueQuery,
        mut sink: impl FnMut() -> std::io::Result<W>,
    ) -> Result<(W, Pulled), Dhis2Error> {
        let path = "api/dataValueSets";
        let info: super::super::SystemInfo = self.get_json("api/system/info", &[]).await?;
        let now = info.server_date.as_deref().and_then(|text| text.parse::<Watermark>().ok());
        let watermark = now.and_then(|now| now.0.checked_sub(OVERLAP_MINUTES.minutes()).ok()).map(Watermark);
        let parameters = self.parameters(query, now);
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let unwritten = |source| Dhis2Error::Own(Dhis2Own::Write { path: path.into(), source });
        let mut tries = 0;
        loop {
            tries += 1;
            let mut sink = sink().map_err(unwritten)?;
            let reply = self.get(path, &parameters).await?;
            let mut body = reply.bytes_stream();
            let (mut bytes, mut first, mut last, mut broken) = (0u64, None, None, None);
            while let Some(piece) = body.next().await {
                match piece {
                    Ok(piece) => {
                        let piece = if bytes == 0 { without_bom(&piece) } else { &piece };
                        first = first.or_else(|| piece.trim_ascii_start().first().copied());
                        last = piece.trim_ascii_end().last().copied().or(last);
                        sink.write_all(piece).map_err(unwritten)?;
                        bytes += piece.len() as u64;
                    }
                    Err(error) => broken = Some(error.without_url().to_string()),
                }
            }
            if first.is_some_and(|byte| is_html(&[byte])) {
                return Err(Dhis2Error::Unauthorized { path: path.into() });
            }
            if broken.is_none() && (first, last) != (Some(b'{'), Some(b'}')) {
                broken = Some("the document is not complete".into());
            }
            match broken {
                None => {
                    sink.flush().map_err(unwritten)?;
                    return Ok((sink, Pulled { bytes, watermark }));
                }
                Some(problem) if tries >= TRIES => return Err(Dhis2Error::Answer { path: path.into(), problem }),
                Some(_) => self.wait(tries, None).await,
            }
        }
    }

    /// Reads a few data values at once; for large amounts use [`Client::pull`] and [`map::read_values`].
    ///
    /// # Errors
    /// As of [`Client::pull`], or the document is not what DHIS2 gives.
    pub async fn values(&self, query: &ValueQuery, take: impl FnMut(DataValue)) -> Result<(), Dhis2Error> {
        let (body, _) = self.pull(query, || Ok(Vec::new())).await?;
        let problem = |error: serde_json::Error| Dhis2Error::Answer {
            path: "api/dataValueSets".into(),
            problem: error.to_string(),
        };
        map::values_in(&body, take).map(|_| ()).map_err(problem)
    }

    fn parameters(&self, query: &ValueQuery, now: Option<Watermark>) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("format", "json".to_owned())];
        parameters.extend(query.data_sets.iter().map(|id| ("dataSet", id.to_string())));
        parameters.extend(query.org_units.iter().map(|id| ("orgUnit", id.to_string())));
        parameters.extend(query.periods.iter().map(|period| ("period", period.to_string())));
        if query.children {
            parameters.push(("children", "true".into()));
        }
        let mut between = query.between;
        if let Some(since) = query.since {
            parameters.push(("lastUpdated", since.to_string()));
            parameters.push(("includeDeleted", "true".into()));
            if self.version().refuses_last_updated_alone() && query.periods.is_empty() {
                // A range that leaves nothing out: from before any data to ten years after the server's today.
                let today = now.map_or_else(|| since.0.date(), |now| now.0.date());
                let end = today.checked_add(10.years()).unwrap_or(Date::MAX);
                between = between.or(Some((jiff::civil::date(1900, 1, 1), end)));
            }
        }
        if let Some((start, end)) = between {
            parameters.push(("startDate", start.to_string()));
            parameters.push(("endDate", end.to_string()));
        }
        parameters
    }
}
