//! Numbers of a product name: strength, pack, size of the container.

use rust_decimal::Decimal;

use super::amount::{Amount, AmountUnit};
use super::lexicon::{ItemKind, Meaning};
use super::parse::{Parts, Piece, whole};

/// Numbers that belong together: `125 mg / 31.25 mg per 5 ml`, `30x18`, `90 cm x 40 m`.
#[derive(Debug)]
struct Chain {
    numbers: Vec<(Decimal, Option<&'static str>)>,
    /// What stands between them.
    between: Vec<char>,
    /// `/ml`: a unit without a number at the end.
    per: Option<&'static str>,
    /// Index behind the chain.
    end: usize,
}

/// Reads the numbers that begin at a piece; answers the index behind them.
pub(super) fn read(pieces: &[Piece], at: usize, parts: &mut Parts) -> usize {
    if let Some(Piece::Count(number)) = pieces.get(at) {
        parts.pack(*number);
        return at + 1;
    }
    let chain = chain(pieces, at);
    let context = Context::around(pieces, at, chain.end);
    if chain.between.contains(&'x') {
        chain.times(parts);
    } else if chain.is_ratio() {
        parts.amounts.extend(chain.ratio());
        parts.per = Amount::new(Decimal::ONE, "ml");
    } else if let Some(size) = chain.fraction() {
        add_fraction(size, parts);
    } else if chain.numbers.len() == 1 && chain.numbers[0].1.is_none() && chain.per.is_none() {
        plain(chain.numbers[0].0, &context, parts);
    } else {
        chain.amounts(&context, parts);
    }
    chain.end
}

fn chain(pieces: &[Piece], at: usize) -> Chain {
    let mut chain = Chain { numbers: Vec::new(), between: Vec::new(), per: None, end: at };
    while let Some(Piece::Number { number, unit }) = pieces.get(chain.end) {
        chain.numbers.push((*number, *unit));
        chain.end += 1;
        let (separator, length) = match pieces.get(chain.end) {
            Some(Piece::Symbol('+' | '&')) => ('+', 1),
            Some(Piece::Symbol('/')) => ('/', 1),
            Some(Piece::Symbol(':')) => (':', 1),
            Some(Piece::Word(word)) if &**word == "x" => ('x', 1),
            Some(Piece::Meaning(Meaning::Drop)) => ('p', 1),
            _ => break,
        };
        match pieces.get(chain.end + length) {
            Some(Piece::Number { unit, .. }) => {
                // `per 5 ml`, `in 100 ml`; any other number behind a link word is one of its own.
                if separator == 'p' && !matches!(unit, Some("ml" | "l" | "dose")) {
                    break;
                }
                chain.between.push(separator);
                chain.end += length;
            }
            Some(Piece::Unit(unit)) if matches!(separator, '/' | 'p') => {
                chain.per = Some(unit);
                chain.end += length + 1;
                break;
            }
            // `20mg/tablet`, `per vial`
            _ => break,
        }
    }
    chain
}

/// What stands beside a number.
#[derive(Debug)]
struct Context {
    before: Before,
    after: After,
    /// In parentheses.
    aside: bool,
    /// Nothing follows.
    last: bool,
}

/// What stands before a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// `box of`, `BTE/`, `_`.
    Pack,
    /// The name of a substance.
    Item,
    /// A dash: the number is part of a name, as in `Postinor-2`.
    Dash,
    Other,
}

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// `cycles`, `pieces`, `per box`.
    Pack,
    /// `tablets`, `vials`: what may be counted.
    Form,
    Other,
}

