//! Reference data, stock on hand, movements between two days, and any other list.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::map::{self, Facility, Orderable, Period, RangeSummary, Schedule, StockSummary, Zone};
use super::references::raw;
use super::{Client, OpenlmisError};
use crate::http::Read;

impl Client {
    /// Facilities that the account may see.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else. So for all calls below.
    pub async fn facilities(&self) -> Result<Read<Facility>, OpenlmisError> {
        self.read("api/facilities", &[("sort", "code,asc")]).await
    }

    /// Geographic zones.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn zones(&self) -> Result<Read<Zone>, OpenlmisError> {
        self.read("api/geographicZones", &[]).await
    }

    /// Products, each in its newest version.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn orderables(&self) -> Result<Read<Orderable>, OpenlmisError> {
        self.read("api/orderables", &[]).await
    }

    /// A product in one version, as a requisition line points at it.
    ///
    /// # Errors
    /// As of [`Client::facilities`]; also where there is no such version.
    pub async fn orderable(&self, id: &str, version: u64) -> Result<Orderable, OpenlmisError> {
        let path = format!("api/orderables/{id}");
        let reply = self.get(&path, &[("versionNumber", &version.to_string())]).await?;
        let problem = |error: serde_json::Error| OpenlmisError::Answer { path, problem: error.to_string() };
        serde_json::from_slice(&reply.body).map_err(problem)
    }

    /// Processing periods of all schedules.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn periods(&self) -> Result<Read<Period>, OpenlmisError> {
        self.read("api/processingPeriods", &[]).await
    }

    /// Schedules of processing periods.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn schedules(&self) -> Result<Read<Schedule>, OpenlmisError> {
        self.read("api/processingSchedules", &[]).await
    }

    /// Stock on hand at a facility by codes (stock management 5.2.0 and later). A product without a stock card is not
    /// in it; one with a card at 0 is. Cards of trade items stand again below their generic product: see
    /// [`super::distinct_cards`].
    ///
    /// # Errors
    /// As of [`Client::facilities`]; [`OpenlmisError::NotFound`] from older servers.
    pub async fn stock_by_code(&self, facility: &str, programs: &[&str]) -> Result<Read<StockSummary>, OpenlmisError> {
        let mut query = vec![("facility", facility)];
        query.extend(programs.iter().map(|program| ("program", *program)));
        self.read("api/public/stockCardSummaries", &query).await
    }

    /// Stock on hand at a facility by ids, now or at the end of a day.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn stock_by_id(
        &self,
        facility: &str,
        program: &str,
        as_of: Option<Date>,
    ) -> Result<Read<StockSummary>, OpenlmisError> {
        let day = as_of.map(|day| day.to_string());
        let mut query = vec![("facilityId", facility), ("programId", program)];
        query.extend(day.as_deref().map(|day| ("asOfDate", day)));
        self.read("api/v2/stockCardSummaries", &query).await
    }

    /// Movements by tag (debits negative) and stock-out days from the first to the last day, both counted.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn movements(
        &self,
        facility: &str,
        program: &str,
        first: Date,
        last: Date,
    ) -> Result<Read<RangeSummary>, OpenlmisError> {
        let (first, last) = (first.to_string(), last.to_string());
        let query = [("facilityId", facility), ("programId", program), ("startDate", &*first), ("endDate", &*last)];
        self.read("api/stockCardRangeSummaries", &query).await
    }

    /// The objects of a list, each as it came, for lists that have no type of their own here.
    ///
    /// # Errors
    /// As of [`Client::facilities`].
    pub async fn documents(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<Box<RawValue>>, OpenlmisError> {
        Ok(self.list(path, query).await?.objects.into_iter().flatten().collect())
    }

    /// One object as it came.
    ///
    /// # Errors
    /// As of [`Client::facilities`]; [`OpenlmisError::NotFound`] where there is no such object.
    pub async fn document(&self, path: &str) -> Result<Box<RawValue>, OpenlmisError> {
        raw(path, &self.get(path, &[]).await?.body)
    }

    async fn read<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<Read<T>, OpenlmisError> {
        Ok(map::part(path, self.list(path, query).await?.objects))
    }
}
