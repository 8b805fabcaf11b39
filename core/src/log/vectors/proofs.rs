//! Vectors of inclusion and consistency proofs.

use super::*;

#[test]
fn section_11_vectors_of_proofs() {
    vectors::settle(
        "proof",
        &[inclusion_vectors(), consistency_vectors()].concat(),
    );
    vectors::check("proof", |keys, body| {
        let text = std::str::from_utf8(body).unwrap();
        match keys.text("proof").as_str() {
            "inclusion" => read_inclusion(keys, text),
            "consistency" => read_consistency(keys, text),
            other => panic!("{other}"),
        }
    });
}

fn inclusion_vectors() -> Vec<Vector> {
    let note = log_key().sign_note(&checkpoint(3));
    let text = InclusionProof {
        index: 1,
        hashes: inclusion(1, 3),
        note,
    }
    .text();
    let vector = |name: &str, expect: &str, comment: &str, size: u32, text: String| {
        Vector::new(&format!("inclusion-{name}"), expect, comment, text)
            .key("proof", "inclusion")
            .key("size", size)
            .key("leaf", hex::encode(&leaves()[1]))
            .key("root", hex::encode(&checkpoint(size).root))
    };
    let lines: Vec<&str> = text.lines().collect();
    let (first, second) = (lines[2], lines[3]);
    let (bad, form) = ("not included", "not a proof");
    let flipped = STANDARD.encode(leaves()[0].map(|byte| byte ^ 1));
    vec![
        vector(
            "1-of-3",
            "success",
            "entry 1 in the log of three",
            3,
            text.clone(),
        ),
        vector("1-of-2", bad, "a proof for another size", 2, text.clone()),
        vector(
            "index",
            bad,
            "the index of another leaf",
            3,
            but(&text, "index 1\n", "index 2\n"),
        ),
        vector(
            "index-out",
            bad,
            "an index that the log does not reach",
            3,
            but(&text, "index 1\n", "index 3\n"),
        ),
        vector("hash", bad, "another hash", 3, but(&text, first, &flipped)),
        vector(
            "order",
            bad,
            "two hashes exchanged",
            3,
            but(
                &text,
                &format!("{first}\n{second}"),
                &format!("{second}\n{first}"),
            ),
        ),
        vector(
            "short",
            bad,
            "the last hash is missing",
            3,
            but(&text, &format!("{second}\n"), ""),
        ),
        vector(
            "long",
            bad,
            "a hash too many",
            3,
            but(
                &text,
                &format!("{second}\n"),
                &format!("{second}\n{first}\n"),
            ),
        ),
        vector(
            "hash-31",
            form,
            "a hash of 31 bytes",
            3,
            but(&text, first, &STANDARD.encode([1; 31])),
        ),
        vector(
            "leading-zero",
            form,
            "the index has a leading zero",
            3,
            but(&text, "index 1", "index 01"),
        ),
        vector(
            "version",
            form,
            "another version",
            3,
            but(&text, "@v1", "@v2"),
        ),
        vector(
            "no-note",
            form,
            "no signed note follows",
            3,
            text[..text.find("\n\n").unwrap()].to_owned(),
        ),
    ]
}

fn read_inclusion(keys: &mut Keys, text: &str) -> &'static str {
    let (size, leaf, root) = (keys.number("size"), keys.hex("leaf"), keys.hex("root"));
    match InclusionProof::parse(text) {
        None => "not a proof",
        Some(proof) if tree::verify_inclusion(&leaf, proof.index, size, &proof.hashes, &root) => {
            "success"
        }
        Some(_) => "not included",
    }
}

fn consistency_vectors() -> Vec<Vector> {
    let text = |old, new| {
        ConsistencyProof {
            old,
            new,
            hashes: consistency(old, new),
        }
        .text()
    };
    let vector = |name: &str, expect: &str, comment: &str, (old, new), text: String| {
        Vector::new(&format!("consistency-{name}"), expect, comment, text)
            .key("proof", "consistency")
            .key("old-root", hex::encode(&checkpoint(old).root))
            .key("new-root", hex::encode(&checkpoint(new).root))
    };
    let good = text(2, 3);
    let hash = good.lines().nth(4).unwrap().to_owned();
    let flipped = STANDARD.encode(leaves()[2].map(|byte| byte ^ 1));
    let (bad, form) = ("not consistent", "not a proof");
    vec![
        vector(
            "2-3",
            "success",
            "the log of three begins with that of two",
            (2, 3),
            good.clone(),
        ),
        vector(
            "1-3",
            "success",
            "the log of three begins with that of one",
            (1, 3),
            text(1, 3),
        ),
        vector("old-root", bad, "another older root", (1, 3), good.clone()),
        vector("new-root", bad, "another newer root", (2, 2), good.clone()),
        vector(
            "hash",
            bad,
            "another hash",
            (2, 3),
            but(&good, &hash, &flipped),
        ),
        vector(
            "long",
            bad,
            "a hash too many",
            (2, 3),
            format!("{good}{hash}\n"),
        ),
        vector(
            "short",
            bad,
            "no hash",
            (2, 3),
            but(&good, &format!("{hash}\n"), ""),
        ),
        vector(
            "old-0",
            bad,
            "every log begins with the empty one: it says nothing",
            (2, 3),
            but(&good, "old 2", "old 0"),
        ),
        vector(
            "backwards",
            bad,
            "the older is larger",
            (2, 3),
            but(&good, "old 2", "old 4"),
        ),
        vector(
            "leading-zero",
            form,
            "a size has a leading zero",
            (2, 3),
            but(&good, "old 2", "old 02"),
        ),
        vector(
            "version",
            form,
            "another version",
            (2, 3),
            but(&good, "@v1", "@v2"),
        ),
        vector(
            "no-last-lf",
            form,
            "the last LF is missing",
            (2, 3),
            good.trim_end().to_owned(),
        ),
    ]
}

fn read_consistency(keys: &mut Keys, text: &str) -> &'static str {
    let (old, new) = (keys.hex("old-root"), keys.hex("new-root"));
    match ConsistencyProof::parse(text) {
        None => "not a proof",
        Some(proof)
            if tree::verify_consistency(proof.old, proof.new, &proof.hashes, &old, &new) =>
        {
            "success"
        }
        Some(_) => "not consistent",
    }
}
