"""Shows that what an enemy could hand over as a bundle or a backup is refused by name, in 256 MiB of memory and 20 s
of processor time: by `diary verify` and `diary restore`, by the page verify.html, and, unpacked, by verify.py.

check_hostile.py DIARY FOLDER: on FOLDER/full.zip, as make_bundles.py left it.
"""

import hashlib
import io
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import bundle
import page
from hostile import Entry, end, fifield, full_overlap, made, nested, quine
from tap import check, finish, skip

diary, folder = (Path(word).resolve() for word in sys.argv[1:3])
opened = page.Page() if page.find() else None
SECONDS, MEBIBYTES = 20, 256


def limited(*command, cwd=None):
    """Runs a program with that much processor time; gives its status, what it printed, and MiB at its peak."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read(1 << 20).decode("utf-8", "replace")
    return process.returncode, text, used.ru_maxrss / 1024


def is_named(status, text):
    """One sentence about what it is, or findings of which at least one is a failure; never a panic."""
    if "panicked" in text or status not in (1, 2):
        return False, ""
    if status == 2:
        return text.startswith("diary: ") and text.count("\n") <= 2, text.strip()
    try:
        failures = [f for f in json.loads(text)["findings"] if f["level"] == "failure"]
    except (ValueError, KeyError, TypeError):
        return False, ""
    return bool(failures), "; ".join(f"{f['subject']} {f['detail']}".strip() for f in failures[:2])


def refused(label, what, with_page=True):
    """By the program, within its limits; and by the page."""
    status, text, peak = limited(diary, "verify", what, "--json", "--quiet")
    good, why = is_named(status, text)
    check(
        f"{label}: refused ({why[:90]})",
        good and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {status}: {text}",
    )
    if opened and with_page:
        colour, said = opened.check(what, "")
        # It reads only ZIP files as the program writes them, and says so of all others: nothing was checked.
        left = colour == "amber" and opened.reasons() == ["rewritten"]
        good = left or colour == "red" and opened.named()
        check(f"{label}: the page {'leaves it' if left else 'refuses'}", good, f"{colour}: {said}")


BAG = b"e/bagit.txt"
E = Entry
LONG_NAME = b"e/" + b"a" * 65_000
# fmt: off
ZIPS = [
    ("every entry is the same bomb", lambda: full_overlap(1_000)),
    ("Fifield's overlapping bomb", lambda: fifield(250)),
    ("a ZIP in a ZIP in a ZIP", lambda: nested(30)),
    ("a ZIP that holds itself", quine),
    ("65,535 entries", lambda: made([E(b"e/data/%05d" % n, b"") for n in range(65_535)])),
    ("65,536 entries, with ZIP64", lambda: made([E(b"e/data/%05d" % n, b"") for n in range(65_536)], lambda n, s: (n, s))),
    ("65,536 entries that the end counts as none", lambda: made([E(b"e/data/%05d" % n, b"") for n in range(65_536)], count=0)),
    ("ZIP64: 2^40 entries", lambda: made([E()], lambda n, s: (1 << 40, s), count=65_535)),
    ("ZIP64: a directory of 2^60 bytes", lambda: made([E()], lambda n, s: (n, 1 << 60))),
    ("ZIP64: another count than the end record", lambda: made([E(), E(b"e/data/a")], lambda n, s: (1, s))),
    ("ZIP64: a file of 2^62 bytes", lambda: made([E(size=0xFFFFFFFF, extra=struct.pack("<HHQQ", 1, 16, 1 << 62, 1))])),
    ("two names for one entry", lambda: made([E(b"e/bagit.txt", local={"name": b"e/other.txt"})])),
    ("two sizes for one entry", lambda: made([E(data=b"abc", local={"size": 2})])),
    ("two check sums for one entry", lambda: made([E(local={"crc": 7})])),
    ("two methods for one entry", lambda: made([E(method=8, data=b"abc", local={"method": 0})])),
    ("two sets of flags for one entry", lambda: made([E(local={"flags": 0x800})])),
    ("an encrypted entry", lambda: made([E(flags=1)])),
    ("an unknown method", lambda: made([E(method=12, packed=b"BZh9")])),
    ("an entry that unpacks to more than it says", lambda: made([E(BAG, bytes(1 << 24), 8, size=10)])),
    ("an entry that unpacks to less than it says", lambda: made([E(BAG, bytes(10), 8, size=1 << 20)])),
    ("an entry that lies behind the end", lambda: made([E(offset=1 << 30)])),
    ("an end record in a comment", lambda: made([E()], comment=b"PK" + end(0, 0, 0)[2:])),
    ("a path that climbs out", lambda: made([E(b"e/../../evil")])),
    ("a path with a backslash", lambda: made([E(b"e\\..\\evil")])),
    ("an absolute path", lambda: made([E(b"/etc/cron.d/evil")])),
    ("a drive of Windows", lambda: made([E(b"C:evil")])),
    ("a share of Windows", lambda: made([E(b"//server/share/evil")])),
    ("a percent sign in a name", lambda: made([E(), E(b"e/data/%2e%2e%2fevil")])),
    ("a carriage return in a name", lambda: made([E(), E(b"e/data/a\rb")])),
    ("a line feed in a name", lambda: made([E(), E(b"e/data/a\nb")])),
    ("a name that ends in a dot", lambda: made([E(), E(b"e/data/a.")])),
    ("a name that ends in a space", lambda: made([E(), E(b"e/data/a ")])),
    ("a letter that looks like another", lambda: made([E(), E("e/data/incidеnts.json".encode(), flags=0x800)])),
    ("a NUL in a name", lambda: made([E(b"e/a\0.txt")])),
    ("a name that turns itself round", lambda: made([E("e/photo\u202egpj.exe".encode(), flags=0x800)])),
    ("a name in the letters of a Russian Windows", lambda: made([E("e/отчёт".encode("cp866"))])),
    ("a name of 65,000 letters", lambda: made([E(LONG_NAME)])),
    ("a thousand folders in one another", lambda: made([E(b"e/" + b"a/" * 1000 + b"b")])),
    ("one name twice", lambda: made([E(), E()])),
    ("names that differ in case only", lambda: made([E(b"e/data/a"), E(b"e/data/A")])),
    ("a symbolic link", lambda: made([E(mode=0o120777, data=b"/etc/passwd")])),
    ("a device", lambda: made([E(mode=0o020666, data=b"")])),
    ("nothing in it", lambda: made([])),
]
# What is put into a manifest before its last line; its hash is that of the file that is there.
LINES = [
    ("a path that climbs out", b"%s  data/../../../etc/passwd\n"),
    ("an absolute path", b"%s  /etc/passwd\n"),
    ("a carriage return", b"%s  data/a\r\n"),
    ("a carriage return in a name", b"%s  data/a\rb\n"),
    ("an encoded line end", b"%s  data/a%%0Ab\n"),
    ("an encoded path that climbs out", b"%s  data/%%2e%%2e/a\n"),
    ("a file that is not there", b"%s  data/zz-not-there\n"),
    ("a name with another case", b"%s  data/INCIDENTS.json\n"),
    ("an asterisk, as of sha256sum -b", b"%s *data/zz\n"),
    ("a home folder", b"%s  ~/evil\n"),
    ("a hash of 31 bytes", b"%.62s  data/zz\n"),
]
# fmt: on


def try_zips(work):
    with zipfile.ZipFile(io.BytesIO(quine())) as itself:
        check("a ZIP that holds itself does", itself.read(itself.namelist()[0]) == quine())
    for label, make in ZIPS:
        path = work / "hostile.zip"
        path.write_bytes(make())
        refused(label, path)


def try_manifests(pristine, work):
    for label, line in LINES:
        spoil(
            pristine, work, f"manifest: {label}", lambda text, line=line: text + line % (b"0" * 64)
        )
    spoil(pristine, work, "manifest: a line twice", lambda text: text + text.splitlines(True)[-1])
    lines = b"".join(b"%s  data/zz%06d\n" % (b"0" * 64, number) for number in range(100_000))
    spoil(pristine, work, "manifest: 100,000 lines", lambda text: text + lines, with_page=False)


def spoil(pristine, work, label, change, with_page=True):
    """A changed manifest, and the other one made to fit it."""
    top = work / "spoilt" / pristine.name
    shutil.copytree(pristine, top)
    manifest = top / "manifest-sha256.txt"
    manifest.write_bytes(change(manifest.read_bytes()))
    tags = top / "tagmanifest-sha256.txt"
    listed = tags.read_text()
    old = next(row for row in listed.splitlines() if row.endswith(manifest.name))
    now = hashlib.sha256(manifest.read_bytes()).hexdigest()
    tags.write_text(listed.replace(old, f"{now}  {manifest.name}"))
    packed = work / "spoilt.zip"
    bundle.pack(top, packed)
    refused(label, packed, with_page)
    status, text, peak = limited(sys.executable, "-I", "verify/verify.py", cwd=top)
    good = status == 1 and "Traceback" not in text
    check(
        f"{label}: verify.py refuses",
        good and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {status}: {text}",
    )
    shutil.rmtree(top.parent)


def try_documents(pristine, work):
    """incidents.json of shapes that a parser may break down on, listed in the manifests."""
    shapes = [
        ("a million brackets", b"[" * 1_000_000),
        ("a million objects in one another", b'{"a":' * 1_000_000),
        ("64 MiB of one text", b'{"a":"' + b"a" * (64 << 20) + b'"}\n'),
        ("half a million empty lists", b"[" + b"[]," * 500_000 + b"[]]\n"),
        ("a number without end", b"9" * 1_000_000 + b"\n"),
    ]
    for label, data in shapes:
        top = work / "shaped" / pristine.name
        shutil.copytree(pristine, top)
        (top / "data/incidents.json").write_bytes(data)
        bundle.fit_manifests(top)
        packed = work / "shaped.zip"
        bundle.pack(top, packed)
        refused(f"incidents.json: {label}", packed, with_page=len(data) < 1 << 24)
        shutil.rmtree(top.parent)


def try_headers(work):
    """Headers of backups and vaults whose sum fits and that ask for too much, and files that are none."""
    (work / "passphrase").write_text("this would be hers\n")
    limits = [
        ("4 TiB of memory", {12: 0xFFFFFFFF}),
        ("a kibibyte over 1 GiB", {12: (1 << 20) + 1}),
        ("less memory than the floor", {12: 32}),
        ("four milliard passes", {16: 0xFFFFFFFF}),
        ("tables that grow by nothing", {20: 0}),
        ("a format of the future", {8: 0xFFFF0104}),
    ]
    for label, fields in limits:
        for kind, magic in (("backup", b"IDBACK01"), ("vault", b"IDVAULT1")):
            head = header(magic, fields)
            ask(work, kind, f"{kind}: {label}", head)
    for label, data in [
        ("empty", b""),
        ("a ZIP file", made([Entry()])),
        ("zeros", bytes(100_000)),
        ("a header alone", header(b"IDBACK01", {})),
    ]:
        ask(work, "backup", f"backup: {label}", data)


def header(magic, fields):
    """A header (FORMAT.md 3): 64 MiB, 3 passes, step 2,048, and what is said otherwise."""
    block = bytearray(4096 - 32)
    block[:8] = magic
    block[8:28] = struct.pack(">HBBIIIxxxx", 1, 1, 4, 65_536, 3, 2_048)
    for at, value in fields.items():
        struct.pack_into(">I", block, at, value)
    whole = bytes(block) + hashlib.sha256(block).digest()
    return whole * 2


def ask(work, kind, label, head):
    secret = ("--passphrase-file", work / "passphrase", "--quiet")
    if kind == "backup":
        (work / "hostile.idback").write_bytes(head + bytes(64 if len(head) == 8192 else 0))
        command = (diary, "restore", work / "hostile.idback", work / "restored", *secret)
    else:
        shutil.rmtree(work / "vault", ignore_errors=True)
        (work / "vault/evidence").mkdir(parents=True)
        (work / "vault/header").write_bytes(head)
        (work / "vault/log.db").write_bytes(b"")
        command = (diary, "list", work / "vault", *secret)
    status, text, peak = limited(*command)
    good = status in (1, 2) and text.startswith("diary: ") and text.count("\n") <= 2
    good = good and not (work / "restored").exists() and "passphrase is" not in text
    check(
        f"{label}: refused ({text.strip()[:90]})",
        good and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {status}: {text}",
    )


def main():
    if not opened:
        skip("browser", "no Chromium: verify.html is not tried on any of these")
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        pristine = bundle.unpack(folder / "full.zip", work / "pristine")
        try_zips(work)
        try_manifests(pristine, work)
        try_documents(pristine, work)
        try_headers(work)


try:
    main()
finally:
    if opened:
        opened.__exit__()
finish()
