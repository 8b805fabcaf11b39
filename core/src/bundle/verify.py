#!/usr/bin/env python3
"""Checks an evidence bundle of Incident Diary with nothing but Python 3.8 or newer.

This copy lies inside the bundle and could have been exchanged together with it:
take a copy from elsewhere, or read this one before you run it.

    python3 -I verify/verify.py [FOLDER]     FOLDER: where bagit.txt lies, or here

Checked: each file against the two manifests, and that none is missing, unlisted or
there for no reason; the key against the name of the log; the numbers and the words of
bundle.txt against the data; each entry shown and each field withheld against the tree
of the log (RFC 6962, RFC 9162); earlier checkpoints; the evidence files; that time
stamps are about the checkpoints they are said to be about.
Not checked: the signatures, those of time stamps among them (see readme.txt), and
whether the reports say what the data say. Exit status: 0 no problem found, 1 problems found.
"""

import sys

# A file that lies beside this one must not stand in for a part of Python.
if not sys.flags.isolated:
    del sys.path[0]

import base64
import datetime
import hashlib
import json
import os
import re

TOP = sys.argv[1] if len(sys.argv) > 1 else "."
# Windows takes a name that ends in a dot, and that of a device, for another.
DEVICE = "(con|prn|aux|nul|com[1-9]|lpt[1-9])([./]|$)"
PART = "(?!%s)[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9_-])?" % DEVICE
PATH = re.compile("%s(/%s){0,3}" % (PART, PART))
TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
OFFSET = "[+-]([01][0-9]|2[0-3]):[0-5][0-9]"
DAY_OR_TIME = re.compile(
    r"[0-9]{4}(-[0-9]{2}){2}(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|%s))?"
    % OFFSET
)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The signed hash of the tag manifest cannot stand in the tag manifest itself.
UNLISTED = {
    "tagmanifest-sha256.txt",
    "proof/bundle.txt",
    "proof/bundle.txt.sig",
    "proof/bundle.txt.rawsig",
}
# Every bundle has these; what else there is follows from the data.
LAYOUT = {
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "start.html",
    "data/incidents.json",
    "data/incidents.csv",
    "data/report.html",
    "verify/readme.txt",
    "verify/verify.py",
    "proof/checkpoint.txt",
    "proof/checkpoint.note",
    "proof/checkpoint.txt.sig",
    "proof/checkpoint.txt.rawsig",
    "proof/log-key.pub.pem",
    "proof/allowed_signers",
    "proof/bundle.txt",
    "proof/bundle.txt.sig",
    "proof/bundle.txt.rawsig",
}
# More than a hundred pictures on paper are several files.
PAPER = re.compile(r"data/report(-0[1-9]|-10)?\.pdf")
# The extension of an original, by its recorded type: a picture is shown, and nothing is run.
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/3gpp2": "3g2",
    "video/webm": "webm",
    "video/matroska": "mkv",
    "video/vnd.avi": "avi",
    "video/ogg": "ogv",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/vnd.wave": "wav",
    "audio/flac": "flac",
    "audio/amr": "amr",
    "audio/amr-wb": "awb",
    "audio/aac": "aac",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "text/plain": "txt",
    "text/html": "bin",
    "image/svg+xml": "bin",
    "application/octet-stream": "bin",
}
MUST = {
    "incident": {"incident"},
    "amendment": {"about"},
    "withdrawal": {"about"},
    "erasure": {"about", "erased"},
    "evidence": {"about", "exhibit"},
}
MEMBERS = {
    "incident": {"incident"},
    "amendment": {"about", "changes", "reason"},
    "withdrawal": {"about", "reason"},
    "erasure": {"about", "erased"},
    "evidence": {"about", "copy", "evidence", "exhibit", "file"},
}
EVIDENCE = {"sha256", "bytes", "media_type", "name"}
MAY_BE_KNOWN = {"how", "note", "claimed"}
# Points of so small an order that any signature may fit them; the bit of the sign left out.
SMALL = {
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
}
# Fields with a place of their own in an entry.
NOT_HERS = {"recorded", "reason", "erased", "private"}
problems = []


class Problem(Exception):
    pass


def need(holds, otherwise):
    if not holds:
        raise Problem(otherwise)


def report(subject, reason):
    problems.append(subject)
    print("PROBLEM", ascii("%s: %s" % (subject, reason))[1:-1])


