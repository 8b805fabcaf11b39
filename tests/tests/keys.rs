//! Changing what opens a vault.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use diary_tests::{Answer, PASSPHRASE, Vault, run};

const NEW: &str = "терезе балық сағат бұлт";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn set(vault: &Vault, new: &Path, more: &[&str]) -> Answer {
    let rest = ["--new-passphrase-file", text(new)];
    let rest: Vec<&str> = rest.iter().chain(more).copied().collect();
    vault.run("passphrase", &rest)
}

fn list(vault: &Vault, passphrase_file: &Path) -> Answer {
    let path = vault.path();
    let arguments = ["list", text(&path), "--passphrase-file"];
    run(arguments.into_iter().chain([text(passphrase_file)]))
}

#[test]
fn a_new_passphrase_opens_and_the_old_one_does_not() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let new = vault.file("new", NEW);
    let answer = set(&vault, &new, &["--json"]).done();
    assert_eq!(answer.json().as_object().unwrap().len(), 1, "{answer:?}");
    let _ = list(&vault, &vault.passphrase_file()).refused();
    assert!(list(&vault, &new).done().out.contains("kept"));
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let vault = Vault::new();
    let new = vault.file("new", NEW);
    let wrong = vault.file("wrong", "wrong arman lamp violet seven");
    let before = vault.stored();
    let path = vault.path();
    let arguments = ["passphrase", text(&path), "--passphrase-file", text(&wrong)];
    let _ = run(arguments
        .iter()
        .chain(&["--new-passphrase-file", text(&new)]))
    .refused();
    assert_eq!(vault.stored(), before);
    // The one that opens is no new one.
    let _ = set(&vault, &vault.passphrase_file(), &[]).refused();
    let _ = list(&vault, &vault.passphrase_file()).done();
}

#[test]
fn what_is_guessed_first_is_refused_unless_she_wants_it() {
    let vault = Vault::new();
    for weak in [
        "1234",
        "Айгерім Айгерім 1990",
        "correct horse battery staple",
    ] {
        let answer = set(&vault, &vault.file("weak", weak), &[]).refused();
        assert!(answer.error().contains("--weak"), "{answer:?}");
        assert!(!answer.err.contains(weak), "{answer:?}");
    }
    let _ = list(&vault, &vault.passphrase_file()).done();
    let weak = vault.file("weak", "1234");
    let answer = set(&vault, &weak, &["--weak"]).done();
    assert!(answer.err.contains("4 digits last"), "{answer:?}");
    let _ = list(&vault, &weak).done();
}

#[test]
fn init_from_a_file_takes_a_weak_passphrase_and_says_what_it_means() {
    let vault = Vault::new();
    let (weak, strong) = (vault.file("weak", "1234"), vault.file("strong", PASSPHRASE));
    for (name, passphrase, told) in [("a", &weak, true), ("b", &strong, false)] {
        let made = vault.beside(name);
        let arguments = [
            "init",
            text(&made),
            "--kdf",
            "floor",
            "--new-passphrase-file",
        ];
        let answer = run(arguments.into_iter().chain([text(passphrase)])).done();
        assert_eq!(answer.err.contains("4 digits last"), told, "{answer:?}");
    }
}

#[test]
fn rotation_keeps_every_word_and_kills_the_old_passphrase_and_code() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "kept");
    let item = vault.attach(&id, "photo.jpg", b"pixels");
    let code = vault.run("fingerprint", &[]).done().line().to_owned();
    let (bundle, _) = vault.export("before.zip", &[]);
    let before = vault.show(&id);
    let new = vault.file("new", NEW);

    let answer = set(&vault, &new, &["--rotate", "--json"]).done();
    let recovery = answer.text("recovery_code");
    let _ = list(&vault, &vault.passphrase_file()).refused();
    std::fs::copy(&new, vault.passphrase_file()).unwrap();
    assert_eq!(vault.show(&id), before);
    let out = vault.beside("out.jpg");
    let _ = vault.run("extract", &[&item, "--out", text(&out)]).done();
    assert_eq!(std::fs::read(out).unwrap(), b"pixels");
    assert_eq!(vault.run("check", &["--json"]).done().json()["sound"], true);
    // Codes and bundles from before keep their meaning.
    let _ = vault.run("fingerprint", &["--since", &code]).done();
    let _ = run(["verify", text(&bundle), "--fingerprint", &code]).done();

    let recover = |code: &str, new: &str| {
        let code = vault.file("code", code);
        let (path, new) = (vault.path(), vault.file("newest", new));
        let arguments = ["recover", text(&path), "--recovery-file", text(&code)];
        run(arguments
            .iter()
            .chain(&["--new-passphrase-file", text(&new)]))
    };
    let _ = recover(vault.recovery_code(), "жаңа төрт сөз керек").refused();
    let _ = recover(&recovery, "жаңа төрт сөз керек").done();
    assert!(
        list(&vault, &vault.beside("newest"))
            .done()
            .out
            .contains("kept")
    );
}

