//! How far long work is, on a terminal that can show it.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use mlatho_model::Arg;

use crate::output::Output;

/// A line that moves while work goes on. Where nobody looks, nothing is drawn.
pub struct Progress<'a> {
    out: &'a Output,
    bar: ProgressBar,
}

impl<'a> Progress<'a> {
    pub fn new(out: &'a Output) -> Self {
        let bar = if out.is_interactive() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { out, bar }
    }

    /// A step whose end is not known.
    pub fn step(&self, key: &str, args: &[(&str, Arg)]) {
        self.bar.set_style(ProgressStyle::default_spinner());
        self.bar.set_message(self.out.texts.say(key, args));
    }

    /// A part of a step that ends at `total`.
    pub fn part(&self, key: &str, done: usize, total: usize) {
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            self.bar.set_style(style);
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(self.out.texts.say(key, &[]));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
