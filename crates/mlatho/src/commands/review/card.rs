//! A card as lines of text.

use console::{Alignment, measure_text_width, pad_str};
use mlatho_model::{Arg, Decimal};
use mlatho_pipeline::review::{Candidate, Case};
use mlatho_text::Texts;

use super::session::{Asking, Choice, Notice, Session, Unsaved};

/// Width of the names of columns.
const LABEL: usize = 14;
/// No card is wider or narrower, whatever the terminal is.
const WIDTHS: (usize, usize) = (60, 140);
/// Findings of evidence that say no more than the name of the evidence.
const TELLS_ENOUGH: [&str; 3] = ["prior", "rivals-left", "rivals-right"];

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Warning,
}

/// One line of the screen, without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) tone: Tone,
    pub(super) text: String,
}

/// What the screen shows; the last line is where the person types.
pub(super) fn screen(session: &Session<'_>, texts: &Texts, width: usize) -> Vec<Line> {
    let mut page = Page { texts, width: width.clamp(WIDTHS.0, WIDTHS.1), lines: Vec::new() };
    page.head(session);
    match session.case() {
        _ if session.asking == Asking::Help => page.paragraph(Tone::Plain, &texts.say("cards-help", &[])),
        Some(case) => page.card(session, case),
        None => page.paragraph(Tone::Strong, &texts.say("cards-end", &[])),
    }
    page.blank();
    page.question(session);
    page.lines
}

