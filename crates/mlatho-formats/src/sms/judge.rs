//! One message to what it says and whether that is taken.

use mlatho_model::Decimal;

use super::grammar::{Action, Grammar, Keyword};
use super::history::History;
use super::pairs::{self, Item};
use super::problem::Problem;
use super::setup::Facts;

/// Longer than any message that a gateway joins from its parts.
const LONGEST: usize = 2_000;

/// A message and what is known of its sender.
pub(super) struct Message<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) facts: &'a Facts,
    pub(super) history: &'a History,
    /// `unregistered`, or the sender's role; blank where it is not known.
    pub(super) sender_level: &'a str,
    pub(super) text: &'a str,
}

/// What a message says.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) action: Action,
    /// Code of the place that it speaks of; nothing: the sender's own.
    pub(super) subject: Option<String>,
    /// Code of the place that it names beside that.
    pub(super) other: Option<String>,
    pub(super) items: Vec<Item>,
    /// Why it is not taken, or is worth a look.
    pub(super) problem: Option<Problem>,
    /// Whether the items count.
    pub(super) stored: bool,
}

impl Judged {
    fn new(action: Action) -> Self {
        Self { action, subject: None, other: None, items: Vec::new(), problem: None, stored: true }
    }

    fn refused(action: Action, problem: Problem) -> Self {
        Self { problem: Some(problem), stored: false, ..Self::new(action) }
    }
}

