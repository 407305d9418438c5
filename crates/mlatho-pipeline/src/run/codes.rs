//! Codes of a source and periods, numbered, and the terms of what codes lead to.

use std::collections::HashMap;

use mlatho_model::Period;
use mlatho_store::{Run, TermKind};

use crate::intern::Interner;
use crate::resolve::{Resolver, Target};

/// The codes of a source of one kind, what they lead to, and the terms of both.
pub(super) struct Codes<'a> {
    names: Interner,
    code_terms: Vec<i32>,
    pub(super) resolver: Resolver<'a>,
    target_terms: Vec<i32>,
    unit_terms: Vec<i32>,
}

#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) number: u32,
    pub(super) term: i32,
}

impl<'a> Codes<'a> {
    pub(super) fn new(resolver: Resolver<'a>) -> Self {
        Self {
            names: Interner::default(),
            code_terms: Vec::new(),
            resolver,
            target_terms: Vec::new(),
            unit_terms: Vec::new(),
        }
    }

    pub(super) fn code(&mut self, code: &str, kind: TermKind, run: &mut Run<'_>) -> Code {
        let number = self.names.number(code);
        if number as usize == self.code_terms.len() {
            self.code_terms.push(run.terms().id(kind, code));
        }
        Code { number, term: self.code_terms.get(number as usize).copied().unwrap_or(0) }
    }

    pub(super) fn target(&mut self, target: Target, kind: TermKind, run: &mut Run<'_>) -> i32 {
        // Targets are numbered as codes are looked up, so several may have come since the last call.
        while self.target_terms.len() <= target.id as usize {
            let next = u32::try_from(self.target_terms.len()).unwrap_or(u32::MAX);
            self.target_terms.push(run.terms().id(kind, self.resolver.targets.name(next)));
        }
        self.target_terms.get(target.id as usize).copied().unwrap_or(0)
    }

    /// The unit that the mapping names for a target; 0 where it names none.
    pub(super) fn unit(&mut self, target: Target, run: &mut Run<'_>) -> i32 {
        while self.unit_terms.len() <= target.unit as usize {
            let next = u32::try_from(self.unit_terms.len()).unwrap_or(u32::MAX);
            self.unit_terms.push(run.terms().id(TermKind::Unit, self.resolver.units.name(next)));
        }
        self.unit_terms.get(target.unit as usize).copied().unwrap_or(0)
    }
}

#[derive(Default)]
pub(super) struct Periods {
    numbers: HashMap<Period, u32>,
    last: Option<(Period, u32)>,
}

impl Periods {
    pub(super) fn number(&mut self, period: Period) -> (u32, Period) {
        if let Some((last, number)) = self.last
            && last == period
        {
            return (number, period);
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(period).or_insert(next);
        self.last = Some((period, number));
        (number, period)
    }
}
