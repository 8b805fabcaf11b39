"""A second reader of a vault, written from core/FORMAT.md alone: it shares no code with the program.

second_reader.py VAULT|BACKUP (--passphrase-file FILE | --recovery-code-file FILE)

Opens the diary that the secret opens in a vault or in a backup of one, reads every byte of it and checks everything that the format lets a
reader check. Prints what it found as JSON and ends with 0, or names what is wrong and ends with 1. It writes
nothing into the vault: SQLite works on a copy. Numbers in parentheses are sections of FORMAT.md.
"""

import argparse
import fcntl
import json
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from reader.backup import lay_out
from reader.cells import Table, check_instance_and_slots, read_head, read_side
from reader.checkpoint import checkpoint_of, fingerprint_of
from reader.conventions import CODE_GIVEN, FIRST_FREE, LEVELS, WITHDRAWN, Wrong, demand
from reader.entries import as_it_stands, chains_of, check_flags, check_lost, read_entry
from reader.evidence import read_evidence
from reader.header import passphrase_secret, read_header, recovery_secret, unlock
from reader.index import read_index, root_of


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


def read(path, secret):
    """A vault, or one that lies in a backup: laid out anew from its bytes alone."""
    if not path.is_file():
        return read_vault(path, secret)
    warnings = []
    with tempfile.TemporaryDirectory() as work:
        lay_out(path, secret, Path(work), warnings)
        found = read_vault(Path(work), secret)
    return {**found, "warnings": warnings + found["warnings"]}


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
        lost = check_lost(places, entries)
        check_flags(places, entries, chains, lost)
        seed = entries[0].private.get("signing_seed") if 0 in entries else head.seed.hex()
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
            "erased": [place.number for place in places if place.erased and not place.lost],
            "lost": lost,
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
        found = read(asked.vault, secret)
    except (Wrong, OSError, UnicodeDecodeError) as problem:
        print(f"wrong: {problem}", file=sys.stderr)
        sys.exit(1)
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
