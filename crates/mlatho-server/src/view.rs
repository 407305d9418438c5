//! The first page: everything that is shown, as text in the reader's language.

use askama::Template;
use jiff::tz::TimeZone;
use mlatho_model::{Decimal, Finding, OrgUnitId};
use mlatho_pipeline::{Evidence, LastRun, Overview, PeriodLine, RuleComparison, Unmapped, WorklistEntry};
use mlatho_text::{Language, Texts, shown};
use rust_decimal::RoundingStrategy;

use crate::Pages;
use crate::asked::Asked;
use crate::refusal::Refusal;

/// How many lines of the worklist stand on the page.
const ATTENTION: usize = 25;

/// How many of the causes of each.
const CAUSES: usize = 2;

/// Stands where a number is missing or undefined.
pub(crate) const NOTHING: &str = "–";

/// One entry of a list to choose from.
pub(crate) struct Choice {
    pub(crate) href: String,
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) language: &'static str,
    pub(crate) chosen: bool,
}

/// A verdict by word and shape.
struct Sign {
    name: &'static str,
    shape: &'static str,
    word: String,
}

struct Line {
    period: String,
    consumption: String,
    services: String,
    expected: String,
    ratio: String,
    band: String,
    sign: Sign,
    coverage: String,
    low_reporting: bool,
}

struct Attention {
    rank: String,
    org_unit: String,
    href: String,
    rule: String,
    period: String,
    consumption: String,
    expected: String,
    gap: String,
    sign: Sign,
    causes: String,
}

/// The comparison that is shown.
struct Shown {
    title: String,
    /// Safe HTML: the chart escapes every text.
    svg: String,
    lines: Vec<Line>,
    csv: String,
    picture: String,
    /// Leads from one org unit back to all; nothing where all are shown.
    all_org_units: Option<String>,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    texts: &'a Texts,
    project: &'a str,
    languages: Vec<Choice>,
    places: Vec<Choice>,
    language_kept: Option<&'static str>,
    rules: Vec<Choice>,
    org_unit: &'a str,
    freshness: String,
    held: String,
    unmapped_org_units: String,
    unmapped_items: String,
    has_run: bool,
    shown: Option<Shown>,
    attention: Vec<Attention>,
    attention_extent: String,
    worklist: String,
    findings: Vec<String>,
}

impl Page<'_> {
    /// A text without placeholders.
    fn say(&self, key: &str) -> String {
        self.texts.say(key, &[])
    }
}

/// The page as HTML, or why the template could not write it.
pub(crate) fn page(
    pages: &Pages,
    overview: &Overview,
    asked: &Asked,
) -> Result<Result<String, askama::Error>, Refusal> {
    let texts = pages.texts(asked.language);
    let rule = pages.rule(overview, asked, asked.rule.as_deref())?;
    let org_unit = match rule {
        Some(rule) => pages.org_unit(rule, asked)?,
        None => None,
    };
    let findings = overview.findings.iter().chain(rule.iter().flat_map(|rule| &rule.findings));
    let page = Page {
        texts,
        project: pages.project_name(),
        languages: languages(pages, asked, "/"),
        places: places(texts, asked, "/"),
        language_kept: asked.keeps_language.then(|| asked.language.code()),
        rules: rules(overview, rule, asked),
        org_unit: org_unit.map_or("", OrgUnitId::as_str),
        freshness: freshness(overview.last_run, texts),
        held: texts.say("pages-held", &[("count", overview.held.into())]),
        unmapped_org_units: unmapped("pages-unmapped-org-units", overview.unmapped_org_units, texts),
        unmapped_items: unmapped("pages-unmapped-items", overview.unmapped_items, texts),
        has_run: overview.last_run.is_some(),
        shown: rule.map(|rule| shown_rule(overview, rule, org_unit, asked, texts)),
        attention: overview
            .worklist
            .iter()
            .take(ATTENTION)
            .map(|entry| attention(overview, entry, asked, texts))
            .collect(),
        attention_extent: extent(overview.worklist.len(), texts),
        worklist: format!("/worklist.csv{}", asked.query(None, None)),
        findings: findings.map(|finding| told(finding, texts)).collect(),
    };
    Ok(page.render())
}

/// Each language under its own name.
pub(crate) fn languages(pages: &Pages, asked: &Asked, path: &str) -> Vec<Choice> {
    let choice = |language: Language| Choice {
        href: format!("{path}{}", asked.in_language(language)),
        value: language.code().to_owned(),
        text: pages.texts(language).say("pages-language-name", &[]),
        language: language.code(),
        chosen: language == asked.language,
    };
    Language::ALL.into_iter().map(choice).collect()
}

/// The pages there are, the one at `path` being shown.
pub(crate) fn places(texts: &Texts, asked: &Asked, path: &str) -> Vec<Choice> {
    let choice = |(place, key): (&str, &str)| Choice {
        href: format!("{place}{}", asked.query(asked.rule.as_deref(), None)),
        value: String::new(),
        text: texts.say(key, &[]),
        language: asked.language.code(),
        chosen: place == path,
    };
    [
        ("/", "pages-overview"),
        ("/facilities", "pages-facilities"),
        ("/stock", "pages-stock"),
        ("/completeness", "pages-completeness"),
    ]
    .map(choice)
    .into()
}

fn rules(overview: &Overview, rule: Option<&RuleComparison>, asked: &Asked) -> Vec<Choice> {
    let choice = |other: &RuleComparison| Choice {
        href: format!("/{}", asked.query(Some(&other.name), None)),
        value: other.name.clone(),
        text: other.rule.name.clone(),
        language: asked.language.code(),
        chosen: rule.is_some_and(|rule| rule.name == other.name),
    };
    overview.comparisons.iter().map(choice).collect()
}

