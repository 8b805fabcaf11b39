"""Shows that what an enemy could hand over as a bundle or a backup is refused by name, in 256 MiB of memory and 20 s
of processor time: by `diary verify` and `diary restore`, by the page verify.html, and, unpacked, by verify.py.

check_hostile.py DIARY FOLDER: on FOLDER/papers.zip, as make_bundles.py left it: everything but the pictures, which take
a verifier most of its time. Without a trap all three find it unchanged; each trap (traps.py) is one change of it, and
must be answered in the words that are meant for it.
"""

import contextlib
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
import threading
import zipfile
from pathlib import Path

import bundle
import page
import traps
from hostile import Entry, made, quine
from tap import check, finish, skip

diary, folder = (Path(word).resolve() for word in sys.argv[1:3])
PAPERS = folder / "papers.zip"
CODE = (folder / "papers.code").read_text().strip()
opened = page.Page() if page.find() else None
SECONDS, MEBIBYTES = 20, 256
# A program that waits instead of working is ended, and has failed. Nothing is judged by this time.
PATIENCE = 300


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
        patience = threading.Timer(PATIENCE, process.kill)
        patience.start()
        _, status, used = os.wait4(process.pid, 0)
        patience.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read().decode("utf-8", "replace")
    return process.returncode, text, used.ru_maxrss / 1024


def verify(what):
    """`diary verify`: its status, the failures it found, what it printed, MiB at its peak."""
    status, text, peak = limited(diary, "verify", what, "--fingerprint", CODE, "--json", "--quiet")
    try:
        findings = json.loads(text)["findings"]
    except (ValueError, KeyError, TypeError):
        findings = []
    return status, [found for found in findings if found["level"] == "failure"], text, peak


def refused(label, what, kind, about, words):
    """The first finding is the one that is meant: its check, what it is about (nothing: the whole), its words."""
    status, failures, text, peak = verify(what)
    first = failures[0] if failures else {"check": "", "subject": "", "detail": text[:80]}
    is_about = about in first["subject"] if about else first["subject"] == ""
    named = first["check"] == kind and is_about and words in first["detail"]
    check(
        f"{label}: refused ({first['subject'][-40:]!a} {first['detail'][:60]})",
        status == 1 and named and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {status}, not {kind}, {about}, {words}: {text}",
    )
    return failures


def refused_by_page(label, what, reason):
    """The page says why; what it does not read, because our program does not write it, is amber: nothing was checked."""
    if not opened or reason is None:
        return
    used = Used()
    colour, said = opened.check(what, CODE)
    wanted, reasons = "amber" if reason == "rewritten" else "red", opened.reasons()
    seconds, peak = used.since()
    check(
        f"{label}: the page {'leaves it' if wanted == 'amber' else 'refuses'} ({reason})",
        colour == wanted and reason in reasons and seconds < SECONDS and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {seconds:.1f} s, {colour}, {reasons}: {said}",
    )


class Used:
    """Processor time of the browser, and the memory of its pages beyond what they have now."""

    most = 0

    def __init__(self):
        self.seconds, pages = self.now()
        self.before = {}
        for number in pages:
            Path(f"/proc/{number}/clear_refs").write_text("5")  # The peak is that from now on.
            self.before[number] = self.kibibytes(number, "VmRSS")

    def since(self):
        """Seconds, and MiB at the peak."""
        seconds, pages = self.now()
        more = [self.kibibytes(page, "VmHWM") - self.before.get(page, 0) for page in pages]
        Used.most = max(Used.most, *more)
        return seconds - self.seconds, max(more) / 1024

    @staticmethod
    def now():
        said = opened.browser.ask("SystemInfo.getProcessInfo", session=None)["processInfo"]
        pages = [process["id"] for process in said if process["type"] == "renderer"]
        return sum(process["cpuTime"] for process in said), pages

    @staticmethod
    def kibibytes(number, name):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))


def refused_by_python(label, top, words):
    if words is None:
        return
    status, text, peak = limited(sys.executable, "-I", "verify/verify.py", cwd=top)
    named = any(words in line for line in text.splitlines() if line.startswith("PROBLEM "))
    check(
        f"{label}: verify.py refuses",
        status == 1 and named and peak < MEBIBYTES,
        f"{peak:.0f} MiB, {status}, not {words}: {text[:2000]}",
    )