impl Context {
    fn around(pieces: &[Piece], at: usize, end: usize) -> Self {
        let piece = |back: usize| at.checked_sub(back).and_then(|index| pieces.get(index));
        let is_pack = |piece: Option<&Piece>| matches!(piece, Some(Piece::Meaning(Meaning::Pack)));
        let is_drop = |piece: Option<&Piece>| matches!(piece, Some(Piece::Meaning(Meaning::Drop)));
        let counted = |piece: Option<&Piece>| {
            let kept = matches!(piece, Some(Piece::Meaning(Meaning::Form(_) | Meaning::Container(_))));
            kept || is_pack(piece)
        };
        let sign = |piece: Option<&Piece>| matches!(piece, Some(Piece::Word(word)) if matches!(&**word, "b" | "bt"));
        let before = match piece(1) {
            Some(Piece::Symbol('/')) if counted(piece(2)) || sign(piece(2)) => Before::Pack,
            Some(Piece::Symbol('_') | Piece::Meaning(Meaning::Pack)) => Before::Pack,
            Some(Piece::Meaning(Meaning::Drop)) if is_pack(piece(2)) => Before::Pack,
            Some(Piece::Meaning(Meaning::Items { .. })) => Before::Item,
            Some(Piece::Symbol('-')) => Before::Dash,
            _ => Before::Other,
        };
        let next = pieces.get(end);
        let after = if is_pack(next) || is_drop(next) && is_pack(pieces.get(end + 1)) {
            After::Pack
        } else if counted(next) {
            After::Form
        } else {
            After::Other
        };
        Self {
            before,
            after,
            aside: pieces[..at].iter().rev().find_map(parenthesis).unwrap_or(false),
            last: next.is_none() || matches!(next, Some(Piece::Symbol('_'))),
        }
    }
}

/// Whether a parenthesis opens or closes here.
fn parenthesis(piece: &Piece) -> Option<bool> {
    match piece {
        Piece::Symbol('(' | '[') => Some(true),
        Piece::Symbol(')' | ']') => Some(false),
        _ => None,
    }
}

/// A number without unit: a count of the pack, a strength in mg, or a size.
fn plain(number: Decimal, context: &Context, parts: &mut Parts) {
    let count = whole(number).is_some();
    let medicine = parts.kind() == Some(ItemKind::Medicine);
    let known = !parts.amounts.is_empty();
    let brand = parts.form_by_brand.is_some();
    let free = parts.items_before > 0 && !context.aside && context.before != Before::Dash;
    let first = !known && !brand && (free || context.before == Before::Item);
    let next = context.before == Before::Item && parts.amounts.len() < parts.items.len();
    let counted = match context.after {
        After::Pack => true,
        After::Form => known || brand || !medicine,
        After::Other => false,
    };
    if medicine && next && known {
        parts.amounts.extend(Amount::new(number, "mg"));
    } else if count && (context.before == Before::Pack || counted) {
        parts.pack(number);
    } else if medicine && first && number < Decimal::from(2000) {
        parts.amounts.extend(Amount::new(number, "mg"));
    } else if count && known && (context.aside || context.last) && number >= Decimal::TEN {
        parts.pack(number);
    } else {
        parts.name.sizes.push(number.normalize().to_string());
    }
}

/// `1/2`: a size, added to the whole number before it as in `size 7 1/2`.
fn add_fraction(size: Decimal, parts: &mut Parts) {
    let whole_before =
        parts.name.sizes.last().and_then(|size| size.parse::<Decimal>().ok()).filter(Decimal::is_integer);
    match whole_before.and_then(|number| number.checked_add(size)) {
        Some(sum) if size < Decimal::ONE => {
            parts.name.sizes.pop();
            parts.name.sizes.push(sum.normalize().to_string());
        }
        _ => parts.name.sizes.push(size.normalize().to_string()),
    }
}

impl Chain {
    /// `30x18` is a pack, `90 cm x 40 m` a size, `6 x 10 ml` a pack of containers.
    fn times(&self, parts: &mut Parts) {
        let is_length = |unit: Option<&str>| matches!(unit, Some("cm" | "mm" | "m" | "inch"));
        // `10 x 12 cm`: the unit stands behind the last.
        let length = self.numbers.iter().rev().find(|(_, unit)| is_length(*unit)).and_then(|(_, unit)| *unit);
        let mut factors = Vec::new();
        for &(number, unit) in &self.numbers {
            match (unit.or(length), unit) {
                (Some(unit), _) if is_length(Some(unit)) => {
                    parts.name.sizes.extend(Amount::new(number, unit).map(|size| size.to_string()));
                }
                (_, Some(unit)) => match Amount::new(number, unit) {
                    Some(amount) if amount.is_content() && parts.has_strength() => parts.amounts.push(amount),
                    Some(amount) if amount.unit == AmountUnit::Test => factors.extend(whole(number)),
                    Some(amount) => parts.content(amount),
                    None => {}
                },
                (_, None) => factors.extend(whole(number)),
            }
        }
        if parts.name.pack.is_empty() {
            parts.name.pack = factors;
        }
    }

