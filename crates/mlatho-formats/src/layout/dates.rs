//! Dates as tables write them, by a pattern such as `dd/MM/yyyy` or `MMM yyyy`.

use jiff::civil::Date;

/// A date pattern, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateFormat(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    /// Digits: exactly two, or one or two.
    Month {
        exact: bool,
    },
    Day {
        exact: bool,
    },
    MonthName,
    Literal(char),
}

/// Beginnings of month names in English, French and Portuguese (Swahili calendars use these too), without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb", "fev"],
    &["mar"],
    &["apr", "avr", "abr"],
    &["may", "mai"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "out", "okt"],
    &["nov"],
    &["dec", "dez", "des"],
];

impl DateFormat {
    /// Reads a pattern; nothing, where it has no year or no month.
    pub(crate) fn parse(pattern: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let run = rest.chars().take_while(|c| *c == first).count();
            let part = match (first, run) {
                ('y', 4) => Part::Year,
                ('M', 1 | 2) => Part::Month { exact: run == 2 },
                ('M', 3 | 4) => Part::MonthName,
                ('d', 1 | 2) => Part::Day { exact: run == 2 },
                ('y' | 'M' | 'd', _) => return None,
                _ => Part::Literal(first),
            };
            let taken = if matches!(part, Part::Literal(_)) { first.len_utf8() } else { run };
            parts.push(part);
            rest = &rest[taken..];
        }
        let has = |wanted: fn(&Part) -> bool| parts.iter().any(wanted);
        let whole = has(|part| *part == Part::Year) && has(|part| matches!(part, Part::Month { .. } | Part::MonthName));
        whole.then_some(Self(parts))
    }

    /// Reads a date; the first of the month, where the pattern has no day.
    pub(crate) fn date(&self, text: &str) -> Option<Date> {
        let (mut year, mut month, mut day) = (0i16, 0i8, 1i8);
        let mut rest = text.trim();
        for part in &self.0 {
            match part {
                Part::Year => year = number(&mut rest, 4, 4)?,
                Part::Month { exact } => month = number(&mut rest, if *exact { 2 } else { 1 }, 2)?,
                Part::Day { exact } => day = number(&mut rest, if *exact { 2 } else { 1 }, 2)?,
                Part::MonthName => month = month_name(&mut rest)?,
                Part::Literal(c) => rest = rest.strip_prefix(*c)?,
            }
        }
        rest.is_empty().then(|| Date::new(year, month, day).ok())?
    }
}

fn number<T: std::str::FromStr>(rest: &mut &str, least: usize, most: usize) -> Option<T> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (text, after) = rest.split_at_checked(digits).filter(|_| digits >= least)?;
    *rest = after;
    text.parse().ok()
}

fn month_name(rest: &mut &str) -> Option<i8> {
    let letters: usize = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    let (word, after) = rest.split_at_checked(letters)?;
    *rest = after.strip_prefix('.').unwrap_or(after);
    let plain: String = word
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'é' | 'è' => 'e',
            'û' => 'u',
            'ç' => 'c',
            other => other,
        })
        .collect();
    let fits = |names: &&[&str]| names.iter().any(|name| plain.starts_with(name));
    let month = MONTHS.iter().position(fits)? + 1;
    i8::try_from(month).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_by_pattern() {
        let good = [
            ("yyyyMM", "202603", "2026-03-01"),
            ("yyyy-MM-dd", "2026-03-31", "2026-03-31"),
            ("dd/MM/yyyy", "31/03/2026", "2026-03-31"),
            ("d/M/yyyy", "1/3/2026", "2026-03-01"),
            ("MMM yyyy", "Mar 2026", "2026-03-01"),
            ("MMM yyyy", "févr. 2026", "2026-02-01"),
            ("MMMM yyyy", "Août 2026", "2026-08-01"),
            ("MMM-yyyy", "Juin-2026", "2026-06-01"),
            ("MMM yyyy", "juillet 2026", "2026-07-01"),
            ("MMM yyyy", "Dezembro 2026", "2026-12-01"),
            ("MMM yyyy", "maio 2026", "2026-05-01"),
        ];
        for (pattern, text, date) in good {
            let found = DateFormat::parse(pattern).unwrap().date(text).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(date), "{text}");
        }
        let format = DateFormat::parse("yyyyMM").unwrap();
        for text in ["202613", "2026", "2026031", "", "２０２６０３"] {
            assert_eq!(format.date(text), None, "{text}");
        }
        for pattern in ["", "yyyy", "MM", "yy-MM", "yyyyyMM"] {
            assert_eq!(DateFormat::parse(pattern), None, "{pattern}");
        }
    }
}
