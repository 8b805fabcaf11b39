//! Vectors of headers.

use super::*;

#[test]
fn section_3_vectors_of_headers() {
    let good = empty_header().to_file();
    let vector = |name: &str, expect: &str, comment: &str, body: Vec<u8>| {
        Vector::new(name, expect, comment, body).compressed()
    };
    let whole = |name: &str, comment: &str, body: Vec<u8>, damaged: &str| {
        vector(name, "success", comment, body)
            .key("memory-kib", 65_536)
            .key("passes", 3)
            .key("step", 2_048)
            .key("container-id", hex::encode(&counting::<16>(CONTAINER_ID)))
            .key("salt", hex::encode(&counting::<32>(SALT)))
            .key("instance", hex::encode(&counting::<16>(INSTANCE)))
            .key(
                "slots-sha256",
                hex::encode(&Sha256::digest(empty_header().slots.as_flattened())),
            )
            .key("a-block-is-damaged", damaged)
    };
    let cost = |name: &str, comment: &str, at: usize, value: u32| {
        vector(
            name,
            "cost not allowed",
            comment,
            forged(&good, at, &value.to_be_bytes()),
        )
    };
    let damaged = |name: &str, comment: &str, at: usize, value: u8| {
        vector(name, "damaged header", comment, forged(&good, at, &[value]))
    };
    let made = [
        whole("whole", "both blocks are right", good.clone(), "no"),
        whole(
            "first-block",
            "the sum of the first block is wrong",
            with(&good, 4_095, &[!good[4_095]]),
            "yes",
        ),
        whole(
            "second-block",
            "the sum of the second block is wrong",
            with(&good, 8_191, &[!good[8_191]]),
            "yes",
        ),
        vector(
            "both-blocks",
            "damaged header",
            "both sums are wrong",
            with(&with(&good, 4_095, &[!good[4_095]]), 8_191, &[!good[8_191]]),
        ),
        vector(
            "magic",
            "not a vault",
            "another magic in both blocks",
            forged(&good, 0, b"IDVAULT2"),
        ),
        whole(
            "short",
            "the last byte is missing",
            good[..8_191].to_vec(),
            "yes",
        ),
        whole(
            "one-block",
            "the second block is missing",
            good[..4_096].to_vec(),
            "yes",
        ),
        vector(
            "half-a-block",
            "damaged header",
            "the second half of the first block is missing, and the second one",
            good[..2_048].to_vec(),
        ),
        whole(
            "long",
            "a byte follows",
            [good.as_slice(), &[0]].concat(),
            "yes",
        ),
        whole(
            "long-second-block",
            "the sum of the first block is wrong, and a byte follows",
            [with(&good, 4_095, &[!good[4_095]]).as_slice(), &[0]].concat(),
            "yes",
        ),
        vector(
            "format-2",
            "newer format",
            "format 2",
            forged(&good, 8, &[0, 2]),
        ),
        vector(
            "format-0",
            "damaged header",
            "format 0",
            forged(&good, 8, &[0, 0]),
        ),
        damaged("suite-2", "a suite that does not exist", 10, 2),
        damaged("reserved-24", "a reserved byte is not zero", 24, 1),
        damaged("reserved-127", "a reserved byte is not zero", 127, 1),
        damaged("reserved-2176", "a reserved byte is not zero", 2_176, 1),
        damaged("reserved-4063", "a reserved byte is not zero", 4_063, 1),
        vector(
            "lanes-3",
            "cost not allowed",
            "another number of lanes",
            forged(&good, 11, &[3]),
        ),
        cost(
            "memory-one-below",
            "one KiB below the floor of 64 MiB",
            12,
            65_535,
        ),
        cost("memory-one-above", "one KiB above 1 GiB", 12, 1_048_577),
        cost("memory-4-gib", "4 GiB less one KiB", 12, 4_194_303),
        cost("passes-0", "no pass", 16, 0),
        cost("passes-65", "one pass too many", 16, 65),
        cost("step-7", "one cell below the least step", 20, 7),
        cost("step-65537", "one cell above the largest step", 20, 65_537),
    ];
    vectors::settle("header", &made);
    vectors::check("header", |keys, body| {
        let read = match Header::parse(body, KdfFloor::Standard) {
            Ok(read) => read,
            Err(VaultError::NotAVault) => return "not a vault",
            Err(VaultError::NewerFormat) => return "newer format",
            Err(VaultError::DamagedHeader) => return "damaged header",
            Err(VaultError::KdfOutOfRange) => return "cost not allowed",
            Err(other) => panic!("{other}"),
        };
        let header = read.header;
        keys.same("memory-kib", header.params.memory_kib);
        keys.same("passes", header.params.passes);
        keys.same("step", header.step);
        keys.same("container-id", hex::encode(&header.container_id));
        keys.same("salt", hex::encode(&header.salt));
        keys.same("instance", hex::encode(&header.instance));
        keys.same(
            "slots-sha256",
            hex::encode(&Sha256::digest(header.slots.as_flattened())),
        );
        keys.same(
            "a-block-is-damaged",
            if read.one_block_damaged { "yes" } else { "no" },
        );
        "success"
    });
}

/// Both blocks with some bytes replaced and their sums made right.
fn forged(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = file[..BLOCK].to_vec();
    put(&mut block, at, bytes);
    let sum = Sha256::digest(&block[..BLOCK - 32]);
    put(&mut block, BLOCK - 32, &sum);
    block.repeat(2)
}
