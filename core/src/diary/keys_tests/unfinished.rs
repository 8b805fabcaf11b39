//! Changes of keys that were cut short, or failed half-way (FORMAT.md 15).

use super::*;

#[test]
fn section_15_a_rotation_that_was_cut_short_is_finished_at_the_next_unlock() {
    let mut small = full();
    let before = story(small.diary());
    small.diary().log.vault().fail(Fails {
        long_commit: true,
        ..Fails::default()
    });
    // The header is written, so the new secrets hold and must be given out.
    let code = rotate(small.diary(), "a", "b").unwrap();
    let closed = small.diary().rest().err();
    assert!(matches!(closed, Some(Error::Vault(VaultError::Closed))));
    small.close();
    assert!(is_refused(open_with(&small.vault(), "a")));
    assert!(is_refused(open_with_code(&small.vault(), &small.code)));
    let by_code = small.copy_to("by-code");

    let settle = |mut diary: Diary| {
        assert!(diary.key_change_was_finished());
        assert!(is_sound(&mut diary));
        assert_eq!(story(&mut diary), before);
        let newest = diary.log.size() - 1;
        let newest = diary.log.read(newest).unwrap().entry.unwrap();
        let changed = newest.proven["changed"].as_list().unwrap();
        assert_eq!(changed, [Value::from("interrupted")]);
    };
    settle(open_with(&small.vault(), "b").unwrap());
    assert!(
        !open_with(&small.vault(), "b")
            .unwrap()
            .key_change_was_finished()
    );
    settle(open_with_code(&by_code, &code).unwrap());
}

#[test]
fn section_15_a_change_that_was_not_settled_is_settled_before_the_next_one_begins() {
    let mut small = Small::new();
    // The header is announced and written; the entry that settles it is not.
    small.diary().log.vault().fail(Fails {
        spared: 1,
        before_commit: true,
        ..Fails::default()
    });
    change(small.diary(), "a", "b").unwrap();
    assert_eq!(small.diary().log.size(), 1);
    small.diary().log.vault().fail(Fails::default());
    // The next change is announced too, and gets no further.
    let unwritable = small.vault().join("header.new");
    std::fs::create_dir(&unwritable).unwrap();
    assert!(change(small.diary(), "b", "c").is_err());
    std::fs::remove_dir(&unwritable).unwrap();
    small.close();

    assert!(is_refused(open_with(&small.vault(), "c")));
    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert_eq!(told(&mut diary, 1), ["interrupted"]);
    change(&mut diary, "b", "c").unwrap();
    assert_eq!(told(&mut diary, 2), ["passphrase"]);
    drop(diary);
    assert!(is_sound(&mut open_with(&small.vault(), "c").unwrap()));
    assert!(open_with_code(&small.vault(), &small.code).is_ok());
}

#[test]
fn section_15_a_rotation_settles_first_what_was_left() {
    let mut small = full();
    let size = small.diary().log.size();
    small.diary().log.vault().fail(Fails {
        spared: 1,
        before_commit: true,
        ..Fails::default()
    });
    change(small.diary(), "a", "b").unwrap();
    small.diary().log.vault().fail(Fails {
        flush: true,
        ..Fails::default()
    });
    assert!(rotate(small.diary(), "b", "c").is_err());
    small.close();
    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert_eq!(told(&mut diary, size), ["interrupted"]);
    rotate(&mut diary, "b", "c").unwrap();
    drop(diary);
    assert!(is_sound(&mut open_with(&small.vault(), "c").unwrap()));
}

#[test]
fn section_15_as_long_as_the_headers_name_may_be_lost_nothing_says_that_it_holds() {
    let lost_name = Fails {
        folder_sync: true,
        ..Fails::default()
    };
    for rotated in [false, true] {
        let mut small = full();
        let old = std::fs::read(small.vault().join("header")).unwrap();
        small.diary().log.vault().fail(lost_name);
        let changed = if rotated {
            rotate(small.diary(), "a", "b").map(drop)
        } else {
            change(small.diary(), "a", "b")
        };
        // Neither that it is changed nor that it is not.
        assert!(matches!(changed, Err(Error::Vault(VaultError::Closed))));
        // Another one would be announced in its place.
        assert!(change(small.diary(), "a", "c").is_err());
        small.close();
        let without_power = small.copy_to("without-power");
        std::fs::write(without_power.join("header"), old).unwrap();
        assert!(is_sound(&mut open_with(&without_power, "a").unwrap()));
        let mut diary = open_with(&small.vault(), "b").unwrap();
        assert!(diary.key_change_was_finished());
        assert!(is_sound(&mut diary));
    }
}

#[test]
fn section_15_where_nobody_knows_which_passphrase_holds_the_vault_is_closed() {
    let mut small = Small::new();
    small.add("n");
    // It can neither be replaced nor read: as when a disk ends.
    let header = small.vault().join("header");
    let kept = std::fs::read(&header).unwrap();
    std::fs::remove_file(&header).unwrap();
    std::fs::create_dir(&header).unwrap();
    let changed = change(small.diary(), "a", "b");
    assert!(matches!(changed, Err(Error::Vault(VaultError::Closed))));
    assert!(small.diary().list(&Query::default()).is_err());
    std::fs::remove_dir(&header).unwrap();
    std::fs::write(&header, kept).unwrap();
    small.reopen();
    assert_eq!(listed(small.diary()), 1);
}

