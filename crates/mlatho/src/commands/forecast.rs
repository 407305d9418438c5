//! `mlatho forecast`: what each series of a panel will come to, with intervals, and how well that went before.

use std::io;
use std::num::NonZero;

use mlatho_forecast::{
    AtOrigin, COLUMNS, Covariates, Forecaster, Goal, Panel, Prediction, Score, Scores, Settings, Writer,
    read_covariates, read_panel,
};
use mlatho_model::{Finding, Findings, Period};

use super::{Context, Done, Failure, outcome, table};
use crate::arguments::{Forecast, Format};
use crate::output::write_file;
use crate::progress::Progress;

pub(super) fn forecast(context: &Context, args: &Forecast) -> Result<Done, Failure> {
    let file = args.panel.display().to_string();
    let (panel, mut findings) = read_panel(&file, &table(&args.panel)?);
    let covariates = match &args.covariates {
        Some(path) => {
            let (covariates, found) = read_covariates(&path.display().to_string(), &table(path)?, panel.periods());
            findings.extend(found);
            covariates
        }
        None => Covariates::default(),
    };
    let origins = origins(args, &panel, &mut findings);
    if origins.is_empty() && outcome(&findings) == Done::Well {
        findings.push(Finding::error("forecast-no-origin").in_file(&file));
    }
    if outcome(&findings) == Done::Well {
        run(context, args, &panel, &covariates, &origins)?;
    }
    context.report(&findings)?;
    Ok(outcome(&findings))
}

/// The periods after which is forecast: those named, or a backtest's, each a horizon apart and all outcomes known, or
/// the last one.
fn origins(args: &Forecast, panel: &Panel, findings: &mut Findings) -> Vec<Period> {
    let periods = panel.periods();
    if let Some(many) = args.backtest {
        let horizon = usize::from(args.horizon);
        let back = (1..=usize::from(many)).rev();
        return back.filter_map(|back| periods.get(periods.len().checked_sub(back * horizon + 1)?).copied()).collect();
    }
    if args.origins.is_empty() {
        return panel.last_period().into_iter().collect();
    }
    let named = args.origins.iter().filter_map(|text| {
        let known = text.trim().parse::<Period>().ok().filter(|period| periods.contains(period));
        if known.is_none() {
            let span = |period: Option<&Period>| period.map(Period::to_string).unwrap_or_default();
            let finding = Finding::error("forecast-unknown-origin").with("text", text.as_str());
            findings.push(finding.with("first", span(periods.first())).with("last", span(periods.last())));
        }
        known
    });
    let mut named: Vec<Period> = named.collect();
    named.sort_unstable();
    named.dedup();
    named
}

fn run(
    context: &Context,
    args: &Forecast,
    panel: &Panel,
    covariates: &Covariates,
    origins: &[Period],
) -> Result<(), Failure> {
    let goal = if args.most_accurate { Goal::MostAccurate } else { Goal::Balanced };
    let horizon = NonZero::new(usize::from(args.horizon)).unwrap_or(NonZero::<usize>::MIN);
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let forecaster = Forecaster::new(panel, covariates, Settings { horizon, goal, seed: args.seed, threads });
    let progress = Progress::new(&context.out);
    let mut scores = Table { rows: Vec::new(), all: Scores::default(), ahead: Vec::new() };
    let mut each = |give: &mut dyn FnMut(&AtOrigin<'_>, &[Prediction]) -> io::Result<()>| -> io::Result<()> {
        for at in origins.iter().filter_map(|origin| forecaster.at(*origin)) {
            progress.step("forecast-working", &[("origin", at.origin().to_string().into())]);
            let mut own = Scores::default();
            at.each(|block| {
                scores.add(&at, &mut own, block);
                give(&at, block)
            })?;
            scores.rows.extend(own.score().map(|score| (at.origin().to_string(), score)));
        }
        Ok(())
    };
    match (&args.out, context.out.format) {
        (Some(path), _) => write_file(path, |out| {
            let mut rows = Writer::new(out)?;
            each(&mut |at, block| Ok(rows.write(at, block)?))?;
            rows.finish()
        })?,
        (None, Format::Csv) => {
            let mut rows = Writer::new(context.out.stdout()).map_err(io::Error::from)?;
            each(&mut |at, block| Ok(rows.write(at, block)?))?;
            rows.finish()?;
        }
        (None, format) => {
            let mut rows = Vec::new();
            each(&mut |at, block| {
                rows.extend(block.iter().map(|one| at.row(one)));
                Ok(())
            })?;
            match format {
                Format::Json => context.out.table(&COLUMNS, &rows)?,
                _ => people(context, &rows)?,
            }
        }
    }
    drop(progress);
    scores.explain(context);
    Ok(())
}

/// The forecast and its interval of 80 %, for people.
fn people(context: &Context, rows: &[Vec<String>]) -> io::Result<()> {
    let columns = ["origin", "series_id", "period", "point", "q0.1", "q0.9", "kind"];
    let places: Vec<usize> =
        columns.iter().filter_map(|name| COLUMNS.iter().position(|column| column == name)).collect();
    let kind = |cell: &str| context.out.texts.say(&format!("forecast-kind-{cell}"), &[]);
    let shown = |row: &Vec<String>| {
        let mut cells: Vec<String> = places.iter().map(|place| row[*place].clone()).collect();
        cells.iter_mut().skip(columns.len() - 1).for_each(|cell| *cell = kind(cell));
        cells
    };
    let titles = ["origin", "series", "period", "forecast", "forecast_low", "forecast_high", "kind"];
    context.out.aligned(&titles, &rows.iter().map(shown).collect::<Vec<_>>())
}

/// Scores by origin, by lead time and of all.
struct Table {
    rows: Vec<(String, Score)>,
    all: Scores,
    ahead: Vec<Scores>,
}

impl Table {
    fn add(&mut self, at: &AtOrigin<'_>, own: &mut Scores, block: &[Prediction]) {
        own.add(at, block.iter());
        self.all.add(at, block.iter());
        let furthest = block.iter().map(Prediction::ahead).max().unwrap_or(0);
        self.ahead.resize_with(furthest.max(self.ahead.len()), Scores::default);
        for (ahead, scores) in (1..).zip(&mut self.ahead) {
            scores.add(at, block.iter().filter(|one| one.ahead() == ahead));
        }
    }

    /// Prints them among the messages; nothing, where no outcome is known.
    fn explain(mut self, context: &Context) {
        let texts = &context.out.texts;
        for (ahead, score) in (1_usize..).zip(self.ahead.iter().map(Scores::score)) {
            let name = texts.say("forecast-ahead", &[("ahead", ahead.into())]);
            self.rows.extend(score.map(|score| (name, score)));
        }
        let Some(all) = self.all.score() else { return };
        self.rows.push((texts.say("forecast-all", &[]), all));
        let columns = [
            "forecast_part",
            "points",
            "mase",
            "rmsse",
            "wape",
            "bias",
            "stocked_wape",
            "stocked_bias",
            "held80",
            "held95",
        ];
        let share = |share: Option<f64>| share.map_or_else(|| "–".into(), |share| format!("{share:.3}"));
        let rows = self.rows.iter().map(|(name, score)| {
            let numbers = [Some(score.mase), Some(score.rmsse), score.wape, score.bias, score.stocked_wape];
            let more = [score.stocked_bias, Some(score.held80), Some(score.held95)];
            let cells = [name.clone(), score.points.to_string()].into_iter();
            cells.chain(numbers.into_iter().chain(more).map(share)).collect::<Vec<_>>()
        });
        context.out.explain(&columns, &rows.collect::<Vec<_>>());
    }
}