fn freshness(last_run: Option<LastRun>, texts: &Texts) -> String {
    let Some(last_run) = last_run else { return texts.say("pages-never-run", &[]) };
    let moment = last_run.finished_at.to_zoned(TimeZone::UTC);
    let time = format!("{:02}:{:02}", moment.hour(), moment.minute());
    let run = last_run.id.to_string();
    texts.say("pages-last-run", &[("run", run.into()), ("day", texts.day(moment.date()).into()), ("time", time.into())])
}

fn unmapped(key: &str, unmapped: Unmapped, texts: &Texts) -> String {
    texts.say(key, &[("codes", unmapped.codes.into()), ("records", unmapped.records.into())])
}

fn extent(entries: usize, texts: &Texts) -> String {
    let last = entries.min(ATTENTION);
    texts.say("pages-attention-extent", &[("last", last.into()), ("count", entries.into())])
}

fn told(finding: &Finding, texts: &Texts) -> String {
    let file = finding.place.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let text = texts.finding(finding);
    match (file, finding.place.row) {
        ("", _) => text,
        (file, 0) => format!("{file}: {text}"),
        (file, row) => format!("{file}, {}: {text}", texts.say("cli-row", &[("row", row.into())])),
    }
}

fn shown_rule(
    overview: &Overview,
    rule: &RuleComparison,
    org_unit: Option<&OrgUnitId>,
    asked: &Asked,
    texts: &Texts,
) -> Shown {
    let query = asked.query(None, org_unit.map(OrgUnitId::as_str));
    let name: String =
        url::form_urlencoded::byte_serialize(rule.name.as_bytes()).collect::<String>().replace('+', "%20");
    let title = match org_unit {
        Some(org_unit) => format!("{} – {}", rule.rule.name, overview.name(org_unit)),
        None => rule.rule.name.clone(),
    };
    Shown {
        title,
        svg: overview.trend(rule, org_unit, texts),
        lines: rule.by_period(org_unit).iter().map(|line| self::line(rule, line, texts)).collect(),
        csv: format!("/compare/{name}.csv{query}"),
        picture: format!("/compare/{name}.svg{query}"),
        all_org_units: org_unit.map(|_| format!("/{}", asked.query(Some(&rule.name), None))),
    }
}

fn line(rule: &RuleComparison, line: &PeriodLine, texts: &Texts) -> Line {
    let whole = |number: Option<Decimal>| number.map_or_else(|| NOTHING.to_owned(), |number| whole(number, texts));
    let band = &rule.rule.band;
    let end = |number: Decimal| shown(number.normalize(), texts.language());
    Line {
        period: texts.period(line.period),
        consumption: whole(line.consumption),
        services: whole(line.services),
        expected: whole(line.expected),
        ratio: line.ratio.map_or_else(|| NOTHING.to_owned(), |ratio| fixed(ratio, 2, texts)),
        band: format!("{}–{}", end(band.low), end(band.high)),
        sign: sign(line.verdict.name(), texts),
        coverage: texts.say("pages-coverage", &[("used", line.used.into()), ("pairs", line.pairs.into())]),
        low_reporting: line.is_low_reporting(),
    }
}

fn attention(overview: &Overview, entry: &WorklistEntry, asked: &Asked, texts: &Texts) -> Attention {
    let rule = overview.comparisons.iter().find(|comparison| comparison.name == entry.rule);
    let causes = entry.causes.iter().take(CAUSES).enumerate().map(|(nth, (cause, strength))| {
        let percent = whole(*strength * Decimal::ONE_HUNDRED, texts);
        let word = texts.say(&format!("cause-{}", cause.name()), &[]);
        let facts: Vec<String> =
            entry.support.iter().filter(|_| nth == 0).map(|fact| fact_in_words(fact, texts)).collect();
        let args = [("cause", word.into()), ("percent", percent.into()), ("facts", facts.join("; ").into())];
        texts.say(if facts.is_empty() { "pages-cause" } else { "pages-cause-with-facts" }, &args)
    });
    Attention {
        rank: entry.rank.to_string(),
        org_unit: overview.name(&entry.org_unit).to_owned(),
        href: format!("/{}", asked.query(Some(&entry.rule), Some(entry.org_unit.as_str()))),
        rule: rule.map_or_else(|| entry.rule.clone(), |rule| rule.rule.name.clone()),
        period: texts.period(entry.period),
        consumption: entry.consumption.map_or_else(|| NOTHING.to_owned(), |number| whole(number, texts)),
        expected: entry.expected.map_or_else(|| NOTHING.to_owned(), |number| whole(number, texts)),
        gap: whole(entry.gap(), texts),
        sign: sign(entry.verdict.name(), texts),
        causes: causes.collect::<Vec<_>>().join(". "),
    }
}

fn fact_in_words(fact: &Evidence, texts: &Texts) -> String {
    let value = fact.value.map_or_else(String::new, |value| shown(value.normalize(), texts.language()));
    let about = fact.about.as_deref().unwrap_or_default();
    texts.say(&format!("evidence-{}", fact.name), &[("value", value.into()), ("about", about.into())])
}

fn sign(verdict: &'static str, texts: &Texts) -> Sign {
    let shape = match verdict {
        "above" => "▲",
        "below" => "▼",
        "within" => "●",
        _ => "○",
    };
    Sign { name: verdict, shape, word: texts.say(&format!("verdict-{verdict}"), &[]) }
}

/// Rounded half up, as every quantity is shown.
pub(crate) fn whole(number: Decimal, texts: &Texts) -> String {
    fixed(number, 0, texts)
}

pub(crate) fn fixed(number: Decimal, decimals: u32, texts: &Texts) -> String {
    let mut rounded = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    shown(rounded, texts.language())
}
