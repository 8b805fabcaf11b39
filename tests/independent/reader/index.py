"""Index (7), and the tree that it is (11)."""

from dataclasses import dataclass

from .conventions import (
    ERASED,
    KINDS,
    LEVELS,
    LOST,
    NODE,
    PLACE,
    PLACES,
    base32,
    demand,
    is_zero,
    number,
    sha,
)


def root_of(hashes):
    """RFC 6962 section 2.1, over leaf hashes or over equal, full subtrees."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\x01", root_of(hashes[:split]), root_of(hashes[split:]))


@dataclass
class Place:
    """What the index says of an entry."""

    number: int
    position: int
    run: int
    kind: str
    flags: int
    link: int
    check: bytes
    leaf: bytes

    @property
    def erased(self):
        return bool(self.flags & ERASED)

    @property
    def lost(self):
        return bool(self.flags & LOST)

    @property
    def ident(self):
        return f"{self.number}-{base32(self.leaf, 4).lower()}"


def read_index(table, head):
    """The places of all entries, in order."""
    places = []
    for level in reversed(range(LEVELS)):
        count = head.size >> 5 * level & 31
        check, position = head.edge[level]
        if count == 0:
            good = is_zero(check) and position == 0
            demand(good, f"head: an open node on level {level}, which must be empty")
            continue
        demand(position == 1 + level, f"head: the open node of level {level} lies at {position}")
        node = head.size >> 5 * (level + 1)
        places += read_node(table, level, node, position, check, count)[0]
    demand([place.number for place in places] == list(range(head.size)), "index: numbers of places")
    return places


def read_node(table, level, node, position, check, count):
    """(the places below, their RFC 6962 hash if the node is full, incidents below)"""
    what = f"index node {node} of level {level}"
    data = table.object(what, position, 1, NODE, node, level, total=PLACES * PLACE, check=check)
    demand(is_zero(data[PLACE * count :]), f"{what}: more than {count} places")
    rows = [data[PLACE * at : PLACE * (at + 1)] for at in range(count)]
    if level == 0:
        places = [read_place(row, PLACES * node + at) for at, row in enumerate(rows)]
        incidents = sum(place.kind == "incident" for place in places)
        return places, root_of([place.leaf for place in places]), incidents
    places, hashes, incidents = [], [], 0
    for at, row in enumerate(rows):
        below = PLACES * node + at
        demand(is_zero(row[8:12]), f"{what}: place {at}: reserved bytes")
        found = read_node(table, level - 1, below, number(row, 0, 4), row[12:28], PLACES)
        demand(found[1] == row[28:], f"{what}: place {at}: another RFC 6962 hash")
        demand(found[2] == number(row, 4, 4), f"{what}: place {at}: another number of incidents")
        places += found[0]
        hashes.append(found[1])
        incidents += found[2]
    return places, root_of(hashes), incidents


def read_place(row, entry):
    place = Place(
        number=entry,
        position=number(row, 0, 4),
        run=number(row, 4, 2),
        kind=KINDS.get(row[6]),
        flags=row[7],
        link=number(row, 8, 4),
        check=row[12:28],
        leaf=row[28:],
    )
    demand(place.kind, f"entry {entry}: unknown kind {row[6]}")
    demand(place.flags <= 15, f"entry {entry}: unknown flags {place.flags}")
    demand(place.erased or not place.lost, f"entry {entry}: lost, but not without a position")
    if place.erased:
        demand(is_zero(row[:6] + row[12:28]), f"entry {entry}: erased, but it has a position")
    else:
        demand(place.position and place.run, f"entry {entry}: no position, but it is not erased")
    return place
