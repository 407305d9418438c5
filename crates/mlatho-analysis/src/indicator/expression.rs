//! Formulas over the numbers of a line.
//!
//! ```text
//! formula    = or
//! or         = and { "or" and }
//! and        = comparison { "and" comparison }
//! comparison = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum ]
//! sum        = product { ("+" | "-") product }
//! product    = factor { ("*" | "/") factor }
//! factor     = number | name | "-" factor | "(" or ")" | name "(" or { "," or } ")"
//! ```
//!
//! True is 1, false is 0. Functions: `min`, `max`, `abs`, `known` (1 where its argument is known, else 0).

use mlatho_model::Decimal;

use crate::Rational;

/// What a formula gives for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Known(Rational),
    /// A number that it needs is missing.
    Missing,
    /// All numbers are there, but there is no answer: a division by zero.
    Undefined,
}

/// A formula that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    Number(Decimal),
    Name(Box<str>),
    Two(Operator, Box<Formula>, Box<Formula>),
    Call(Function, Vec<Formula>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Abs,
    Known,
}

/// Operators from the loosest to the tightest; those of a row bind alike.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[
        ("=", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::MoreOrEqual),
        ("<", Operator::Less),
        (">", Operator::More),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide)],
];

/// Deeper formulas are refused: a reader that calls itself must have an end.
const DEEPEST: usize = 40;

impl Formula {
    /// Reads a formula.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, depth: 0 };
        let formula = reader.level(0)?;
        match reader.tokens.first() {
            None => Ok(formula),
            Some(left) => Err(format!("`{left}` is too much in `{text}`")),
        }
    }

    /// The names that it asks for.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Name(name) => vec![name],
            Self::Two(_, one, other) => one.names().into_iter().chain(other.names()).collect(),
            Self::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
        }
    }

    /// The answer for a line, whose numbers `look` finds.
    pub(super) fn answer(&self, look: &dyn Fn(&str) -> Answer) -> Answer {
        match self {
            Self::Number(number) => Answer::Known((*number).into()),
            Self::Name(name) => look(name),
            Self::Two(operator, one, other) => two(*operator, one.answer(look), other.answer(look)),
            Self::Call(function, arguments) => {
                let answers: Vec<Answer> = arguments.iter().map(|argument| argument.answer(look)).collect();
                call(*function, &answers)
            }
        }
    }
}

fn truth(is: bool) -> Answer {
    Answer::Known(if is { Rational::from(1) } else { Rational::ZERO })
}

/// A side that decides alone decides, though the other is missing: `false and missing` is false.
fn two(operator: Operator, one: Answer, other: Answer) -> Answer {
    let decides = |answer: &Answer| match (operator, answer) {
        (Operator::Or, Answer::Known(number)) => !number.is_zero(),
        (Operator::And, Answer::Known(number)) => number.is_zero(),
        _ => false,
    };
    if decides(&one) || decides(&other) {
        return truth(operator == Operator::Or);
    }
    let (a, b) = match (one, other) {
        (Answer::Known(a), Answer::Known(b)) => (a, b),
        (Answer::Missing, _) | (_, Answer::Missing) => return Answer::Missing,
        _ => return Answer::Undefined,
    };
    let number = match operator {
        Operator::Or => return truth(false),
        Operator::And => return truth(true),
        Operator::Equal => return truth(a == b),
        Operator::NotEqual => return truth(a != b),
        Operator::Less => return truth(a < b),
        Operator::LessOrEqual => return truth(a <= b),
        Operator::More => return truth(a > b),
        Operator::MoreOrEqual => return truth(a >= b),
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b),
    };
    number.map_or(Answer::Undefined, Answer::Known)
}

fn call(function: Function, answers: &[Answer]) -> Answer {
    if function == Function::Known {
        return truth(answers.iter().all(|answer| matches!(answer, Answer::Known(_))));
    }
    let mut numbers = Vec::with_capacity(answers.len());
    for answer in answers {
        match answer {
            Answer::Known(number) => numbers.push(*number),
            Answer::Missing => return Answer::Missing,
            Answer::Undefined => return Answer::Undefined,
        }
    }
    let found = match function {
        Function::Min => numbers.into_iter().min(),
        Function::Max => numbers.into_iter().max(),
        _ => numbers.first().and_then(|number| {
            if *number < Rational::ZERO { Rational::ZERO.checked_sub(*number) } else { Some(*number) }
        }),
    };
    found.map_or(Answer::Undefined, Answer::Known)
}

