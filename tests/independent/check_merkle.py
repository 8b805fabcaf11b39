"""Has the log's tree, proofs and notes checked by transparency-dev/merkle (Go) and pymerkle.

check_merkle.py MERKLE FOLDER FILE.json...: MERKLE is the built merkle/ program (or "" without Go); the files
hold claims in its form; of every bundle in FOLDER the claims are taken too.
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import bundle
from tap import check, finish, run, skip

merkle, folder, *files = sys.argv[1:]


def opinion_of_go(label, path):
    status, text = run(merkle, path)
    lines = text.splitlines()
    for place, line in enumerate(lines):
        verdict, _, name = line.partition(" - ")
        if verdict in ("ok", "not ok"):
            check(f"{label}: Go: {name}", verdict == "ok", "\n".join(lines[place + 1 : place + 2]))
    check(f"{label}: Go: has an opinion", status in (0, 1) and "ok - " in text, text)


def opinion_of_pymerkle(label, claims):
    """pymerkle grows the tree and compares its roots."""
    from pymerkle import InmemoryTree

    grown = InmemoryTree(algorithm="sha256")
    for leaf in claims["leaves"]:
        grown.append_entry(bytes.fromhex(leaf))
    wrong = [
        size
        for size, root in claims["roots"].items()
        if grown.get_root(int(size)) != bytes.fromhex(root)
    ]
    check(f"{label}: pymerkle: {len(claims['roots'])} roots", claims["roots"] and not wrong, wrong)


def other(hashed):
    """Another hash: the first bit flipped."""
    return bytes([hashed[0] ^ 128]) + hashed[1:]


def claims_of(top):
    """What a bundle claims, and the same with one thing wrong."""
    text, origin, size, root = bundle.checkpoint(top)
    claims = {"inclusion": [], "consistency": [], "notes": []}
    for entry in bundle.document(top)["entries"]:
        index, hashes, _ = bundle.tlog_proof(top, entry["number"])
        claim = {
            "name": f"entry {index} is in the log",
            "index": index,
            "size": size,
            "leaf_hash": bundle.leaf_hash(entry).hex(),
            "root": root.hex(),
            "proof": [hashed.hex() for hashed in hashes],
        }
        claims["inclusion"].append(claim)
        wrong = {**claim, "root": other(root).hex(), "false": True}
        claims["inclusion"].append({**wrong, "name": f"entry {index} is in another log"})
    for old, new, hashes, before in bundle.consistency_proofs(top):
        claim = {
            "name": f"the log of size {new} goes on from {old}",
            "old": old,
            "new": new,
            "old_root": bundle.parse_checkpoint(before)[2].hex(),
            "new_root": root.hex(),
            "proof": [hashed.hex() for hashed in hashes],
        }
        claims["consistency"].append(claim)
        wrong = {**claim, "proof": [other(hashed).hex() for hashed in hashes], "false": True}
        claims["consistency"].append({**wrong, "name": f"{claim['name']}, by other hashes"})
    note = {
        "name": "the checkpoint is signed",
        "note": (top / "proof/checkpoint.note").read_text(),
        "text": text.decode(),
        "key_name": origin,
        "public_key": bundle.public_key(top).hex(),
    }
    changed = note["note"].replace(f"\n{size}\n", f"\n{size + 1}\n", 1)
    claims["notes"] = [
        note,
        {**note, "name": "a note of another size", "note": changed, "false": True},
        {**note, "name": "a note of another key", "public_key": "00" * 32, "false": True},
    ]
    return claims


def main():
    if not merkle:
        skip("go", "not installed, or merkle/ could not be built")
    have_pymerkle = importlib.util.find_spec("pymerkle") is not None
    if not have_pymerkle:
        skip("pymerkle", "not installed")
    for name in map(Path, files):
        claims = json.loads(name.read_text())
        if merkle:
            opinion_of_go(name.stem, name)
        if have_pymerkle:
            opinion_of_pymerkle(name.stem, claims)
    for path in sorted(Path(folder).glob("*.zip")) if merkle else []:
        with tempfile.TemporaryDirectory() as work:
            try:
                claims = claims_of(bundle.unpack(path, work))
            except (OSError, ValueError, KeyError) as error:
                check(f"{path.stem}: could be read", False, repr(error))
                continue
            wanted = {"inclusion", "notes"} | ({"consistency"} if path.stem == "full" else set())
            check(f"{path.stem}: makes claims", all(claims[name] for name in wanted))
            made = Path(work) / "claims.json"
            made.write_text(json.dumps(claims))
            opinion_of_go(path.stem, made)


main()
finish()
