"""Checks sound bundles with programs that nobody here wrote.

check_bundle.py DIARY FOLDER: every bundle that make_bundles.py left in FOLDER.
"""

import csv
import html.parser
import io
import json
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import bundle
import tools
from hidden import found_in, self_test
from tap import check, finish, run, skip

diary, folder = (Path(word).resolve() for word in sys.argv[1:3])
missing = tools.missing()
TREE_TOOLS = (
    tools.sha256sum,
    tools.bagit,
    tools.tagmanifest_hash,
    tools.key_of_origin,
    tools.ssh_keygen_checkpoint,
    tools.ssh_keygen_bundle,
    tools.openssl_checkpoint,
    tools.openssl_bundle,
    tools.pymerkle_inclusion,
    tools.canonical_json,
    tools.python_verifier,
)
# An address outside the bundle; data: is inside.
ELSEWHERE = re.compile(r"\s*(?!data:)([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
NEUTRAL_NAME = re.compile(r"evidence_\d{4}-\d\d-\d\d_[0-9a-f]{4}-[0-9a-f]{4}")
# What a spreadsheet may take for a formula, after spaces and zero-width characters.
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r\n\0＝＋－＠]")
SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}(/[a-z0-9][a-z0-9._-]{0,39}){0,3}")


def with_tool(label, tool, *what):
    """One check by somebody else's program; a missing one is said once, by main()."""
    if tools.NEEDS.get(tool) not in missing:
        good, printed = tools.is_satisfied(tool, *what)
        check(f"{label}: {tool.__name__}", good, printed)


def verdict(what, *options):
    """What `diary verify --json` says: (exit status, document)."""
    status, text = run(diary, "verify", what, "--json", "--quiet", *options)
    try:
        return status, json.loads(text)
    except ValueError:
        return status, {"sound": None, "printed": text}


def failures(document):
    return [finding for finding in document.get("findings", []) if finding["level"] == "failure"]


def check_container(label, zip_path):
    """The ZIP is a plain one: stored, one date, one mode, safe names in one folder, nothing else in it."""
    with zipfile.ZipFile(zip_path) as archive:
        infos, comment = archive.infolist(), archive.comment
    names = [info.filename for info in infos]
    tops = {name.split("/")[0] for name in names}
    inner = [name.split("/", 1)[1] for name in names]
    check(f"{label}: one top folder", len(tops) == 1, tops)
    check(f"{label}: a neutral name", NEUTRAL_NAME.fullmatch(*tops))
    check(f"{label}: plain names", all(SAFE_NAME.fullmatch(name) for name in inner), inner)
    check(f"{label}: sorted names, none twice", names == sorted(set(names)))
    plain = all(
        info.compress_type == zipfile.ZIP_STORED
        and info.date_time == (1980, 1, 1, 0, 0, 0)
        and stat.S_IMODE(info.external_attr >> 16) == 0o644
        and not info.extra
        and not info.comment
        for info in infos
    )
    check(f"{label}: stored, of 1980-01-01, mode 0644, without extra fields", plain and not comment)


class Page(html.parser.HTMLParser):
    """Collects what an HTML page must not have."""

    def __init__(self):
        super().__init__()
        self.bad, self.policy, self.language = [], "", ""

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = values.get("content", "")
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link"):
            self.bad.append(tag)
        for name, value in values.items():
            outside = name in ("href", "src", "srcset", "action") and ELSEWHERE.match(value)
            if name.startswith("on") or outside:
                self.bad.append(f"{tag} {name}={value}")


def table(data):
    """The rows that Python's csv reads; none if it does not, or if they are not of one length."""
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    try:
        rows = list(csv.reader(text, delimiter=";", strict=True))
    except csv.Error:
        return []
    return rows if len({len(row) for row in rows}) == 1 else []


def check_table(path):
    """A table with a quotation mark or a cell too many is none."""
    data = path.read_bytes()
    first = data.index(b'";"')
    for name, spoilt in (
        ("a quotation mark", data[:first] + b'"x' + data[first:]),
        ("a cell", data[:first] + b'";"' + data[first:]),
    ):
        check(f"a CSV with {name} too many is no table", table(data) and not table(spoilt))


def check_pages(label, top):
    for name in ("start.html", "data/report.html"):
        page = Page()
        page.feed((top / name).read_text(encoding="utf-8"))
        check(f"{label}: {name} loads and runs nothing", not page.bad, page.bad)
        check(
            f"{label}: {name} forbids everything by its policy",
            "default-src 'none'" in page.policy,
            page.policy,
        )
        check(
            f"{label}: {name} names its language",
            page.language in ("kk", "ru", "en"),
            page.language,
        )
    data = (top / "data/incidents.csv").read_bytes()
    check(f"{label}: the CSV begins with a byte order mark", data.startswith(b"\xef\xbb\xbf"))
    rows = table(data)
    check(f"{label}: the CSV is a table", len(rows) > 1, data[:200])
    active = [cell for row in rows for cell in row if FORMULA.match(cell)]
    check(f"{label}: no CSV cell is a formula", not active, active)


