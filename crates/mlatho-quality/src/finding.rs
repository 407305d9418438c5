//! What a check found about a line.

use mlatho_model::{Arg, Code, Decimal, Finding, ItemId, OrgUnitId, Period, Severity};

/// One contradiction or doubt in a line, with the numbers that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityFinding {
    pub org_unit: OrgUnitId,
    /// The product, or the service data element.
    pub item: ItemId,
    pub period: Period,
    /// The text a person reads is the catalogue entry `finding-<code>`.
    pub code: Code,
    pub severity: Severity,
    /// The number as reported.
    pub value: Option<Decimal>,
    /// The number that would agree with the rest.
    pub expected: Option<Decimal>,
    /// How sure it is that the line is wrong: 1 for a contradiction in the line's own numbers; nothing where no
    /// estimate was made.
    pub probability: Option<Decimal>,
    /// The numbers that the check looked at, by name.
    pub evidence: Vec<(&'static str, Arg)>,
}

/// Whom a finding is about.
pub(crate) type Subject<'a> = (&'a OrgUnitId, &'a ItemId, Period);

impl QualityFinding {
    /// A contradiction in the reported numbers.
    pub(crate) fn error(code: Code, subject: Subject<'_>) -> Self {
        Self::new(code, Severity::Error, Some(Decimal::ONE), subject)
    }

    /// A doubt.
    pub(crate) fn warning(code: Code, subject: Subject<'_>) -> Self {
        Self::new(code, Severity::Warning, None, subject)
    }

    /// Something that a reader of the numbers should know.
    pub(crate) fn info(code: Code, subject: Subject<'_>) -> Self {
        Self::new(code, Severity::Info, None, subject)
    }

    fn new(code: Code, severity: Severity, probability: Option<Decimal>, subject: Subject<'_>) -> Self {
        let (org_unit, item, period) = subject;
        let (org_unit, item) = (org_unit.clone(), item.clone());
        Self { org_unit, item, period, code, severity, value: None, expected: None, probability, evidence: Vec::new() }
    }

    pub(crate) const fn value(mut self, value: Option<Decimal>) -> Self {
        self.value = value;
        self
    }

    pub(crate) const fn expected(mut self, expected: Option<Decimal>) -> Self {
        self.expected = expected;
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.evidence.push((name, value.into()));
        self
    }

    /// The name of the check: the code, or that of the country's own rule.
    #[must_use]
    pub fn check(&self) -> &str {
        let own = self.evidence.iter().find(|(name, _)| self.code == "rule-broken" && *name == "rule");
        match own {
            Some((_, Arg::Text(name))) => name,
            _ => self.code,
        }
    }

    /// The same as a finding about a file, its place still open. Its arguments are the evidence and `org_unit`,
    /// `item`, `period`, `value`, `expected`; a number that there is none of is written `–`.
    #[must_use]
    pub fn into_finding(self) -> Finding {
        let number = |number: Option<Decimal>| number.map_or_else(|| Arg::from("–"), Arg::from);
        let mut finding = Finding::new(self.code, self.severity);
        finding.args = self.evidence;
        finding.args.reserve_exact(5);
        finding
            .with("org_unit", self.org_unit.as_str())
            .with("item", self.item.as_str())
            .with("period", self.period.to_string())
            .with("value", number(self.value))
            .with("expected", number(self.expected))
    }
}
