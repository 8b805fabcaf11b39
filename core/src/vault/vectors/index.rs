//! Vectors of heads and index nodes.

use super::*;

#[test]
fn section_6_vectors_of_heads() {
    let mut runs = Runs::default();
    let head = head(&mut runs);
    let good = head.to_bytes();
    let bad = |name: &str, comment: &str, at: usize, bytes: &[u8]| {
        Vector::new(name, "not a head", comment, with(&good, at, bytes)).compressed()
    };
    let made = [
        Vector::new(
            "whole",
            "success",
            "the head of the worked examples",
            good.to_vec(),
        )
        .compressed()
        .key("half", 0)
        .key("commits", 4)
        .key("used", 11)
        .key("entries", 3)
        .key("incidents", 1)
        .key("root", hex::encode(&head.root)),
        bad("format-2", "format 2", 0, &[0, 2]),
        bad("half-2", "there is no third half", 2, &[2]),
        bad("reserved-3", "a reserved byte is not zero", 3, &[1]),
        bad(
            "used-7",
            "a position that is never free",
            12,
            &7u32.to_be_bytes(),
        ),
        bad(
            "incidents",
            "more incidents than entries",
            20,
            &4u32.to_be_bytes(),
        ),
        bad("reserved-24", "a reserved byte is not zero", 24, &[1]),
        bad(
            "side-run",
            "a side object at position 8 that takes no cell",
            188,
            &[0, 0, 0, 8, 0, 0],
        ),
        bad(
            "side-position",
            "a side object at the position of the head",
            192,
            &[0, 1],
        ),
        bad("doomed-65", "65 doomed files", 216, &[0, 65]),
        bad("reserved-218", "a reserved byte is not zero", 218, &[1]),
        bad("doomed-name", "a name where the count says none", 220, &[1]),
        bad(
            "edge-position",
            "the open node of level 0 at position 2",
            1_260,
            &2u32.to_be_bytes(),
        ),
        bad(
            "edge-check",
            "a check of an open node that is empty",
            1_264,
            &[1],
        ),
        Vector::new(
            "short",
            "not a head",
            "the last byte is missing",
            &good[..1_343],
        )
        .compressed(),
    ];
    vectors::settle("head", &made);
    vectors::check("head", |keys, body| match Head::parse(body) {
        None => "not a head",
        Some(head) => {
            keys.same("half", head.half.byte());
            keys.same("commits", head.commits);
            keys.same("used", head.used);
            keys.same("entries", head.entries);
            keys.same("incidents", head.incidents);
            keys.same("root", hex::encode(&head.root));
            assert_eq!(*head.to_bytes(), body);
            "success"
        }
    });
}

#[test]
fn section_7_vectors_of_index_nodes() {
    let good = node();
    let above = Node::Nodes(vec![NodePlace {
        position: 40,
        incidents: 7,
        check: [1; 16],
        hash: [2; 32],
    }]);
    let vector =
        |name: &str, expect: &str, comment: &str, level: u8, places: usize, body: Vec<u8>| {
            Vector::new(name, expect, comment, body)
                .compressed()
                .key("level", level)
                .key("places", places)
        };
    let whole = |name: &str, comment: &str, level: u8, node: &Node| {
        vector(name, "success", comment, level, node.len(), node.to_bytes())
            .key("incidents", node.incidents())
            .key("hash", hex::encode(&node.hash()))
    };
    let erased = match &good {
        Node::Entries(places) => {
            let mut places = places.clone();
            places[1].place = None;
            Node::Entries(places)
        }
        Node::Nodes(_) => unreachable!(),
    };
    let bytes = good.to_bytes();
    let bad = |name: &str, comment: &str, at: usize, new: &[u8]| {
        vector(name, "not a node", comment, 0, 3, with(&bytes, at, new))
    };
    let erased_with = |name: &str, comment: &str, at: usize| {
        vector(
            name,
            "not a node",
            comment,
            0,
            3,
            with(&erased.to_bytes(), at, &[1]),
        )
    };
    let made = [
        whole("level-0", "the open node of the worked examples", 0, &good),
        whole("erased", "its incident was erased", 0, &erased),
        whole("level-1", "one full node below", 1, &above),
        bad("kind-0", "no kind has the number 0", 6, &[0]),
        bad("kind-12", "the last kind is 11", 6, &[12]),
        bad("flag-8", "a flag that does not exist", 7, &[8]),
        bad(
            "run-0",
            "an entry that takes no cell and is not erased",
            4,
            &[0, 0],
        ),
        erased_with("erased-position", "an erased entry with a position", 63),
        erased_with("erased-run", "an erased entry with a run", 65),
        erased_with("erased-check", "an erased entry with a check", 72),
        bad("beyond", "a byte after the places", 180, &[1]),
        vector(
            "places-4",
            "not a node",
            "one place more than there is",
            0,
            4,
            bytes.clone(),
        ),
        vector(
            "places-33",
            "not a node",
            "more places than a node has",
            0,
            33,
            bytes.clone(),
        ),
        vector(
            "short",
            "not a node",
            "the last byte is missing",
            0,
            3,
            bytes[..1_919].to_vec(),
        ),
        vector(
            "level-1-reserved",
            "not a node",
            "a reserved byte is not zero",
            1,
            1,
            with(&above.to_bytes(), 8, &[1]),
        ),
    ];
    vectors::settle("node", &made);
    vectors::check("node", |keys, body| {
        match Node::parse(keys.number("level"), keys.number("places"), body) {
            None => "not a node",
            Some(node) => {
                keys.same("incidents", node.incidents());
                keys.same("hash", hex::encode(&node.hash()));
                assert_eq!(node.to_bytes(), body);
                "success"
            }
        }
    });
    assert_eq!(good.entries()[1].kind, EntryKind::Incident);
}
