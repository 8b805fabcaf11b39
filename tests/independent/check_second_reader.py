"""Has second_reader.py, written from core/FORMAT.md alone, read vaults that the program made.

check_second_reader.py DIARY SAMPLES: what it reads must be what went in and what `diary` shows, code and
checkpoint included; what is changed in a vault without its key, both must notice.
"""

import hashlib
import importlib.util
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextlib import closing
from pathlib import Path

from tap import check, finish, run, skip

diary, samples = (Path(word).resolve() for word in sys.argv[1:3])
READER = Path(__file__).resolve().with_name("second_reader.py")
PASSPHRASE = "шестнадцать\u00a0кедров у реки\u3000и ё 8412"
MANY = 1030  # entries: more than 32 x 32, so that the index has three levels
CHUNK = 32 + 65_536 + 16  # where the second chunk of an evidence file begins


class Refused(Exception):
    """A command that had to work did not."""


def ask(*words, stdin=b""):
    """Runs `diary`; gives what it printed."""
    status, text = run(diary, *words, "--quiet", "--json", stdin=stdin, seconds=300)
    if status:
        raise Refused(f"diary {words[0]}: status {status}: {text}")
    return (
        [json.loads(line) for line in text.splitlines()] if words[0] == "add" else json.loads(text)
    )


class Vault:
    """A vault and its passphrase."""

    def __init__(self, folder, secret):
        self.folder, self.secret = folder, secret

    def init(self):
        made = ask("init", self.folder, "--kdf", "floor", "--new-passphrase-file", self.secret)
        return made["recovery_code"]

    def ask(self, command, *words, stdin=b""):
        first, *rest = command.split()
        return ask(first, *rest, self.folder, *words, "--passphrase-file", self.secret, stdin=stdin)

    def read(self, secret=()):
        """(what the second reader found or None, what it said is wrong)"""
        words = secret or ("--passphrase-file", self.secret)
        status, text = run(sys.executable, READER, self.folder, *words)
        if status == 0:
            return json.loads(text), ""
        return None, text if status == 1 and text.startswith("wrong: ") else f"broke down: {text}"

    def copy(self, name):
        """A copy beside it, to do damage to."""
        folder = self.folder.with_name(name)
        shutil.rmtree(folder, ignore_errors=True)
        return Vault(Path(shutil.copytree(self.folder, folder)), self.secret)

    def program_is_content(self):
        status, _ = run(
            diary, "check", self.folder, "--passphrase-file", self.secret, "--quiet", "--json"
        )
        return status == 0

    def cell(self, found, position):
        """The sealed bytes of a cell of the diary that was found."""
        with closing(sqlite3.connect(self.folder / "log.db")) as database:
            query = f"SELECT b FROM p{found['half']} WHERE i = ?"
            return database.execute(query, [position]).fetchone()[0]

    def put(self, found, position, cell):
        self.sql(f"UPDATE p{found['half']} SET b = ? WHERE i = ?", cell, position)

    def sql(self, statement, *values):
        with closing(sqlite3.connect(self.folder / "log.db")) as database, database:
            database.execute(statement, values)


