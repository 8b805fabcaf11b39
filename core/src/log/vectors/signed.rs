//! Vectors of checkpoints, and of the two forms in which they are signed.

use super::*;

#[test]
fn section_11_vectors_of_checkpoints() {
    let text = checkpoint(3).text();
    let refused = |name: &str, comment: &str, text: String| {
        Vector::new(name, "not a checkpoint", comment, text)
    };
    let made = [
        Vector::new(
            "size-3",
            "success",
            "the log of the worked examples",
            text.clone(),
        )
        .key("size", 3)
        .key("root", hex::encode(&checkpoint(3).root))
        .key("code", Fingerprint::of(&checkpoint(3))),
        refused(
            "leading-zero",
            "the size has a leading zero",
            but(&text, "\n3\n", "\n03\n"),
        ),
        refused("plus", "the size has a sign", but(&text, "\n3\n", "\n+3\n")),
        refused("size-0", "the size is 0", but(&text, "\n3\n", "\n0\n")),
        refused(
            "size-2-32",
            "the size needs more than 32 bits",
            but(&text, "\n3\n", "\n4294967296\n"),
        ),
        refused("crlf", "lines end in CR LF", text.replace('\n', "\r\n")),
        refused(
            "extension",
            "an extension line follows",
            format!("{text}extension\n"),
        ),
        refused(
            "no-last-lf",
            "the last LF is missing",
            text.trim_end().to_owned(),
        ),
        refused(
            "no-padding",
            "the root has no base64 padding",
            but(&text, "=\n", "\n"),
        ),
        refused(
            "version-2",
            "an origin of another version",
            but(&text, ".v1/", ".v2/"),
        ),
        refused(
            "upper-case",
            "the origin's hex is upper case",
            but(&text, &text[18..82], &text[18..82].to_uppercase()),
        ),
    ];
    vectors::settle("checkpoint", &made);
    vectors::check("checkpoint", |keys, body| {
        let Some(checkpoint) = Checkpoint::parse(std::str::from_utf8(body).unwrap()) else {
            return "not a checkpoint";
        };
        keys.same("size", checkpoint.size);
        keys.same("root", hex::encode(&checkpoint.root));
        keys.same("code", Fingerprint::of(&checkpoint));
        "success"
    });
}

#[test]
fn section_11_vectors_of_notes() {
    let (key, checkpoint) = (log_key(), checkpoint(3));
    let note = key.sign_note(&checkpoint);
    let raw = key.sign(checkpoint.text().as_bytes());
    let other = LogKey::from_seed(&Zeroizing::new(counting(0)));
    let vector = |name: &str, expect: &str, comment: &str, note: String| {
        Vector::new(name, expect, comment, note)
            .key("public-key", hex::encode(key.public().as_bytes()))
            .key("rawsig", hex::encode(&raw))
    };
    let bad = "not signed";
    let signature = note.rsplit(' ').next().unwrap();
    let blob = STANDARD.decode(signature.trim()).unwrap();
    let sealed = |blob: Vec<u8>| but(&note, signature, &format!("{}\n", STANDARD.encode(blob)));
    let made = [
        vector(
            "size-3",
            "success",
            "the checkpoint of the worked examples",
            note.clone(),
        ),
        vector(
            "key-id",
            bad,
            "another key id",
            sealed(with(&blob, 0, &[blob[0] ^ 1])),
        ),
        vector(
            "signature",
            bad,
            "one bit of the signature",
            sealed(with(&blob, 67, &[blob[67] ^ 1])),
        ),
        vector(
            "size",
            bad,
            "another size under the same signature",
            but(&note, "\n3\n", "\n4\n"),
        ),
        vector(
            "second-signature",
            bad,
            "a second signature line",
            format!("{note}\u{2014} other AAAA\n"),
        ),
        vector(
            "hyphen",
            bad,
            "a hyphen for the em dash",
            but(&note, "\u{2014}", "-"),
        ),
        Vector::new(
            "another-key",
            bad,
            "signed by another key under this name",
            note.clone(),
        )
        .key("public-key", hex::encode(other.public().as_bytes()))
        .key("rawsig", hex::encode(&raw)),
    ];
    vectors::settle("note", &made);
    vectors::check("note", |keys, body| {
        let key = LogPublicKey::from_bytes(&keys.hex("public-key")).unwrap();
        let raw: [u8; 64] = keys.hex("rawsig");
        let note = std::str::from_utf8(body).unwrap();
        let text = &note[..=note.find("\n\n").unwrap()];
        let signed = Checkpoint::parse(text).is_some_and(|checkpoint| {
            key.verify(text.as_bytes(), &raw) && key.is_note(note, &checkpoint, &raw)
        });
        if signed { "success" } else { "not signed" }
    });
}

#[test]
fn section_11_vectors_of_ssh_signatures() {
    let (key, text) = (log_key(), checkpoint(3).text());
    let good = key.sign_ssh(CHECKPOINT_NAMESPACE, text.as_bytes());
    let other = LogKey::from_seed(&Zeroizing::new(counting(0)));
    let vector = |name: &str, expect: &str, comment: &str, namespace: &str, armored: String| {
        Vector::new(name, expect, comment, armored)
            .key("public-key", hex::encode(key.public().as_bytes()))
            .key("namespace", namespace)
            .key("message", STANDARD.encode(&text))
    };
    let bad = "not signed";
    let namespace = CHECKPOINT_NAMESPACE;
    let made = [
        vector(
            "checkpoint",
            "success",
            "the checkpoint of the worked examples",
            namespace,
            good.clone(),
        ),
        vector(
            "namespace",
            bad,
            "a signature for another purpose",
            BUNDLE_NAMESPACE,
            good.clone(),
        ),
        vector(
            "another-key",
            bad,
            "a good signature by another key",
            namespace,
            other.sign_ssh(namespace, text.as_bytes()),
        ),
        vector(
            "message",
            bad,
            "a good signature over another text",
            namespace,
            key.sign_ssh(namespace, b"another text\n"),
        ),
        vector(
            "columns",
            bad,
            "one base64 line is broken earlier",
            namespace,
            but(&good, "SIGNATURE-----\nU1NI", "SIGNATURE-----\nU1NI\n"),
        ),
        vector(
            "crlf",
            bad,
            "lines end in CR LF",
            namespace,
            good.replace('\n', "\r\n"),
        ),
    ];
    vectors::settle("sshsig", &made);
    vectors::check("sshsig", |keys, body| {
        let key = LogPublicKey::from_bytes(&keys.hex("public-key")).unwrap();
        let (namespace, message) = (keys.text("namespace"), keys.text("message"));
        let message = STANDARD.decode(message).unwrap();
        let armored = std::str::from_utf8(body).unwrap();
        if key.verify_ssh(&namespace, &message, armored) {
            "success"
        } else {
            "not signed"
        }
    });
}
