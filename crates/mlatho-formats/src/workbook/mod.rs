//! Tables that go out as workbooks, are filled in by people, and come back as workbooks or CSV files.

mod read;
mod write;

pub use read::{Table, TableRow, read_tables};
pub use write::{Column, Form, Notes, Sheet, write_sheets, write_workbook};