def write(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def short(narrative):
    return {"occurred": {"precision": "unknown"}, "narrative": narrative}


def tell(vault, work):
    """Fills the vault: all samples, every kind of change. Gives what went in, and the vault as it was before
    the last two changes."""
    paths = sorted(samples.glob("[0-9]*.json"))
    told = [json.loads(path.read_text()) for path in paths]
    corner = {
        "occurred": {"precision": "unknown", "words": "кеше"},
        "narrative": 'tab\t, line\n, \u007f, \u2028, /, \\, ", é, e\u0301, 😀, \ufeff, \u202e',
        "private_note": "only\nfor me",
        "people": [{"role": "witness", "contact": "+7 700 000 00 99"}, {"role": "perpetrator"}],
    }
    told += [corner, short("gone later " + "ж" * 3000), short("its item goes later")]
    ids = [made["id"] for made in vault.ask("add", "--file", write(work / "told", told))]
    files = sorted((samples / "evidence").iterdir())
    two_chunks = work / "two chunks.bin"
    two_chunks.write_bytes(bytes(range(256)) * 512)
    vault.ask("attach", ids[0], *files, "--how", "received", "--note", "-", stdin="Дәлел".encode())
    vault.ask("attach", ids[1], files[0], two_chunks)
    items = vault.ask("attach", ids[-1], work / "told", files[1])["items"]
    vault.ask("attach", ids[-2], work / "told")
    reason = ("--reason", "-")
    for number, changes in (
        (2, json.loads((samples / "amendments/03-witness.json").read_text())),
        (4, json.loads((samples / "amendments/05-verbatim.json").read_text())),
        (-3, {"private_note": None, "people": None}),
        (-3, {"occurred": {"precision": "day", "from": "2026-01-02"}}),
        (-3, {"private_note": "again"}),
    ):
        path = write(work / "changes", [changes])
        vault.ask("amend", ids[number], "--file", path, *reason, stdin="себебі".encode())
    vault.ask("withdraw", ids[11], *reason, stdin=b"it was a courier")
    vault.ask("fingerprint")
    vault.ask("erase", items[1]["item"], "--yes")
    vault.ask("draft save", "incident", stdin=b"unfinished " * 400)
    before = vault.copy("before")
    path = write(work / "changes", [{"count": 25}])
    vault.ask("amend", ids[0], "--file", path, *reason, stdin=b"there was one more")
    vault.ask("erase", ids[-2], "--yes")
    untouched = {ids[number]: told[number] for number in range(13) if number not in (0, 2, 4)}
    return ids, files, untouched, before


def check_content(vault, ids, files, untouched, found):
    """What the second reader read is what went in, and what `diary` shows."""
    incidents = {item["id"]: item for item in found["incidents"]}
    check("second reader: all incidents, in order", list(incidents) == ids, ids)
    wrong = [i for i, value in untouched.items() if with_note(incidents[i]) != value]
    check("second reader: the incidents that went in", not wrong, wrong)
    shown = {ident: vault.ask("show", ident) for ident in incidents}
    wrong = [i for i, item in incidents.items() if not same_incident(item, shown[i])]
    check("second reader: each incident as `diary show` gives it", not wrong, wrong)
    sha256 = {item["id"]: item["sha256"] for item in found["evidence"]}
    items = {item["item"]: item["sha256"] for show in shown.values() for item in show["evidence"]}
    check("second reader: the evidence that `diary show` gives", sha256 == items, items)
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    check("second reader: the evidence files that went in", wanted <= set(sha256.values()), sha256)
    kinds = found["entries"]["by_kind"]
    wanted = {
        "begun": 1,
        "incident": len(ids),
        "amendment": 6,
        "withdrawal": 1,
        "erasure": 2,
        "evidence": len(files) + 5,
    }
    check("second reader: the number of entries of each kind", kinds == wanted, kinds)
    draft = found["drafts"] == {"incident": "unfinished " * 400}
    check("second reader: the draft", draft, found["drafts"])


def with_note(item):
    """The incident as it was typed in: the second reader gives the private note apart."""
    note = item["private_note"]
    return item["incident"] | ({} if note is None else {"private_note": note})


def same_incident(item, show):
    if item["erased"] or show["erased"]:
        return item["erased"] and show["erased"] and "incident" not in show
    return (
        with_note(item) == show["incident"]
        and item["withdrawn"] == show["withdrawn"]
        and item["evidence"] == [entry["item"] for entry in show["evidence"]]
        and [entry["kind"] for entry in item["about"]] == [e["kind"] for e in show["history"]]
    )


def check_code(vault, work, found):
    code = vault.ask("fingerprint")["fingerprint"]
    check("second reader: the code of the log", found["fingerprint"] == code, code)
    bundle = work / "bundle.zip"
    vault.ask("export", "--out", bundle)
    with zipfile.ZipFile(bundle) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("proof/checkpoint.txt"))
        checkpoint = archive.read(name).decode()
    check("second reader: the checkpoint that a bundle brings", found["checkpoint"] == checkpoint)


