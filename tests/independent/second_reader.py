"""A second reader of a vault, written from core/FORMAT.md alone: it shares no code with the program.

second_reader.py VAULT (--passphrase-file FILE | --recovery-code-file FILE)

Opens the diary that the secret opens, reads every byte of it and checks everything that the format lets a
reader check. Prints what it found as JSON and ends with 0, or names what is wrong and ends with 1. It writes
nothing into the vault: SQLite works on a copy. Numbers in parentheses are sections of FORMAT.md.
"""

import argparse
import base64
import fcntl
import hashlib
import hmac
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import unicodedata
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey

BLOCK = 4_096
CELL = 2_016
DATA = 1_960
PLACES = 32
PLACE = 60
LEVELS = 5
FIRST_FREE = 8
CHUNK = 65_536
TAG = 16
LARGEST_ENTRY = 4 << 20
LARGEST_SIDE = 256 << 10
LARGEST_FILE = 16 << 30
MOST = 1 << 24  # cells, and entries
HEAD, SIDE, NODE, ENTRY = 1, 2, 3, 4
ERASED, WITHDRAWN, CODE_GIVEN = 1, 2, 4
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

KINDS = {
    1: "begun",
    2: "incident",
    3: "amendment",
    4: "withdrawal",
    5: "erasure",
    6: "evidence",
    7: "export",
    8: "time-stamp",
    9: "keys-changed",
    10: "continued",
    11: "salvaged",
}
ABOUT_AN_INCIDENT = {"amendment", "withdrawal", "erasure", "evidence"}
# What the proven part of each kind must hold (9); members may be added later.
MEMBERS = {
    "begun": {"software": str},
    "incident": {"incident": dict},
    "amendment": {"about": int, "changes": dict, "reason": str},
    "withdrawal": {"about": int, "reason": str},
    "erasure": {"about": int, "erased": list},
    "evidence": {"about": int, "evidence": dict},
    "export": {"bundle_sha256": str, "checkpoint_size": int, "incidents": list},
    "keys-changed": {"changed": object},
    "continued": {"from": str, "to": str},
}
EVIDENCE_MEMBERS = {"sha256": str, "bytes": int, "media_type": str, "name": str}


class Wrong(Exception):
    """Something in the vault is not as the format says."""


def demand(good, problem):
    if not good:
        raise Wrong(problem)


# --- Conventions (1). ---------------------------------------------------------------------------


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def hkdf(ikm, salt, info):
    """RFC 5869, one block of output."""
    return mac(mac(salt, ikm), info, b"\x01")


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "big")


def u8(value):
    return value.to_bytes(1, "big")


def u32(value):
    return value.to_bytes(4, "big")


def is_zero(data):
    return not any(data)


def unseal(key, sealed, aad):
    """nonce 24, ciphertext, tag 16; None if the tag is wrong."""
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], aad, sealed[:24], key)
    except CryptoError:
        return None


