//! One run: rows into the log, then each touched month anew, then the end; every step can be cut off and resumed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mlatho_model::{Period, RunId};

use super::columns::Columns;
use super::current::{Filter, read_month};
use super::files::{FileWriter, OpenFile};
use super::findings::{self, RowFinding};
use super::months::{month_number, month_period};
use super::newest::Newest;
use super::rows::{Row, Rows};
use super::table::{DataFile, Design, NewFile, Table};
use super::{FINDINGS, LOG, OBSERVATIONS, Warehouse, schema};
use crate::catalogue::{Catalogue, Processed, RunMonth, TableFile, Terms, Versions};
use crate::error::{Result, StoreError};
use crate::failpoint::step;
use crate::repository::Pending;

/// Rows held in memory before they are spilled to a file of the log (about 45 MB).
const SPILL: usize = 400_000;
/// Name of the log's transactions; numbered by run.
const LOG_TRANSACTION: &str = "log";

/// What became of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It holds other rows or findings than before.
    Changed,
    /// It held exactly these already; no new version was made.
    Same,
}

/// A run that is going on. Only one at a time can be open on a repository.
///
/// The order is: [`Run::push`] (unless [`Run::log_committed`]), [`Run::commit_log`], for each month that it gives
/// [`Run::merged_month`] and [`Run::write_month`], [`Run::finish`].
#[derive(Debug)]
pub struct Run<'r> {
    catalogue: &'r Catalogue,
    warehouse: Warehouse,
    terms: Terms,
    id: RunId,
    resumed: bool,
    log_recorded: bool,
    log_in_delta: bool,
    ingest_month: i32,
    waiting: BTreeMap<i32, Rows>,
    held: usize,
    spilled: Vec<NewFile>,
    log_files: Vec<OpenFile>,
    replaced: HashSet<i32>,
    months: Vec<RunMonth>,
    newest: Newest,
    _lock: File,
}