struct Page<'a> {
    texts: &'a Texts,
    width: usize,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn line(&mut self, tone: Tone, text: &str) {
        // A name from outside must not steer the terminal.
        let text = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        self.lines.push(Line { tone, text });
    }

    fn blank(&mut self) {
        self.line(Tone::Plain, "");
    }

    fn paragraph(&mut self, tone: Tone, text: &str) {
        let width = self.width;
        for part in text.lines().flat_map(|part| wrapped(part, width)) {
            self.line(tone, &part);
        }
    }

    fn head(&mut self, session: &Session<'_>) {
        let (decided, part, wrong) = session.progress();
        let part = part.map_or(Arg::from("–"), |part| number(part * 100.0, 0));
        let card = (session.at + 1).min(session.cases.len());
        let progress = [
            ("card", card.into()),
            ("cards", session.cases.len().into()),
            ("decided", decided.into()),
            ("part", part),
            ("wrong", number(wrong, 1)),
        ];
        self.paragraph(Tone::Faint, &self.texts.say("cards-progress", &progress));
        if let Some(unsaved) = &session.unsaved {
            self.paragraph(Tone::Strong, &told(self.texts, unsaved));
        }
        match &session.notice {
            Some(Notice::Key(key)) => self.paragraph(Tone::Warning, &self.texts.say(key, &[])),
            Some(Notice::Refused(why)) => {
                self.paragraph(Tone::Warning, &self.texts.say("cards-refused", &[("reason", why.as_str().into())]));
            }
            None => {}
        }
        self.blank();
    }

    fn card(&mut self, session: &Session<'_>, case: &Case) {
        let texts = self.texts;
        let stake = [
            ("kind", texts.say(&format!("run-kind-{}", case.kind), &[]).into()),
            ("source", case.source.as_str().into()),
            ("records", case.records.into()),
            ("quantity", case.quantity.normalize().into()),
        ];
        self.paragraph(Tone::Plain, &texts.say("cards-stake", &stake));
        self.blank();
        let chosen = case.candidates.get(session.beside);
        self.records(case, chosen);
        self.blank();
        if case.candidates.is_empty() {
            self.line(Tone::Plain, &texts.say("cards-no-candidates", &[]));
        }
        for (at, candidate) in case.candidates.iter().enumerate() {
            self.candidate(at, candidate, at == session.beside, session.rejected(at));
        }
        if let Some(chosen) = chosen {
            self.blank();
            self.evidence(chosen);
        }
        if let Some(factor) = &session.factor {
            let factor = [("factor", factor.to_string().into())];
            self.line(Tone::Strong, &texts.say("cards-factor-typed", &factor));
        }
    }

    /// The record of the source beside that of the project, with all that the registers know.
    fn records(&mut self, case: &Case, chosen: Option<&Candidate>) {
        let texts = self.texts;
        let (code, target) = (case.code.as_str(), chosen.map_or("–", |chosen| &chosen.target));
        let left = texts.say("cards-in-source", &[("code", code.into())]);
        let right = texts.say("cards-in-project", &[("target", target.into())]);
        self.beside(Tone::Strong, "", &left, &right);
        let name = texts.say("column-name", &[]);
        self.beside(Tone::Plain, &name, &case.name, chosen.map_or("", |chosen| &chosen.target_name));
        let known = chosen.map(|chosen| chosen.known.as_slice()).unwrap_or_default();
        let cell = |of: &[(String, String)], column: &str| {
            of.iter().find(|(name, _)| name == column).map(|(_, cell)| cell.clone()).unwrap_or_default()
        };
        let mut columns: Vec<&str> = Vec::new();
        for (column, _) in case.known.iter().chain(known) {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
        for column in columns {
            self.beside(Tone::Plain, column, &cell(&case.known, column), &cell(known, column));
        }
    }

    fn beside(&mut self, tone: Tone, label: &str, left: &str, right: &str) {
        let half = (self.width - LABEL - 4) / 2;
        let parts = [wrapped(label, LABEL), wrapped(left, half), wrapped(right, half)];
        for row in 0..parts.iter().map(Vec::len).max().unwrap_or(0) {
            let [label, left, right] = parts.each_ref().map(|part| part.get(row).map_or("", String::as_str));
            let (label, left) = (padded(label, LABEL), padded(left, half));
            self.line(tone, format!("{label}  {left}  {right}").trim_end());
        }
    }

    fn candidate(&mut self, at: usize, candidate: &Candidate, chosen: bool, rejected: Option<&str>) {
        let mark = if chosen { '>' } else { ' ' };
        let probability = self.number(candidate.probability, 3);
        let mut text = format!("{mark} {}  {probability}  {} ({})", at + 1, candidate.target_name, candidate.target);
        if let Some(reason) = rejected {
            let reason = self.texts.say("cards-rejected", &[("reason", reason.into())]);
            text = format!("{text}  {reason}");
        }
        let tone = match (chosen, rejected) {
            (_, Some(_)) => Tone::Warning,
            (true, None) => Tone::Strong,
            (false, None) => Tone::Plain,
        };
        self.line(tone, &text);
    }

    /// What speaks for and against a pair, the heaviest first.
    fn evidence(&mut self, chosen: &Candidate) {
        let mut parts: Vec<(f64, String)> = Vec::new();
        for part in chosen.evidence.as_array().into_iter().flatten() {
            let text = |name: &str| part.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
            let bits = part.get("bits").and_then(serde_json::Value::as_f64).unwrap_or_default();
            let feature = text("feature");
            let mut said = self.texts.say(&format!("link-evidence-{feature}"), &[]);
            if !TELLS_ENOUGH.contains(&feature) && !text("finding").is_empty() {
                said = format!("{said}: {}", text("finding"));
            }
            let sign = if bits > 0.0 { "+" } else { "" };
            parts.push((bits, format!("{said} {sign}{}", self.number(bits, 1))));
        }
        parts.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()));
        let parts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
        self.paragraph(Tone::Plain, &self.texts.say("cards-evidence", &[("parts", parts.join(" · ").into())]));
        if let Some(factor) = &chosen.proposed_factor {
            let factor = [("factor", factor.as_str().into())];
            self.paragraph(Tone::Plain, &self.texts.say("cards-factor-suggested", &factor));
        }
    }

    fn question(&mut self, session: &Session<'_>) {
        let texts = self.texts;
        match &session.asking {
            Asking::Verdict => {
                let keys = if session.case().is_some() { "cards-keys" } else { "cards-keys-at-end" };
                self.paragraph(Tone::Faint, &texts.say(keys, &[]));
                self.line(Tone::Plain, "> ");
            }
            Asking::Rejected => self.line(Tone::Plain, &format!("{} ", texts.say("cards-which", &[]))),
            Asking::Factor { typed, .. } => {
                self.line(Tone::Plain, &format!("{} {typed}", texts.say("cards-ask-factor", &[])));
            }
            Asking::Reason { typed, .. } if session.reason.is_empty() => {
                self.line(Tone::Plain, &format!("{} {typed}", texts.say("cards-ask-reason", &[])));
            }
            Asking::Reason { typed, .. } => {
                let last = [("reason", session.reason.as_str().into())];
                self.line(Tone::Plain, &format!("{} {typed}", texts.say("cards-ask-reason-or-last", &last)));
            }
            Asking::Help => self.line(Tone::Plain, &format!("{} ", texts.say("cards-any-key", &[]))),
        }
    }

    fn number(&self, number: f64, digits: usize) -> String {
        decimal(number, digits)
            .map_or_else(|| number.to_string(), |number| mlatho_text::shown(number, self.texts.language()))
    }
}

/// The decision that the next key saves.
fn told(texts: &Texts, unsaved: &Unsaved) -> String {
    let link = &unsaved.decision.link;
    let key = match unsaved.choice {
        Choice::Accept(_) => "cards-accepted",
        Choice::Reject(_) => "cards-was-rejected",
        Choice::None => "cards-none",
    };
    let args = [("code", (&*link.source_id).into()), ("target", (&*link.target).into())];
    texts.say("cards-unsaved", &[("decision", texts.say(key, &args).into())])
}

fn decimal(number: f64, digits: usize) -> Option<Decimal> {
    format!("{number:.digits$}").parse().ok()
}

fn number(number: f64, digits: usize) -> Arg {
    decimal(number, digits).map_or_else(|| Arg::from("–"), Arg::Number)
}

fn padded(text: &str, width: usize) -> String {
    pad_str(text, width, Alignment::Left, None).into_owned()
}

/// A text in lines of at most this width; words are only cut where they are longer than a line.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let needed = measure_text_width(word.trim_end());
        if used > 0 && used + needed > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for letter in word.chars() {
            let letter_width = measure_text_width(letter.encode_utf8(&mut [0; 4]));
            if used + letter_width > width && !letter.is_whitespace() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += letter_width;
        }
    }
    lines.push(line);
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}