/// Numbers, names and signs.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(first) = characters.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut token = String::from(first);
        let goes_on = |next: char, token: &str| match first {
            '0'..='9' => next.is_ascii_digit() || next == '.',
            'a'..='z' => next.is_ascii_lowercase() || next.is_ascii_digit() || next == '_',
            '!' | '<' | '>' => token.len() == 1 && next == '=',
            _ => false,
        };
        while let Some(next) = characters.next_if(|next| goes_on(*next, &token)) {
            token.push(next);
        }
        let is_sign =
            matches!(token.as_str(), "=" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "(" | ")" | ",");
        if !is_sign && !first.is_ascii_digit() && !first.is_ascii_lowercase() {
            return Err(format!("`{token}` is no part of a formula"));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: &'a [String],
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        let is_next = self.tokens.first().is_some_and(|next| next == token);
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn level(&mut self, level: usize) -> Result<Formula, String> {
        let Some(operators) = LEVELS.get(level) else { return self.factor() };
        let mut formula = self.level(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.take(sign)) {
            let other = self.level(level + 1)?;
            formula = Formula::Two(*operator, Box::new(formula), Box::new(other));
        }
        Ok(formula)
    }

    fn factor(&mut self) -> Result<Formula, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the formula is nested too deeply".into());
        }
        let formula = self.factor_within();
        self.depth -= 1;
        formula
    }

    fn factor_within(&mut self) -> Result<Formula, String> {
        let Some((token, rest)) = self.tokens.split_first() else { return Err("the formula ends too early".into()) };
        self.tokens = rest;
        match token.as_str() {
            "-" => {
                let negated = self.factor()?;
                let zero = Box::new(Formula::Number(Decimal::ZERO));
                return Ok(Formula::Two(Operator::Subtract, zero, Box::new(negated)));
            }
            "(" => {
                let formula = self.level(0)?;
                return if self.take(")") { Ok(formula) } else { Err("a bracket is not closed".into()) };
            }
            _ => {}
        }
        if token.starts_with(|first: char| first.is_ascii_digit()) {
            return token.parse().map(Formula::Number).map_err(|_| format!("`{token}` is not a number"));
        }
        if !token.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(format!("`{token}` stands where a number or a name belongs"));
        }
        if !self.take("(") {
            return Ok(Formula::Name(token.as_str().into()));
        }
        let function = match token.as_str() {
            "min" => Function::Min,
            "max" => Function::Max,
            "abs" => Function::Abs,
            "known" => Function::Known,
            _ => return Err(format!("there is no function `{token}`")),
        };
        let mut arguments = vec![self.level(0)?];
        while self.take(",") {
            arguments.push(self.level(0)?);
        }
        if self.take(")") { Ok(Formula::Call(function, arguments)) } else { Err("a bracket is not closed".into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        let look = |name: &str| match name {
            "one" => Answer::Known(1.into()),
            "six" => Answer::Known(6.into()),
            "none" => Answer::Missing,
            _ => panic!("{name}"),
        };
        Formula::parse(text).unwrap().answer(&look)
    }

    #[test]
    fn by_hand() {
        let known = |numerator, denominator| Answer::Known(Rational::new(numerator, denominator).unwrap());
        for (text, expected) in [
            ("one + six * 2", known(13, 1)),
            ("(one + six) * 2", known(14, 1)),
            ("six - one - 1", known(4, 1)),
            ("one / six", known(1, 6)),
            ("-six + 0.5", known(-11, 2)),
            ("min(six, 4) + abs(one - six)", known(9, 1)),
            ("one < six and six <= 6", known(1, 1)),
            ("one = 2 or six != 6", known(0, 1)),
            ("one / (six - 6)", Answer::Undefined),
            ("none + 1", Answer::Missing),
            // What is known decides where it can.
            ("none > 1 or six = 6", known(1, 1)),
            ("none > 1 and six = 7", known(0, 1)),
            ("none > 1 or six = 7", Answer::Missing),
            ("known(none) + known(six)", known(1, 1)),
        ] {
            assert_eq!(answer(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        let deep = "(".repeat(10_000);
        for text in ["", "1 +", "(1", "1 2", "f(1)", "a $ b", "min(1", "1.2.3", "= 1", &deep] {
            assert!(Formula::parse(text).is_err(), "{text}");
        }
        assert_eq!(Formula::parse("a + min(b, c) * a").unwrap().names(), ["a", "b", "c", "a"]);
    }
}
