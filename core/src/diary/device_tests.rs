//! The device key (FORMAT.md 4), with a key in software, and destroying a vault (15).

use std::cell::Cell;
use std::fs;

use sha2::{Digest, Sha256};

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{DeviceKey, DeviceKeyError, SlotKind, VaultError};

/// A key that a test keeps, as a device would.
struct Software {
    key: Option<[u8; 32]>,
    asked: Cell<u32>,
}

impl Software {
    fn new(key: u8) -> Self {
        let key = Some([key; 32]);
        Self {
            key,
            asked: Cell::new(0),
        }
    }

    fn that_forgot() -> Self {
        Self {
            key: None,
            asked: Cell::new(0),
        }
    }
}

impl DeviceKey for Software {
    fn mac(&self, message: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, DeviceKeyError> {
        self.asked.set(self.asked.get() + 1);
        let key = self.key.ok_or(DeviceKeyError::Missing)?;
        let mac = Sha256::new_with_prefix(key)
            .chain_update(message)
            .finalize();
        Ok(Zeroizing::new(mac.into()))
    }
}

fn open_on(folder: &Path, text: &str, device: &dyn DeviceKey) -> Result<Diary, VaultError> {
    let secret = SecretBytes::from(&passphrase(text));
    let vault = Vault::open_with(folder, &secret, Some(device), KdfFloor::DangerNone)?;
    Ok(Diary::over(vault, Box::new(SystemClock)).unwrap())
}

fn bind(small: &mut Small, device: &dyn DeviceKey) -> Result<(), Error> {
    let code = RecoveryCode::parse(small.code.reveal().as_bytes()).unwrap();
    small.diary().bind(&passphrase("a"), &code, device)
}

#[test]
fn section_4_a_bound_passphrase_opens_on_its_device_and_the_code_everywhere() {
    let mut small = Small::new();
    small.add("kept");
    let (device, other) = (Software::new(1), Software::new(2));
    let (before, after) = (small.path("before"), small.path("after"));
    let written = small.diary().backup(&before, &mut NoProgress).unwrap();
    assert!(
        !written.bound,
        "it opens with the passphrase, whatever is bound later"
    );
    bind(&mut small, &device).unwrap();
    assert!(small.diary().is_bound());
    let written = small.diary().backup(&after, &mut NoProgress).unwrap();
    assert!(written.bound, "said where the backup is made");
    small.close();
    let opens = |backup: &Path, opener: Opener<'_>| {
        let clock = Box::new(SystemClock);
        Diary::danger_restore_with_cheap_kdf_for_tests(backup, None, opener, clock, &mut NoProgress)
    };
    let typed = passphrase("a");
    assert!(opens(&before, Opener::Passphrase(&typed)).unwrap().sound);
    let refused = opens(&after, Opener::Passphrase(&typed)).err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::WrongSecret))
    ));
    let code = Opener::RecoveryCode(&small.code);
    assert!(opens(&after, code).unwrap().sound);

    for wrong in [
        open_with(&small.vault(), "a").map_err(|error| match error {
            Error::Vault(error) => error,
            other => panic!("{other:?}"),
        }),
        open_on(&small.vault(), "a", &other),
        open_on(&small.vault(), "b", &device),
    ] {
        assert!(matches!(wrong.err(), Some(VaultError::WrongSecret)));
    }
    let mut diary = open_on(&small.vault(), "a", &device).unwrap();
    assert!(diary.is_bound() && is_sound(&mut diary));
    assert!(diary.confirm_with(&passphrase("a"), &device).is_ok());
    assert!(diary.confirm(&passphrase("a")).is_err());
    drop(diary);
    let mut diary = open_with_code(&small.vault(), &small.code).unwrap();
    assert!(!diary.is_bound());
    let newest = diary.log.size() - 1;
    let newest = diary.log.read(newest).unwrap().entry.unwrap();
    let changed = newest.proven["changed"].as_list().unwrap();
    assert_eq!(changed, [Value::from("device_key")]);
}

#[test]
fn section_4_a_device_that_forgot_its_key_says_so_and_bars_nothing_that_is_not_bound() {
    let mut small = Small::new();
    let forgot = Software::that_forgot();
    small.close();
    assert!(
        open_on(&small.vault(), "a", &forgot).is_ok(),
        "it is not bound"
    );
    small.reopen();
    bind(&mut small, &Software::new(1)).unwrap();
    small.close();
    let told = open_on(&small.vault(), "a", &forgot).err();
    let missing = VaultError::DeviceKey(DeviceKeyError::Missing);
    assert_eq!(
        told.map(|error| error.to_string()),
        Some(missing.to_string())
    );
    assert!(missing.to_string().contains("recovery code"));
    // The way back in: a new passphrase by the code, which is not bound.
    recover(&small.vault(), &small.code, "b", false).unwrap();
    assert!(open_with(&small.vault(), "b").is_ok());
    let error = open_on(&small.vault(), "a", &Software::new(1)).err();
    assert!(matches!(error, Some(VaultError::WrongSecret)));
}

