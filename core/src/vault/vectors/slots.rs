//! Vectors of slots.

use super::*;

/// PK-before, of the one vector that has it.
const KEY_BEFORE: u8 = 0xb0;

#[test]
fn section_4_vectors_of_slots() {
    let mut runs = Runs::default();
    vectors::settle("slot", &slot_vectors(&mut runs));
    vectors::check("slot", |keys, body| {
        let header = Header::parse(body, KdfFloor::Standard).unwrap().header;
        let secret = match keys.optional("passphrase") {
            Some(text) => SecretBytes::from(
                NewPassphrase::even_if_weak(text.as_bytes())
                    .unwrap()
                    .as_passphrase(),
            ),
            None => SecretBytes::from(
                &RecoveryCode::parse(keys.text("recovery-code").as_bytes()).unwrap(),
            ),
        };
        match slot::open_any(&header, runs.stretch(&header, &secret)) {
            None => "no slot opens",
            Some(open) => {
                keys.same("half", open.half.byte());
                keys.same("half-key", hex::encode(open.keys.half.expose()));
                keys.same("container-key", hex::encode(open.keys.container.expose()));
                let before = open.keys.before.map(|key| hex::encode(key.expose()));
                assert_eq!(keys.optional("key-before"), before);
                "success"
            }
        }
    });
}

fn slot_vectors(runs: &mut Runs) -> Vec<Vector> {
    let good = header(runs);
    let opens = |vector: Vector, half: u8| {
        vector
            .key("half", half)
            .key("half-key", hex::encode(&counting::<32>(HALF_KEY)))
            .key("container-key", hex::encode(&counting::<32>(CONTAINER_KEY)))
    };
    let vector = |name: &str, expect: &str, comment: &str, header: &Header| {
        Vector::new(name, expect, comment, header.to_file()).compressed()
    };
    let bad = "no slot opens";
    let by_passphrase = |vector: Vector| vector.key("passphrase", PASSPHRASE);
    let code = recovery_code().reveal();

    // The passphrase's slot sealed anew at some index, with one thing in it changed.
    let mut sealed = |index: usize, at: usize, value: &[u8]| {
        let mut header = empty_header();
        let mut plaintext = slot_keys().plaintext(SlotKind::Passphrase);
        put(plaintext.as_mut(), at, value);
        let stretched = runs.stretch(&header, &passphrase());
        header.slots[index] =
            slot::seal_plaintext(&header, index, stretched, plaintext, [index as u8; 24]).unwrap();
        header
    };
    let refused = |name: &str, comment: &str, header: Header| {
        by_passphrase(vector(name, bad, comment, &header))
    };
    let mut made = vec![
        opens(
            by_passphrase(vector(
                "half-1",
                "success",
                "a passphrase in slot 4",
                &sealed(4, 0, &[]),
            )),
            1,
        ),
        refused("version-2", "version 2 in the slot", sealed(0, 0, &[2])),
        refused(
            "kind-2",
            "a kind of secret that does not exist",
            sealed(0, 1, &[2]),
        ),
        refused(
            "kind-1",
            "it says that a recovery code opens it",
            sealed(0, 1, &[1]),
        ),
        refused(
            "reserved-2",
            "a reserved byte of the slot is not zero",
            sealed(0, 2, &[1]),
        ),
        opens(
            by_passphrase(vector(
                "rotated",
                "success",
                "after a rotation: the key before it is there too",
                &sealed(0, 40, &counting::<32>(KEY_BEFORE)),
            )),
            0,
        )
        .key("key-before", hex::encode(&counting::<32>(KEY_BEFORE))),
        refused(
            "reserved-104",
            "a reserved byte of the slot is not zero",
            sealed(0, 104, &[1]),
        ),
        refused(
            "reserved-215",
            "the last byte of the slot is not zero",
            sealed(0, 215, &[1]),
        ),
    ];
    let changed = |change: &dyn Fn(&mut Header)| {
        let mut header = good.clone();
        change(&mut header);
        header
    };
    made.extend([
        opens(
            by_passphrase(vector(
                "passphrase",
                "success",
                "the header of the worked examples",
                &good,
            )),
            0,
        ),
        opens(
            vector(
                "recovery-code",
                "success",
                "the same header by the recovery code",
                &good,
            )
            .key("recovery-code", code.as_str()),
            0,
        ),
        vector("another-passphrase", bad, "one letter is large", &good)
            .key("passphrase", "Correct horse battery staple"),
        refused(
            "nonce",
            "a bit of the nonce",
            changed(&|header| header.slots[0][0] ^= 1),
        ),
        refused(
            "ciphertext",
            "a bit of the ciphertext",
            changed(&|header| header.slots[0][24] ^= 1),
        ),
        refused(
            "tag",
            "a bit of the tag",
            changed(&|header| header.slots[0][255] ^= 0x80),
        ),
        refused(
            "moved",
            "the slot lies at another index",
            changed(&|header| header.slots.swap(0, 2)),
        ),
        refused(
            "step",
            "the header's step was changed afterwards",
            changed(&|header| header.step = 8),
        ),
        refused(
            "passes",
            "the header's passes were changed afterwards",
            changed(&|header| header.params.passes = 4),
        ),
        refused(
            "container-id",
            "the header's container id was changed afterwards",
            changed(&|header| header.container_id[0] ^= 1),
        ),
        refused(
            "salt",
            "the header's salt was changed afterwards",
            changed(&|header| header.salt[0] ^= 1),
        ),
    ]);
    made
}