    /// `1/1000` or `1:1000`: grams in millilitres.
    fn is_ratio(&self) -> bool {
        let [(one, None), (many, None)] = self.numbers[..] else { return false };
        one == Decimal::ONE && many >= Decimal::ONE_HUNDRED && matches!(self.between[..], ['/' | ':'])
    }

    fn ratio(&self) -> Option<Amount> {
        let number = Decimal::from(1000).checked_div(self.numbers.last()?.0)?;
        Amount::new(number, "mg")
    }

    /// `1/2` and `7 1/2` of sizes; `2/0` of sutures is written as it is.
    fn fraction(&self) -> Option<Decimal> {
        let [(top, None), (bottom, None)] = self.numbers[..] else { return None };
        let small = matches!(bottom.to_string().as_str(), "2" | "3" | "4" | "8") && top < bottom;
        (small && self.between == ['/']).then(|| top.checked_div(bottom)).flatten()
    }

    fn amounts(&self, context: &Context, parts: &mut Parts) {
        let mut numbers = self.numbers.clone();
        let mut per = self.per.and_then(|unit| Amount::new(Decimal::ONE, unit));
        let contains = |unit: Option<&str>| matches!(unit, Some("ml" | "l" | "dose"));
        // `125 mg / 5 ml` and `500 mg in 100 ml`: the last is what the others are in. Not so after a percentage.
        if numbers.len() > 1
            && contains(numbers.last().and_then(|last| last.1))
            && numbers[..numbers.len() - 1].iter().all(|(_, unit)| !contains(*unit))
            && let Some((number, Some(unit))) = numbers.pop()
        {
            let amount = Amount::new(number, unit);
            if numbers.iter().any(|(_, unit)| *unit == Some("percent")) {
                amount.into_iter().for_each(|amount| parts.content(amount));
            } else {
                per = amount;
            }
        }
        if numbers.len() == 2 && numbers[1] == (Decimal::ZERO, None) && numbers[0].1.is_none() {
            parts.name.sizes.push(format!("{}/0", numbers[0].0));
            return;
        }
        // The unit of a number is its own, else that of the next which has one, else that of the one before. Substances
        // without any unit are in milligrams.
        let mut unit = numbers.iter().rev().find_map(|(_, unit)| *unit);
        if unit.is_none() {
            if parts.kind() != Some(ItemKind::Medicine) {
                parts.name.sizes.extend(numbers.iter().map(|(number, _)| number.normalize().to_string()));
                return;
            }
            unit = Some("mg");
        }
        let mut amounts = Vec::new();
        for &(number, own) in numbers.iter().rev() {
            unit = own.or(unit);
            amounts.extend(unit.and_then(|unit| Amount::new(number, unit)));
        }
        amounts.reverse();
        for amount in amounts {
            add(amount, per, context, parts);
        }
        if per.is_some() && parts.per.is_none() {
            parts.per = per;
        }
    }
}

/// Puts an amount where it belongs.
fn add(amount: Amount, per: Option<Amount>, context: &Context, parts: &mut Parts) {
    if !amount.is_content() || parts.kind() == Some(ItemKind::Food) {
        parts.content(amount);
        return;
    }
    let known = !parts.amounts.is_empty();
    let enough = parts.amounts.len() >= parts.items.len().max(1);
    // `1% 15 g` and `5 mg/ml, 20 g`: the second is how much there is of it.
    let is_filling = known
        && amount.unit == AmountUnit::Milligram
        && per.is_none()
        && amount.number >= Decimal::from(1000)
        && (parts.per.is_some() || parts.amounts.iter().all(|known| known.unit == AmountUnit::Percent));
    if is_filling {
        parts.content(amount);
    } else if enough && (context.aside || parts.amounts.contains(&amount)) {
        // Of `40 mg/ml (80 mg/2 ml)` the second says nothing new.
        if per.is_none() || parts.per.is_none() {
            parts.alternatives.push(amount);
        }
    } else if enough && known && per.is_some() && parts.per.is_none() {
        // A concentration behind a total says more.
        parts.amounts = vec![amount];
    } else {
        parts.amounts.push(amount);
    }
}
