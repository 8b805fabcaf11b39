//! Asking for a time stamp, and what is no answer. Genuine answers: tests/independent.

#![allow(clippy::unwrap_used)]

use diary_tests::Vault;

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_request_is_written_once_and_stays_the_same() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "one");
    let out = vault.beside("one.tsq");
    let request = |out| vault.run("timestamp request", &["--out", out, "--json"]);
    let answer = request(text(&out)).done();
    assert_eq!(answer.json()["bytes"], 69);
    let bytes = std::fs::read(&out).unwrap();
    assert_eq!(bytes.len(), 69);
    let answer = request(text(&out)).refused();
    assert!(answer.error().contains("exists"), "{answer:?}");
    let again = vault.beside("again.tsq");
    let _ = request(text(&again)).done();
    assert_eq!(std::fs::read(&again).unwrap(), bytes);
    // The log has changed: so has the request.
    vault.add_simple("2026-10-04", "two");
    let later = vault.beside("later.tsq");
    let _ = request(text(&later)).done();
    assert_ne!(std::fs::read(&later).unwrap(), bytes);
}

#[test]
fn what_is_no_answer_changes_nothing() {
    let vault = Vault::new();
    let before = vault.run("check", &["--json"]).done().json();
    let page = vault.file("page.tsr", "<html>502 Bad Gateway</html>");
    let long = vault.file("long.tsr", vec![0x30; 64_001]);
    for (file, words) in [(&page, "not an answer"), (&long, "larger than any answer")] {
        let answer = vault.run("timestamp accept", &[text(file)]).refused();
        assert!(answer.error().contains(words), "{answer:?}");
    }
    let answer = vault.run("timestamp accept", &["/nowhere/x"]).impossible();
    assert!(answer.error().contains("no such file"), "{answer:?}");
    let answer = vault.run("timestamp accept", &[text(&page), "--chain", "/nowhere/x"]);
    assert!(answer.impossible().error().contains("--chain"));
    assert_eq!(vault.run("check", &["--json"]).done().json(), before);
}
