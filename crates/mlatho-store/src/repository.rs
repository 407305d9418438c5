//! The repository: landing area, catalogue and warehouse together.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use jiff::Timestamp;
use mlatho_model::{Period, ReceiptId, SourceName};

use crate::catalogue::{
    AuditEntry, Batch, Catalogue, DeliveryBatch, Link, NewEntry, Receipt, Reopened, RunSummary, Sent, Terms, Unmapped,
    Versions,
};
use crate::error::{Result, StoreError};
use crate::landing::Landing;
use crate::warehouse::{Current, Run, Warehouse};

/// Work that is awaited outside this room. In a box, it is compiled here once, with the engines below it, and not again
/// in every program and test that awaits it.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A moment of the repository's past. Only whole runs are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The last run whose `observations` table had at most this version.
    Version(i64),
    /// The last run that had finished by then.
    Time(Timestamp),
}

/// Everything that is kept under a data folder.
#[derive(Debug)]
pub struct Repository {
    data_dir: PathBuf,
    landing: Landing,
    pub(crate) catalogue: Catalogue,
}

impl Repository {
    /// Opens the repository in a folder, making what is not there.
    ///
    /// The catalogue is `catalogue.db` in the folder, or the PostgreSQL (`postgres://…`) or SQLite database of the URL.
    ///
    /// # Errors
    /// A folder, the catalogue or a table cannot be made or opened.
    pub fn open<'a>(data_dir: &'a Path, catalogue_url: Option<&'a str>) -> Pending<'a, Self> {
        Box::pin(async move {
            fs::create_dir_all(data_dir).map_err(StoreError::io("creating", data_dir))?;
            let data_dir = data_dir.canonicalize().map_err(StoreError::io("opening", data_dir))?;
            let landing = Landing::open(&data_dir.join("landing"))?;
            let catalogue = Catalogue::open(&data_dir, catalogue_url).await?;
            Warehouse::open(&data_dir.join("warehouse"), true).await?;
            Ok(Self { data_dir, landing, catalogue })
        })
    }

    /// Opens a repository that is there.
    ///
    /// # Errors
    /// [`StoreError::NoRepository`] where there is none, else as [`Repository::open`].
    pub async fn open_existing(data_dir: &Path, catalogue_url: Option<&str>) -> Result<Self> {
        let catalogue = catalogue_url.is_some() || data_dir.join("catalogue.db").is_file();
        if !catalogue || !data_dir.join("warehouse/observations/_delta_log").is_dir() {
            return Err(StoreError::NoRepository { path: data_dir.into() });
        }
        Self::open(data_dir, catalogue_url).await
    }

