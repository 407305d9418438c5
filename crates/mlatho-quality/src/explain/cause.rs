//! What is thought to be wrong with a line.

use mlatho_model::{Arg, Code, Decimal, Measure};

/// The most probable explanation of what contradicts or surprises in one line.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) code: Code,
    /// The wrong number, where it is one; otherwise the whole line is.
    pub(super) measure: Option<Measure>,
    pub(super) value: Option<Decimal>,
    pub(super) expected: Option<Decimal>,
    /// That this is what is wrong.
    pub(super) probability: f64,
    /// From what it follows: `balance`, `opening`, `line`, `series`.
    pub(super) rule: &'static str,
    pub(super) evidence: Vec<(&'static str, Arg)>,
}

impl Cause {
    pub(super) fn line(code: Code, probability: f64) -> Self {
        let evidence = Vec::new();
        Self { code, measure: None, value: None, expected: None, probability, rule: "line", evidence }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.evidence.push((name, value.into()));
        self
    }
}

/// What is known about all lines, by their places.
#[derive(Debug)]
pub(super) struct Blame {
    pub(super) causes: Vec<Option<Cause>>,
    /// Lines whose opening differs from the closing before through the fault of another line.
    pub(super) opening_excused: Vec<bool>,
    /// Lines whose balance is broken through a number carried over from another line.
    pub(super) balance_excused: Vec<bool>,
}

impl Blame {
    pub(super) fn new(lines: usize) -> Self {
        Self { causes: vec![None; lines], opening_excused: vec![false; lines], balance_excused: vec![false; lines] }
    }

    /// Blames a line, where it was not blamed with more reason before.
    pub(super) fn set(&mut self, line: usize, cause: Cause) {
        let known = &mut self.causes[line];
        if known.as_ref().is_none_or(|known| known.probability < cause.probability) {
            *known = Some(cause);
        }
    }

    /// The line's balance, and the sign of its opening, are another line's fault, and so is an opening that differs.
    pub(super) fn excuse_balance(&mut self, line: usize) {
        self.balance_excused[line] = true;
        self.opening_excused[line] = true;
    }

    pub(super) fn is_blamed(&self, line: usize) -> bool {
        self.causes[line].is_some()
    }
}
