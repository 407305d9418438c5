//! The links of the demo: those that matching is sure of, and those that a person would decide.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use mlatho_harmonize::{Decision, Kind, Link, Origin, Relation, Verdict};
use mlatho_model::{Arg, Factor, SourceName, Unit};
use mlatho_pipeline::Project;
use mlatho_pipeline::repository::Repository;
use mlatho_pipeline::review::{Band, Case, decide, queue};
use mlatho_testkit::country::{Country, TrueLink};

use crate::commands::{Context, Failure};

/// Who decides in the demo: nobody looks, and the files say so.
const BY: &str = "mlatho demo";
const SECOND: &str = "mlatho demo, second look";

/// Matches the lists of both sides and decides about every code of the LMIS: the sure band is accepted as it stands, and
/// for what is left, and for days on which codes changed their meaning, the country's truth stands in for a person.
/// What matching got right is counted against that truth. Without `packs` the LMIS counts in dispensing units.
pub(super) async fn decide_all(
    context: &Context,
    project: &Project,
    repository: &Repository,
    (country, packs): (&Country, bool),
    now: Timestamp,
) -> Result<(), Failure> {
    let queue = queue(project, repository, None, None).await?;
    context.report(&queue.findings)?;
    let source = &project.source(Some("lmis"))?.name;
    let mut truth = country.lmis_links();
    if !packs {
        truth.iter_mut().for_each(|link| link.factor = Factor::ONE);
    }
    let band = Band::of(&queue.cases, source);
    let mut decisions = band.accept(BY, SECOND, &context.out.texts.say("demo-reason-band", &[]), now);
    let accepted: HashSet<&str> = band.links().map(|(case, _)| case.code.as_str()).collect();
    let right: HashSet<(&str, &str)> = truth.iter().map(|link| (link.code, link.target)).collect();
    let wrong =
        band.links().filter(|(case, best)| !right.contains(&(case.code.as_str(), best.target.as_str()))).count();
    for link in &truth {
        let whole = link.from.is_none() && link.share.is_none();
        if !(accepted.contains(link.code) && whole && !link.product) {
            decisions.push(by_a_person(link, source, now));
        } else if let Some(to) = link.to {
            decisions.push(ended(link, source, to, now));
        }
    }
    decide(project, &decisions)?;

    let org_units: HashSet<&str> = truth.iter().filter(|link| !link.product).map(|link| link.code).collect();
    let counts = [
        ("accepted", Arg::from(band.len())),
        ("wrong", wrong.into()),
        ("expected", format!("{:.1}", band.expected_wrong()).into()),
        ("left", org_units.difference(&accepted).count().into()),
    ];
    context.out.tell("demo-org-units-linked", &counts);
    let products = truth.iter().filter(|link| link.product).count();
    let (first, factors) = products_right(&queue.cases, &truth);
    let counts = [("products", Arg::from(products)), ("right", first.into()), ("factors", factors.into())];
    context.out.tell(if packs { "demo-packs-proposed" } else { "demo-products-proposed" }, &counts);
    Ok(())
}

/// How many products were proposed rightly in the first place, and for how many of these the factor as well.
fn products_right(cases: &[Case], truth: &[TrueLink<'_>]) -> (usize, usize) {
    let items: HashMap<&str, &Case> =
        cases.iter().filter(|case| case.kind == Kind::Item.name()).map(|case| (case.code.as_str(), case)).collect();
    let (mut first, mut factors) = (0, 0);
    for link in truth.iter().filter(|link| link.product) {
        let best = items.get(link.code).and_then(|case| case.candidates.first());
        if let Some(best) = best.filter(|best| best.target == link.target) {
            first += 1;
            let factor = best.proposed_factor.as_deref().and_then(|proposed| proposed.split(':').next());
            factors += usize::from(factor == Some(&link.factor.to_string()));
        }
    }
    (first, factors)
}

/// What a person who knows the country would say of a code.
fn by_a_person(link: &TrueLink<'_>, source: &SourceName, now: Timestamp) -> Decision {
    let kind = if link.product { Kind::Item } else { Kind::OrgUnit };
    let whole = Link::equal(kind, source.clone(), link.code, link.target);
    accepted(
        now,
        Link {
            source_name: link.name.into(),
            target_name: link.target_name.into(),
            relation: if link.share.is_some() { Relation::OneToMany } else { Relation::Equal },
            share: link.share.unwrap_or(Factor::ONE),
            factor: link.factor,
            unit: Unit::named(link.unit),
            valid_from: link.from,
            valid_to: link.to,
            reason: link.reason.into(),
            ..whole
        },
    )
}

/// A code that matching accepted for all days has no counterpart after this one.
fn ended(link: &TrueLink<'_>, source: &SourceName, to: Date, now: Timestamp) -> Decision {
    let none = Link {
        source_name: link.name.into(),
        relation: Relation::None,
        valid_from: to.tomorrow().ok(),
        reason: link.reason.into(),
        ..Link::equal(Kind::OrgUnit, source.clone(), link.code, "")
    };
    accepted(now, none)
}

fn accepted(now: Timestamp, link: Link) -> Decision {
    let (decided_by, seconded_by, verdict) = (BY.into(), "".into(), Verdict::Accept);
    Decision { decided_at: now, decided_by, seconded_by, verdict, link, origin: Origin::Person }
}