    /// Closes the connections to the catalogue.
    ///
    /// # Errors
    /// The database reports a failure.
    pub fn close(self) -> Pending<'static, ()> {
        Box::pin(self.catalogue.close())
    }

    /// Keeps what arrives from a source and records it. `origin` is a file name or an address without secrets.
    ///
    /// The same content from the same origin again gives the receipt that exists. New content from that origin
    /// supersedes the older. Reads `input` on the calling thread.
    ///
    /// # Errors
    /// The input cannot be read, or the landing area or the catalogue cannot be written.
    pub async fn land(&self, source: &SourceName, origin: &str, input: impl Read, now: Timestamp) -> Result<Receipt> {
        let (id, bytes) = self.landing.keep(input)?;
        self.receive(&id, source, origin, bytes, now).await
    }

    fn receive<'a>(
        &'a self,
        id: &'a ReceiptId,
        source: &'a SourceName,
        origin: &'a str,
        bytes: u64,
        now: Timestamp,
    ) -> Pending<'a, Receipt> {
        Box::pin(self.catalogue.receive(id, source, origin, bytes, now))
    }

    /// As [`Repository::land`], for content that stands beside whatever else comes from its origin: the begin of its hash
    /// becomes part of it.
    ///
    /// # Errors
    /// As [`Repository::land`].
    pub async fn land_beside(
        &self,
        source: &SourceName,
        origin: &str,
        input: impl Read,
        now: Timestamp,
    ) -> Result<Receipt> {
        let (id, bytes) = self.landing.keep(input)?;
        let origin = format!("{origin}/{}", id.as_str().get(..16).unwrap_or_default());
        self.catalogue.receive(&id, source, &origin, bytes, now).await
    }

    /// The bytes as they arrived.
    ///
    /// # Errors
    /// The receipt is not in the landing area.
    pub fn received(&self, id: &ReceiptId) -> Result<impl Read + Send + use<>> {
        self.landing.read(id)
    }

    /// All receipts, oldest first, superseded ones among them.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn receipts(&self) -> Pending<'_, Vec<Receipt>> {
        Box::pin(self.catalogue.receipts())
    }

    /// Notes how far the source had been read when this arrived.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn set_watermark<'a>(&'a self, receipt: i32, watermark: &'a str) -> Pending<'a, ()> {
        Box::pin(self.catalogue.set_watermark(receipt, watermark))
    }

    /// Goes on with the run that was cut off, or begins a new one.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process is at it; else the catalogue or a table cannot be opened.
    pub fn begin_or_resume_run<'a>(&'a self, kind: &'a str, now: Timestamp) -> Pending<'a, Run<'a>> {
        Box::pin(Run::begin(&self.catalogue, &self.data_dir, kind, now))
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn runs(&self) -> Pending<'_, Vec<RunSummary>> {
        Box::pin(self.catalogue.runs())
    }

    /// All texts behind the numbers of the warehouse.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn terms(&self) -> Pending<'_, Terms> {
        Box::pin(self.catalogue.terms())
    }

    /// Keeps the links of a mapping version (a hash of their content). A known version is left as it is.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn save_links<'a>(&'a self, version: &'a str, links: &'a [Link], now: Timestamp) -> Pending<'a, ()> {
        Box::pin(self.catalogue.save_links(version, links, now))
    }

    /// The links of a mapping version and when it was first loaded; nothing, where it is not known.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub async fn links_of(&self, version: &str) -> Result<Option<(Timestamp, Vec<Link>)>> {
        self.catalogue.links_of(version).await
    }

    /// Notes links that a person is to be asked about again.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub async fn reopen(&self, links: &[Reopened]) -> Result<()> {
        self.catalogue.reopen(links).await
    }

    /// All links that were ever reopened, by kind, source, code and target.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub async fn reopened(&self) -> Result<Vec<Reopened>> {
        self.catalogue.reopened().await
    }

    /// Adds entries to the audit log, all or none; several processes may do so at once. With `once` those are left out
    /// whose kind and subject are in it already. Gives how many were added.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn record<'a>(&'a self, entries: &'a [NewEntry], once: bool) -> Pending<'a, usize> {
        Box::pin(self.catalogue.record(entries, once))
    }

    /// The audit log, oldest entry first.
    ///
    /// # Errors
    /// The catalogue cannot be read, or an entry is none.
    pub fn audit(&self) -> Pending<'_, Vec<AuditEntry>> {
        Box::pin(self.catalogue.audit())
    }

    /// Puts these volumes in the place of what the month had.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn replace_unmapped<'a>(&'a self, month: Period, volumes: &'a [Unmapped]) -> Pending<'a, ()> {
        Box::pin(self.catalogue.replace_unmapped(month, volumes))
    }

    /// What waits for a mapping, by kind, source, code and month.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn unmapped(&self) -> Pending<'_, Vec<Unmapped>> {
        Box::pin(self.catalogue.unmapped())
    }

    /// Shows everything that was sent to a target: the values that were confirmed, at most one for each key, and those
    /// that were intended since and may have arrived. In no promised order; memory stays bounded.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn sent<'a>(&'a self, target: &'a str, take: &'a mut (dyn FnMut(Sent) + Send)) -> Pending<'a, ()> {
        Box::pin(self.catalogue.sent(target, take))
    }

    /// Shows the values that were confirmed at a target, each with the time that its delivery began: that of the version
    /// of the repository that it was made from.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub async fn delivered(&self, target: &str, take: &mut (dyn FnMut(Sent, Timestamp) + Send)) -> Result<()> {
        self.catalogue.delivered(target, take).await
    }

    /// Notes what is about to be sent, before it is. Doing it again changes nothing.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn intend<'a>(&'a self, batch: &'a DeliveryBatch, values: &'a [Sent], now: Timestamp) -> Pending<'a, ()> {
        Box::pin(self.catalogue.intend(batch, values, now))
    }

    /// Notes what was found at the target after a batch: what was confirmed replaces everything known about its keys,
    /// the other values of the batch are forgotten as not arrived, and the batch is done, or partial where there were
    /// such. All of it or nothing. `report` holds the target's answers as they came.
    ///
    /// # Errors
    /// The catalogue cannot be written.
    pub fn settle<'a>(
        &'a self,
        batch: &'a DeliveryBatch,
        confirmed: &'a [Sent],
        counts: &'a serde_json::Value,
        report: &'a str,
        now: Timestamp,
    ) -> Pending<'a, ()> {
        Box::pin(self.catalogue.settle(batch, confirmed, counts, report, now))
    }

    /// All deliveries, oldest first.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn batches(&self) -> Pending<'_, Vec<Batch>> {
        Box::pin(self.catalogue.batches())
    }

    /// The observations, for reading month by month: as of now, or as of an earlier moment.
    ///
    /// # Errors
    /// [`StoreError::BeforeFirstRun`], or the tables cannot be read.
    pub fn current(&self, as_of: Option<AsOf>) -> Pending<'_, Current> {
        Box::pin(async move {
            let warehouse = self.warehouse(as_of).await?;
            Ok(Current { files: warehouse.observations.files()?, terms: self.terms().await? })
        })
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub(crate) fn landing(&self) -> &Landing {
        &self.landing
    }

    /// The tables at a moment.
    pub(crate) async fn warehouse(&self, as_of: Option<AsOf>) -> Result<Warehouse> {
        let mut warehouse = Warehouse::open(&self.data_dir.join("warehouse"), false).await?;
        let versions: Option<Versions> = match as_of {
            None => return Ok(warehouse),
            Some(AsOf::Version(version)) => self.catalogue.versions_up_to(version).await?,
            Some(AsOf::Time(time)) => self.catalogue.versions_at(time).await?,
        };
        warehouse.go_to(versions.ok_or(StoreError::BeforeFirstRun)?).await?;
        let files = [warehouse.observations.files()?, warehouse.findings.files()?];
        if files.iter().flatten().any(|file| !file.path.is_file()) {
            return Err(StoreError::Outdated);
        }
        Ok(warehouse)
    }
}
