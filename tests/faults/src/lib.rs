//! A disk between the diary and the system: it writes down every call that changes a file, makes any of
//! them fail, and says what a loss of power may leave.
//!
//! ```text
//! interpose  the functions of the C library that SQLite and Rust call
//! watch      each of their calls, written down
//! fault      the one that fails, and with what
//! disk       what is on the disk for good, what is on its way, and what a crash may make of that
//! script     everything a diary does, step by step
//! player     plays it, and says what is to be read after each step
//! contents   what left it: whether a bundle is sound, and a backup gives everything back
//! power      the power is lost at any moment of a script
//! sweep      each call of a script fails
//! recovery   what a crash left is opened, and that is cut off, or a call of it fails
//! calm       whether an answer is of what happened
//! sectors    a sector cannot be read during a step of a script
//! limit      what hangs is named, and ends the run
//! damage     a vault of which something was changed: what is told of it, and what can still be read
//! ```
//!
//! Only on Linux, and only in the process of the tests: nothing of the diary knows of it.

#![cfg(target_os = "linux")]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

mod calm;
pub mod chance;
pub mod contents;
pub mod damage;
pub mod disk;
pub mod fault;
mod interpose;
pub mod limit;
pub mod player;
pub mod power;
pub mod recovery;
pub mod script;
pub mod sectors;
pub mod sweep;
pub mod view;
pub mod watch;

/// When the long forms end, whatever they have done by then: in `DIARY_FAULTS_MINUTES` from the first call on.
pub fn deadline() -> Option<Instant> {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let began = BEGAN.get_or_init(Instant::now);
    let minutes = number("DIARY_FAULTS_MINUTES", 0) as u64;
    (minutes > 0).then(|| *began + Duration::from_secs(60 * minutes))
}

/// When one of several things ends that are tried one after the other.
pub fn half_of_the_rest() -> Option<Instant> {
    let now = Instant::now();
    deadline().map(|ends| now + ends.saturating_duration_since(now) / 2)
}

/// A number from the environment: how long the long forms are.
pub fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}
