//! Reviewed, dated links between a source's codes and the project's.

mod agree;
mod concept_map;
mod decisions;
mod link;
mod offer;
mod read;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use mlatho_model::{Factor, Finding, ItemId, SourceName, Unit};

use crate::units::Products;
use agree::Span;
pub use concept_map::{Given, concept_map, read_concept_map};
pub use decisions::{DECISION_COLUMNS, Decision, Decisions, Origin, Verdict};
pub use link::{Kind, Link, Relation, TableColumns};
pub use offer::{Offer, Taken, Taking};
pub use table::{LINK_TABLE_COLUMNS, link_table_row, read_link_table};

/// A link and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Placed {
    file: Arc<str>,
    row: u64,
    link: Link,
}

/// Every link of a project.
///
/// On every day a code has either one link, or links of one-to-many to different targets with shares that sum to one.
/// The links of a code that break this are left out together, in whatever files they stand: nobody can tell which of
/// them is right.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    /// What units contain, for links that say how a source counts and leave the factor to the tables.
    products: Products,
    codes: Vec<Code>,
    org_units: Places,
    items: Places,
}

/// Where the codes of each source stand among [`Crosswalk::codes`].
type Places = HashMap<SourceName, HashMap<Box<str>, usize>>;

/// All that the files say about one code.
#[derive(Clone, Debug, Default)]
struct Code {
    links: Vec<Placed>,
    /// What holds when, in the order of time; empty where the links disagree.
    spans: Vec<Span>,
}

impl Code {
    fn span(&self, day: Date) -> Option<&Span> {
        self.spans.iter().find(|span| span.from <= day && day <= span.until)
    }
}

/// What a crosswalk knows about a code on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// One target, or several with shares that sum to one.
    Mapped(Shares<'a>),
    /// Reviewed: it has no counterpart, for this reason.
    NoMatch(&'a str),
    /// Nobody has said.
    Unmapped,
}

/// The targets of a code on a day, in the order of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares<'a> {
    links: &'a [Placed],
    holding: &'a [usize],
}

/// A target of a number, with the part that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    pub target: &'a str,
    pub share: Factor,
    pub factor: Factor,
    pub unit: Option<&'a Unit>,
}

impl<'a> Shares<'a> {
    /// The targets one by one; there is at least one.
    pub fn iter(&self) -> impl Iterator<Item = Share<'a>> + use<'a> {
        let links = self.links;
        self.holding.iter().filter_map(|at| links.get(*at)).map(|Placed { link, .. }| Share {
            target: &link.target,
            share: link.share,
            factor: link.factor,
            unit: link.unit.as_ref(),
        })
    }
}

impl Lookup<'_> {
    /// Whether numbers go the same way by both: to the same targets, with the same shares, factors and units.
    #[must_use]
    pub fn leads_as(&self, other: &Lookup<'_>) -> bool {
        match (self, other) {
            (Lookup::Mapped(one), Lookup::Mapped(two)) => {
                one.iter().count() == two.iter().count() && {
                    one.iter().all(|share| two.iter().any(|other| share == other))
                }
            }
            (Lookup::NoMatch(_), Lookup::NoMatch(_)) | (Lookup::Unmapped, Lookup::Unmapped) => true,
            _ => false,
        }
    }
}

impl Crosswalk {
    /// A crosswalk without links whose mapping files may leave factors to these tables.
    #[must_use]
    pub fn with_products(products: Products) -> Self {
        Self { products, ..Self::default() }
    }

    /// What units contain.
    #[must_use]
    pub const fn products(&self) -> &Products {
        &self.products
    }

    /// Reads a mapping file of a kind, after any that were read before. A bad row costs itself and is told.
    ///
    /// An item's row with a `source_unit` and no `factor` takes the factor from the product tables: it becomes a link for
    /// each stretch of days on which they say the same. `unit` is `dispensing-unit` where it is blank.
    pub fn read(&mut self, kind: Kind, file: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
        let links = read::mapping(kind, file, bytes, &self.products, findings);
        agree::shared_targets(&links, findings);
        self.add(links, findings);
    }

    /// Reads an existing table as a mapping of a source: every row is an equal link without end.
    pub fn read_table(
        &mut self,
        kind: Kind,
        source: &SourceName,
        columns: &TableColumns,
        file: &str,
        bytes: &[u8],
        findings: &mut Vec<Finding>,
    ) {
        let links = read::table(kind, source, columns, file, bytes, findings);
        self.add(links, findings);
    }

    /// Takes the links that follow from decisions.
    pub fn decide(&mut self, decisions: &Decisions, findings: &mut Vec<Finding>) {
        let links = decisions.standing();
        agree::shared_targets(&links, findings);
        self.add(links, findings);
    }

