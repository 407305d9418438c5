//! Days and periods as a person writes them.

use jiff::civil::Date;
use mlatho_model::{Period, PeriodType};

use crate::Texts;

impl Texts {
    /// A period for people: “Jan 2026”, “Q1 2026”, “2026”. Types without such a form stand as DHIS2 writes them.
    #[must_use]
    pub fn period(&self, period: Period) -> String {
        let start = period.start();
        let year = start.year().to_string();
        match period.period_type() {
            PeriodType::Monthly => {
                self.say("date-month-of", &[("month", self.month(start).into()), ("year", year.into())])
            }
            PeriodType::Quarterly => {
                let quarter = (start.month() - 1) / 3 + 1;
                self.say("date-quarter-of", &[("quarter", quarter.to_string().into()), ("year", year.into())])
            }
            _ => period.to_string(),
        }
    }

    /// A day for people: “9 Jul 2026”, never all in digits.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let (number, year) = (day.day().to_string(), day.year().to_string());
        self.say("date-day-of", &[("day", number.into()), ("month", self.month(day).into()), ("year", year.into())])
    }

    fn month(&self, day: Date) -> String {
        self.say(&format!("date-month-{}", day.month()), &[])
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Texts};

    #[test]
    fn each_language_names_its_months() {
        let said = |language: Language, period: &str| Texts::new(language).period(period.parse().unwrap());
        assert_eq!(said(Language::En, "202601"), "Jan 2026");
        assert_eq!(said(Language::Fr, "202608"), "août 2026");
        assert_eq!(said(Language::Pt, "202602"), "fev. 2026");
        assert_eq!(said(Language::Sw, "202612"), "Des 2026");
        assert_eq!([said(Language::En, "2026Q4"), said(Language::Fr, "2026Q4")], ["Q4 2026", "T4 2026"]);
        assert_eq!([said(Language::En, "2026"), said(Language::Pt, "2026W5")], ["2026", "2026W5"]);
        assert_eq!(Texts::new(Language::Sw).day(jiff::civil::date(2026, 7, 9)), "9 Jul 2026");
    }
}