def check_document(label, top):
    """incidents.json, its leaves and the evidence files agree, computed from FORMAT.md."""
    text, origin, size, _ = bundle.checkpoint(top)
    value = bundle.document(top)
    same = value["log"] == {"origin": origin, "size": size, "root": text.decode().split("\n")[2]}
    check(f"{label}: incidents.json names the checkpoint", same, value["log"])
    ids = [(entry["id"], bundle.entry_id(entry)) for entry in value["entries"]]
    check(f"{label}: every id follows from its leaf", all(a == b for a, b in ids), ids)
    numbers = [entry["number"] for entry in value["entries"]]
    check(f"{label}: entries stand in order", numbers == sorted(set(numbers)), numbers)
    proofs = sorted(int(path.name[6:12]) for path in (top / "proof").glob("entry-*.tlog-proof"))
    check(f"{label}: one inclusion proof for each entry", proofs == numbers, proofs)
    notes = {bundle.tlog_proof(top, number)[2] for number in numbers}
    note = (top / "proof/checkpoint.note").read_text()
    check(f"{label}: every proof ends with the checkpoint's note", notes == {note})
    private = [entry for entry in value["entries"] if entry["kind"] in ("incident", "amendment")]
    check(
        f"{label}: private is withheld everywhere",
        all("private" in entry["withheld"] for entry in private),
    )
    items = [entry for entry in value["entries"] if entry["kind"] == "evidence"]
    for item in items:
        if "file" in item:
            data = (top / item["file"]).read_bytes()
            right = item["evidence"]["sha256"] == bundle.sha256(data).hex() and item["evidence"][
                "bytes"
            ] == len(data)
            check(f"{label}: {item['exhibit']} is the file that was attached", right)
    exhibits = [item["exhibit"] for item in items]
    check(
        f"{label}: exhibits are numbered",
        exhibits == [f"A-{n:02}" for n in range(1, len(items) + 1)],
        exhibits,
    )


def check_copies(label, top):
    """A copy is what incidents.json says of it, and exiftool finds nothing in it but what it shows or plays."""
    items = [entry for entry in bundle.document(top)["entries"] if entry["kind"] == "evidence"]
    copies = [item for item in items if "copy" in item]
    # Nobody asked for an original here: it leaves where a copy would be the same, byte for byte.
    clean = [item for item in items if "file" in item] if label == "copies" else []
    if label == "copies":
        kinds = {item["evidence"]["media_type"] for item in copies}
        check(f"{label}: copies", kinds == {"image/jpeg", "video/mp4", "audio/ogg"}, kinds)
        as_they_are = {item["evidence"]["media_type"] for item in clean}
        check(f"{label}: what holds nothing else", as_they_are == {"image/png"}, as_they_are)
        kinds |= as_they_are
        only_hashed = {item["evidence"]["media_type"] for item in items} - kinds
        check(f"{label}: other files left as hashes", "application/pdf" in only_hashed, only_hashed)
    for item in copies:
        copy, name = item["copy"], f"{label}: {item['exhibit']}"
        data = (top / copy["file"]).read_bytes()
        same = copy["sha256"] == bundle.sha256(data).hex() and copy["bytes"] == len(data)
        check(f"{name} is the copy of which incidents.json speaks", same)
        note = (top / f"data/evidence/{item['exhibit'].lower()}.note.txt").read_text("utf-8-sig")
        check(f"{name}: the note names the original", item["evidence"]["sha256"] in note, note)

    if copies:
        files = [top / item["copy"]["file"] for item in copies]
        files += [top / item["file"] for item in clean]
        with_tool(f"{label}: {len(files)} files", tools.exiftool_finds_nothing, *files)


def check_words(label, top, hidden):
    """Nothing that was to stay out is in any file, in no encoding, packed or drawn."""
    for path in sorted(path for path in top.rglob("*") if path.is_file()):
        found = found_in(path, hidden)
        if found:
            check(f"{label}: nothing hidden is in {path.relative_to(top)}", False, found)
            return
    check(f"{label}: nothing hidden is in any file ({len(hidden)} texts)", len(hidden) > 1)
    entries = bundle.document(top)["entries"]
    shown = [entry["incident"].get("narrative") for entry in entries if "incident" in entry]
    # The beginning of each: what comes after may be parted by the foot of a page.
    shown = sorted({text.strip()[:24] for text in shown if text and text.isprintable()})[:20]
    volumes = sorted((top / "data").glob("report*.pdf"))
    paper = {text for volume in volumes for text in found_in(volume, shown)}
    check(f"{label}: what is shown would be found on paper", set(shown) == paper, len(paper))