    /// Takes links, and settles anew what holds when for each of their codes.
    fn add(&mut self, links: Vec<Placed>, findings: &mut Vec<Finding>) {
        let mut touched = Vec::new();
        for placed in links {
            let place = self.place(&placed.link);
            let Some(code) = self.codes.get_mut(place) else { continue };
            if let Some(known) = code.links.iter().find(|known| known.link.says_the_same(&placed.link)) {
                findings.push(agree::beside(Finding::warning("mapping-duplicate"), &placed, known));
                continue;
            }
            code.links.push(placed);
            touched.push(place);
        }
        touched.sort_unstable();
        touched.dedup();
        for place in touched {
            let Some(code) = self.codes.get_mut(place) else { continue };
            code.spans = agree::spans(&code.links).unwrap_or_else(|finding| {
                findings.push(finding);
                Vec::new()
            });
        }
    }

    /// Where the code of a link stands among the codes; a new code comes last.
    fn place(&mut self, link: &Link) -> usize {
        let places = match link.kind {
            Kind::OrgUnit => &mut self.org_units,
            Kind::Item => &mut self.items,
        };
        let places = places.entry(link.source.clone()).or_default();
        *places.entry(link.source_id.clone()).or_insert_with(|| {
            self.codes.push(Code::default());
            self.codes.len() - 1
        })
    }

    /// The crosswalk that these links make, each of which agrees with the others.
    #[must_use]
    pub fn of_links(links: impl IntoIterator<Item = Link>) -> Self {
        let placed = |link| Placed { file: "".into(), row: 0, link };
        let mut crosswalk = Self::default();
        crosswalk.add(links.into_iter().map(placed).collect(), &mut Vec::new());
        crosswalk
    }

    /// All that is said about a code, whether it agrees or not.
    fn standing(&self, kind: Kind, source: &SourceName, code: &str) -> &[Placed] {
        self.code(kind, source, code).map_or(&[], |code| &code.links)
    }

    /// The links that hold at some time, code by code in the order of the files.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        self.placed().map(|(link, ..)| link)
    }

    /// The same with the file and the row in which each was written.
    pub fn placed(&self) -> impl Iterator<Item = (&Link, &str, u64)> {
        let agreeing = self.codes.iter().filter(|code| !code.spans.is_empty());
        agreeing.flat_map(|code| &code.links).map(|placed| (&placed.link, &*placed.file, placed.row))
    }

    /// First and last day of the stretch around a day on which a code has the same links; nothing, where it has none then.
    #[must_use]
    pub fn days(&self, kind: Kind, source: &SourceName, code: &str, day: Date) -> Option<(Date, Date)> {
        let span = self.code(kind, source, code)?.span(day)?;
        Some((span.from, span.until))
    }

    fn code(&self, kind: Kind, source: &SourceName, code: &str) -> Option<&Code> {
        let places = match kind {
            Kind::OrgUnit => &self.org_units,
            Kind::Item => &self.items,
        };
        self.codes.get(*places.get(source)?.get(code)?)
    }

    /// By what factors numbers of each item are wrong when one of its units is taken for another: those of its links, and
    /// those of the product tables ([`Products::factors`]).
    #[must_use]
    pub fn unit_factors(&self) -> HashMap<ItemId, Vec<Factor>> {
        let mut found: HashMap<ItemId, Vec<Factor>> = HashMap::new();
        for link in self.links().filter(|link| link.kind == Kind::Item && link.factor != Factor::ONE) {
            if let Ok(item) = link.target.parse() {
                found.entry(item).or_default().push(link.factor);
            }
        }
        for item in self.products.items() {
            found.entry(item.clone()).or_default().extend(self.products.factors(item));
        }
        found
    }

    /// Whether something is said about a source's code, for whatever days.
    #[must_use]
    pub fn knows(&self, kind: Kind, source: &SourceName, code: &str) -> bool {
        self.code(kind, source, code).is_some_and(|code| !code.links.is_empty())
    }

    /// What is known about a source's code on a day. Nothing is allocated.
    #[must_use]
    pub fn look_up(&self, kind: Kind, source: &SourceName, code: &str, day: Date) -> Lookup<'_> {
        let Some(known) = self.code(kind, source, code) else { return Lookup::Unmapped };
        let Some(Span { holding, .. }) = known.span(day) else { return Lookup::Unmapped };
        let links = &known.links;
        match holding.first().and_then(|at| links.get(*at)) {
            Some(Placed { link, .. }) if link.relation == Relation::None => Lookup::NoMatch(&link.reason),
            _ => Lookup::Mapped(Shares { links, holding }),
        }
    }
}