#[test]
fn section_4_binding_needs_this_diary_s_recovery_code_and_passphrase() {
    let mut small = Small::new();
    let before = header(&small.vault());
    let device = Software::new(1);
    let other = RecoveryCode::make().unwrap();
    let refused = small.diary().bind(&passphrase("a"), &other, &device).err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::NoRecoveryCode))
    ));
    let code = RecoveryCode::parse(small.code.reveal().as_bytes()).unwrap();
    let refused = small.diary().bind(&passphrase("b"), &code, &device).err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::WrongSecret))
    ));
    let refused = bind(&mut small, &Software::that_forgot()).err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::DeviceKey(DeviceKeyError::Missing)))
    ));
    assert_eq!(header(&small.vault()), before);
    // A code that was lost with the slot it opened.
    let half = small.diary().log.vault().head().half;
    small.close();
    let mut lost = header(&small.vault());
    lost.slots[SlotKind::RecoveryCode.index(half)][30] ^= 1;
    fs::write(small.vault().join("header"), lost.to_file()).unwrap();
    let told = open_with(&small.vault(), "a").err();
    assert!(matches!(told, Some(Error::Vault(VaultError::OldHeader))));
}

#[test]
fn section_4_unbinding_needs_the_device_and_makes_the_passphrase_enough() {
    let mut small = Small::new();
    let device = Software::new(1);
    let refused = small.diary().unbind(&passphrase("a"), &device).err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::WrongSecret))
    ));
    bind(&mut small, &device).unwrap();
    let refused = small
        .diary()
        .unbind(&passphrase("a"), &Software::new(2))
        .err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::WrongSecret))
    ));
    small.diary().unbind(&passphrase("a"), &device).unwrap();
    assert!(!small.diary().is_bound());
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_4_the_device_is_asked_once_an_attempt_and_never_for_the_passphrase() {
    let mut small = Small::new();
    small.close();
    for text in ["a", "wrong"] {
        let device = Software::new(1);
        let _ = open_on(&small.vault(), text, &device);
        assert_eq!(device.asked.get(), 1);
    }
    struct Recorder(Cell<[u8; 32]>);
    impl DeviceKey for Recorder {
        fn mac(&self, message: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, DeviceKeyError> {
            self.0.set(message);
            Err(DeviceKeyError::Failed)
        }
    }
    let recorder = Recorder(Cell::new([0; 32]));
    let failed = open_on(&small.vault(), "b", &recorder).err();
    assert!(matches!(
        failed,
        Some(VaultError::DeviceKey(DeviceKeyError::Failed))
    ));
    let head = header(&small.vault());
    let secret = SecretBytes::from(&passphrase("b"));
    let stretched = head.params.stretch(&secret, &head.salt).unwrap();
    let expected: [u8; 32] = Sha256::new_with_prefix(b"idv1/bind")
        .chain_update(stretched.expose())
        .finalize()
        .into();
    assert_eq!(recorder.0.get(), expected);
}

#[test]
fn section_15_after_a_wipe_not_even_the_bytes_of_the_key_file_are_left() {
    let mut small = Small::new();
    let id = small.add("her words");
    attach(small.diary(), &id, "photo.jpg", b"pixels").unwrap();
    small
        .diary()
        .save_draft("incident", b"half a sentence")
        .unwrap();
    // What an undelete tool would find: the bytes behind the names.
    let kept = small.path("kept");
    fs::create_dir_all(kept.join("evidence")).unwrap();
    for name in ["header", "log.db", "lock"] {
        fs::hard_link(small.vault().join(name), kept.join(name)).unwrap();
    }
    let before = fs::read(kept.join("header")).unwrap();
    let confirmed = small.diary().confirm(&passphrase("a")).unwrap();
    assert!(small.take().wipe(confirmed).unwrap());
    assert!(!small.vault().exists());

    let after = fs::read(kept.join("header")).unwrap();
    let same = before.iter().zip(&after).filter(|(a, b)| a == b).count();
    assert!(
        after.len() == before.len() && same < before.len() / 50,
        "{same}"
    );
    for opened in [open_with(&kept, "a"), open_with_code(&kept, &small.code)] {
        assert!(matches!(
            opened.err(),
            Some(Error::Vault(VaultError::DamagedHeader))
        ));
    }
    let log = fs::read(kept.join("log.db")).unwrap();
    for word in ["her words", "half a sentence", "photo.jpg"] {
        assert!(
            !log.windows(word.len())
                .any(|found| found == word.as_bytes())
        );
    }
}

#[test]
fn section_15_a_wipe_leaves_what_is_not_the_vault_s() {
    let mut small = Small::new();
    let id = small.add("n");
    attach(small.diary(), &id, "photo.jpg", b"pixels").unwrap();
    fs::write(small.vault().join("letter.txt"), b"hers").unwrap();
    fs::write(small.vault().join("evidence").join("holiday.jpg"), b"hers").unwrap();
    let confirmed = small.diary().confirm(&passphrase("a")).unwrap();
    assert!(!small.take().wipe(confirmed).unwrap());
    assert_eq!(names(&small.vault()), ["evidence", "letter.txt"]);
    assert_eq!(names(&small.vault().join("evidence")), ["holiday.jpg"]);
}
