"""SQLite, cells, objects (5, 12), the head and the drafts (6, 8)."""

import sqlite3
from dataclasses import dataclass

from .conventions import (
    CELL,
    DATA,
    FIRST_FREE,
    HEAD,
    LARGEST_SIDE,
    LEVELS,
    MOST,
    SIDE,
    TAG,
    Wrong,
    demand,
    is_zero,
    number,
    parse_canonical,
    sha,
    u8,
    u32,
    unseal,
)


class Table:
    """The table of one half: cells, opened one by one; who holds which."""

    def __init__(self, path, header, half, key):
        self.container, self.half, self.key = header.container, half, key
        self.owners = {}
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON"):
            self.ask(f"PRAGMA {pragma}")
        for name, value in {"page_size": 4096, "auto_vacuum": 0}.items():
            found = self.ask(f"PRAGMA {name}")
            demand(found == [(value,)], f"log.db: {name} is {found}")
        schema = [
            ("table", name, name, f"CREATE TABLE {name}(i INTEGER PRIMARY KEY, b BLOB NOT NULL)")
            for name in ("p0", "p1")
        ]
        found = self.ask("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")
        demand(found == schema, f"log.db: another schema: {found}")
        counts = []
        for name in ("p0", "p1"):
            ((count, low, high),) = self.ask(f"SELECT count(*), min(i), max(i) FROM {name}")
            demand(
                (low, high) == (0, count - 1), f"log.db: {name}: rows {low} to {high} of {count}"
            )
            counts.append(count)
        self.size = counts[0]
        demand(counts[0] == counts[1], f"log.db: p0 and p1 have {counts} cells")
        demand(self.size % header.step == 0, f"log.db: {self.size} cells, no multiple of the step")

    def ask(self, query, *values):
        try:
            return self.database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise Wrong(f"log.db: {error}") from None

    def opens(self, position):
        try:
            self.cell(position, "cell")
        except Wrong:
            return False
        return True

    def cell(self, position, what):
        """(the plaintext, nonce and tag)"""
        rows = self.ask(f"SELECT b FROM p{self.half} WHERE i = ?", position)
        demand(rows, f"{what}: there is no cell {position}")
        sealed = rows[0][0]
        demand(
            isinstance(sealed, bytes) and len(sealed) == CELL, f"{what}: cell {position}: its size"
        )
        aad = b"idv1/cell" + self.container + u8(self.half) + u32(position)
        plain = unseal(self.key, sealed, aad)
        demand(plain is not None, f"{what}: cell {position} does not open")
        return plain, sealed[:24] + sealed[-TAG:]

    def take(self, position, run, what):
        for place in range(position, position + run):
            demand(place not in self.owners, f"{what}: cell {place} is {self.owners.get(place)}'s")
            self.owners[place] = what

    def holders(self):
        """The positions of the cells of each object read so far."""
        holders = {}
        for position, what in sorted(self.owners.items()):
            holders.setdefault(what, []).append(position)
        return holders

    def object(self, what, position, run, kind, ident=0, level=0, total=None, check=None):
        """The bytes of an object; `total` and `check` are compared where they are known."""
        self.take(position, run, what)
        data, seals = b"", b""
        for part in range(run):
            plain, seal = self.cell(position + part, what)
            if total is None:
                total = number(plain, 8, 4)
            found = (
                plain[0],
                plain[1],
                number(plain, 2, 2),
                number(plain, 4, 4),
                number(plain, 8, 4),
            )
            wanted = kind, level, part, ident, total
            demand(found == wanted, f"{what}: cell {position + part} says {found}, not {wanted}")
            demand(is_zero(plain[12:16]), f"{what}: cell {position + part}: reserved bytes")
            data += plain[16:]
            seals += seal
        demand(run == max(1, -(-total // DATA)), f"{what}: {total} bytes in {run} cells")
        demand(is_zero(data[total:]), f"{what}: its padding is not zero")
        if check is not None:
            demand(sha(b"idv1/check", seals)[:16] == check, f"{what}: it is not the one pointed to")
        return data[:total]


@dataclass
class Head:
    commits: int
    used: int
    size: int
    incidents: int
    root: bytes
    seed: bytes
    slots: bytes
    slots_to_be: bytes
    instance: bytes
    side: bytes
    doomed: list
    edge: list


def read_head(table):
    data = table.object("head", 0, 1, HEAD, total=1344)
    demand(number(data, 0, 2) == 1, f"head: format {number(data, 0, 2)}")
    demand(data[2] == table.half, f"head: of half {data[2]}")
    count = number(data, 216, 2)
    names = [data[220 + 16 * place : 236 + 16 * place] for place in range(64)]
    edges = [data[1244 + 20 * level : 1264 + 20 * level] for level in range(LEVELS)]
    reserved = data[3:4] + data[24:44] + data[218:220]
    demand(is_zero(reserved), "head: reserved bytes are not zero")
    demand(count <= 64, f"head: {count} doomed files")
    demand(is_zero(b"".join(names[count:])), "head: more doomed files than it counts")
    head = Head(
        commits=number(data, 4, 8),
        used=number(data, 12, 4),
        size=number(data, 16, 4),
        incidents=number(data, 20, 4),
        root=data[44:76],
        seed=data[76:108],
        slots=data[108:140],
        slots_to_be=data[140:172],
        instance=data[172:188],
        side=data[188:216],
        doomed=[name.hex() for name in names[:count]],
        edge=[(edge[:16], number(edge, 16, 4)) for edge in edges],
    )
    demand(head.used >= FIRST_FREE, f"head: used {head.used}")
    demand(head.used <= table.size, f"cells are missing: {head.used} used, {table.size} there")
    demand(head.used <= MOST, f"head: used {head.used}")
    demand(1 <= head.size <= MOST, f"head: {head.size} entries")
    return head


def check_instance_and_slots(head, header, half, warnings):
    slots = header.own_slots(half)
    if slots == head.slots_to_be:
        warnings.append("head: a change of secrets is not settled yet")
    else:
        demand(slots == head.slots, "an older or damaged key file was put back")
    if head.instance != header.instance:
        warnings.append("head: last written under another instance")


def read_side(table, head):
    """The drafts."""
    if is_zero(head.side):
        return None
    demand(is_zero(head.side[6:8]), "side object: reserved bytes in the head")
    total = number(head.side, 8, 4)
    demand(total <= LARGEST_SIDE, f"side object: {total} bytes")
    position, run = number(head.side, 0, 4), number(head.side, 4, 2)
    data = table.object("side object", position, run, SIDE, total=total, check=head.side[12:])
    side = parse_canonical(data, "side object")
    demand(isinstance(side.get("drafts"), dict), "side object: no drafts")
    return side["drafts"]
