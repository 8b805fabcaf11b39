//! Files that end too early: those of a vault, and a backup.

use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use diary_core::backup::BackupError;
use diary_core::bundle::Level;
use diary_core::diary::{Opener, Restored};
use diary_core::time::SystemClock;
use diary_core::{Diary, Error, NoProgress};
use diary_faults::chance::spread;
use diary_faults::damage::{Counts, Outcome};
use diary_faults::limit::{LIMIT, within};
use diary_faults::player::{Player, Step, passphrase};
use diary_faults::view::temporary_folder;
use diary_faults::{half_of_the_rest, number};

use super::days;

#[test]
fn a_file_cut_off_at_any_length_is_told() {
    let days = days();
    let mut all = Vec::new();
    let evidence = days.today.evidence(0).to_owned();
    for (name, short) in [("header", 40), ("log.db", 120), (evidence.as_str(), 20)] {
        let lengths = spread(
            days.today.file(name).len(),
            number("DIARY_FAULTS_LENGTHS", short),
        );
        let title = if name == evidence {
            "a sealed file"
        } else {
            name
        };
        let title = format!("{title} cut off");
        all.push(
            days.each(&title, lengths, ToString::to_string, |vault, length| {
                let file = File::options().write(true).open(vault.join(name)).unwrap();
                file.set_len(*length as u64).unwrap();
            }),
        );
    }
    // A block of the key file that is left opens it: then the file is written anew, and `check` says so.
    let header = &all[0];
    let opened = header.of(Outcome::ByCheck);
    assert_eq!(header.of(Outcome::AtUnlock) + opened, header.total());
    let names = ["header", "log.db", &evidence];
    all.push(
        days.each("a file gone", names, ToString::to_string, |vault, name| {
            fs::remove_file(vault.join(name)).unwrap();
        }),
    );
    all.iter().for_each(Counts::hold);
    // The last page of the log may be one that only the other half reads.
    let harmless = all.iter().map(|counts| counts.of(Outcome::Unaffected));
    assert!(
        harmless
            .enumerate()
            .all(|(file, count)| count == 0 || file == 1)
    );
}

#[test]
fn a_backup_cut_off_at_any_length_is_told() {
    let folder = temporary_folder();
    let mut player = Player::new(folder.path(), 1);
    // The least there is with a file in it.
    for step in [Step::Create, Step::Add(1), Step::Attach(1), Step::Backup] {
        player.play(step).unwrap();
    }
    let (name, whole) = player.state.files.first_key_value().unwrap();
    let (backup, secret) = (player.disk().join(name), &player.state.passphrase);
    let good = read(&backup, secret).unwrap();
    assert!(good.sound && good.findings.iter().all(|found| found.level == Level::Ok));

    let (mut counts, ends) = (Counts::default(), half_of_the_rest());
    for length in spread(whole.len(), number("DIARY_FAULTS_LENGTHS", 60)) {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        fs::write(&backup, &whole[..length]).unwrap();
        let what = format!("a backup cut off: {length}");
        let read = || catch_unwind(AssertUnwindSafe(|| read(&backup, secret)));
        let outcome = match within(LIMIT, &what, read) {
            Err(_) => Outcome::Panicked,
            Ok(Err(Error::Backup(error))) if names_end(error, length) => Outcome::AtUnlock,
            Ok(Err(_)) => Outcome::Misnamed,
            Ok(Ok(told)) if !told.sound => Outcome::WhenRead,
            Ok(Ok(_)) => Outcome::Silent,
        };
        counts.add(outcome, &what);
    }
    println!("figures: a backup cut off: {counts}");
    counts.hold();
    assert!(counts.total() > 0);
}

/// Opens a backup and reads all of it.
fn read(backup: &Path, secret: &str) -> Result<Restored, Error> {
    let passphrase = passphrase(secret);
    let opener = Opener::Passphrase(&passphrase);
    let clock = Box::new(SystemClock);
    Diary::danger_restore_with_cheap_kdf_for_tests(backup, None, opener, clock, &mut NoProgress)
}

/// Before the chunks of a backup.
const HEAD: usize = 8_256;

/// The answer is of a backup that is not whole. What is shorter than any backup may be of another file.
fn names_end(error: BackupError, length: usize) -> bool {
    error.is_damaged() || error == BackupError::NotABackup && length < HEAD
}