impl<'r> Run<'r> {
    pub(crate) async fn begin(catalogue: &'r Catalogue, data_dir: &Path, kind: &str, now: Timestamp) -> Result<Self> {
        let path = data_dir.join("writer.lock");
        let lock = File::create(&path).map_err(StoreError::io("creating", &path))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreError::Busy { path: data_dir.into() },
            fs::TryLockError::Error(source) => StoreError::io("locking", &path)(source),
        })?;
        let (id, resumed, log_recorded) = catalogue.begin_or_resume(kind, now).await?;
        step("run-begun");
        let warehouse = Warehouse::open(&data_dir.join("warehouse"), true).await?;
        let done = if resumed { warehouse.log.committed(LOG_TRANSACTION).await? } else { None };
        let date = now.to_zoned(TimeZone::UTC).date();
        let run = Self {
            catalogue,
            warehouse,
            terms: catalogue.terms().await?,
            id,
            resumed,
            log_recorded,
            log_in_delta: done.is_some_and(|run| run >= id.0),
            ingest_month: i32::from(date.year()) * 100 + i32::from(date.month()),
            waiting: BTreeMap::new(),
            held: 0,
            spilled: Vec::new(),
            log_files: Vec::new(),
            replaced: HashSet::new(),
            months: Vec::new(),
            newest: Newest::default(),
            _lock: lock,
        };
        Ok(run)
    }

    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Whether an earlier process began this run and was cut off.
    #[must_use]
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Whether the rows of this run are in the log already: then nothing may be pushed, and no source need be read.
    #[must_use]
    pub fn log_committed(&self) -> bool {
        self.log_recorded || self.log_in_delta
    }

    /// The texts behind the numbers; gives new ones.
    pub fn terms(&mut self) -> &mut Terms {
        &mut self.terms
    }

    /// Takes one new row. Memory stays bounded: rows are spilled to disk as they grow.
    ///
    /// # Errors
    /// The log is committed already, or a file cannot be written.
    pub fn push(&mut self, row: &Row) -> Result<()> {
        if self.log_committed() {
            return Err(StoreError::damaged("a row was pushed after the log was committed"));
        }
        let state = self.terms.state(&row.value);
        self.waiting.entry(month_number(row.period)).or_default().push(row, state, self.id.0);
        self.held += 1;
        if self.held >= SPILL { self.spill() } else { Ok(()) }
    }

    /// Writes what waits as one file of the log, month after month, each in row groups of its own.
    fn spill(&mut self) -> Result<()> {
        if self.held == 0 {
            return Ok(());
        }
        let name = format!("run-{}-{}.parquet", self.id, self.spilled.len());
        let path = self.warehouse.log.place(self.ingest_month, &name)?;
        let mut file = FileWriter::create(&path, &LOG)?;
        for rows in std::mem::take(&mut self.waiting).into_values() {
            file.rows(&rows)?;
        }
        self.spilled.push(NewFile { partition: self.ingest_month, name, rows: file.finish()? });
        self.held = 0;
        step("rows-spilled");
        Ok(())
    }

    /// Puts the pushed rows into the log, in one commit, and gives the months that the run must rewrite, ascending.
    ///
    /// `processed` names the receipts whose rows were pushed, all of them. Their earlier rows leave the current truth,
    /// and so do the rows of receipts that they supersede. Where the log is committed already, the receipts that were
    /// named then count.
    ///
    /// `also` names months that are to be judged anew although nothing new arrived for them. Months up to `reach` months
    /// after a changed one are rewritten too: their checks look back to it.
    ///
    /// # Errors
    /// The catalogue or a table cannot be written.
    pub fn commit_log<'b>(
        &'b mut self,
        processed: &'b [Processed],
        also: &'b [Period],
        reach: usize,
    ) -> Pending<'b, Vec<Period>> {
        Box::pin(self.commit(processed, also, reach))
    }

    async fn commit(&mut self, processed: &[Processed], also: &[Period], reach: usize) -> Result<Vec<Period>> {
        if !self.log_committed() {
            self.spill()?;
            self.catalogue.save_terms(&mut self.terms).await?;
            self.catalogue.save_processed(self.id, processed).await?;
            step("terms-saved");
            if !self.spilled.is_empty() {
                self.warehouse.log.append(&self.spilled, (LOG_TRANSACTION, self.id.0)).await?;
            }
            step("log-committed");
        }
        let own = format!("run-{}-", self.id);
        let of_run =
            |file: &DataFile| file.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&own));
        let files = self.warehouse.log.files()?;
        self.log_files =
            files.iter().filter(|file| of_run(file)).map(|file| OpenFile::open(&file.path)).collect::<Result<_>>()?;
        let processed = self.catalogue.processed(self.id).await?;
        self.replaced = self.catalogue.replaced_by(&processed).await?.into_iter().collect();
        let months = self.touched(also, reach)?;
        if !self.log_recorded {
            let read = |file: &OpenFile| TableFile::read(&self.warehouse.root, file.path());
            let files = self.log_files.iter().map(read).collect::<Result<Vec<_>>>()?;
            self.catalogue.record_log(self.id, self.warehouse.log.version(), &files, &months).await?;
            self.log_recorded = true;
            step("log-recorded");
        }
        self.months = self.catalogue.run_months(self.id).await?;
        self.months.iter().filter(|month| !month.done).map(|month| month_period(month.month)).collect()
    }

    /// Weighs the new rows against the current ones. Gives the months of the new rows, those with rows that leave, those
    /// in `also` that hold something, and those within `reach` after them.
    fn touched(&mut self, also: &[Period], reach: usize) -> Result<Vec<i32>> {
        let mut months: BTreeSet<i32> =
            self.log_files.iter().flat_map(|file| &file.months).flatten().copied().collect();
        let current = self.warehouse.observations.files()?;
        let newest = &mut self.newest;
        *newest = Newest::read(&self.log_files, current.is_empty())?;
        let also: BTreeSet<i32> = also.iter().copied().map(month_number).collect();
        months.extend(current.iter().map(|file| file.partition).filter(|month| also.contains(month)));
        let lowest = newest.lowest();
        let nothing_new = self.log_files.is_empty() && self.replaced.is_empty();
        for file in current.iter().filter(|_| !nothing_new) {
            let open = OpenFile::open(&file.path)?;
            let may_be_newer = open.highest_version > lowest;
            if !may_be_newer && months.contains(&file.partition) {
                continue;
            }
            open.each_record(|record| {
                let replaced = self.replaced.contains(&record.receipt);
                if !replaced {
                    newest.yield_to(record);
                }
                let leaves = replaced || newest.replaces(record);
                if leaves {
                    months.insert(file.partition);
                }
                if leaves && !may_be_newer { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        }
        let mut after = BTreeSet::new();
        for month in &months {
            let next = std::iter::successors(month_period(*month)?.next(), |month| month.next());
            after.extend(next.take(reach).map(month_number));
        }
        months.extend(current.iter().map(|file| file.partition).filter(|month| after.contains(month)));
        Ok(months.into_iter().collect())
    }

    /// What a month comes to hold: the new rows and its current rows, of each record the newest version only.
    ///
    /// The highest version counts, in whatever month it stands; of equal ones that of this run, and within the run the
    /// later receipt, then the later position. Rows of replaced receipts are gone. Sorted as the warehouse sorts. The
    /// statuses are the caller's to judge.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn merged_month(&self, month: Period) -> Result<Rows> {
        let number = month_number(month);
        let mut rows = Rows::default();
        for file in &self.log_files {
            let mut last = None;
            file.read(Some(number), Columns::All, &mut rows, |row| match last {
                Some((record, admitted)) if record == row.record => admitted, // rows of one record are neighbours
                _ => last.insert((row.record, self.newest.admits(&row.record))).1,
            })?;
        }
        let files = self.warehouse.observations.files()?;
        for file in files.into_iter().filter(|file| file.partition == number) {
            OpenFile::open(&file.path)?.read(None, Columns::All, &mut rows, |row| {
                let stays = !self.replaced.contains(&row.record.receipt) && !self.newest.replaces(&row.record);
                stays && row.run != self.id.0 // those of this run come from the log
            })?;
        }
        rows.sort();
        step("month-merged");
        Ok(rows)
    }

    /// The rows of a month as they stand now, within this run.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn current(&self, month: Period, filter: &Filter) -> Result<Rows> {
        read_month(&self.warehouse.observations.files()?, month, Columns::All, filter)
    }

    /// Replaces a month with these rows (in the order of [`Run::merged_month`]) and findings about them.
    ///
    /// # Errors
    /// The month was not given by [`Run::commit_log`], or the catalogue or a table cannot be written.
    pub fn write_month<'b>(
        &'b mut self,
        month: Period,
        rows: &'b Rows,
        findings: &'b [RowFinding],
    ) -> Pending<'b, Written> {
        Box::pin(self.rewrite(month, rows, findings))
    }

    async fn rewrite(&mut self, month: Period, rows: &Rows, findings: &[RowFinding]) -> Result<Written> {
        let number = month_number(month);
        let lease = self.months.iter().find(|known| known.month == number).copied();
        let lease = lease.ok_or_else(|| StoreError::damaged(format!("month {number} is not part of the run")))?;
        if !rows.is_regular() {
            return Err(StoreError::damaged("columns of different lengths"));
        }
        let (batch, findings_hash) = findings::encode(rows, findings, &mut self.terms, &schema(&FINDINGS))?;
        self.catalogue.save_terms(&mut self.terms).await?;
        let content = format!("{:032x}{findings_hash:032x}", rows.content());
        let same = self.catalogue.month_content(number).await?.as_deref() == Some(&content);
        if !same {
            let name = format!("part-{}.parquet", lease.lease);
            let table = &mut self.warehouse.observations;
            if !is_committed(table, self.resumed, OBSERVATIONS.name, lease).await? {
                let write = |file: &mut FileWriter| file.rows(rows);
                replace(table, &OBSERVATIONS, lease, &name, rows.is_empty(), write).await?;
            }
            step("month-observations-committed");
            let table = &mut self.warehouse.findings;
            if !is_committed(table, self.resumed, FINDINGS.name, lease).await? {
                let write = |file: &mut FileWriter| file.group(&batch);
                replace(table, &FINDINGS, lease, &name, findings.is_empty(), write).await?;
            }
            step("month-findings-committed");
        }
        let files = if same { Vec::new() } else { self.files_of(number)? };
        self.catalogue.record_month(self.id, number, &content, self.warehouse.versions(), &files).await?;
        step("month-recorded");
        Ok(if same { Written::Same } else { Written::Changed })
    }

    /// The files that hold a month and its findings now.
    fn files_of(&self, month: i32) -> Result<Vec<TableFile>> {
        let files = [self.warehouse.observations.files()?, self.warehouse.findings.files()?].concat();
        let own = files.iter().filter(|file| file.partition == month);
        own.map(|file| TableFile::read(&self.warehouse.root, &file.path)).collect()
    }

    /// Ends the run, in one transaction of the catalogue: its receipts are in the repository from now on.
    ///
    /// # Errors
    /// The log is not committed, a month is not written, or the catalogue cannot be written.
    pub fn finish<'b>(self, summary: &'b serde_json::Value, now: Timestamp) -> Pending<'b, ()>
    where
        'r: 'b,
    {
        Box::pin(self.end(summary, now))
    }

    async fn end(mut self, summary: &serde_json::Value, now: Timestamp) -> Result<()> {
        let months = self.catalogue.run_months(self.id).await?;
        if !self.log_recorded || months.iter().any(|month| !month.done) {
            return Err(StoreError::damaged(format!("run {} is not at its end", self.id)));
        }
        self.catalogue.save_terms(&mut self.terms).await?;
        let versions: Versions = self.warehouse.versions();
        self.catalogue.finish(self.id, summary, versions, now).await?;
        step("run-finished");
        Ok(())
    }
}

/// Whether an earlier process committed this rewrite. Only a resumed run can find that it did.
async fn is_committed(table: &Table, resumed: bool, name: &str, lease: RunMonth) -> Result<bool> {
    if !resumed {
        return Ok(false);
    }
    let committed = table.committed(&format!("{name}/{}", lease.month)).await?;
    Ok(committed.is_some_and(|number| number >= lease.lease))
}

/// Writes the file of a month and puts it in the place of what the month held.
async fn replace(
    table: &mut Table,
    design: &Design,
    lease: RunMonth,
    name: &str,
    empty: bool,
    write: impl FnOnce(&mut FileWriter) -> Result<()>,
) -> Result<()> {
    let mut files = Vec::new();
    if !empty {
        let path = table.place(lease.month, name)?;
        let mut file = FileWriter::create(&path, design)?;
        write(&mut file)?;
        files.push(NewFile { partition: lease.month, name: name.into(), rows: file.finish()? });
        step("month-file-written");
    }
    if files.is_empty() && !table.files()?.iter().any(|file| file.partition == lease.month) {
        return Ok(());
    }
    table.replace(lease.month, &files, (&format!("{}/{}", design.name, lease.month), lease.lease)).await
}
