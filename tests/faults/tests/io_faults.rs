//! Each read, write, sync, truncation, rename and opening of a script fails; what was acknowledged is
//! there, what was refused is not, and the answer says what to do.

#![cfg(target_os = "linux")]

use std::sync::Mutex;

use diary_core::vault::VaultError;
use diary_faults::fault::Kind;
use diary_faults::player::{Step, script};
use diary_faults::sweep::{SORTS, Tally, sweep};
use diary_faults::{deadline, number};

/// One disk is watched at a time.
static ONE: Mutex<()> = Mutex::new(());

#[test]
fn whichever_call_fails_what_was_acknowledged_is_there_and_nothing_else() {
    let _one = ONE.lock();
    let seed = number("DIARY_FAULTS_SEED", 1);
    let steps = script(number("DIARY_FAULTS_STEPS", 24), seed as u64);
    let one_in = number("DIARY_FAULTS_ONE_IN", 60);
    let tally = sweep(&steps, 0, seed as u64, &SORTS, one_in, deadline());
    holds(&tally, 0);
    // A closed vault leaves it to her to look what holds: that must stay rare.
    let closed = VaultError::Closed.to_string();
    let closed = tally.answers.get(&closed).map_or(0, |(count, _)| *count);
    assert!(
        closed * 6 <= tally.faults,
        "{closed} of {} closed it",
        tally.faults
    );
}

/// A read that failed after the new vault had its name left a vault whose codes nobody had.
#[test]
fn a_vault_that_was_not_given_out_is_not_there() {
    let _one = ONE.lock();
    let mut once = SORTS.to_vec();
    once.retain(|sort| !sort.lasts);
    holds(&sweep(&[Step::Create], 0, 1, &once, 1, None), 0);
}

/// SQLite tells a read that failed as a page that is damaged, and so every answer of a diary was wrong once.
#[test]
fn a_read_that_fails_is_told_as_one_and_not_as_damage() {
    let _one = ONE.lock();
    let steps = [Step::Create, Step::Add(300), Step::Amend];
    let mut broken = SORTS.to_vec();
    broken.retain(|sort| sort.kind == Kind::Broken);
    holds(&sweep(&steps, 2, 1, &broken, 1, None), 2);
}

/// What a sync that failed left of the log of writes came back over what was acknowledged after it.
#[test]
fn a_sync_that_fails_once_loses_nothing() {
    let _one = ONE.lock();
    let steps = [
        Step::Create,
        Step::Add(300),
        Step::Attach(70_000),
        Step::Amend,
        Step::Erase,
        Step::Attach(1),
        Step::Amend,
        Step::Withdraw,
    ];
    let mut syncs = SORTS.to_vec();
    syncs.retain(|sort| sort.kind == Kind::Sync);
    holds(&sweep(&steps, 1, 1, &syncs, 1, None), 1);
}

fn holds(tally: &Tally, spared: usize) {
    for (answer, (count, first)) in &tally.answers {
        println!("{count:6} {answer} (first: {first})");
    }
    println!(
        "figures: {} faults in {} steps; {} wrong",
        tally.faults,
        tally.steps,
        tally.wrong.len()
    );
    assert!(tally.faults >= 20, "the faults do not reach the diary");
    let (reached, steps) = (tally.reached, tally.steps);
    assert!(
        deadline().is_some() || (reached + spared) * 5 >= steps * 4,
        "{reached} of {steps} steps"
    );
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong.join("\n")
    );
}