def check_secrets(vault, work, code):
    """The recovery code opens too; after a change of secrets an older header is refused."""
    (work / "code").write_text(code.lower().replace("-", " ") + "\n")
    by_code = ("--recovery-code-file", work / "code")
    found, wrong = vault.read(by_code)
    opened = found and found["opened_by"] == "recovery code"
    check("second reader: the recovery code opens", opened, wrong)
    (work / "wrong").write_text(PASSPHRASE + "?\n")
    found, wrong = vault.read(("--passphrase-file", work / "wrong"))
    check("second reader: another passphrase opens nothing", "wrong passphrase" in wrong, wrong)
    changed = vault.copy("changed")
    (work / "new").write_text("другие четыре слова 9\n")
    changed.secret = work / "new"
    recover = ("--recovery-file", work / "code", "--new-passphrase-file", changed.secret)
    ask("recover", changed.folder, *recover, "--new-code")
    found, wrong = changed.read()
    opened = found and "keys-changed" in found["entries"]["by_kind"]
    check("second reader: new secrets open", opened, wrong)
    wrong = changed.read(by_code)[1]
    check("second reader: the old recovery code opens nothing", "wrong passphrase" in wrong, wrong)
    shutil.copy(vault.folder / "header", changed.folder / "header")
    changed.secret = vault.secret
    expect_notice("the header from before a change of secrets", changed, "key file")


def expect_notice(name, vault, word):
    """Both must notice; the reader says where."""
    wrong = vault.read()[1]
    noticed = wrong.startswith("wrong: ") and word in wrong
    check(f"second reader: notices {name}", noticed, wrong or "nothing noticed")
    check(f"diary check: notices {name}", not vault.program_is_content())


def flipped(data, at=None):
    at = len(data) // 2 if at is None else at
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def check_cells(vault, ids, found, before):
    """Cells changed, moved, replaced by what they were; what is nobody's may be anything."""
    holders, earlier = found["cells"]["holders"], before.read()[0]
    node, full_node = "index node 1 of level 0", "index node 0 of level 0"
    first, long, gone = (f"entry {ids[place].split('-')[0]}" for place in (0, 8, -2))
    small = [what for what in holders if what.startswith("entry ") and len(holders[what]) == 1]

    for what, part in (
        ("head", 0),
        (node, 0),
        (full_node, 0),
        (first, 0),
        (long, 1),
        ("side object", 1),
    ):
        damaged = vault.copy("damaged")
        at = holders[what][part]
        damaged.put(found, at, flipped(damaged.cell(found, at)))
        expect_notice(f"a flipped bit: {what}, cell {part + 1}", damaged, what)

    for name, one, other in (
        ("two entries swapped", holders[small[0]][0], holders[small[1]][0]),
        ("two cells of an entry swapped", *holders[long][:2]),
    ):
        damaged = vault.copy("damaged")
        damaged.put(found, one, vault.cell(found, other))
        damaged.put(found, other, vault.cell(found, one))
        expect_notice(name, damaged, "entry ")
    damaged = vault.copy("damaged")
    damaged.put(found, holders[small[1]][0], vault.cell(found, holders[small[0]][0]))
    expect_notice("an entry doubled over another", damaged, small[1])
    damaged = vault.copy("damaged")
    at = holders[first][0]
    damaged.put(found, at, vault.cell({"half": 1 - found["half"]}, at))
    expect_notice("a cell of the other half in place of an entry", damaged, first)

    # Rows as they once were: they open, but nothing points to them any more.
    for what in ("head", node, full_node):
        damaged = vault.copy("damaged")
        at = earlier["cells"]["holders"][what][0]
        damaged.put(found, at, before.cell(earlier, at))
        expect_notice(f"an older copy of a row: {what}", damaged, "not the one pointed to")
    damaged = vault.copy("damaged")
    for at in earlier["cells"]["holders"][gone]:
        damaged.put(found, at, before.cell(earlier, at))
    check("second reader: an erased entry put back means nothing", damaged.read()[0] == found)
    damaged = vault.copy("damaged")
    free = found["cells"]["used"]
    damaged.put(found, free, flipped(vault.cell(found, free)))
    check("second reader: a changed cell of nobody's means nothing", damaged.read()[0] == found)


def check_tables(vault, found):
    last, used = found["cells"]["there"] - 1, found["cells"]["used"] - 1
    for name, word, statements in (
        (
            "rows missing",
            "multiple of the step",
            [f"DELETE FROM p{h} WHERE i = {last}" for h in (0, 1)],
        ),
        ("a row missing", "cells", [f"DELETE FROM p{1 - found['half']} WHERE i = {last}"]),
        (
            "a row of another size",
            "size",
            [f"UPDATE p{found['half']} SET b = x'00' WHERE i = {used}"],
        ),
        ("another table", "schema", ["CREATE TABLE more(a)"]),
    ):
        damaged = vault.copy("damaged")
        for statement in statements:
            damaged.sql(statement)
        expect_notice(name, damaged, word)