#[test]
fn rotation_refuses_what_is_weak_and_what_is_in_use() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let _ = set(&vault, &vault.file("weak", "1234"), &["--rotate"]).refused();
    let _ = set(&vault, &vault.passphrase_file(), &["--rotate"]).refused();
    assert_eq!(vault.numbers(&[]), [1]);
}

#[test]
fn wipe_asks_for_the_passphrase_and_leaves_nothing() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    vault.attach(&id, "photo.jpg", b"pixels");
    let path = vault.path();
    let wrong = vault.file("wrong", "wrong arman lamp violet seven");
    let arguments = [
        "wipe",
        text(&path),
        "--yes",
        "--passphrase-file",
        text(&wrong),
    ];
    let _ = run(arguments).refused();
    let answer = vault.run("wipe", &[]).impossible();
    assert!(answer.error().contains("--yes"), "{answer:?}");
    assert_eq!(vault.numbers(&[]), [1]);

    let state = vault.beside("state");
    let _ = vault.run("list", &["--state-dir", text(&state)]).done();
    assert_eq!(std::fs::read_dir(&state).unwrap().count(), 1);
    let answer = vault.run("wipe", &["--yes", "--json", "--state-dir", text(&state)]);
    assert_eq!(answer.done().json()["folder_is_gone"], true);
    assert!(!path.exists());
    assert_eq!(
        std::fs::read_dir(&state).unwrap().count(),
        0,
        "no token tells of it"
    );
}

#[test]
fn a_sheet_with_the_code_is_written_once_and_for_her_alone() {
    use std::os::unix::fs::PermissionsExt;
    let vault = Vault::new();
    let passphrase = vault.passphrase_file();
    let (made, sheet) = (vault.beside("made"), vault.beside("sheet.pdf"));
    let init = |language: &str| {
        let arguments = [
            "init",
            text(&made),
            "--kdf",
            "floor",
            "--new-passphrase-file",
        ];
        let sheet = [
            "--sheet",
            text(&sheet),
            "--sheet-language",
            language,
            "--sheet-qr",
        ];
        run(arguments.iter().chain(&[text(&passphrase)]).chain(&sheet))
    };
    let _ = init("kk").done();
    let page = std::fs::read(&sheet).unwrap();
    assert!(page.starts_with(b"%PDF-"));
    let mode = std::fs::metadata(&sheet).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for word in [PASSPHRASE, "diary", "vault", "2026"] {
        assert!(!diary_tests::contains(&page, word), "{word}");
    }
    // What is there is not overwritten, and nothing is made then.
    std::fs::remove_dir_all(&made).unwrap();
    let _ = init("ru").refused();
    assert!(!made.exists());
    assert_eq!(std::fs::read(&sheet).unwrap(), page);

    let new = vault.file("new", NEW);
    let _ = set(&vault, &new, &["--sheet", text(&sheet)]).impossible();
    // A code that came with no sheet would be a surprise after a rotation: so the folder is looked at first.
    let nowhere = vault.beside("no/such/sheet.pdf");
    let _ = set(&vault, &new, &["--rotate", "--sheet", text(&nowhere)]).impossible();
    let _ = vault.run("list", &[]).done();
    let rotated = vault.beside("rotated.pdf");
    let _ = set(&vault, &new, &["--rotate", "--sheet", text(&rotated)]).done();
    assert_ne!(std::fs::read(&rotated).unwrap(), page);
}

#[test]
fn a_passphrase_is_proposed_in_three_languages() {
    for (language, letter) in [("kk", 'қ'), ("ru", 'о'), ("en", 'e')] {
        let mut all = String::new();
        for _ in 0..20 {
            let answer = run(["passphrase", "--propose", language]).done();
            assert_eq!(answer.line().split(' ').count(), 5, "{answer:?}");
            all.push_str(answer.line());
        }
        assert!(all.contains(letter), "{all}");
    }
    let answer = run(["passphrase", "--propose", "en", "--json"]).done();
    assert_eq!(answer.text("passphrase").split(' ').count(), 5);
    let _ = run(["passphrase", "--propose", "fr"]).impossible();
    let _ = run(["passphrase"]).impossible();
}

#[test]
fn of_two_rotations_at_once_one_holds_and_nothing_is_lost() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let new = [
        vault.file("a", "алма терезе балық сағат бұлт"),
        vault.file("b", "өзен терезе балық сағат бұлт"),
    ];
    let children: Vec<_> = new
        .iter()
        .map(|new| {
            let rest = ["--rotate", "--new-passphrase-file", text(new)];
            let mut command = diary_tests::diary();
            command.args(vault.arguments("passphrase", &rest));
            command.stdout(std::process::Stdio::null());
            command.stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    let statuses: Vec<i32> = children
        .into_iter()
        .map(|mut child| child.wait().unwrap().code().unwrap())
        .collect();
    let done = statuses.iter().filter(|status| **status == 0).count();
    assert_eq!(done, 1, "the other one is told: {statuses:?}");
    for (new, status) in new.iter().zip(statuses) {
        let answer = list(&vault, new);
        assert_eq!(answer.status == 0, status == 0, "{answer:?}");
        assert_eq!(answer.out.contains("kept"), status == 0);
    }
    let _ = list(&vault, &vault.passphrase_file()).refused();
}
