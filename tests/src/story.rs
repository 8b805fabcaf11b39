//! A vault with a story in it, and how its bundles are checked.

use std::path::Path;

use serde_json::{Value, json};

use crate::{Vault, run};

/// Three incidents with everything that can be left out.
#[must_use]
pub fn story() -> (Vault, [String; 3]) {
    let vault = Vault::new();
    let first = vault.add(&json!({
        "occurred": {"from": "2026-10-03T21:15+05:00", "precision": "exact", "words": "сағатСөз"},
        "narrative": "бірінші оқиға",
        "place": {"class": "home", "text": "мекенжайСөз"},
        "people": [{"key": "p1", "role": "witness", "name": "куәСөз", "contact": "байланысСөз"}],
        "behaviours": ["waiting"],
        "private_note": "жекеСөз"
    }));
    let second = vault.add_simple("2026-10-10", "екінші оқиға");
    let third = vault.add(&json!({
        "occurred": {"precision": "unknown"}, "narrative": "үшінші оқиға", "private_note": "жекеСөз"
    }));
    (vault, [first, second, third])
}

/// What `verify --json` says; its status must fit.
#[must_use]
pub fn verify(path: &Path, rest: &[&str]) -> Value {
    let arguments = ["verify", path.to_str().unwrap(), "--json"];
    let answer = run(arguments.iter().chain(rest));
    let json = answer.json();
    let expected = i32::from(json["sound"] != true);
    assert_eq!(answer.status, expected, "{answer:?}");
    json
}
