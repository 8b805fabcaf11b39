//! Vectors of entries and leaves.

use super::*;

#[test]
fn section_8_vectors_of_entries() {
    let good = entries()[1].to_bytes();
    let refused =
        |name: &str, comment: &str, body: Vec<u8>| Vector::new(name, "not an entry", comment, body);
    let swapped = but(INCIDENT, r#"{"incident""#, r#"{ "incident""#);
    let spaced = [
        &good[..36],
        &u32::try_from(swapped.len()).unwrap().to_be_bytes(),
        swapped.as_bytes(),
        &good[40 + INCIDENT.len()..],
    ]
    .concat();
    let mut made = vec![
        refused("version-2", "version 2", with(&good, 0, &[2])),
        refused("kind-0", "no kind has the number 0", with(&good, 1, &[0])),
        refused("kind-12", "the last kind is 11", with(&good, 1, &[12])),
        refused(
            "reserved",
            "a reserved byte is not zero",
            with(&good, 3, &[1]),
        ),
        refused(
            "short",
            "the last byte is missing",
            good[..good.len() - 1].to_vec(),
        ),
        refused("long", "a byte follows", [good.as_slice(), b"\n"].concat()),
        refused("not-canonical", "a space in the proven part", spaced),
    ];
    for (number, entry) in entries().iter().enumerate() {
        let name = ["begun", "incident", "amendment"][number];
        let vector = Vector::new(
            name,
            "success",
            "an entry as it lies in cells",
            entry.to_bytes().to_vec(),
        );
        made.push(
            vector
                .key("kind", entry.kind.name())
                .key(
                    "about",
                    entry
                        .about()
                        .map_or("-".to_owned(), |about| about.to_string()),
                )
                .key("recorded-at", entry.recorded_at()),
        );
    }
    vectors::settle("entry", &made);
    vectors::check("entry", |keys, body| match Entry::parse(body) {
        None => "not an entry",
        Some(entry) => {
            keys.same("kind", entry.kind.name());
            keys.same(
                "about",
                entry
                    .about()
                    .map_or("-".to_owned(), |about| about.to_string()),
            );
            keys.same("recorded-at", entry.recorded_at());
            assert_eq!(*entry.to_bytes(), body);
            "success"
        }
    });
}

#[test]
fn section_10_vectors_of_leaves() {
    let leaves = leaves();
    let vector = |name: &str, expect: &str, comment: &str, number: usize, entry: &Entry| {
        Vector::new(name, expect, comment, entry.to_bytes().to_vec())
            .key("number", number)
            .key("leaf", hex::encode(&leaves[number.min(2)]))
    };
    let good = entries();
    let changed = |from: &str, to: &str| {
        entry(
            0xc1,
            EntryKind::Incident,
            &but(INCIDENT, from, to),
            r#"{"private_note":"only for me"}"#,
        )
    };
    let mut made: Vec<Vector> = (0..3)
        .map(|number| {
            let id = EntryId::new(number as u32, &leaves[number]);
            let name = ["begun", "incident", "amendment"][number];
            vector(
                name,
                "success",
                "an entry and its leaf hash",
                number,
                &good[number],
            )
            .key("id", id)
        })
        .collect();
    let other = "another leaf";
    made.extend([
        vector(
            "seed",
            other,
            "another seed gives other salts",
            1,
            &entry(
                0xc2,
                EntryKind::Incident,
                INCIDENT,
                r#"{"private_note":"only for me"}"#,
            ),
        ),
        vector("value", other, "another count", 1, &changed("34", "35")),
        vector(
            "words",
            other,
            "a Latin e for a Cyrillic one in the narrative",
            1,
            &changed("Түнде", "Түндe"),
        ),
        vector(
            "contact",
            other,
            "another contact of the first person",
            1,
            &changed("00 00\"", "00 01\""),
        ),
        vector(
            "private-note",
            other,
            "another private note, which no bundle shows",
            1,
            &entry(
                0xc1,
                EntryKind::Incident,
                INCIDENT,
                r#"{"private_note":"only for us"}"#,
            ),
        ),
        vector(
            "no-private-note",
            other,
            "the private note was taken away",
            1,
            &entry(0xc1, EntryKind::Incident, INCIDENT, "{}"),
        ),
        vector(
            "recorded",
            other,
            "another moment of writing",
            1,
            &changed("10:01:00", "10:01:01"),
        ),
        Vector::new(
            "number",
            other,
            "the same entry at another place",
            good[1].to_bytes().to_vec(),
        )
        .key("number", 2)
        .key("leaf", hex::encode(&leaves[1])),
        vector(
            "about",
            other,
            "the same amendment about another incident",
            2,
            &entry(
                0xc2,
                EntryKind::Amendment,
                &but(AMENDMENT, r#""about":1"#, r#""about":0"#),
                "{}",
            ),
        ),
        vector(
            "kind",
            other,
            "the same fields as another kind",
            0,
            &entry(
                0xc0,
                EntryKind::Salvaged,
                BEGUN,
                &format!(
                    r#"{{"signing_seed":"{}"}}"#,
                    hex::encode(&counting::<32>(SIGNING_SEED))
                ),
            ),
        ),
    ]);
    vectors::settle("leaf", &made);
    vectors::check("leaf", |keys, body| {
        let (number, leaf) = (keys.number("number"), keys.hex("leaf"));
        let found = Leaf::of(number, &Entry::parse(body).unwrap()).hash();
        if found != leaf {
            return "another leaf";
        }
        keys.same("id", EntryId::new(number, &leaf));
        "success"
    });
}