def check_files(vault, found):
    """Of the file of two chunks, and what another program may do to it."""
    files = {item["file"]: item["bytes"] for item in found["evidence"]}
    one = max(files, key=files.get)
    other = min(files, key=files.get)

    def chunks_swapped(data):
        head, first, second = data[:32], data[32:CHUNK], data[CHUNK:]
        return head + second + first

    for name, change in (
        ("a flipped bit", flipped),
        ("a byte more", lambda data: data + b"\0"),
        ("its last chunk missing", lambda data: data[:CHUNK]),
        ("its chunks swapped", chunks_swapped),
        ("another file in its place", lambda _: (vault.folder / "evidence" / other).read_bytes()),
        ("nothing in its place", None),
    ):
        damaged = vault.copy("damaged")
        path = damaged.folder / "evidence" / one
        if change:
            path.write_bytes(change(path.read_bytes()))
        else:
            path.unlink()
        expect_notice(f"an evidence file: {name}", damaged, one)


def check_header(vault, found):
    damaged = vault.copy("damaged")
    header = damaged.folder / "header"
    data = header.read_bytes()
    header.write_bytes(flipped(data, 200))
    again, wrong = damaged.read()
    good = again and again["warnings"] and again["root"] == found["root"]
    check("second reader: reads with one block of the header damaged, and says so", good, wrong)
    check("diary check: opens with one block of the header damaged", damaged.program_is_content())
    check("diary check: has written the header anew", header.read_bytes() == data)
    header.write_bytes(flipped(flipped(data, 200), 4096 + 200))
    expect_notice("both blocks of the header damaged", damaged, "header")


def check_many(vault, work):
    """Three levels of the index, the tables grown; then a process that is killed leaves its write-ahead log."""
    vault.init()
    long = short("ұзақ " * 1700)
    lines = [long if number % 2 else short(f"{number}") for number in range(MANY)]
    made = vault.ask("add", "--file", write(work / "many", lines))
    vault.ask("withdraw", made[40]["id"], "--reason", "-", stdin=b"x")
    vault.ask("erase", made[700]["id"], "--yes")
    found, wrong = vault.read()
    check(f"second reader: reads {MANY} incidents", found, wrong)
    if found is None:
        return
    three_levels = "index node 0 of level 2" in found["cells"]["holders"]
    check("second reader: has read three levels of the index", three_levels)
    grown = found["cells"]["there"] > 4096
    check("second reader: has read tables that have grown", grown, found["cells"]["there"])
    read = [item.get("incident") for item in found["incidents"]]
    lines[700] = None
    check("second reader: every word of them", read == lines)
    code = vault.ask("fingerprint")["fingerprint"]
    check("second reader: their code", found["fingerprint"] == code, code)
    middle = found["cells"]["holders"]["index node 0 of level 1"][0]
    damaged = vault.copy("damaged")
    damaged.put(found, middle, flipped(damaged.cell(found, middle)))
    expect_notice("a flipped bit in the middle of the index", damaged, "index node 0 of level 1")
    shutil.rmtree(damaged.folder)
    check_killed(vault)