impl Message<'_> {
    /// Reads the message.
    pub(super) fn judge(&self) -> Judged {
        if self.text.len() > LONGEST {
            return Judged::refused(Action::Unknown, Problem::MessageTooLong);
        }
        let (word, rest) = first_word(self.text);
        let Some((keyword, named)) = self.grammar.keyword(word) else {
            let problem = if word.is_empty() { Problem::EmptyReport } else { Problem::UnknownKeyword };
            return Judged::refused(Action::Unknown, problem);
        };
        self.say(keyword, if named { rest } else { self.text.trim() }, None)
    }

    /// Judges what follows a keyword. `subject` is the place that somebody else reports for.
    fn say(&self, keyword: &Keyword, body: &str, subject: Option<&str>) -> Judged {
        if let Some(problem) = self.sender_may_not(keyword) {
            return Judged::refused(keyword.action, problem);
        }
        match keyword.action {
            Action::StockOnHand | Action::EmergencyStockOnHand | Action::Receipt => {
                self.stock(keyword.action, body, subject)
            }
            Action::TransferOut => self.transfer_out(body, subject),
            Action::TransferConfirm => self.confirm(),
            Action::ReportOther => self.report(body),
            Action::OrderReady | Action::OrderUnfilled => self.order(keyword.action, body),
            Action::Approve => Judged::refused(Action::Approve, Problem::NotStockData),
            Action::Register => self.register(body),
            Action::RegisterManager => self.register_manager(body),
            Action::AddProducts | Action::RemoveProducts => self.products(keyword.action, body),
            Action::FridgeFault | Action::FridgeFixed => self.fridge(keyword.action, body),
            Action::FridgeStockTransfer => self.fridge_transfer(body),
            Action::Adjustment | Action::WeeklyReport => self.pairs(keyword.action, body),
            Action::Stockout => stockout(body),
            Action::Delivery if body.is_empty() => Judged::new(Action::DeliveryConfirm),
            Action::Delivery => self.pairs(Action::Receipt, body),
            Action::RrFormsSent if body.is_empty() => Judged::new(Action::RrFormsSent),
            Action::RrFormsSent => forms(body),
            Action::Negation => negation(keyword, body),
            Action::Deregister
            | Action::DeliveryConfirm
            | Action::NotSubmitted
            | Action::NotDelivered
            | Action::Unknown => Judged::new(keyword.action),
        }
    }

    fn sender_may_not(&self, keyword: &Keyword) -> Option<Problem> {
        let level = self.sender_level;
        let for_newcomers = keyword.roles.iter().any(|role| role == "unregistered");
        if for_newcomers {
            let known = self.facts.registered || (!level.is_empty() && level != "unregistered");
            return known.then_some(Problem::AlreadyRegistered);
        }
        if level == "unregistered" {
            return Some(Problem::NotRegistered);
        }
        let allowed = level.is_empty() || keyword.roles.is_empty() || keyword.roles.iter().any(|role| role == level);
        (!allowed).then_some(Problem::RoleNotAllowed)
    }

    /// The level of products that is reported; nothing where it is not known.
    fn product_level(&self, subject: Option<&str>) -> Option<&str> {
        let levels = &self.grammar.levels;
        match subject {
            None => levels.get(self.sender_level).map(String::as_str),
            Some(code) if self.grammar.kind_of_place(code) == Some("health_worker") => {
                levels.get("hsa").map(String::as_str)
            }
            Some(_) => levels.get("in_charge").map(String::as_str),
        }
    }

    fn is_product(&self, code: &str) -> bool {
        let managed = self.facts.manages.as_ref().is_some_and(|codes| codes.iter().any(|known| known == code));
        managed || self.grammar.product(code).is_some()
    }

    /// What speaks against a product; nothing, where the grammar has no list.
    fn wrong_product(&self, code: &str, level: Option<&str>) -> Option<Problem> {
        let listed = self.grammar.product(code);
        match (listed, level) {
            _ if self.grammar.products.is_empty() => None,
            (None, _) => (!self.is_product(code)).then_some(Problem::UnknownProduct),
            (Some((of, _)), Some(level)) if of != level => Some(Problem::WrongLevelProduct),
            _ => None,
        }
    }

    /// Pairs whose products are right, else the problem.
    fn pairs_of(&self, action: Action, body: &str, level: Option<&str>) -> Judged {
        let found = pairs::find(body, &self.grammar.pairs, &|code| self.is_product(code));
        let mut judged = Judged::new(action);
        let wrong = found.items.iter().find_map(|item| self.wrong_product(&item.code, level));
        judged.problem = wrong.or(found.problem);
        judged.stored = judged.problem.is_none();
        if judged.problem.is_none_or(Problem::is_for_review) {
            judged.items = found.items;
        }
        judged
    }

    fn pairs(&self, action: Action, body: &str) -> Judged {
        self.pairs_of(action, body, self.product_level(None))
    }

    fn stock(&self, action: Action, body: &str, subject: Option<&str>) -> Judged {
        if subject.is_none() && self.facts.manages.as_ref().is_some_and(Vec::is_empty) {
            return Judged::refused(action, Problem::NoProductsManaged);
        }
        let level = self.product_level(subject);
        let at_facility = level.is_some() && level == self.grammar.levels.get("in_charge").map(String::as_str);
        if subject.is_none() && at_facility && self.facts.fault == Some(true) {
            return Judged::refused(action, Problem::FridgeBroken);
        }
        let (body, giver) = if action == Action::Receipt { from(body) } else { (body, None) };
        let mut judged = self.pairs_of(action, body, level);
        judged.subject = subject.map(Into::into);
        judged.other = giver.filter(|code| self.grammar.kind_of_place(code).is_some()).map(Into::into);
        if judged.stored {
            self.check_repeats(&mut judged);
        }
        judged
    }

    /// Drops what came twice, and holds back what is far too much until it is said again.
    fn check_repeats(&self, judged: &mut Judged) {
        let limits = &self.grammar.limits;
        let receipt = judged.action == Action::Receipt;
        if let Some(repeated) = self.facts.repeated.filter(|repeated| receipt && repeated.stored)
            && repeated.minutes <= limits.duplicate_receipt_minutes
        {
            judged.items.clear();
            judged.problem = Some(Problem::DuplicateReceipt);
            judged.stored = false;
            return;
        }
        if !judged.items.iter().any(|item| self.is_too_much(item)) {
            return;
        }
        let window = if receipt { limits.receipt_minutes } else { limits.stock_minutes };
        let said_again = self.facts.repeated.is_some_and(|repeated| repeated.minutes <= window);
        if said_again {
            judged.problem = Some(Problem::LimitOverridden);
        } else if self.facts.has_stock_record {
            judged.items.clear();
            judged.problem = Some(Problem::OverMaximum);
            judged.stored = false;
        }
    }

    /// Above so many times the target level; a product without consumption has none.
    fn is_too_much(&self, item: &Item) -> bool {
        let limits = &self.grammar.limits;
        let (_, consumption) = self.grammar.product(&item.code).unwrap_or_default();
        let most = consumption * limits.target_months * limits.factor;
        most > Decimal::ZERO && item.quantity > most
    }

    fn transfer_out(&self, body: &str, subject: Option<&str>) -> Judged {
        let (to, rest) = first_word(body);
        if to.is_empty() || rest.is_empty() {
            return Judged::refused(Action::TransferOut, Problem::TooFewWords);
        }
        let level = self.product_level(subject);
        let kind = self.grammar.kind_of_place(to);
        // Health workers give to each other, facilities also to facilities.
        let by_health_worker = level.is_some() && level == self.grammar.levels.get("hsa").map(String::as_str);
        if kind.is_none() || (by_health_worker && kind != Some("health_worker")) || self.denied(to) {
            return Judged::refused(Action::TransferOut, Problem::UnknownSupplyPoint);
        }
        let mut judged = self.pairs_of(Action::TransferOut, rest, level);
        judged.subject = subject.map(Into::into);
        judged.other = Some(to.into());
        judged
    }

    fn denied(&self, place: &str) -> bool {
        self.facts.no_places.iter().any(|known| known == place)
    }

    fn confirm(&self) -> Judged {
        if self.facts.pending_transfer.is_empty() {
            return Judged::refused(Action::TransferConfirm, Problem::NothingPending);
        }
        Judged { items: self.facts.pending_transfer.clone(), ..Judged::new(Action::TransferConfirm) }
    }

    /// A report in the place of somebody else.
    fn report(&self, body: &str) -> Judged {
        let (subject, rest) = first_word(body);
        let (word, rest) = first_word(rest);
        if subject.is_empty() || word.is_empty() {
            return Judged::refused(Action::ReportOther, Problem::TooFewWords);
        }
        let reports = [Action::StockOnHand, Action::EmergencyStockOnHand, Action::Receipt, Action::TransferOut];
        let keyword = self.grammar.keyword(word).filter(|(keyword, named)| *named && reports.contains(&keyword.action));
        let Some((keyword, _)) = keyword else {
            return Judged::refused(Action::ReportOther, Problem::UnknownKeyword);
        };
        if self.grammar.kind_of_place(subject).is_none() || self.denied(subject) {
            return Judged::refused(keyword.action, Problem::UnknownSupplyPoint);
        }
        self.say(keyword, rest, Some(subject))
    }

    /// An answer to an order. What the system then writes about stock is no report.
    fn order(&self, action: Action, body: &str) -> Judged {
        let (place, _) = first_word(body);
        if place.is_empty() {
            return Judged::refused(action, Problem::TooFewWords);
        }
        let known = self.facts.pending_request
            || self.facts.places.iter().any(|known| known == place)
            || self.history.knows(place);
        if !known || self.denied(place) || self.grammar.kind_of_place(place).is_none() {
            return Judged::refused(action, Problem::UnknownSupplyPoint);
        }
        Judged { subject: Some(place.into()), ..Judged::new(action) }
    }

    /// `NAME… ID FACILITY`. The name is passed over and kept nowhere.
    fn register(&self, body: &str) -> Judged {
        let words: Vec<&str> = body.split_whitespace().collect();
        let [_, .., id, facility] = words.as_slice() else {
            return Judged::refused(Action::Register, Problem::TooFewWords);
        };
        let refused = |problem| Judged::refused(Action::Register, problem);
        let Ok(number) = id.parse::<i64>() else { return refused(Problem::IdNotNumber) };
        if !(1..=99).contains(&number) {
            return refused(Problem::IdOutOfRange);
        }
        if self.grammar.kind_of_place(facility) != Some("facility") || self.denied(facility) {
            return refused(Problem::UnknownLocation);
        }
        let code = format!("{facility}{number:02}");
        if self.facts.taken.contains(&code) || self.history.knows(&code) {
            return refused(Problem::IdTaken);
        }
        Judged { subject: Some(code), ..Judged::new(Action::Register) }
    }

    fn register_manager(&self, body: &str) -> Judged {
        let words: Vec<&str> = body.split_whitespace().collect();
        let [_, .., _, place] = words.as_slice() else {
            return Judged::refused(Action::RegisterManager, Problem::TooFewWords);
        };
        if self.grammar.kind_of_place(place).is_none() {
            return Judged::refused(Action::RegisterManager, Problem::UnknownLocation);
        }
        Judged { subject: Some((*place).into()), ..Judged::new(Action::RegisterManager) }
    }

    fn products(&self, action: Action, body: &str) -> Judged {
        let mut codes = body.split_whitespace().map(str::to_lowercase).peekable();
        if codes.peek().is_none() {
            return Judged::refused(action, Problem::TooFewWords);
        }
        match codes.find_map(|code| self.wrong_product(&code, self.product_level(None))) {
            Some(problem) => Judged::refused(action, problem),
            None => Judged::new(action),
        }
    }

    fn fridge(&self, action: Action, body: &str) -> Judged {
        let open = self.facts.fault == Some(true);
        let problem = match action {
            Action::FridgeFixed => (!open).then_some(Problem::NothingOpen),
            _ if body.is_empty() => Some(Problem::TooFewWords),
            _ => match body.parse::<u32>() {
                Ok(reason) if (1..=self.grammar.limits.fault_reasons).contains(&reason) => {
                    open.then_some(Problem::AlreadyOpen)
                }
                _ => Some(Problem::UnknownReason),
            },
        };
        problem.map_or_else(|| Judged::new(action), |problem| Judged::refused(action, problem))
    }

    fn fridge_transfer(&self, body: &str) -> Judged {
        let refused = |problem| Judged::refused(Action::FridgeStockTransfer, problem);
        let words: Vec<&str> = body.split_whitespace().collect();
        let [from, to] = words.as_slice() else { return refused(Problem::TooFewWords) };
        if [from, to].iter().any(|code| self.grammar.kind_of_place(code) != Some("facility") || self.denied(code)) {
            return refused(Problem::UnknownSupplyPoint);
        }
        if from == to {
            return refused(Problem::SameFacility);
        }
        let (subject, other) = (Some((*from).into()), Some((*to).into()));
        Judged { subject, other, ..Judged::new(Action::FridgeStockTransfer) }
    }
}

