//! Vectors of cells.

use super::*;

#[test]
fn section_5_vectors_of_cells() {
    vectors::settle("cell", &cell_vectors());
    vectors::check("cell", |keys, body| {
        let key: Key<crate::vault::keys::Half> =
            Key::from_bytes(Zeroizing::new(keys.hex("half-key")));
        let container_id = keys.hex("container-id");
        let half = if keys.number::<u8>("half") == 0 {
            Half::Zero
        } else {
            Half::One
        };
        let cipher = CellCipher::new(&key.derive_cell_key(&container_id), container_id, half);
        let place = Place {
            position: keys.number("position"),
            run: keys.number("run"),
            check: keys.hex("check"),
        };
        match cipher.open(object_name(keys), place, body) {
            Err(_) => "not this object",
            Ok(object) => {
                keys.same("bytes", object.len());
                keys.same("sha256", hex::encode(&Sha256::digest(&object)));
                "success"
            }
        }
    });
}

fn object_name(keys: &mut Keys) -> ObjectName {
    let (kind, level, number) = (
        keys.number::<u8>("kind"),
        keys.number("level"),
        keys.number("id"),
    );
    match kind {
        1 => ObjectName::Head,
        2 => ObjectName::Side,
        3 => ObjectName::Node { level, number },
        4 => ObjectName::Entry(number),
        other => panic!("{other}"),
    }
}

/// What whoever points to an object says of it.
#[derive(Clone, Copy)]
struct Said {
    half: u8,
    container_id: u8,
    place: Place,
    kind: u8,
    level: u8,
    id: u32,
}

impl Said {
    fn keys(self, vector: Vector) -> Vector {
        vector
            .key("half-key", hex::encode(&counting::<32>(HALF_KEY)))
            .key(
                "container-id",
                hex::encode(&counting::<16>(self.container_id)),
            )
            .key("half", self.half)
            .key("position", self.place.position)
            .key("run", self.place.run)
            .key("check", hex::encode(&self.place.check))
            .key("kind", self.kind)
            .key("level", self.level)
            .key("id", self.id)
    }
}

fn cell_vectors() -> Vec<Vector> {
    let small = log::entries()[1].to_bytes();
    // Two cells, the second with one byte.
    let large: Vec<u8> = (0..=DATA).map(|i| (i % 251) as u8).collect();
    let (small_name, large_name) = (ObjectName::Entry(1), ObjectName::Entry(5));
    let (place, cells) = seal(small_name, 9, &small);
    let (large_place, large_cells) = seal(large_name, 30, &large);
    let said = Said {
        half: 0,
        container_id: CONTAINER_ID,
        place,
        kind: 4,
        level: 0,
        id: 1,
    };
    let large_said = Said {
        place: large_place,
        id: 5,
        ..said
    };
    let success = |name: &str, comment: &str, said: Said, cells: &[u8], object: &[u8]| {
        said.keys(Vector::new(name, "success", comment, cells).compressed())
            .key("bytes", object.len())
            .key("sha256", hex::encode(&Sha256::digest(object)))
    };
    let bad = |name: &str, comment: &str, said: Said, cells: &[u8]| {
        said.keys(Vector::new(name, "not this object", comment, cells).compressed())
    };
    // Cells that open, under a check that is right, but that no writer writes.
    let lie = |name: &str, comment: &str, at: usize, byte: u8| {
        let mut plaintext = plaintext(small_name, 0, &small);
        plaintext[at] = byte;
        let cell = cipher(Half::Zero)
            .seal_cell(9, [9; 24], &mut plaintext)
            .unwrap();
        let place = Place {
            check: cell::check_of(&cell),
            ..place
        };
        bad(name, comment, Said { place, ..said }, &cell)
    };
    let (first, second) = large_cells.split_at(CELL);
    let checked = |name: &str, comment: &str, cells: Vec<u8>| {
        let run = (cells.len() / CELL) as u16;
        let place = Place {
            run,
            check: cell::check_of(&cells),
            ..large_place
        };
        bad(
            name,
            comment,
            Said {
                place,
                ..large_said
            },
            &cells,
        )
    };
    let node = node().to_bytes();
    let (node_place, node_cell) = seal(
        ObjectName::Node {
            level: 0,
            number: 0,
        },
        1,
        &node,
    );
    let node_said = Said {
        place: node_place,
        kind: 3,
        id: 0,
        ..said
    };
    let older = Place {
        check: cell::check_of(&with(&cells, 0, &[8])),
        ..place
    };
    vec![
        success(
            "entry",
            "the incident of the worked examples",
            said,
            &cells,
            &small,
        ),
        success(
            "two-cells",
            "an object of 1,961 bytes takes two cells",
            large_said,
            &large_cells,
            &large,
        ),
        success(
            "node",
            "the open node of the worked examples",
            node_said,
            &node_cell,
            &node,
        ),
        bad(
            "position",
            "the cell is looked for at another position",
            Said {
                place: Place {
                    position: 10,
                    ..place
                },
                ..said
            },
            &cells,
        ),
        bad(
            "half",
            "the cell of the other half",
            Said { half: 1, ..said },
            &cells,
        ),
        bad(
            "container",
            "the cell of another container",
            Said {
                container_id: 0x11,
                ..said
            },
            &cells,
        ),
        bad(
            "check",
            "an older or newer writing of the same object",
            Said {
                place: older,
                ..said
            },
            &cells,
        ),
        bad(
            "id",
            "the entry with another number",
            Said { id: 2, ..said },
            &cells,
        ),
        bad(
            "kind",
            "an object of another kind",
            Said { kind: 3, ..said },
            &cells,
        ),
        bad(
            "level",
            "a node of another level",
            Said {
                level: 1,
                ..node_said
            },
            &node_cell,
        ),
        bad(
            "tag",
            "a bit of the tag, and no one looks at the check's fault alone",
            Said {
                place: Place {
                    check: cell::check_of(&with(&cells, CELL - 1, &[!cells[CELL - 1]])),
                    ..place
                },
                ..said
            },
            &with(&cells, CELL - 1, &[!cells[CELL - 1]]),
        ),
        bad(
            "ciphertext",
            "a bit of the ciphertext, which the check does not cover",
            said,
            &with(&cells, 100, &[!cells[100]]),
        ),
        lie("reserved", "a reserved byte is not zero", 12, 1),
        lie(
            "padding",
            "the last byte of the padding is not zero",
            cell::PLAINTEXT - 1,
            1,
        ),
        lie(
            "total-short",
            "the total leaves the last byte to the padding",
            11,
            (small.len() - 1) as u8,
        ),
        lie("total-long", "the total is larger than one cell", 10, 0xff),
        lie("part", "the cell says that it is the second", 3, 1),
        checked("swapped", "two cells exchanged", [second, first].concat()),
        checked("doubled", "the first cell twice", [first, first].concat()),
        checked("dropped", "the second cell is missing", first.to_vec()),
        bad("run", "fewer cells than the place says", large_said, first),
    ]
}