def check_verify(label, zip_path, top):
    """`diary verify`: sound; with the code anchored; unpacked and zipped again sound with a warning."""
    status, said = verdict(zip_path)
    check(
        f"{label}: diary verify", status == 0 and said["sound"] is True and not failures(said), said
    )
    check(f"{label}: without a code nothing is anchored", said.get("anchor") == "none", said)
    warned = any(finding["level"] == "warning" for finding in said.get("findings", []))
    check(f"{label}: and that is said", warned, said)
    code = bundle.fingerprint(bundle.checkpoint(top)[0])
    check(
        f"{label}: the code is that of the checkpoint",
        said.get("checkpoint", {}).get("fingerprint") == code,
        code,
    )
    printed = zip_path.with_suffix(".code")
    if printed.exists():
        check(f"{label}: export printed that code", printed.read_text() == code)
    # Unpacked, renamed, and with the code: each could cost the verdict on its own.
    with tempfile.TemporaryDirectory() as work:
        moved = Path(work) / "Дело 12"
        moved.mkdir()
        run("cp", "-r", f"{top}/.", moved)
        status, said = verdict(moved, "--fingerprint", code.lower().replace("-", " "))
        covered = said.get("covered")
        good = status == 0 and said["sound"] is True and said["anchor"] == "fingerprint"
        check(f"{label}: with the code, in a renamed folder, it is sound and anchored", good, said)
        entries = [entry["id"] for entry in bundle.document(top)["entries"]]
        check(f"{label}: and the code covers every entry", covered == entries, covered)
        again = Path(work) / "again.zip"
        subprocess.run(
            [sys.executable, "-m", "zipfile", "-c", again, top], check=True, cwd=top.parent
        )
        status, said = verdict(again)
        warned = any(finding["level"] == "warning" for finding in said.get("findings", []))
        good = status == 0 and said["sound"] and warned
        check(f"{label}: zipped again it is sound, with a warning", good, said)


def check_stamps(label, top):
    """The commands of readme.txt for time stamps, as they stand there, with a root from elsewhere."""
    stamps = bundle.document(top).get("stamps", [])
    if label in ("full", "part", "period", "papers", "posted"):
        check(f"{label}: it carries time stamps", len(stamps) == 2, stamps)
    lines = (top / "verify/readme.txt").read_text(encoding="utf-8-sig").splitlines()
    commands = sorted({line.strip() for line in lines if line.startswith("    openssl ts ")})
    check(f"{label}: readme.txt has a command for each", len(commands) == len(stamps), commands)
    for command in commands:
        words = command.split()
        token = words[words.index("-in") + 1]
        words[words.index("ROOT.pem")] = folder / "roots.pem"
        status, text = run(*words, cwd=top / "proof/time")
        check(f"{label}: openssl ts takes {token}", status == 0 and "OK" in text, text)
        words[words.index("-data") + 1] = "../checkpoint.txt"
        status, text = run(*words, cwd=top / "proof/time")
        check(f"{label}: and not for another checkpoint", status != 0, text)
        words[words.index("-CAfile") + 1] = "/dev/null"
        status, text = run(*words, cwd=top / "proof/time")
        check(f"{label}: and not without the root", status != 0, text)
    report = (top / "data/report.html").read_text()
    for said in stamps:
        printed = said["time"].replace("T", " ").replace("Z", " UTC")
        check(f"{label}: the report names its time", printed in report, said)


def check_one(zip_path, schema, work):
    label = zip_path.stem
    check_container(label, zip_path)
    for tool in (tools.unzip, tools.seven_zip, tools.zipfile_test):
        with_tool(label, tool, zip_path)
    (work / label).mkdir()
    top = bundle.unpack(zip_path, work / label)
    for tool in TREE_TOOLS:
        with_tool(label, tool, top)
    if schema:
        with_tool(label, tools.json_schema, top, schema)
    check_pages(label, top)
    check_document(label, top)
    check_copies(label, top)
    if label == "part":
        check_table(top / "data/incidents.csv")
    if "openssl" not in missing:
        check_stamps(label, top)
    hidden = zip_path.with_suffix(".hidden")
    if hidden.exists():
        check_words(label, top, json.loads(hidden.read_text()))
    check_verify(label, zip_path, top)


def main():
    for name in sorted(missing):
        skip(name, "not installed")
    _, text = run(diary, "schema", "bundle")
    try:
        schema = json.loads(text)
    except ValueError:
        schema = None  # check_samples.py says so
    bundles = sorted(folder.glob("*.zip"))
    check("there are bundles to check", bundles)
    with tempfile.TemporaryDirectory() as work:
        missed = self_test(Path(work))
        check("a hidden text would be found in every form", not missed, missed)
        for zip_path in bundles:
            try:
                check_one(zip_path, schema, Path(work))
            except Exception as error:
                check(f"{zip_path.stem}: could be read", False, repr(error))


main()
finish()