def canonical(value):
    """RFC 8785, for the values that the format allows."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def check_value(value):
    if isinstance(value, dict):
        demand(all(name.isascii() for name in value), "a key is not ASCII")
        for member in value.values():
            check_value(member)
    elif isinstance(value, list):
        for element in value:
            check_value(element)
    else:
        allowed = value is None or isinstance(value, str) or type(value) is int
        demand(allowed, f"{value!r} does not occur in canonical JSON")
        demand(not isinstance(value, int) or 0 <= value < 2**53, f"{value} is out of range")


def parse_canonical(data, what):
    """An object; any bytes but its own serialisation are refused."""
    try:
        value = json.loads(data.decode())
        check_value(value)
        same = canonical(value) == data
    except (ValueError, RecursionError, Wrong) as error:
        raise Wrong(f"{what}: no canonical JSON: {error}") from None
    demand(same, f"{what}: JSON that is not canonical")
    demand(isinstance(value, dict), f"{what}: no JSON object")
    return value


def b64(data):
    return base64.b64encode(data).decode()


def base32(data, characters):
    value = int.from_bytes(data, "big") >> (8 * len(data) - 5 * characters)
    return "".join(BASE32[value >> 5 * place & 31] for place in reversed(range(characters)))


def hex_of(text, size, what):
    demand(
        isinstance(text, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text),
        f"{what}: not {size} bytes of lower-case hex",
    )
    return bytes.fromhex(text)


# --- Header, secrets, keys (3, 4). --------------------------------------------------------------


@dataclass
class Header:
    block: bytes
    memory: int
    passes: int
    step: int
    container: bytes
    salt: bytes
    instance: bytes

    def slot(self, index):
        return self.block[128 + 256 * index : 384 + 256 * index]

    def own_slots(self, half):
        return sha(*(self.slot(4 * half + index) for index in range(4)))


def read_header(data, warnings):
    blocks = [data[:BLOCK], data[BLOCK:]]
    magic = any(block.startswith(b"IDVAULT1") for block in blocks)
    demand(len(data) == 2 * BLOCK and magic, "header: this is no vault")
    sound = [
        block
        for block in blocks
        if block.startswith(b"IDVAULT1") and sha(block[:4064]) == block[4064:]
    ]
    demand(sound, "header: the key file is damaged")
    if len(sound) == 1:
        warnings.append("header: one of the two blocks is damaged")
    elif sound[0] != sound[1]:
        warnings.append("header: the two blocks differ")
    block = sound[0]
    demand(number(block, 8, 2) <= 1, "header: written by a newer program")
    demand(number(block, 8, 2) == 1, "header: format 0")
    header = Header(
        block=block,
        memory=number(block, 12, 4),
        passes=number(block, 16, 4),
        step=number(block, 20, 4),
        container=block[32:48],
        salt=block[48:80],
        instance=block[80:96],
    )
    demand(block[10] == 1, f"header: unknown suite {block[10]}")
    demand(block[11] == 4, f"header: {block[11]} lanes")
    demand(65_536 <= header.memory <= 1_048_576, f"header: memory {header.memory}")
    demand(1 <= header.passes <= 64, f"header: passes {header.passes}")
    demand(8 <= header.step <= 65_536, f"header: step {header.step}")
    reserved = block[24:32] + block[96:128] + block[2176:4064]
    demand(is_zero(reserved), "header: reserved bytes are not zero")
    return header


def passphrase_secret(data):
    """The first line of the file; what a line end is belongs to the command line, not to the format."""
    text = data.decode().split("\n")[0].removesuffix("\r")
    spaces = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text)
    secret = unicodedata.normalize("NFC", spaces).encode()
    demand(len(secret) <= 1024, "the passphrase is too long")
    return b"\x00" + secret


def recovery_secret(data):
    text = data.decode().strip().upper().replace("-", "").replace(" ", "")
    text = text.translate(str.maketrans("OIL", "011"))
    demand(len(text) == 32 and all(c in BASE32 for c in text), "this is no recovery code")
    value = 0
    for letter in text:
        value = value << 5 | BASE32.index(letter)
    code, check = value.to_bytes(20, "big")[:16], value.to_bytes(20, "big")[16:]
    demand(sha(b"idv1/code", code)[:4] == check, "the recovery code is mistyped")
    return b"\x01" + code


@dataclass
class Slot:
    index: int
    kind: str
    key: bytes
    before: bytes | None

    @property
    def half(self):
        return self.index // 4

    @staticmethod
    def cell_key(header, key):
        return hkdf(key, header.container, b"idv1/cell")


def unlock(header, secret):
    """Tries all eight slots, without a device key; the lowest that opens."""
    answer = hash_secret_raw(
        secret, header.salt, header.passes, header.memory, 4, 32, Type.ID, version=0x13
    )
    opened = []
    for index in range(8):
        info = b"idv1/kek" + header.block[8:24] + header.container + u8(index) + u8(0)
        key = hkdf(answer + bytes(32), header.salt, info)
        aad = b"idv1/slot" + header.container + u8(index)
        plain = unseal(key, header.slot(index), aad)
        if plain is not None:
            opened.append((index, plain))
    demand(opened, "wrong passphrase, or a damaged key file")
    index, plain = opened[0]
    demand(plain[0] == 1, f"slot {index}: version {plain[0]}")
    demand(plain[1] in (0, 1), f"slot {index}: kind {plain[1]}")
    demand(plain[1] == secret[0], f"slot {index}: its kind is not that of the secret")
    demand(is_zero(plain[2:8] + plain[104:]), f"slot {index}: reserved bytes")
    before = None if is_zero(plain[40:72]) else plain[40:72]
    return Slot(index, ("passphrase", "recovery code")[plain[1]], plain[8:40], before)


# --- SQLite, cells, objects (5, 12). ------------------------------------------------------------


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


# --- Head (6). ----------------------------------------------------------------------------------


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


# --- Index (7), tree (11). ----------------------------------------------------------------------


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
    demand(place.flags <= 7, f"entry {entry}: unknown flags {place.flags}")
    if place.erased:
        demand(is_zero(row[:6] + row[12:28]), f"entry {entry}: erased, but it has a position")
    else:
        demand(place.position and place.run, f"entry {entry}: no position, but it is not erased")
    return place


# --- Entries, commitments, leaves (8, 9, 10). ---------------------------------------------------


@dataclass
class Entry:
    number: int
    kind: str
    seed: bytes
    proven: dict
    private: dict

    @property
    def about(self):
        return self.proven["about"] if self.kind in ABOUT_AN_INCIDENT else None


def read_entry(table, place):
    what = f"entry {place.number}"
    data = table.object(what, place.position, place.run, ENTRY, place.number, check=place.check)
    demand(44 <= len(data) <= LARGEST_ENTRY, f"{what}: {len(data)} bytes")
    demand(data[0] == 1, f"{what}: version {data[0]}")
    demand(KINDS.get(data[1]) == place.kind, f"{what}: its kind is not that in the index")
    demand(is_zero(data[2:4]), f"{what}: reserved bytes")
    first = number(data, 36, 4)
    second = number(data, 40 + first, 4)
    demand(len(data) == 44 + first + second, f"{what}: the lengths of its parts")
    entry = Entry(
        number=place.number,
        kind=place.kind,
        seed=data[4:36],
        proven=parse_canonical(data[40 : 40 + first], f"{what}: proven part"),
        private=parse_canonical(data[44 + first :], f"{what}: vault-only part"),
    )
    check_members(entry, what)
    demand(leaf_hash(entry) == place.leaf, f"{what}: its leaf hash is not the one in the index")
    return entry


def check_members(entry, what):
    recorded = entry.proven.get("recorded")
    demand(isinstance(recorded, dict), f"{what}: no recorded")
    demand({"at", "utc"} <= recorded.keys(), f"{what}: recorded lacks a time")
    check_types(entry.proven, MEMBERS.get(entry.kind, {}), what)
    if entry.kind == "evidence":
        check_types(entry.proven["evidence"], EVIDENCE_MEMBERS, f"{what}: evidence")


def check_types(value, members, what):
    for name, kind in members.items():
        good = isinstance(value.get(name), kind)
        demand(good, f"{what}: {name} is missing or no {kind.__name__}")


def fields_of_object(value):
    """The fields of an incident, or of what an amendment changes: name to value."""
    fields = {}
    for name, member in value.items():
        if name == "occurred" and isinstance(member, dict):
            fields[name] = {key: part for key, part in member.items() if key != "words"}
            if "words" in member:
                fields["occurred.words"] = member["words"]
        elif isinstance(member, list):
            for index, element in enumerate(member):
                label = f"{name}[{index}]"
                if name == "people" and isinstance(element, dict) and "contact" in element:
                    fields[f"{label}.contact"] = element["contact"]
                    element = {key: part for key, part in element.items() if key != "contact"}
                fields[label] = element
        else:
            fields[name] = member
    return fields


def fields_of(entry):
    """Every field that is committed: name to the bytes of its value."""
    values = {name: value for name, value in entry.proven.items() if name != "about"}
    inner = {"incident": "incident", "amendment": "changes", "evidence": "evidence"}.get(entry.kind)
    if inner:
        members = values.pop(inner)
        values |= members if entry.kind == "evidence" else fields_of_object(members)
    fields = {name: canonical(value) for name, value in values.items()}
    if entry.kind in ("incident", "amendment"):
        if "private_note" in entry.private:
            fields["private"] = canonical(entry.private["private_note"])
        else:
            fields["private"] = mac(entry.seed, b"private/1\n")
    return fields


def leaf_hash(entry):
    about = "-" if entry.about is None else entry.about
    text = f"incident-diary/leaf/1\n{entry.number}\n{entry.kind}\n{about}\n"
    for name, value in sorted((name.encode(), value) for name, value in fields_of(entry).items()):
        salt = mac(entry.seed, b"salt/1\n", name)
        label = u32(len(name)) + name
        commitment = sha(b"incident-diary/field/1\n", label, salt, u32(len(value)), value)
        text += f"{name.decode()} {b64(commitment)}\n"
    return sha(b"\x00", text.encode())


# --- How entries hang together (7, 9, 13). ------------------------------------------------------


def chains_of(places, entries):
    """For each incident the entries about it, oldest first; every link is followed."""
    chains, seen = {}, {}
    for place in places:
        if place.kind != "incident":
            continue
        chain, at = [], place.link
        while at not in (0, place.number):
            later = chain[-1] if chain else len(places)
            demand(place.number < at < later, f"entry {place.number}: a link to {at}")
            demand(places[at].kind in ABOUT_AN_INCIDENT, f"entry {at}: it is about no incident")
            demand(at not in seen, f"entry {at}: linked from two incidents")
            seen[at] = place.number
            chain.append(at)
            at = places[at].link
        demand(at == (place.number if chain else 0), f"entry {place.number}: its links end at {at}")
        chains[place.number] = chain[::-1]
    for place in places:
        what = f"entry {place.number}"
        if place.kind in ABOUT_AN_INCIDENT:
            demand(place.number in seen, f"{what}: no incident's links lead to it")
            about = None if place.erased else entries[place.number].about
            demand(about in (None, seen[place.number]), f"{what}: about {about}, by its links not")
        elif place.kind != "incident":
            demand(place.link == 0, f"{what}: a link to {place.link}")
    return chains


def check_flags(places, entries, chains):
    for place in places:
        what = f"entry {place.number}"
        demand((place.kind == "begun") == (place.number == 0), f"{what}: {place.kind}")
        withdrawn = any(places[at].kind == "withdrawal" for at in chains.get(place.number, ()))
        demand(bool(place.flags & WITHDRAWN) == withdrawn, f"{what}: the flag of withdrawal")
    for incident, chain in chains.items():
        named = set()
        for at in chain:
            if places[at].kind == "erasure" and not places[at].erased:
                erased = entries[at].proven["erased"]
                demand(erased == sorted(set(erased)) and erased, f"entry {at}: erased: {erased}")
                known = {incident, *chain}
                good = all(e in known and e < at and places[e].erased for e in erased)
                demand(good, f"entry {at}: {erased} are not all erased")
                named |= set(erased)
        lost = any(places[at].kind == "erasure" and places[at].erased for at in chain)
        erased = {at for at in (incident, *chain) if places[at].erased}
        demand(lost or erased == named, f"entry {incident}: no erasure names {erased - named}")
        if places[incident].erased:
            left = [at for at in chain if not places[at].erased and places[at].kind != "erasure"]
            demand(not left, f"entry {incident}: erased, but {left} about it are not")


def as_it_stands(incident, amendments):
    """The recording with its amendments put in, and the private note that is left (18.4)."""
    value = dict(incident.proven["incident"])
    note = incident.private.get("private_note")
    for amendment in amendments:
        for name, member in amendment.proven["changes"].items():
            if member is None:
                value.pop(name, None)
            else:
                value[name] = member
        note = amendment.private.get("private_note", note)
    return value, note


# --- Evidence files (17). -----------------------------------------------------------------------


def read_evidence(folder, entry):
    """Opens the whole file and compares its SHA-256."""
    evidence, sealed = entry.proven["evidence"], entry.private
    what = f"entry {entry.number}: evidence file"
    demand(sealed.keys() == {"file", "key"}, f"{what}: its vault-only part")
    name, key = hex_of(sealed["file"], 16, what).hex(), hex_of(sealed["key"], 32, what)
    size = evidence["bytes"]
    demand(1 <= size <= LARGEST_FILE, f"{what}: {size} bytes")
    path = folder / name
    demand(path.is_file(), f"{what} {name} is missing")
    chunks = -(-size // CHUNK)
    length = 32 + (CHUNK + TAG) * chunks
    demand(path.stat().st_size == length, f"{what} {name}: its length")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(32)
        demand(head[:13] == b"IDEV\x01\x10" + bytes(7), f"{what} {name}: its head")
        for counter in range(chunks):
            last = counter == chunks - 1
            nonce = head[13:] + u32(counter) + u8(last)
            plain = unseal(key, nonce + file.read(CHUNK + TAG), head)
            demand(plain is not None, f"{what} {name}: chunk {counter} does not open")
            true = size - CHUNK * counter if last else CHUNK
            demand(is_zero(plain[true:]), f"{what} {name}: its padding is not zero")
            digest.update(plain[:true])
        demand(file.read(1) == b"", f"{what} {name}: it goes on")
    good = digest.hexdigest() == evidence["sha256"]
    demand(good, f"{what} {name}: its SHA-256 is not the one recorded")
    return {
        "entry": entry.number,
        "about": entry.about,
        "file": name,
        "name": evidence["name"],
        "bytes": size,
        "sha256": digest.hexdigest(),
    }


# --- Checkpoint, fingerprint (11). --------------------------------------------------------------


def checkpoint_of(head):
    public = bytes(SigningKey(head.seed).verify_key)
    return f"incident-diary.v1/{sha(public).hex()}\n{head.size}\n{b64(head.root)}\n"


def fingerprint_of(checkpoint):
    text = base32(sha(checkpoint.encode())[:15], 24)
    total = 0
    for place, letter in enumerate(reversed(text)):
        product = BASE32.index(letter) * (2 if place % 2 == 0 else 1)
        total += product // 32 + product % 32
    text += BASE32[-total % 32]
    return "-".join(text[at : at + 5] for at in range(0, 25, 5))


# --- The whole. ---------------------------------------------------------------------------------


@contextmanager
def copy_of(vault):
    """A copy of what SQLite may write, made while nobody else has the vault open (2)."""
    with tempfile.TemporaryDirectory() as work, (vault / "lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Wrong("the vault is open in another program") from None
        for name in ("log.db", "log.db-wal"):
            if (vault / name).exists():
                shutil.copyfile(vault / name, Path(work) / name)
        yield Path(work)


def read_vault(vault, secret):
    """Everything; raises Wrong at the first thing that is not right."""
    warnings = []
    with copy_of(vault) as work:
        header = read_header((vault / "header").read_bytes(), warnings)
        slot = unlock(header, secret)
        table = Table(work / "log.db", header, slot.half, slot.cell_key(header, slot.key))
        if slot.before and not table.opens(0):
            table.key = slot.cell_key(header, slot.before)
            warnings.append("a rotation was cut short: the cells are under the key before it")
        head = read_head(table)
        check_instance_and_slots(head, header, slot.half, warnings)
        places = read_index(table, head)
        demand(root_of([place.leaf for place in places]) == head.root, "head: another root")
        incidents = sum(place.kind == "incident" for place in places)
        demand(incidents == head.incidents, f"head: {head.incidents} incidents, not {incidents}")
        entries = {p.number: read_entry(table, p) for p in places if not p.erased}
        drafts = read_side(table, head)
        check_runs(table, head)
        chains = chains_of(places, entries)
        check_flags(places, entries, chains)
        seed = entries[0].private.get("signing_seed")
        demand(seed == head.seed.hex(), "head: the signing seed is not that of entry 0")
        evidence = [
            {"id": places[entry.number].ident, **read_evidence(vault / "evidence", entry)}
            for entry in entries.values()
            if entry.kind == "evidence"
        ]
        check_files(evidence, entries, head)
    checkpoint = checkpoint_of(head)
    return {
        "half": slot.half,
        "opened_by": slot.kind,
        "commits": head.commits,
        "cells": {"there": table.size, "used": head.used, "holders": table.holders()},
        "entries": {
            "total": head.size,
            "by_kind": dict(sorted(Counter(place.kind for place in places).items())),
            "erased": [place.number for place in places if place.erased],
            "codes_given_out_at": [p.number + 1 for p in places if p.flags & CODE_GIVEN],
        },
        "incidents": [stand(places, entries, number, chain) for number, chain in chains.items()],
        "evidence": evidence,
        "drafts": drafts,
        "doomed": head.doomed,
        "root": head.root.hex(),
        "checkpoint": checkpoint,
        "fingerprint": fingerprint_of(checkpoint),
        "warnings": warnings,
    }


def check_runs(table, head):
    """All runs are below `used`; that none overlap was seen when they were taken (14)."""
    stray = [at for at in table.owners if at >= head.used]
    demand(not stray, f"cells from {head.used} on are in use: {stray}")
    fixed = [at for at in sorted(table.owners) if 0 < at < FIRST_FREE]
    open_nodes = [1 + level for level in range(LEVELS) if head.edge[level][1]]
    demand(fixed == open_nodes, f"cells below {FIRST_FREE} are in use: {fixed}")


def check_files(evidence, entries, head):
    keys = {}
    for item in evidence:
        key = entries[item["entry"]].private["key"]
        same = keys.setdefault(item["file"], key) == key
        demand(same, f"entry {item['entry']}: another key for {item['file']}")
        demand(item["file"] not in head.doomed, f"entry {item['entry']}: its file is doomed")


def stand(places, entries, incident, chain):
    place = places[incident]
    found = {
        "number": incident,
        "id": place.ident,
        "erased": place.erased,
        "withdrawn": bool(place.flags & WITHDRAWN),
        "about": [
            {"id": places[at].ident, "kind": places[at].kind, "erased": places[at].erased}
            for at in chain
        ],
    }
    if not place.erased:
        here = [entries[at] for at in chain if at in entries]
        amendments = [entry for entry in here if entry.kind == "amendment"]
        value, note = as_it_stands(entries[incident], amendments)
        found |= {"incident": value, "private_note": note}
        found["evidence"] = [
            places[entry.number].ident for entry in here if entry.kind == "evidence"
        ]
    return found


def main():
    parser = argparse.ArgumentParser(description="Reads a vault from its format alone.")
    parser.add_argument("vault", type=Path)
    secrets = parser.add_mutually_exclusive_group(required=True)
    secrets.add_argument("--passphrase-file", type=Path)
    secrets.add_argument("--recovery-code-file", type=Path)
    asked = parser.parse_args()
    try:
        if asked.passphrase_file:
            secret = passphrase_secret(asked.passphrase_file.read_bytes())
        else:
            secret = recovery_secret(asked.recovery_code_file.read_bytes())
        found = read_vault(asked.vault, secret)
    except (Wrong, OSError, UnicodeDecodeError) as problem:
        print(f"wrong: {problem}", file=sys.stderr)
        sys.exit(1)
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