/// The first word and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// Cuts `from …` off the end: whoever is named there may be a person.
fn from(body: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for word in body.split_inclusive(char::is_whitespace) {
        if word.trim().eq_ignore_ascii_case("from") {
            return (body[..at].trim(), Some(body[at + word.len()..].trim()));
        }
        at += word.len();
    }
    (body, None)
}

/// Products of which there are none: a reported zero.
fn stockout(body: &str) -> Judged {
    let codes = body.split_whitespace().map(str::to_lowercase);
    let items: Vec<Item> = codes.map(|code| Item { code, quantity: Decimal::ZERO }).collect();
    if items.is_empty() {
        return Judged::refused(Action::Stockout, Problem::TooFewWords);
    }
    if !items.iter().all(|item| item.code.bytes().all(|byte| byte.is_ascii_lowercase())) {
        return Judged::refused(Action::Stockout, Problem::UnparsedText);
    }
    Judged { items, problem: Some(Problem::ExplicitStockout), ..Judged::new(Action::Stockout) }
}

/// Counts of paper forms by group, as in `A 10 B 4`.
fn forms(body: &str) -> Judged {
    let words: Vec<&str> = body.split_whitespace().collect();
    let items: Option<Vec<Item>> = words
        .chunks(2)
        .map(|pair| match pair {
            [group, count] if group.len() == 1 => {
                count.parse::<u32>().ok().map(|count| Item { code: (*group).into(), quantity: count.into() })
            }
            _ => None,
        })
        .collect();
    match items {
        Some(items) => Judged { items, ..Judged::new(Action::RrFormsSent) },
        None => Judged::refused(Action::RrFormsSent, Problem::UnparsedText),
    }
}

/// What was not done, by the beginning of the word.
fn negation(keyword: &Keyword, body: &str) -> Judged {
    let word = first_word(body).0.to_lowercase();
    if word.is_empty() {
        return Judged::refused(Action::Unknown, Problem::TooFewWords);
    }
    let found = keyword.negated.iter().find(|(beginning, _)| word.starts_with(beginning.as_str()));
    found.map_or_else(|| Judged::refused(Action::Unknown, Problem::UnknownKeyword), |(_, action)| Judged::new(*action))
}
