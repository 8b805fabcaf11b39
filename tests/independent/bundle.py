"""Reads a bundle and computes its hashes anew, from core/FORMAT.md alone: shares no line with the program."""

import base64
import hashlib
import json
import re
import zipfile
from pathlib import Path

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CHECKPOINT_NAMESPACE = "checkpoint@incident-diary.v1"
BUNDLE_NAMESPACE = "bundle@incident-diary.v1"
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
# Listed in no manifest: they sign the tagmanifest, or are it.
UNLISTED = {
    "tagmanifest-sha256.txt",
    "proof/bundle.txt",
    "proof/bundle.txt.sig",
    "proof/bundle.txt.rawsig",
}


def unpack(zip_path, folder):
    """Unpacks with Python's zipfile; gives the one top folder."""
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(folder)
    (top,) = [entry for entry in Path(folder).iterdir() if entry.is_dir()]
    return top


def pack(top, zip_path):
    """Packs the folder as the bundle was: stored, sorted names, one date and mode for all."""
    files = sorted(path for path in Path(top).rglob("*") if path.is_file())
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            info = zipfile.ZipInfo(f"{top.name}/{path.relative_to(top).as_posix()}")
            info.create_system = 3
            info.create_version = info.extract_version = 10
            info.external_attr = 0o100644 << 16
            archive.writestr(info, path.read_bytes())


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    """RFC 8785 for what may stand here: strings, integers, arrays, objects with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def document(top):
    return json.loads((top / "data/incidents.json").read_bytes())


def write_document(top, value):
    (top / "data/incidents.json").write_bytes(canonical(value) + b"\n")


def object_fields(value, withheld):
    """The committed names and values of an incident object or of changes (FORMAT.md 10)."""
    for name, member in value.items():
        if name == "occurred" and isinstance(member, dict):
            yield "occurred", {key: part for key, part in member.items() if key != "words"}
            if "words" in member:
                yield "occurred.words", member["words"]
        elif isinstance(member, list):
            index = 0
            for element in member:
                while f"{name}[{index}]" in withheld:
                    index += 1
                if name == "people" and "contact" in element:
                    yield f"people[{index}].contact", element["contact"]
                    element = {key: part for key, part in element.items() if key != "contact"}
                yield f"{name}[{index}]", element
                index += 1
        else:
            yield name, member


def entry_fields(entry):
    """The names and values that an entry shows."""
    yield "recorded", entry["recorded"]
    if entry["kind"] in ("incident", "amendment"):
        yield from object_fields(entry.get("incident", entry.get("changes", {})), entry["withheld"])
    if entry["kind"] == "evidence":
        yield from entry.get("evidence", {}).items()
    for name in ("reason", "erased"):
        if name in entry:
            yield name, entry[name]


def commitment(name, salt, value):
    name, value = name.encode(), canonical(value)
    return sha256(
        b"incident-diary/field/1\n"
        + len(name).to_bytes(4, "big")
        + name
        + salt
        + len(value).to_bytes(4, "big")
        + value
    )


def leaf_text(entry):
    """The text whose hash is the leaf: from the shown values with their salts, and the withheld commitments."""
    salts, lines = dict(entry["salts"]), {}
    for name, value in entry_fields(entry):
        lines[name] = commitment(name, base64.b64decode(salts.pop(name), validate=True), value)
    if salts:
        raise ValueError(f"a salt without a value: {sorted(salts)}")
    for name, text in entry["withheld"].items():
        if name in lines:
            raise ValueError(f"shown and withheld: {name}")
        lines[name] = base64.b64decode(text, validate=True)
    head = f"incident-diary/leaf/1\n{entry['number']}\n{entry['kind']}\n{entry.get('about', '-')}\n"
    fields = sorted((name.encode(), hashed) for name, hashed in lines.items())
    return head.encode() + b"".join(
        name + b" " + base64.b64encode(hashed) + b"\n" for name, hashed in fields
    )


def leaf_hash(entry):
    return sha256(b"\0" + leaf_text(entry))


def entry_id(entry):
    bits = int.from_bytes(leaf_hash(entry)[:3], "big") >> 4
    return f"{entry['number']}-" + "".join(ALPHABET[bits >> shift & 31] for shift in (15, 10, 5, 0))


def parse_checkpoint(text):
    """(origin, size, root)"""
    origin, size, root, rest = text.decode().split("\n")
    if rest:
        raise ValueError("more than three lines")
    return origin, int(size), base64.b64decode(root, validate=True)


def checkpoint(top):
    """(text, origin, size, root)"""
    text = (top / "proof/checkpoint.txt").read_bytes()
    return text, *parse_checkpoint(text)


def fingerprint(text):
    """The code of a checkpoint: 120 bits in Crockford base32 and a check character (Luhn mod 32)."""
    bits = int.from_bytes(sha256(text)[:15], "big")
    values = [bits >> shift & 31 for shift in range(115, -1, -5)]
    total = 0
    for place, value in enumerate(reversed(values)):
        product = value * (2 if place % 2 == 0 else 1)
        total += product // 32 + product % 32
    values.append(-total % 32)
    code = "".join(ALPHABET[value] for value in values).upper()
    return "-".join(code[start : start + 5] for start in range(0, 25, 5))


def public_key(top):
    """The 32 bytes of the key in log-key.pub.pem."""
    lines = (top / "proof/log-key.pub.pem").read_text().strip().splitlines()
    der = base64.b64decode("".join(lines[1:-1]), validate=True)
    if not der.startswith(SPKI_ED25519) or len(der) != 44:
        raise ValueError("not an Ed25519 key")
    return der[12:]


def tlog_proof(top, number):
    """(index, hashes from the leaf up, signed note)"""
    text = (top / f"proof/entry-{number:06}.tlog-proof").read_text()
    head, note = text.split("\n\n", 1)
    magic, index, *hashes = head.split("\n")
    if magic != "c2sp.org/tlog-proof@v1" or not index.startswith("index "):
        raise ValueError("not a tlog-proof")
    return int(index[6:]), [base64.b64decode(line, validate=True) for line in hashes], note


def consistency_proofs(top):
    """Every (old size, new size, hashes, old checkpoint's text) of the bundle."""
    for path in sorted((top / "proof").glob("consistency-*.txt")):
        magic, old, new, empty, *hashes = path.read_text().rstrip("\n").split("\n")
        if magic != "diary-consistency@v1" or empty:
            raise ValueError(f"{path.name}: not a consistency proof")
        old, new = int(old.removeprefix("old ")), int(new.removeprefix("new "))
        hashes = [base64.b64decode(line, validate=True) for line in hashes]
        yield old, new, hashes, (top / f"proof/checkpoint-{old:06}.txt").read_bytes()


def files_of(top):
    """Every file's bytes by its path in the bundle."""
    paths = [path for path in top.rglob("*") if path.is_file()]
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths}


