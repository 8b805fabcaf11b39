//! Ed25519, HMAC and the RFC 6962 tree against answers that others published, and claims about our
//! own tree for others to check.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::signature::LogPublicKey;
use super::tree::{self, Hash};
use crate::hex;
use crate::vectors::unhex;

/// Wycheproof: <https://github.com/C2SP/wycheproof>, a selection; the file names commit and licence.
#[test]
fn ed25519_gives_the_answers_of_wycheproof() {
    let file: Json = serde_json::from_str(include_str!(
        "../../../tests/vectors/wycheproof/ed25519.json"
    ))
    .unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let key = unhex(group["pk"].as_str().unwrap()).try_into().unwrap();
        let key = LogPublicKey::from_bytes(&key).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let text = |name: &str| unhex(test[name].as_str().unwrap());
            let valid = test["result"] == "valid";
            assert_eq!(
                key.verify(&text("msg"), &text("sig")),
                valid,
                "{}",
                test["tcId"]
            );
            *(if valid { &mut good } else { &mut bad }) += 1;
        }
    }
    assert!(good >= 10 && bad >= 30, "{good} valid, {bad} invalid");
}

/// Keys of small order sign anything: eight points, three of which have two encodings that are
/// read. "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), table 5.
#[test]
fn public_keys_of_small_order_are_refused() {
    for key in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ] {
        assert!(
            LogPublicKey::from_bytes(&hex::decode(key).unwrap()).is_none(),
            "{key}"
        );
    }
}

/// RFC 4231 section 4.3 (test case 2: a key shorter than the block) and 4.4 (test case 3), with keys
/// filled up to the block as `leaf` does it.
#[test]
fn hmac_gives_the_answers_of_rfc_4231() {
    for (key, data, expected) in [
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 20],
            vec![0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
    ] {
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(&key);
        let mut mac = Hmac::<Sha256>::new((&block).into());
        mac.update(&data);
        assert_eq!(hex::encode(&mac.finalize().into_bytes()), expected);
    }
}

fn hash(base64: &str) -> Hash {
    STANDARD.decode(base64).unwrap().try_into().unwrap()
}

/// From `testdata/inclusion` of github.com/transparency-dev/merkle (Apache-2.0).
#[test]
fn inclusion_proofs_of_transparency_dev_are_verified() {
    let root_8 = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
    let root_5 = "Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=";
    let cases: [(u32, u32, &str, &str, &[&str]); 4] = [
        (
            0,
            1,
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            &[],
        ),
        (
            0,
            8,
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            root_8,
            &[
                "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
                "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
                "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
            ],
        ),
        (
            5,
            8,
            "QnGia+DYqE8L1UyMMC58s6O10fpngKQLzOKHNHfatlg=",
            root_8,
            &[
                "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
                "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
                "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
            ],
        ),
        (
            1,
            5,
            "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
            root_5,
            &[
                "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
                "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
                "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
            ],
        ),
    ];
    for (index, size, leaf, root, proof) in cases {
        let proof: Vec<Hash> = proof.iter().map(|text| hash(text)).collect();
        let holds = |index, size, proof: &[Hash]| {
            tree::verify_inclusion(&hash(leaf), index, size, proof, &hash(root))
        };
        assert!(holds(index, size, &proof), "{index} of {size}");
        assert!(!holds(index + 1, size, &proof));
        assert!(!holds(
            index,
            size,
            &[proof.as_slice(), &[hash(root)]].concat()
        ));
    }
}