#[test]
fn section_15_what_ends_before_the_header_is_replaced_leaves_the_old_passphrase_and_the_diary_open()
{
    for rotated in [false, true] {
        let mut small = Small::new();
        small.add("n");
        let (header, beside) = (
            small.vault().join("header"),
            small.vault().join("header.new"),
        );
        let kept = std::fs::read(&header).unwrap();
        // Nor can anybody read which one is there.
        std::fs::remove_file(&header).unwrap();
        std::fs::create_dir(&beside).unwrap();
        let changed = if rotated {
            rotate(small.diary(), "a", "b").map(drop)
        } else {
            change(small.diary(), "a", "b")
        };
        assert!(!matches!(
            changed,
            Ok(()) | Err(Error::Vault(VaultError::Closed))
        ));
        assert_eq!(listed(small.diary()), 1);
        std::fs::remove_dir(&beside).unwrap();
        std::fs::write(&header, kept).unwrap();
        small.reopen();
        assert_eq!(listed(small.diary()), 1);
    }
}

#[test]
fn section_15_a_last_write_of_a_rotation_that_fails_is_told_as_a_full_disk() {
    let mut small = full();
    let before = story(small.diary());
    small.diary().log.vault().fail(Fails {
        long_write: true,
        ..Fails::default()
    });
    let failed = rotate(small.diary(), "a", "b").err();
    assert!(matches!(failed, Some(Error::Vault(VaultError::DiskFull))));
    assert_eq!(story(small.diary()), before);
    small.add("it goes on");
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_16_no_token_is_made_of_an_entry_that_may_not_be_on_the_disk() {
    let mut small = full();
    let token = small.diary().new_token(None).unwrap();
    small.diary().log.vault().fail(Fails {
        long_commit: true,
        ..Fails::default()
    });
    rotate(small.diary(), "a", "b").unwrap();
    let kept = match small.diary().new_token(Some(&token)) {
        Err(Error::Vault(VaultError::Closed)) => token,
        made => made.unwrap(),
    };
    small.close();
    let mut diary = open_with(&small.vault(), "b").unwrap();
    let status = diary.token_status(&kept).unwrap();
    assert_eq!(status, TokenStatus::Unknown, "it is under the key before");
}

#[test]
fn section_15_a_diary_whose_change_cannot_be_settled_can_be_read() {
    let failing = [
        Fails {
            before_commit: true,
            ..Fails::default()
        },
        Fails {
            folder_sync: true,
            ..Fails::default()
        },
    ];
    for fails in failing {
        let mut small = full();
        let before = story(small.diary());
        small.diary().log.vault().fail(Fails {
            spared: 1,
            before_commit: true,
            ..Fails::default()
        });
        change(small.diary(), "a", "b").unwrap();
        let size = small.diary().log.size();
        small.close();
        let mut diary = open_failing(&small, "b", fails).unwrap();
        assert_eq!(story(&mut diary), before);
        assert_eq!(diary.log.size(), size);
        drop(diary);
        let mut diary = open_with(&small.vault(), "b").unwrap();
        assert_eq!(told(&mut diary, size), ["interrupted"]);
        assert_eq!(story(&mut diary), before);
    }
}

#[test]
fn section_15_a_diary_whose_rotation_cannot_be_finished_can_be_read_and_the_next_write_finishes_it()
{
    let failing = [
        Fails {
            long_write: true,
            ..Fails::default()
        },
        Fails {
            long_commit: true,
            ..Fails::default()
        },
        Fails {
            folder_sync: true,
            ..Fails::default()
        },
    ];
    for fails in failing {
        let mut small = full();
        let before = story(small.diary());
        let old = small.diary().log.vault().cell_opener();
        small.diary().log.vault().fail(Fails {
            long_commit: true,
            ..Fails::default()
        });
        rotate(small.diary(), "a", "b").unwrap();
        let half = small.half();
        small.close();

        let mut diary = open_failing(&small, "b", fails).unwrap();
        assert!(
            diary.key_change_was_finished(),
            "or nobody is told of the code"
        );
        assert_eq!(story(&mut diary), before);
        let size = diary.log.size();
        diary.log.vault().fail(fails);
        // Nothing is written under the old key, and the slots are not settled alone.
        assert!(diary.save_draft("incident", b"new").is_err());
        diary.log.vault().fail(fails);
        assert!(
            diary
                .backup(&small.path("backup"), &mut NoProgress)
                .is_err()
        );
        assert!(diary.log.vault().slots_unsettled());
        assert_eq!(
            (story(&mut diary), diary.log.size()),
            (before.clone(), size)
        );
        diary.log.vault().fail(Fails::default());
        add(&mut diary, "it goes on");
        assert_eq!(told(&mut diary, size), ["interrupted"]);
        drop(diary);
        assert_eq!(opened_by(&old, &small.vault(), half), [0u32; 0]);
        let mut diary = open_with(&small.vault(), "b").unwrap();
        assert!(!diary.key_change_was_finished());
        assert!(is_sound(&mut diary));
        assert_eq!(story(&mut diary), before);
    }
}

fn listed(diary: &mut Diary) -> usize {
    diary.list(&Query::default()).unwrap().incidents.len()
}

/// Opens a vault on a disk that fails as soon as it has its keys.
fn open_failing(small: &Small, text: &str, fails: Fails) -> Result<Diary, Error> {
    let secret = SecretBytes::from(&passphrase(text));
    let mut vault = crate::vault::fixture::open(&small.vault(), &secret)?;
    vault.fail(fails);
    Diary::over(vault, Box::new(SystemClock))
}
