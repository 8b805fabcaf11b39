//! A disk between the diary and the system: it writes down every call that changes a file, makes any of
//! them fail, and says what a loss of power may leave.
//!
//! ```text
//! interpose  the functions of the C library that SQLite and Rust call: recorded, or made to fail
//! disk       what is on the disk for good, what is on its way, and what a crash may make of that
//! player     a script of everything a diary does, and what is to be read after each step
//! power      the power is lost at any moment of a script
//! sweep      each call of a script fails
//! ```
//!
//! Only on Linux, and only in the process of the tests: nothing of the diary knows of it.

#![cfg(target_os = "linux")]

pub mod chance;
pub mod disk;
pub mod interpose;
pub mod player;
pub mod power;
pub mod sweep;
pub mod view;

/// When the long forms end, whatever they have done by then: in `DIARY_FAULTS_MINUTES`.
pub fn deadline() -> Option<std::time::Instant> {
    let minutes = number("DIARY_FAULTS_MINUTES", 0) as u64;
    (minutes > 0).then(|| std::time::Instant::now() + std::time::Duration::from_secs(60 * minutes))
}

/// A number from the environment: how long the long forms are.
pub fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}
