//! Changing what opens a diary (FORMAT.md 15).

use super::fixture::*;
use super::*;
use crate::vault::VaultError;

fn new(text: &str) -> NewPassphrase {
    NewPassphrase::even_if_weak(text.as_bytes()).unwrap()
}

fn confirmed(diary: &mut Diary, text: &str) -> Confirmed {
    diary.confirm(&passphrase(text)).unwrap()
}

fn is_refused(opened: Result<Diary, Error>) -> bool {
    matches!(opened.err(), Some(Error::Vault(VaultError::WrongSecret)))
}

#[test]
fn section_15_a_new_passphrase_takes_the_place_of_the_old_one_and_the_code_stays() {
    let mut small = Small::new();
    small.add("kept");
    let confirmed = confirmed(small.diary(), "a");
    small
        .diary()
        .change_passphrase(&new("b"), confirmed)
        .unwrap();
    let entries = small.diary().log.size();
    small.close();
    assert!(is_refused(open_with(&small.vault(), "a")));
    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert!(is_sound(&mut diary));
    assert_eq!(diary.log.size(), entries, "nothing was left to settle");
    let newest = diary.log.read(entries - 1).unwrap().entry.unwrap();
    assert_eq!(newest.kind, EntryKind::KeysChanged);
    assert_eq!(
        newest.proven["changed"].as_list().unwrap(),
        [Value::from("passphrase")]
    );
    drop(diary);
    assert!(open_with_code(&small.vault(), &small.code).is_ok());
}

#[test]
fn section_4_the_old_passphrase_is_no_new_one() {
    let mut small = Small::new();
    let confirmed = confirmed(small.diary(), "a");
    let refused = small.diary().change_passphrase(&new("a"), confirmed);
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::SecretInUse))
    ));
    small.reopen();
}
