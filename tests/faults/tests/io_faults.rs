//! Each read, write, sync, truncation, rename and opening of a script fails; what was acknowledged is
//! there, what was refused is not, and the answer says what to do.

#![cfg(target_os = "linux")]

use diary_faults::player::script;
use diary_faults::sweep::{SORTS, sweep};
use diary_faults::{deadline, number};

#[test]
fn whichever_call_fails_what_was_acknowledged_is_there_and_nothing_else() {
    let seed = number("DIARY_FAULTS_SEED", 1);
    let steps = script(number("DIARY_FAULTS_STEPS", 12), seed as u64);
    let one_in = number("DIARY_FAULTS_ONE_IN", 60);
    let tally = sweep(&steps, seed as u64, &SORTS, one_in, deadline());
    for (answer, (count, first)) in &tally.answers {
        println!("{count:6} {answer} (first: {first})");
    }
    println!(
        "figures: {} faults in {} steps, one call in {one_in}; {} wrong",
        tally.faults,
        tally.steps,
        tally.wrong.len()
    );
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong.join("\n")
    );
}
