//! Opening what a crash left is cut off, or fails, as everything else may; then it is opened again.

#![cfg(target_os = "linux")]

use std::sync::Mutex;
use std::time::Instant;

use diary_faults::player::{Step, script};
use diary_faults::power::{Plan, judge, record};
use diary_faults::recovery::{Crashed, crashed, sweep};
use diary_faults::sweep::SORTS;
use diary_faults::{deadline, half_of_the_rest, number};

/// One disk is watched at a time.
static ONE: Mutex<()> = Mutex::new(());

/// A change of keys that was cut short is finished when the diary is opened. Where the disk does not let it, she
/// reads all the same.
#[test]
fn an_unfinished_change_of_keys_keeps_nobody_out() {
    let _one = ONE.lock();
    for step in [Step::Passphrase, Step::Rotate] {
        let recording = record(&[Step::Create, Step::Add(2_000), Step::Attach(1), step], 1);
        let mut unfinished = crashed(&recording, 1, 1);
        unfinished.retain(|crashed| crashed.place.starts_with(&format!("{step:?}")));
        assert!(
            unfinished.len() > 2,
            "the header is replaced, and settled later"
        );
        holds(&unfinished, number("DIARY_FAULTS_ONE_IN", 40), None);
    }
}

#[test]
fn a_recovery_that_fails_or_is_cut_off_itself_loses_nothing() {
    let _one = ONE.lock();
    let seed = number("DIARY_FAULTS_SEED", 1) as u64;
    let steps = script(number("DIARY_FAULTS_STEPS", 14), seed);
    let recording = record(&steps, seed);
    let all = crashed(&recording, number("DIARY_FAULTS_CRASHES", 1), seed);
    holds(&all, number("DIARY_FAULTS_ONE_IN", 60), half_of_the_rest());

    let (mut states, mut different, mut wrong) = (0, 0, Vec::new());
    let ends = deadline();
    for crashed in &all {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        let plan = Plan {
            at_syncs: number("DIARY_FAULTS_AT_SYNCS", 2),
            one_in: number("DIARY_FAULTS_ONE_IN", 60),
            ends,
            ..Plan::default()
        };
        let tally = judge(&crashed.record(), plan, seed, &|_| false);
        (states, different) = (states + tally.states, different + tally.different);
        wrong.extend(
            tally
                .wrong
                .iter()
                .map(|why| format!("{}: {why}", crashed.place)),
        );
    }
    println!(
        "figures: {states} states ({different} different) of {} openings cut off; {} wrong",
        all.len(),
        wrong.len()
    );
    assert!(states >= 20, "only {states} states");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn holds(all: &[Crashed], one_in: usize, ends: Option<Instant>) {
    let tally = sweep(all, &SORTS, one_in, ends);
    for (answer, (count, first)) in &tally.answers {
        println!("{count:6} {answer} (first: {first})");
    }
    let (faults, wrong) = (tally.faults, tally.wrong.len());
    println!(
        "figures: {faults} faults while {} crashed vaults were opened; {wrong} wrong",
        all.len()
    );
    assert!(faults >= 20, "the faults do not reach the diary");
    assert!(wrong == 0, "{wrong} wrong:\n{}", tally.wrong.join("\n"));
}