def attempt(subject, check, *arguments):
    """Runs one check. Whatever goes wrong in it is a problem of the bundle, not of the run."""
    try:
        return check(*arguments)
    except Problem as problem:
        report(subject, problem)
    except Exception as error:  # a hostile bundle may break any rule
        report(subject, "cannot be read (%s)" % type(error).__name__)


# Files and lists of files


def read(path):
    with open(os.path.join(TOP, path), "rb") as file:
        return file.read()


def lines(path):
    text = read(path).decode("utf-8")
    need(text.endswith("\n") and "\r" not in text, "must consist of lines that end with LF")
    return text[:-1].split("\n")


def sha256(data):
    return hashlib.sha256(data).digest()


def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(os.path.join(TOP, path), "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def all_files():
    found = set()
    for folder, folders, names in os.walk(TOP):
        for name in folders + names:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, TOP).replace(os.sep, "/")
            if os.path.islink(full) or not (os.path.isdir(full) or os.path.isfile(full)):
                report(path, "neither a file nor a folder")
            elif not PATH.fullmatch(path):
                report(path, "no name that a bundle may hold")
            elif name in names:
                found.add(path)
            elif not os.listdir(full):
                report(path, "a folder with nothing in it")
    return found


def check_manifest(manifest, files):
    listed = {}
    for line in lines(manifest):
        digest, _, path = line.partition("  ")
        need(re.fullmatch("[0-9a-f]{64}", digest) and path not in listed, "not a manifest")
        listed[path] = digest
    for path in sorted(files | set(listed)):
        if path not in listed:
            report(path, "not listed in " + manifest)
        elif path not in files:
            report(path, "listed in %s but not there" % manifest)
        elif sha256_of_file(path) != listed[path]:
            report(path, "changed: another hash than in " + manifest)


# The tree of the log


def hash_from(text):
    data = base64.b64decode(text, validate=True)
    need(len(data) == 32 and base64.b64encode(data).decode() == text, "not base64 of 32 bytes")
    return data


def climb(start, index, last, path):
    """From a place in the tree to its root, with the hashes beside the way (RFC 9162 sections
    2.1.3.2 and 2.1.4.2). Gives the root of what lies to the left, and the root of all."""

    def node(left, right):
        return sha256(b"\1" + left + right)

    left = whole = start
    for sibling in path:
        need(last > 0, "proof too long")
        if index & 1 or index == last:
            left, whole = node(sibling, left), node(sibling, whole)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            whole = node(whole, sibling)
        index, last = index >> 1, last >> 1
    need(last == 0, "proof too short")
    return left, whole


def check_consistency(old_size, old_root, size, root, path):
    need(0 < old_size < size, "not an earlier checkpoint")
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    start = path.pop(0) if index else old_root
    need(climb(start, index, last, path) == (old_root, root), "the log was not only added to")


def checkpoint(path):
    origin, size, root = lines(path)
    need(re.fullmatch("[1-9][0-9]*", size), "not a checkpoint")
    return origin, int(size), hash_from(root)


def check_older(path, origin, size, root):
    old_origin, old_size, old_root = checkpoint(path)
    need(old_origin == origin, "of another log")
    need(path == "proof/checkpoint-%06d.txt" % old_size, "of another size than its name says")
    proof = lines("proof/consistency-%d-%d.txt" % (old_size, size))
    need(
        proof[:4] == ["diary-consistency@v1", "old %d" % old_size, "new %d" % size, ""],
        "not its consistency proof",
    )
    check_consistency(old_size, old_root, size, root, [hash_from(line) for line in proof[4:]])
    return old_size