def check_killed(vault):
    command = [diary, "add", vault.folder, "--file", "-", "--passphrase-file", vault.secret]
    command += ["--quiet", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        alarm = threading.Timer(120, writer.kill)
        alarm.start()
        added = []
        for number in range(3):
            writer.stdin.write(json.dumps(short(f"before the end {number}")).encode() + b"\n")
            writer.stdin.flush()
            added.append(writer.stdout.readline())
        wrong = vault.read()[1]
        check("second reader: stops at a vault that is open", "another program" in wrong, wrong)
        writer.kill()
        alarm.cancel()
    log = vault.folder / "log.db-wal"
    left = log.read_bytes() if log.exists() else b""
    check("a killed process leaves a write-ahead log", all(added) and left)
    again, wrong = vault.read()
    ids = [item["id"] for item in again["incidents"]][-3:] if again else []
    good = ids == [json.loads(line or b"{}").get("id") for line in added]
    check("second reader: reads what is in the write-ahead log only", good, wrong or ids)
    check("second reader: leaves the write-ahead log as it is", log.read_bytes() == left)
    code = vault.ask("fingerprint")["fingerprint"]
    check("second reader: the code with it", again and again["fingerprint"] == code, code)


def check_salvaged(vault, work, found):
    """A vault of which an entry and a node are lost, salvaged by the program."""
    damaged, saved = vault.copy("damaged"), Vault(work / "saved", vault.secret)
    holders = found["cells"]["holders"]
    entry = next(name for name in holders if name.startswith("entry ") and name != "entry 0")
    for what in ("index node 1 of level 0", entry):
        at = holders[what][0]
        damaged.put(found, at, flipped(damaged.cell(found, at)))
    shutil.rmtree(saved.folder, ignore_errors=True)
    words = (
        "restore",
        damaged.folder,
        saved.folder,
        "--salvage",
        "--passphrase-file",
        vault.secret,
    )
    status, text = run(diary, *words, "--quiet", "--json", seconds=300)
    made = status == 1 and json.loads(text)["restored"]
    check("diary restore --salvage: saves what it can, and says that it is not all", made, text)
    again, wrong = saved.read()
    check("second reader: reads a salvaged vault", again, wrong)
    lost = int(entry.split()[1])
    check("second reader: what was lost, and only that", again and lost in again["entries"]["lost"])
    check("diary check: is content with a salvaged vault", saved.program_is_content())


def check_backup(vault, work, found):
    """A backup that the program wrote, laid out and read by the second reader alone."""
    path = work / "one.idback"
    vault.ask("backup", path)
    backup = Vault(path, vault.secret)
    again, wrong = backup.read()
    check("second reader: reads a backup", again, wrong)
    same = again and all(again[what] == found[what] for what in found if what != "commits")
    check("second reader: finds in it what is in the vault", same)
    data = bytearray(path.read_bytes())
    backup.folder = work / "damaged.idback"
    backup.folder.write_bytes(flipped(bytes(data), len(data) // 2))
    again, wrong = backup.read()
    check("second reader: notices a flipped bit in a chunk of a backup", not again, wrong)
    backup.folder.write_bytes(data[: -(65_536 + 16)])
    again, wrong = backup.read()
    check("second reader: notices that a backup was cut", not again, wrong)
    for name, at in (
        ("one block of its header", 100),
        ("its salt", 8_200),
        ("a reserved byte", 8_250),
    ):
        backup.folder.write_bytes(flipped(bytes(data), at))
        again, wrong = backup.read()
        good = again and again["warnings"] and again["incidents"] == found["incidents"]
        check(f"second reader: reads a backup with {name} damaged, and says so", good, wrong)


def check_folder(vault, work, found):
    """Backups in a folder, read by the second reader alone."""
    path = work / "backups"
    for _ in range(2):
        vault.ask("backup", "--to-folder", path)
    for name in ("snapshot-000001.idback", "snapshot-000002.idback"):
        backup = Vault(path / name, vault.secret)
        again, wrong = backup.read()
        same = again and all(again[what] == found[what] for what in found if what != "commits")
        check(f"second reader: finds in {name} of a folder what is in the vault", same, wrong)
    file = max((path / "evidence").iterdir(), key=lambda file: file.stat().st_size)
    file.write_bytes(flipped(file.read_bytes(), 1_000))
    again, wrong = backup.read()
    check("second reader: notices a flipped bit in a file of a folder", not again, wrong)


def main(work):
    secret = work / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    vault = Vault(work / "vault", secret)
    code = vault.init()
    ids, files, untouched, before = tell(vault, work)
    found, wrong = vault.read()
    check("second reader: reads a vault that the program made", found, wrong)
    check("diary check: is content with it", vault.program_is_content())
    if found:
        check_content(vault, ids, files, untouched, found)
        check_cells(vault, ids, found, before)
        check_tables(vault, found)
        check_files(vault, found)
        check_header(vault, found)
        check_salvaged(vault, work, found)
        check_backup(vault, work, found)
        check_folder(vault, work, found)
        check_secrets(vault, work, code)
        check_code(vault, work, found)
    check_many(Vault(work / "many incidents", secret), work)


missing = [name for name in ("argon2", "nacl") if importlib.util.find_spec(name) is None]
if missing:
    skip("second reader", f"Python packages are not installed: {', '.join(missing)}")
else:
    try:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder).resolve())
    except (Refused, KeyError, ValueError, OSError, sqlite3.Error) as error:
        check("second reader: all was tried", False, f"{type(error).__name__}: {error}")
finish()
