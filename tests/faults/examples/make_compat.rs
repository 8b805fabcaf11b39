//! Makes `tests/compat/NAME`: a vault, a backup and a bundle of today's format, small enough to commit.
//!
//! `cargo run --package diary-faults --example make_compat -- tests/compat/draft-1`
//!
//! Once a format is released, its folder is never made again.

use std::fs;
use std::path::Path;

use diary_core::bundle::Language;
use diary_core::diary::{AttachOptions, IncidentRef, Originals, Selection};
use diary_core::incident::{Changes, Incident};
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase};
use diary_core::{Diary, NoProgress};

const PASSPHRASE: &str = "тест arman lamp violet seven";

fn main() {
    let folder = std::env::args().nth(1).expect("a folder to make");
    let folder = Path::new(&folder);
    fs::create_dir(folder).expect("a folder that is not there yet");
    let new = NewPassphrase::new(PASSPHRASE.as_bytes()).expect("a good passphrase");
    let (mut diary, code) = Diary::danger_create_with_step_for_tests(
        &folder.join("vault"),
        &new,
        (KdfCost::Floor, 8),
        Box::new(SystemClock),
    )
    .expect("a vault");
    let mut add = |narrative: &str| {
        let json = format!(
            r#"{{"occurred":{{"from":"2026-10-03T21:15+05:00","precision":"about"}},"narrative":"{narrative}",
            "behaviours":["waiting"],"people":[{{"key":"p1","role":"perpetrator","name":"Н."}}],"private_note":"жеке"}}"#
        );
        let incident = Incident::parse(json.as_bytes(), &SystemClock).expect("an incident");
        IncidentRef::Id(diary.add(&incident).expect("recorded").id)
    };
    let (first, second, third) = (
        add("Ол кіреберісте күтіп тұрды."),
        add("Звонил ночью."),
        add("To be erased."),
    );
    let changes = Changes::parse(br#"{"place":{"class":"home"}}"#, &SystemClock).expect("changes");
    diary
        .amend(&first, &changes, "I remembered")
        .expect("amended");
    let file = folder.join("evidence.txt");
    fs::write(&file, "Всё равно найду\n").expect("a file");
    diary
        .attach(&first, &file, &AttachOptions::default(), &mut NoProgress)
        .expect("attached");
    fs::remove_file(&file).expect("it was made here");
    diary.withdraw(&second, "a mistake").expect("withdrawn");
    diary.erase(&third).expect("erased");
    let fingerprint = diary.fingerprint().expect("a code");
    diary
        .backup(&folder.join("backup.idback"), &mut NoProgress)
        .expect("a backup");
    let confirmed = diary.confirm(new.as_passphrase()).expect("the passphrase");
    let selection = Selection {
        originals: Originals::All,
        ..Selection::everything(Language::Russian)
    };
    let out = folder.join("bundle.zip");
    diary
        .export(&selection, &out, confirmed, &mut NoProgress)
        .expect("a bundle");
    diary.lock().expect("locked");
    fs::remove_file(folder.join("vault/lock")).expect("it is empty, and made again");
    fs::write(folder.join("code"), format!("{fingerprint}\n")).expect("a file");
    fs::write(
        folder.join("recovery-code"),
        format!("{}\n", *code.reveal()),
    )
    .expect("a file");
    fs::write(folder.join("passphrase"), format!("{PASSPHRASE}\n")).expect("a file");
}