/// From `testdata/consistency` of github.com/transparency-dev/merkle (Apache-2.0).
#[test]
fn consistency_proofs_of_transparency_dev_are_verified() {
    let root_6 = "duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=";
    let root_8 = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
    let (first, last) = (
        "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    );
    let cases: [(u32, u32, &str, &str, &[&str]); 4] = [
        (
            1,
            8,
            "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            root_8,
            &[
                "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
                "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
                "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
            ],
        ),
        (
            6,
            8,
            root_6,
            root_8,
            &[first, "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=", last],
        ),
        (
            2,
            5,
            "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=",
            "Tju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=",
            &[
                "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
                "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
            ],
        ),
        (
            6,
            7,
            root_6,
            "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=",
            &[first, "sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=", last],
        ),
    ];
    for (old, new, old_root, new_root, proof) in cases {
        let (old_root, new_root) = (hash(old_root), hash(new_root));
        let proof: Vec<Hash> = proof.iter().map(|text| hash(text)).collect();
        assert!(
            tree::verify_consistency(old, new, &proof, &old_root, &new_root),
            "{old} to {new}"
        );
        // "swapped roots", "trailing root", "preceding root", "truncated proof" of the same folder.
        assert!(!tree::verify_consistency(
            old, new, &proof, &new_root, &old_root
        ));
        for proof in [
            [proof.as_slice(), &[new_root]].concat(),
            [&[old_root], proof.as_slice()].concat(),
            proof[..proof.len() - 1].to_vec(),
        ] {
            assert!(!tree::verify_consistency(
                old, new, &proof, &old_root, &new_root
            ));
        }
    }
}

/// Roots and proofs of our tree at every size to 70, and false ones. With `DIARY_MERKLE_CLAIMS` they
/// are written to that path, for `tests/independent/check_merkle.py`.
#[test]
fn merkle_claims_hold_for_our_own_verifier() {
    const SIZE: u32 = 70;
    let leaves: Vec<Vec<u8>> = (0..SIZE)
        .map(|i| i.to_be_bytes()[4 - (i % 5) as usize..].to_vec())
        .collect();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| tree::leaf_hash(leaf)).collect();
    let root = |size: u32| {
        let Ok(root) = tree::root_at(&mut hashes.as_slice(), size);
        root
    };
    let mut claims = Claims::default();
    for size in 1..=SIZE {
        for index in 0..size {
            let Ok(proof) = tree::inclusion(&mut hashes.as_slice(), index, size);
            claims.inclusion(&hashes, index, size, &root(size), &proof, true);
            if (index + size) % 7 == 0 {
                claims.inclusion(&hashes, index, size, &root(size), &changed(&proof), false);
                claims.inclusion(
                    &hashes,
                    (index + 1) % size,
                    size,
                    &root(size),
                    &proof,
                    size == 1,
                );
            }
        }
        for old in 1..size {
            let Ok(proof) = tree::consistency(&mut hashes.as_slice(), old, size);
            claims.consistency(old, size, &root(old), &root(size), &proof, true);
            if (old + size) % 7 == 0 {
                claims.consistency(old, size, &root(old), &root(size), &changed(&proof), false);
                claims.consistency(
                    old,
                    size,
                    &hashes[0].map(|byte| !byte),
                    &root(size),
                    &proof,
                    false,
                );
            }
        }
    }
    assert!(claims.inclusion.len() > 2_400 && claims.consistency.len() > 2_400);
    let Some(path) = std::env::var_os("DIARY_MERKLE_CLAIMS") else {
        return;
    };
    let roots: serde_json::Map<String, Json> = (1..=SIZE)
        .map(|size| (size.to_string(), hex::encode(&root(size)).into()))
        .collect();
    let file = json!({
        "leaves": leaves.iter().map(|leaf| hex::encode(leaf)).collect::<Vec<_>>(),
        "roots": roots,
        "inclusion": claims.inclusion,
        "consistency": claims.consistency,
    });
    std::fs::write(path, file.to_string()).unwrap();
}

/// The same proof with another last hash, or a hash too many where there is none.
fn changed(proof: &[Hash]) -> Vec<Hash> {
    let mut changed = proof.to_vec();
    match changed.last_mut() {
        Some(last) => last[31] ^= 1,
        None => changed.push([0; 32]),
    }
    changed
}

/// What is claimed; each claim was checked.
#[derive(Default)]
struct Claims {
    inclusion: Vec<Json>,
    consistency: Vec<Json>,
}

impl Claims {
    fn inclusion(
        &mut self,
        hashes: &[Hash],
        index: u32,
        size: u32,
        root: &Hash,
        proof: &[Hash],
        holds: bool,
    ) {
        let leaf = &hashes[index as usize];
        assert_eq!(
            tree::verify_inclusion(leaf, index, size, proof, root),
            holds,
            "{index} of {size}"
        );
        self.inclusion.push(json!({
            "index": index,
            "size": size,
            "root": hex::encode(root),
            "proof": hexes(proof),
            "false": !holds,
        }));
    }

    fn consistency(
        &mut self,
        old: u32,
        new: u32,
        old_root: &Hash,
        new_root: &Hash,
        proof: &[Hash],
        holds: bool,
    ) {
        assert_eq!(
            tree::verify_consistency(old, new, proof, old_root, new_root),
            holds,
            "{old} to {new}"
        );
        self.consistency.push(json!({
            "old": old,
            "new": new,
            "old_root": hex::encode(old_root),
            "new_root": hex::encode(new_root),
            "proof": hexes(proof),
            "false": !holds,
        }));
    }
}

fn hexes(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hex::encode(hash)).collect()
}
