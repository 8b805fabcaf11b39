"""A backup (22): opened, and laid out as the vault that it holds."""

import hashlib
import sqlite3
from contextlib import closing

from .conventions import (
    BLOCK,
    CELL,
    CHUNK,
    TAG,
    demand,
    hkdf,
    is_zero,
    number,
    sha,
    u8,
    u32,
    unseal,
)
from .header import read_header, unlock

HEAD = 2 * BLOCK + 64
OPENS = 2_176
ITEM, LISTED = 25, 56
CELLS, FILE, LIST, END = 1, 2, 3, 255


class Chunks:
    """The contents of the chunks, in order."""

    def __init__(self, file, count, key, prefix, associated):
        self.file, self.count, self.key = file, count, key
        self.prefix, self.associated = prefix, associated
        self.next, self.plain = 0, b""

    def take(self, size):
        parts = []
        while size:
            if not self.plain:
                self.plain = self.open()
            part, self.plain = self.plain[:size], self.plain[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def open(self):
        demand(self.next < self.count, "backup: it ends too early")
        last = self.next == self.count - 1
        nonce = self.prefix + u32(self.next) + u8(last)
        plain = unseal(self.key, nonce + self.file.read(CHUNK + TAG), self.associated)
        demand(plain is not None, f"backup: chunk {self.next} does not open")
        self.next += 1
        return plain

    def item(self):
        """(type, name, size)"""
        head = self.take(ITEM)
        demand(head[0] == FILE or is_zero(head[1:17]), "backup: an item with a name")
        return head[0], head[1:17], number(head, 17, 8)


def header_of(data, warnings):
    """The vault's header file, and everything before the chunks as the writer made it."""
    blocks = [data[:BLOCK], data[BLOCK : 2 * BLOCK]]
    good = [b for b in blocks if b.startswith(b"IDBACK01") and sha(b[:4064]) == b[4064:]]
    demand(any(b.startswith(b"IDBACK01") for b in blocks), "backup: this is none")
    demand(good, "backup: both blocks of its header are damaged")
    if len(good) == 1:
        warnings.append("backup: one of the two blocks of its header is damaged")
    opens = good[0][OPENS : OPENS + 51]
    tail = opens + bytes(13)
    if data[2 * BLOCK :] != tail:
        warnings.append("backup: the copy of its salt and prefix is damaged")
    block = b"IDVAULT1" + good[0][8:OPENS] + bytes(51) + good[0][OPENS + 51 : 4064]
    return 2 * (block + sha(block)), 2 * good[0] + tail


def lay_out(path, secret, folder, warnings):
    """Proves every byte of a backup, and makes the vault of it in an empty folder."""
    size = path.stat().st_size - HEAD
    demand(size > 0 and size % (CHUNK + TAG) == 0, "backup: its length is that of no whole one")
    with path.open("rb") as file:
        top = file.read(HEAD)
        vault_header, own = header_of(top, warnings)
        header = read_header(vault_header, [])
        salt, prefix = own[2 * BLOCK :][:32], own[2 * BLOCK + 32 :][:19]
        key = hkdf(unlock(header, secret).container, salt, b"idv1/backup")
        associated = sha(own)
        chunks = Chunks(file, size // (CHUNK + TAG), key, prefix, associated)
        (folder / "header").write_bytes(vault_header)
        (folder / "lock").touch()
        (folder / "evidence").mkdir()
        put_cells(chunks, header, folder / "log.db")
        put_files(chunks, folder / "evidence", path.parent / "evidence")


def put_cells(chunks, header, path):
    kind, _, size = chunks.item()
    count, rest = divmod(size, 2 * CELL)
    good = kind == CELLS and count and rest == 0 and count % header.step == 0
    demand(good, f"backup: its first item has type {kind} and {size} bytes")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA page_size=4096")
        for table in ("p0", "p1"):
            database.execute(f"CREATE TABLE {table}(i INTEGER PRIMARY KEY, b BLOB NOT NULL)")
            rows = ((at, chunks.take(CELL)) for at in range(count))
            database.executemany(f"INSERT INTO {table}(i, b) VALUES (?, ?)", rows)


def put_files(chunks, folder, beside):
    found = []
    kind, name, size = chunks.item()
    while kind == FILE:
        demand(not found or found[-1][0] < name, "backup: files in another order")
        digest, left = hashlib.sha256(), size
        with (folder / name.hex()).open("xb") as out:
            while left:
                part = chunks.take(min(left, CHUNK))
                left -= len(part)
                digest.update(part)
                out.write(part)
        found.append((name, size, digest.digest()))
        kind, name, size = chunks.item()
    demand(kind == LIST and size % LISTED == 0, f"backup: type {kind} for the list")
    if not found:
        put_from_beside(chunks, size // LISTED, folder, beside)
        size = 0
    demand(size == LISTED * len(found), "backup: files that are not on the list")
    for name, size, digest in found:
        listed = chunks.take(LISTED)
        good = listed == name + size.to_bytes(8, "big") + digest
        demand(good, f"backup: file {name.hex()} is not the one of the list")
    kind, _, size = chunks.item()
    demand((kind, size) == (END, 0), f"backup: type {kind} at its end")
    demand(is_zero(chunks.plain), "backup: something follows its end")
    demand(chunks.next == chunks.count, "backup: chunks follow its end")


def put_from_beside(chunks, count, folder, beside):
    """The files of a backup in a folder (22.1)."""
    before = b""
    for _ in range(count):
        listed = chunks.take(LISTED)
        name, size, digest = listed[:16], number(listed, 16, 8), listed[24:]
        demand(before < name, "backup: files in another order")
        before = name
        data = (beside / name.hex()).read_bytes() if (beside / name.hex()).is_file() else b""
        good = len(data) == size and sha(data) == digest
        demand(good, f"backup: file {name.hex()} beside it is not the one of the list")
        (folder / name.hex()).write_bytes(data)