def control(good, pristine, work):
    """Without a trap nothing is wrong: whatever is refused below is refused for its trap."""
    plain = work / "plain.zip"
    plain.write_bytes(made(good.entries))
    check(
        "control: written again without a trap, the same bytes",
        plain.read_bytes() == PAPERS.read_bytes(),
    )
    for form, what in (("a ZIP file", plain), ("a folder", pristine)):
        status, failures, text, _ = verify(what)
        check(f"control: as {form} it is sound", status == 0 and failures == [], text)
    status, text, _ = limited(sys.executable, "-I", "verify/verify.py", cwd=pristine)
    check("control: verify.py is content", status == 0 and "Problems found: 0" in text, text)
    if opened:
        colour, said = opened.check(plain, CODE)
        # The signatures of its time stamps are for openssl; nothing else is open.
        check(
            "control: the page finds nothing",
            colour == "amber" and set(opened.reasons()) == {"no_code", "token"},
            said,
        )


def try_zips(good, work):
    with zipfile.ZipFile(io.BytesIO(quine())) as itself:
        check("a ZIP that holds itself does", itself.read(itself.namelist()[0]) == quine())
    path = work / "hostile.zip"
    for trap in traps.ZIPS:
        path.write_bytes(trap.change(good))
        failures = refused(trap.label, path, trap.check, trap.about, trap.words)
        # But for a file that is one too many, nothing else is wrong with it.
        others = [found for found in failures if trap.about not in found["subject"]]
        alone = all(found["subject"] == "bag-info.txt" for found in others)
        check(f"{trap.label}: refused for nothing else", alone, others)
        refused_by_page(trap.label, path, trap.page)
    for label, make, reason in traps.NONE:
        path.write_bytes(make())
        status, text, _ = limited(diary, "verify", path, "--json", "--quiet")
        good = status == 2 and text == "diary: this is no bundle: check the path\n"
        check(f"{label}: said to be none", good, f"{status}: {text}")
        refused_by_page(label, path, reason)


def try_manifests(pristine, work):
    for spoilt in traps.MANIFESTS:
        with copied(pristine, work) as top:
            outside = top.parent / "outside.csv"
            shutil.copy(top / traps.COPY, outside)
            manifest = top / "manifest-sha256.txt"
            manifest.write_bytes(spoilt.change(manifest.read_bytes(), outside))
            list_again(top, manifest)
            label, packed = f"manifest: {spoilt.label}", work / "packed.zip"
            bundle.pack(top, packed)
            refused(label, packed, spoilt.check, spoilt.about, spoilt.words)
            refused_by_page(label, packed, spoilt.page)
            refused_by_python(label, top, spoilt.python)


def list_again(top, manifest):
    """The tagmanifest has the hash of the changed manifest, bundle.txt that of the tagmanifest."""
    tags = top / "tagmanifest-sha256.txt"
    rows = [row for row in tags.read_text().splitlines() if not row.endswith(f"  {manifest.name}")]
    rows.append(f"{hashlib.sha256(manifest.read_bytes()).hexdigest()}  {manifest.name}")
    tags.write_text("".join(f"{row}\n" for row in sorted(rows, key=lambda row: row[66:])))
    bundle.fit_bundle_txt(top)


@contextlib.contextmanager
def copied(pristine, work):
    """A copy of the folder to change."""
    top = work / "copied" / pristine.name
    shutil.copytree(pristine, top)
    yield top
    shutil.rmtree(top.parent)


def try_documents(pristine, work):
    """incidents.json of shapes that a parser may break down on, listed in the manifests."""
    for label, change, words, reason, python in traps.DOCUMENTS:
        with copied(pristine, work) as top:
            document = top / "data/incidents.json"
            document.write_bytes(change(document.read_bytes()))
            bundle.fit_manifests(top)
            bundle.fit_bundle_txt(top)
            label, packed = f"incidents.json: {label}", work / "packed.zip"
            bundle.pack(top, packed)
            refused(label, packed, "incidents", "data/incidents.json", words)
            refused_by_page(label, packed, reason)
            refused_by_python(label, top, python)


def try_folders(pristine, work):
    for label, change, words, python in traps.FOLDERS:
        with copied(pristine, work) as top:
            change(top / traps.COPY)
            kind = "names" if "name" in words or "alphabet" in words else "container"
            refused(f"folder: {label}", top, kind, "data/", words)
            refused_by_python(f"folder: {label}", top, python)


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
        good, pristine = traps.Good(PAPERS), bundle.unpack(PAPERS, work / "pristine")
        control(good, pristine, work)
        try_zips(good, work)
        try_manifests(pristine, work)
        try_documents(pristine, work)
        try_folders(pristine, work)
        try_headers(work)
    if opened:
        print(f"# verify.html took at most {Used.most >> 10} MiB more than the empty page")


try:
    main()
except page.browser.BrowserError as error:
    check("the page came to an end", False, repr(error))
finally:
    if opened:
        opened.__exit__()
finish()
