//! A bar for long work, on a terminal only.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::time::Duration;

use diary_core::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::interrupt::{self, Work};

/// The bar of one long work, which a signal can stop. It vanishes with the work.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    _work: Work,
}

impl Bar {
    /// A bar with a word before it; none if `quiet` or if standard error is no terminal.
    pub(crate) fn new(word: &'static str, quiet: bool) -> Self {
        let shown = !quiet && io::stderr().is_terminal();
        Self {
            bar: shown.then(|| draw(word)),
            _work: Work::begin(),
        }
    }
}

impl Progress for Bar {
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if let Some(bar) = &self.bar {
            if bar.length() != Some(total) {
                bar.set_length(total);
            }
            bar.set_position(done);
        }
        if interrupt::is_pending() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn draw(word: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_message(word);
    if let Ok(style) = ProgressStyle::with_template("{msg:<10} [{bar:32}] {percent:>3}%  {eta}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
