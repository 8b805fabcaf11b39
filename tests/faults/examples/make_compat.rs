//! Makes `tests/compat/NAME`: a vault, a backup and a bundle of today's format, small enough to commit; with `--decoy` a vault
//! and a backup with a second diary.
//!
//! `cargo run --package diary-faults --example make_compat -- tests/compat/draft-1 [--decoy]`
//!
//! Once a format is released, its folder is never made again.

use std::fs;
use std::path::Path;

use diary_core::bundle::Language;
use diary_core::diary::{AttachOptions, IncidentRef, Originals, Selection};
use diary_core::incident::{Changes, Incident};
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, RecoveryCode};
use diary_core::{Diary, NoProgress};

const PASSPHRASE: &str = "тест arman lamp violet seven";
const DECOY: &str = "пироги apple garden window nine";
const COST: (KdfCost, u32) = (KdfCost::Floor, 8);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder to make");
    let folder = Path::new(&folder);
    fs::create_dir(folder).expect("a folder that is not there yet");
    let with_decoy = arguments.next().is_some_and(|word| word == "--decoy");
    let (mut diary, code) = match with_decoy {
        true => create_two(folder),
        false => create(folder),
    };
    write(&mut diary, folder);
    let fingerprint = diary.fingerprint().expect("a code");
    diary
        .backup(&folder.join("backup.idback"), &mut NoProgress)
        .expect("a backup");
    if !with_decoy {
        export(&mut diary, folder);
    }
    diary.lock().expect("locked");
    fs::remove_file(folder.join("vault/lock")).expect("it is empty, and made again");
    keep(folder, "code", &fingerprint.to_string());
    keep(folder, "recovery-code", &code.reveal());
    keep(folder, "passphrase", PASSPHRASE);
}

fn create(folder: &Path) -> (Diary, RecoveryCode) {
    let vault = folder.join("vault");
    let clock = Box::new(SystemClock);
    Diary::danger_create_with_step_for_tests(&vault, &passphrase(PASSPHRASE), COST, clock)
        .expect("a vault")
}

/// The second diary has one incident.
fn create_two(folder: &Path) -> (Diary, RecoveryCode) {
    let vault = folder.join("vault");
    let (own, second) = (passphrase(PASSPHRASE), passphrase(DECOY));
    let clock = Box::new(SystemClock);
    let secrets = (&own, &second);
    let (diary, codes) =
        Diary::danger_create_with_decoy_and_step_for_tests(&vault, secrets, COST, clock)
            .expect("a vault");
    diary.lock().expect("locked");
    let open = |passphrase: &NewPassphrase| {
        let clock = Box::new(SystemClock);
        Diary::open(&vault, passphrase.as_passphrase(), clock).expect("opened")
    };
    let mut decoy = open(&second);
    add(&mut decoy, "Пирог с яблоками.");
    decoy.lock().expect("locked");
    keep(folder, "decoy-passphrase", DECOY);
    keep(folder, "decoy-recovery-code", &codes.decoy.reveal());
    (open(&own), codes.own)
}

fn write(diary: &mut Diary, folder: &Path) {
    let first = add(diary, "Ол кіреберісте күтіп тұрды.");
    let second = add(diary, "Звонил ночью.");
    let third = add(diary, "To be erased.");
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
}

fn add(diary: &mut Diary, narrative: &str) -> IncidentRef {
    let json = format!(
        r#"{{"occurred":{{"from":"2026-10-03T21:15+05:00","precision":"about"}},"narrative":"{narrative}",
        "behaviours":["waiting"],"people":[{{"key":"p1","role":"perpetrator","name":"Н."}}],"private_note":"жеке"}}"#
    );
    let incident = Incident::parse(json.as_bytes(), &SystemClock).expect("an incident");
    IncidentRef::Id(diary.add(&incident).expect("recorded").id)
}

fn export(diary: &mut Diary, folder: &Path) {
    let confirmed = diary
        .confirm(passphrase(PASSPHRASE).as_passphrase())
        .expect("the passphrase");
    let selection = Selection {
        originals: Originals::All,
        ..Selection::everything(Language::Russian)
    };
    let out = folder.join("bundle.zip");
    diary
        .export(&selection, &out, confirmed, &mut NoProgress)
        .expect("a bundle");
}

fn passphrase(text: &str) -> NewPassphrase {
    NewPassphrase::new(text.as_bytes()).expect("a good passphrase")
}

fn keep(folder: &Path, name: &str, line: &str) {
    fs::write(folder.join(name), format!("{line}\n")).expect("a file");
}