def fingerprint(text):
    """The first 120 bits of the hash in 24 characters, and one check character (Luhn mod 32)."""
    bits = int.from_bytes(sha256(text)[:15], "big")
    values = [bits >> 5 * place & 31 for place in range(23, -1, -1)]
    doubled = [value * (2 - place % 2) for place, value in enumerate(reversed(values))]
    values.append(-sum(value // 32 + value % 32 for value in doubled) % 32)
    code = "".join(CROCKFORD[value] for value in values)
    return "-".join(code[place : place + 5] for place in range(0, 25, 5))


def check_key(origin):
    begin, body, end = lines("proof/log-key.pub.pem")
    need(
        (begin, end) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"),
        "not of the one form that it has",
    )
    der = base64.b64decode(body, validate=True)
    need(len(der) == 44 and der[:12].hex() == "302a300506032b6570032100", "not an Ed25519 key")
    need((der[12:43] + bytes([der[43] & 127])).hex() not in SMALL, "a key that proves nothing")
    need(origin == "incident-diary.v1/" + sha256(der[12:]).hex(), "the log names another key")
    key = base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + der[12:]).decode()
    namespaces = "checkpoint@incident-diary.v1,bundle@incident-diary.v1"
    need(
        lines("proof/allowed_signers")
        == ['log namespaces="%s" ssh-ed25519 %s' % (namespaces, key)],
        "allowed_signers holds another key, or more than the key",
    )


def check_bundle_text(size, root):
    need(
        lines("proof/bundle.txt")[:3]
        == [
            "incident-diary-bundle/1",
            "tagmanifest-sha256 " + sha256_of_file("tagmanifest-sha256.txt"),
            "checkpoint %d %s" % (size, base64.b64encode(root).decode()),
        ],
        "names another tagmanifest-sha256.txt or another checkpoint",
    )


def check_bundle_words(data, size, codes):
    counts, exported = data["counts"], data["exported"]
    text = lines("proof/bundle.txt")[3:]
    given = text[5].rpartition(" ")[2]
    need(
        text
        == [
            "exported " + exported["at"]["at"],
            "language " + exported["language"],
            "renderer " + exported["renderer"],
            "incidents %d of %d" % (counts["incidents_shown"], counts["incidents_in_log"]),
            "entries %d of %d" % (counts["entries_shown"], counts["entries_in_log"]),
            "codes %d of %s" % (codes, given),
            "all entries about these incidents up to entry %d: " % (size - 1)
            + (
                "not known, %d of the log were lost" % counts["lost"] if "lost" in counts else "yes"
            ),
        ]
        and re.fullmatch("0|[1-9][0-9]*", given)
        and int(given) >= codes,
        "does not say what the bundle holds",
    )


# The entries


def canonical(value):
    """RFC 8785, for the values that occur: ASCII names, strings, whole numbers, null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_plain(value):
    if isinstance(value, dict):
        need("".join(value).isascii(), "a name that is not ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            check_plain(member)
    else:
        whole = type(value) is int and 0 <= value < 1 << 53
        need(whole or value is None or isinstance(value, str), "a value of no known kind")


def document():
    data = read("data/incidents.json")
    value = json.loads(data.decode("utf-8"))
    check_plain(value)
    need(canonical(value) + b"\n" == data, "not in canonical form")
    need(value["format"] == 1, "unknown format")
    return value


def put(fields, name, value):
    """One place of the file speaks for one field of the log."""
    need(name not in fields, "two values for one field")
    fields[name] = value


def add(fields, name, value, part):
    """Adds a value; one member of it stands apart, as the log commits to it apart."""
    if isinstance(value, dict) and part in value:
        put(fields, "%s.%s" % (name, part), value[part])
        value = {key: member for key, member in value.items() if key != part}
    put(fields, name, value)


def shown_fields(entry):
    """Names and values of all that an entry shows, by the names of the log."""
    for whole in ("incident", "changes", "evidence"):
        need(entry.get(whole, [0]), "a part with nothing in it")
    fields = dict(entry.get("evidence", {}))
    need(
        not fields or EVIDENCE <= set(fields) <= EVIDENCE | MAY_BE_KNOWN,
        "holds a member of a file that the format does not name, or lacks one",
    )
    put(fields, "recorded", entry["recorded"])
    for name, value in (entry.get("incident") or entry.get("changes") or {}).items():
        need(
            re.fullmatch("[a-z0-9_]{1,64}", name) and name not in NOT_HERS,
            "a member with the name of another field",
        )
        if isinstance(value, list):
            need(value, "an empty list")
            # Elements keep the numbers they had before others were withheld.
            numbers = (n for n in range(1 << 32) if "%s[%d]" % (name, n) not in entry["withheld"])
            for element, number in zip(value, numbers):
                add(fields, "%s[%d]" % (name, number), element, {"people": "contact"}.get(name))
        else:
            add(fields, name, value, {"occurred": "words"}.get(name))
    for name in ("reason", "erased"):
        if name in entry:
            put(fields, name, entry[name])
    return fields


def check_moment(when):
    """When something was written down: the device's own clock, and the same moment in UTC."""
    need(
        {"at", "utc"} <= set(when) <= {"at", "utc", "zone", "boot", "uptime_ms", "clock"}
        and all(isinstance(when[name], str) and when[name] for name in when if name != "uptime_ms")
        and isinstance(when.get("uptime_ms", 0), int)
        and when.get("clock", "back") in ("back", "jumped")
        and re.fullmatch(TIME + OFFSET, when["at"])
        and re.fullmatch(TIME + "Z", when["utc"])
        and re.fullmatch("[0-9a-f]{16}", when.get("boot", "0" * 16)),
        "a time of recording that is not as the format has it",
    )
    at, utc = (
        datetime.datetime.fromisoformat(text) for text in (when["at"], when["utc"][:-1] + "+00:00")
    )
    need(at == utc, "two times of recording that are not one moment")


def leaf_of(entry):
    check_moment(entry["recorded"])
    fields, withheld, kind = shown_fields(entry), entry["withheld"], entry["kind"]
    always = {"number", "id", "kind", "recorded", "salts", "withheld"} | MUST[kind]
    need(
        always <= set(entry) <= always | MEMBERS[kind],
        "shows something that the log does not know, or lacks a member",
    )
    need(set(entry["salts"]) == set(fields), "shows a field that is not proven")
    need(not set(fields) & set(withheld), "a field is both shown and withheld")
    need(
        ("private" in withheld) == (kind in ("incident", "amendment")),
        "the sealed value named private is not where it must be",
    )
    commitments = {name: hash_from(value) for name, value in withheld.items()}
    for name, value in fields.items():
        value = canonical(value)
        commitments[name] = sha256(
            b"incident-diary/field/1\n"
            + len(name).to_bytes(4, "big")
            + name.encode()
            + hash_from(entry["salts"][name])
            + len(value).to_bytes(4, "big")
            + value
        )
    about = entry["about"] if "about" in MEMBERS[kind] else "-"
    text = "incident-diary/leaf/1\n%d\n%s\n%s\n" % (entry["number"], kind, about)
    for name in sorted(commitments):
        need(re.fullmatch(r"[a-z0-9_.\[\]]{1,64}", name), "not a field name")
        text += "%s %s\n" % (name, base64.b64encode(commitments[name]).decode())
    return sha256(b"\0" + text.encode())


def check_stamp(stamp, before, size):
    """Of a token: that it names the checkpoint and answers the request. Its signature needs openssl."""
    covered, number = stamp["size"], stamp["number"]
    need(
        set(stamp) - {"chain"} == {"size", "number", "time", "signer"}
        and type(covered) is int
        and 0 < covered < size
        and (covered, number) in ((before[0], before[1] + 1), (max(covered, before[0] + 1), 1))
        and re.fullmatch(TIME + "Z", stamp["time"])
        and isinstance(stamp["signer"], str)
        and stamp["signer"],
        "is not as the format has it",
    )
    name = "proof/time/checkpoint-%06d" % covered
    paths = {name + ".tsq", "%s-%d.tsr" % (name, number)}
    imprint = b"\x04\x20" + sha256(read("proof/checkpoint-%06d.txt" % covered))
    request = read(name + ".tsq")
    nonce = request[56:66]
    need(
        request
        == bytes.fromhex("30430201013031300d06096086480165030402010500")
        + imprint
        + b"\x02\x08"
        + nonce[2:]
        + b"\x01\x01\xff",
        "its request is not one for this checkpoint",
    )
    answer = read("%s-%d.tsr" % (name, number))
    digits = re.sub("[^0-9]", "", stamp["time"]).encode()
    need(
        imprint in answer and nonce in answer and digits in answer,
        "is not the answer to its request, or names another time",
    )
    if "chain" in stamp:
        chain = "%s-%d.chain.pem" % (name, number)
        need(sha256_of_file(chain) == stamp["chain"], "its certificates are others")
        paths.add(chain)
    return (covered, number), paths


def check_head(data):
    """Nothing stands before the entries but what the format names."""
    exported, selection = data["exported"], data["selection"]
    lists = {"behaviours", "people", "incidents", "without"}
    check_moment(exported["at"])
    need(
        set(data) - {"stamps"} == {"format", "log", "exported", "selection", "counts", "entries"}
        and data.get("stamps", [0])
        and set(data["counts"]) - {"lost"}
        == {name + end for name in ("incidents_", "entries_") for end in ("shown", "in_log")}
        | {"left_out", "unknown_time"}
        and set(exported) - {"for"} == {"at", "language", "renderer"}
        and set(selection) <= lists | {"from", "to"},
        "holds a member that the format does not name, or lacks one",
    )
    texts = [exported.get("for", "x"), exported["language"], exported["renderer"]]
    for name, value in selection.items():
        need(name not in lists or value and isinstance(value, list), "selection: an empty list")
        texts += value if name in lists else [value]
    need(
        all(isinstance(text, str) and text for text in texts)
        and exported["language"] in ("en", "kk", "ru"),
        "holds a value of another kind than the format names",
    )
    for end in ("from", "to"):
        if end in selection:
            need(DAY_OR_TIME.fullmatch(selection[end]), "selection: not a date or a time")
            datetime.date.fromisoformat(selection[end][:10])


def check_counts(data, size):
    """The numbers are those of the entries, and what an entry is about is shown or said to be erased."""
    counts, entries = data["counts"], data["entries"]
    subjects, known = set(), set()
    for entry in entries:
        known |= {entry["number"]} if entry["kind"] == "incident" else set(entry.get("erased", ()))
        subjects.add(entry.get("about", entry["number"]))
    for entry in entries:
        about = entry.get("about", entry["number"])
        need(
            about <= entry["number"]
            and (about in known or entry["kind"] == "erasure" and "lost" in counts),
            "the incident of entry %d is not shown" % entry["number"],
        )
    need(
        counts["entries_shown"] == len(entries)
        and counts["entries_in_log"] == size
        and counts["incidents_in_log"] <= size
        and counts["incidents_shown"] == len(subjects)
        and counts["incidents_shown"] + counts["left_out"] == counts["incidents_in_log"]
        and counts["unknown_time"] <= counts["left_out"]
        and 0 < counts.get("lost", 1) <= size,
        "its counts are not those of its entries",
    )
    exhibits = [entry["exhibit"] for entry in entries if entry["kind"] == "evidence"]
    wanted = ["A-%02d" % number for number in range(1, len(exhibits) + 1)]
    need(exhibits == wanted, "its exhibits are not numbered in order")


def check_entry(entry, size, root):
    leaf, number = leaf_of(entry), entry["number"]
    bits = int.from_bytes(leaf[:3], "big") >> 4
    check = "".join(CROCKFORD[bits >> shift & 31] for shift in (15, 10, 5, 0)).lower()
    need(entry["id"] == "%d-%s" % (number, check), "its id is not that of its content")
    proof, _, note = read("proof/entry-%06d.tlog-proof" % number).partition(b"\n\n")
    proof = proof.decode().split("\n")
    need(proof[:2] == ["c2sp.org/tlog-proof@v1", "index %d" % number], "not its inclusion proof")
    need(note == read("proof/checkpoint.note"), "its proof is for another checkpoint")
    path = [hash_from(line) for line in proof[2:]]
    need(
        number < size and climb(leaf, number, size - 1, path)[1] == root,
        "not in the log as it is shown",
    )


def check_evidence(entry):
    path, evidence = entry["file"], entry["evidence"]
    extension = path.rpartition(".")[2]
    need(
        re.fullmatch("[a-z0-9]{1,8}", extension)
        and path == "data/evidence/%s.%s" % (entry["exhibit"].lower(), extension)
        and extension == EXTENSIONS.get(evidence["media_type"], extension),
        "not the file of this exhibit",
    )
    need(
        os.path.getsize(os.path.join(TOP, path)) == evidence["bytes"]
        and sha256_of_file(path) == evidence["sha256"],
        "not the file that was recorded",
    )


def check_copy(entry):
    copy = entry["copy"]
    need(copy.keys() <= {"bytes", "covered", "file", "sha256"}, "its copy has unknown members")
    need("file" not in entry and "evidence" in entry, "a copy beside its original, or of nothing")
    extension = copy["file"].rpartition(".")[2]
    shows = {EXTENSIONS[kind] for kind in EXTENSIONS if re.match("image|audio|video", kind)} - {
        "bin"
    }
    need(
        copy["file"] == "data/evidence/%s.copy.%s" % (entry["exhibit"].lower(), extension)
        and extension in shows
        and type(copy.get("covered", 1)) is int
        and copy.get("covered", 1) > 0,
        "not the copy of this exhibit",
    )
    need(
        os.path.getsize(os.path.join(TOP, copy["file"])) == copy["bytes"]
        and sha256_of_file(copy["file"]) == copy["sha256"],
        "not the copy that was exported",
    )


def check_log(files):
    origin, size, root = checkpoint("proof/checkpoint.txt")
    text = read("proof/checkpoint.txt")
    print("Entries in the log: %d. Code of the log: %s" % (size, fingerprint(text)))
    print("Compare this code with one that came to you from elsewhere.")
    need(read("proof/checkpoint.note").startswith(text + b"\n"), "checkpoint.note is another one")
    attempt("proof/log-key.pub.pem", check_key, origin)
    attempt("proof/bundle.txt", check_bundle_text, size, root)
    data = attempt("data/incidents.json", document)
    if not data:
        return
    log = {"origin": origin, "size": size, "root": base64.b64encode(root).decode()}
    need(data["log"] == log, "incidents.json is about another log")
    attempt("data/incidents.json", check_head, data)
    attempt("data/incidents.json", check_counts, data, size)
    last, expected, codes, copies = -1, set(LAYOUT), 0, 0
    for entry in data["entries"]:
        number = entry["number"]
        need(last < number, "entries out of order")
        last = number
        attempt("entry %d" % number, check_entry, entry, size, root)
        expected.add("proof/entry-%06d.tlog-proof" % number)
        if "file" in entry:
            attempt("entry %d" % number, check_evidence, entry)
        if "copy" in entry:
            attempt("entry %d" % number, check_copy, entry)
            expected.add(entry["copy"]["file"])
            copies += 1
        if "exhibit" in entry:
            note = "data/evidence/%s.note.txt" % entry["exhibit"].lower()
            expected.add(entry.get("file", note))
    for path in sorted(files):
        if path.startswith("proof/checkpoint-"):
            old = attempt(path, check_older, path, origin, size, root)
            expected |= {path, "proof/consistency-%d-%d.txt" % (old or 0, size)}
            codes += 1
    attempt("proof/bundle.txt", check_bundle_words, data, size, codes)
    before = (0, 0)
    for stamp in data.get("stamps", []):
        checked = attempt("a time stamp", check_stamp, stamp, before, size)
        if checked:
            before, expected = checked[0], expected | checked[1]
    for path in sorted(LAYOUT - files):
        report(path, "missing")
    for path in sorted(files - expected):
        if path != "verify/verify.html" and not PAPER.fullmatch(path):
            report(path, "nothing in the bundle calls for it")
    paper = sorted(path for path in files if PAPER.fullmatch(path))
    volumes = ["data/report-%02d.pdf" % (number + 1) for number in range(len(paper))]
    whole = paper == ["data/report.pdf"] or len(paper) > 1 and paper == volumes
    if not whole and (paper or "+reports." in data["exported"]["renderer"]):
        report("data/report.pdf", "missing, or not every volume of it is there")
    print("Entries read: %d" % len(data["entries"]))
    if copies:
        print("Copies, not originals: %d. Not checked: whether they show the same." % copies)
    if "stamps" in data:
        print(
            "Time stamps: %d. Their signatures, and who signed, were not checked:"
            % len(data["stamps"])
        )
        print("use openssl ts (see verify/readme.txt) with a root from the authority itself.")


def main():
    files = attempt("folder", all_files) or set()
    payload = {path for path in files if path.startswith("data/")}
    attempt("manifest-sha256.txt", check_manifest, "manifest-sha256.txt", payload)
    attempt(
        "tagmanifest-sha256.txt",
        check_manifest,
        "tagmanifest-sha256.txt",
        files - payload - UNLISTED,
    )
    attempt("log", check_log, files)
    print("Not checked: the signatures (use ssh-keygen or openssl, see verify/readme.txt).")
    print("Not checked: reports, notes and readme.txt were not compared with the data.")
    print("No check shows whether something was left out by whoever had the passphrase.")
    print("Problems found: %d" % len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
