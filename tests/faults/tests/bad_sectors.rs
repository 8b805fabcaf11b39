//! A sector that cannot be read, for good: it costs what lies in it and nothing else, nothing is taken for
//! damaged or empty that may come back, and the answer is not of something else.

#![cfg(target_os = "linux")]

use std::sync::Mutex;

use diary_faults::damage::{Counts, Outcome, Sample};
use diary_faults::player::{Player, Step, script};
use diary_faults::sectors::sectors;
use diary_faults::sweep::Tally;
use diary_faults::view::temporary_folder;
use diary_faults::watch::SECTOR;
use diary_faults::{deadline, number};

/// One disk is watched at a time.
static ONE: Mutex<()> = Mutex::new(());

#[test]
fn what_lies_in_other_sectors_can_be_read() {
    let _one = ONE.lock();
    let folder = temporary_folder();
    let mut player = Player::new(folder.path(), 1);
    player.play(Step::Create).unwrap();
    for _ in 0..12 {
        player.play(Step::Add(900)).unwrap();
    }
    player.play(Step::Attach(70_000)).unwrap();
    player.play(Step::Rest).unwrap();
    player.close();
    let sample = Sample::of(&player.vault(), &[&player.state.passphrase], Vec::new());
    let mut counts = [(); 3].map(|()| Counts::default());
    let names = ["header", "log.db", sample.evidence(0)];
    for (name, counts) in names.into_iter().zip(&mut counts) {
        for sector in 0..sample.file(name).len().div_ceil(SECTOR) {
            sample.with_bad_sector(counts, name, sector);
        }
        println!("figures: {name}: {counts}");
        counts.hold();
    }
    let [header, database, sealed] = counts;
    // The other block opens it, and which one cannot be read is said.
    assert_eq!(header.total(), 2);
    assert_eq!(header.of(Outcome::ByCheck), 2, "{header}");
    assert_eq!(header.readable, header.all, "{header}");
    assert_eq!(sealed.of(Outcome::WhenRead), sealed.total(), "{sealed}");
    // Wherever its cells lie in the half that is hers.
    assert!(database.of(Outcome::WhenRead) > 2, "{database}");
    assert!(database.of(Outcome::AtUnlock) > 2, "{database}");
    assert!(
        database.all > 50 && database.readable * 10 >= database.all * 8,
        "{database}"
    );
    assert!(
        database.to_save > 30 && database.saved * 10 >= database.to_save * 9,
        "{database}"
    );
}

#[test]
fn nothing_is_destroyed_that_cannot_be_read_now() {
    let _one = ONE.lock();
    let seed = number("DIARY_FAULTS_SEED", 1);
    let steps = script(number("DIARY_FAULTS_STEPS", 12), seed as u64);
    let one_in = number("DIARY_FAULTS_ONE_IN", 4);
    holds(&sectors(&steps, 0, seed as u64, one_in, deadline()));
}

/// The entry that cannot be read names the file, too, that goes with another.
#[test]
fn a_file_is_not_removed_that_an_entry_may_name_that_cannot_be_read_now() {
    let _one = ONE.lock();
    let apart = [Step::Add(1_900); 4];
    let mut steps = vec![Step::Create, Step::Add(100), Step::Attach(1)];
    steps.extend(apart);
    steps.extend([Step::Attach(1), Step::EraseItem]);
    holds(&sectors(&steps, steps.len() - 1, 1, 1, None));
}

fn holds(tally: &Tally) {
    for (answer, (count, first)) in &tally.answers {
        println!("{count:6} {answer} (first: {first})");
    }
    let (steps, wrong) = (tally.steps, tally.wrong.len());
    println!(
        "figures: {} bad sectors in {steps} steps; {wrong} wrong",
        tally.faults
    );
    assert!(tally.faults >= 10, "no sector was met");
    assert!(wrong == 0, "{wrong} wrong:\n{}", tally.wrong.join("\n"));
}