def fit_manifests(top):
    """Writes both manifests and Payload-Oxum anew: what a forger does after a change."""
    payload = {name: data for name, data in files_of(top).items() if name.startswith("data/")}
    oxum = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
    info = top / "bag-info.txt"
    info.write_text(re.sub(r"Payload-Oxum: .*", oxum, info.read_text()))
    write_manifest(top / "manifest-sha256.txt", payload)
    tags = {
        name: data
        for name, data in files_of(top).items()
        if not name.startswith("data/") and name not in UNLISTED
    }
    write_manifest(top / "tagmanifest-sha256.txt", tags)


def write_manifest(path, files):
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ]
    path.write_text("".join(lines))


def fit_bundle_txt(top):
    """Writes the tagmanifest's hash into bundle.txt, whose signature then no longer fits."""
    path = top / "proof/bundle.txt"
    digest = hashlib.sha256((top / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    path.write_text(
        re.sub(r"tagmanifest-sha256 \w+", f"tagmanifest-sha256 {digest}", path.read_text())
    )


def listed_tagmanifest_hash(top):
    """What bundle.txt says that tagmanifest-sha256.txt hashes to."""
    return re.search(
        r"^tagmanifest-sha256 (\w{64})$", (top / "proof/bundle.txt").read_text(), re.MULTILINE
    )[1]
