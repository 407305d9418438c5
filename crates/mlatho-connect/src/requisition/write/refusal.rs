//! Why a number is not written.

use mlatho_model::{Code, Finding};

/// A guard that holds a number back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// The server has no such program.
    NoProgram,
    /// The facility is not known, or not visible to the account.
    NoFacility,
    /// There is no draft of the facility, program and period: none was begun, or it is authorized already.
    NoDraft,
    /// There are several drafts, and which is meant is for a person to say.
    SeveralDrafts,
    /// It was a draft when it was listed and is none any more.
    NotDraft,
    /// The draft came without its version or its date of change, so that a write could not be guarded.
    NoGuard,
    /// The form has no such column, does not show it, or does not take it from persons.
    NotInForm,
    /// A report without an order has no use for more quantity.
    ReportOnly,
    /// The product is not in the requisition, or more than once.
    NoLine,
    /// The line is marked as skipped.
    SkippedLine,
    /// A number stands there that we did not write.
    Typed,
    /// Not a whole number from 0 to 2 147 483 647.
    NotWhole,
    /// Two different numbers are wanted for the cell.
    Contradiction,
}

impl Refusal {
    pub const ALL: [Self; 13] = [
        Self::NoProgram,
        Self::NoFacility,
        Self::NoDraft,
        Self::SeveralDrafts,
        Self::NotDraft,
        Self::NoGuard,
        Self::NotInForm,
        Self::ReportOnly,
        Self::NoLine,
        Self::SkippedLine,
        Self::Typed,
        Self::NotWhole,
        Self::Contradiction,
    ];

    /// The code of its finding.
    #[must_use]
    pub fn code(self) -> Code {
        self.said().code
    }

    /// For the person: how many numbers are refused so, and the first of them.
    #[must_use]
    pub fn finding(self, count: usize, first: &str) -> Finding {
        self.said().with("count", count).with("first", first)
    }

    fn said(self) -> Finding {
        match self {
            Self::NoProgram => Finding::warning("openlmis-write-no-program"),
            Self::NoFacility => Finding::warning("openlmis-write-no-facility"),
            Self::NoDraft => Finding::info("openlmis-write-no-draft"), // the work of persons goes on
            Self::SeveralDrafts => Finding::warning("openlmis-write-several-drafts"),
            Self::NotDraft => Finding::info("openlmis-write-not-draft"),
            Self::NoGuard => Finding::warning("openlmis-write-no-guard"),
            Self::NotInForm => Finding::warning("openlmis-write-not-in-form"),
            Self::ReportOnly => Finding::warning("openlmis-write-report-only"),
            Self::NoLine => Finding::warning("openlmis-write-no-line"),
            Self::SkippedLine => Finding::info("openlmis-write-skipped-line"),
            Self::Typed => Finding::warning("openlmis-write-typed"),
            Self::NotWhole => Finding::error("openlmis-write-not-whole"),
            Self::Contradiction => Finding::error("openlmis-write-contradiction"),
        }
    }
}
