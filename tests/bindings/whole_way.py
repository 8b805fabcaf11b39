"""The main job, with every call of the surface that it takes."""

import hashlib
import hmac
import json
import struct
import subprocess
import zipfile
from zlib import compress, crc32

import diary_ffi as d

PASSPHRASE = "қара мысық терезеде ұйықтайды".encode()
OTHER = "төрт жаңа сөз далада жатыр".encode()
THIRD = b"three words and others still"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 12_000


class Progress(d.ProgressListener):
    def __init__(self, stop=False):
        self.told = []
        self.stop = stop

    def advance(self, done, total):
        self.told.append((done, total))
        return not self.stop


class Key(d.DeviceKey):
    """A key of the device, in software."""

    def __init__(self, key):
        self.key = key
        self.asked = 0

    def mac(self, message, answer):
        self.asked += 1
        answer.give(hmac.digest(self.key, message, "sha256"))


def full_incident(canary):
    """Every field of the contract."""
    return d.Incident(
        occurred=d.Occurred(
            _from="2026-10-03T21:15+05:00",
            to="2026-10-03T22:00+05:00",
            precision="about",
            words="кешкі жаңалықтардан кейін",
        ),
        narrative=f"Ол тағы да кіреберісте күтіп тұрды. 🐈 {canary}",
        verbatim=["«Всё равно найду»"],
        place=d.Place(_class="home", text="подъезд", latitude="43.238", longitude="76.945"),
        behaviours=["waiting", "threat"],
        channels=["in_person", "whatsapp"],
        count=34,
        shown_as=["+7 700 000 00 00"],
        people=[
            d.Person(
                role="perpetrator",
                key="p1",
                name="А.",
                relationship="ex_partner",
                description="d",
                vehicle="v",
                contact="c",
                note="n",
            )
        ],
        children_present="no",
        refusal=d.Refusal(when="2026-09-01", how="message", words="w"),
        after_refusal="yes",
        harm=d.Harm(
            kinds=["fear"],
            words="w",
            cost=d.Cost(amount="15000", currency="KZT"),
            care=["поликлиника"],
        ),
        response=["blocked"],
        danger=["weapon"],
        reports=[
            d.Report(
                body="police",
                on="2026-10-04",
                number="КУИ 000",
                officer="o",
                outcome="refused",
                words="w",
            )
        ],
        orders=[
            d.Order(
                kind="protective_order",
                number="1",
                _from="2026-09-10",
                to="2026-10-10",
                breached="yes",
            )
        ],
        private_note="only here",
    )


def short_incident(number):
    return d.Incident(occurred=d.Occurred(_from="2026-10-05"), narrative=f"Телефон соқты, {number}")


def run(checks, place, canary, program):
    without_diary(checks)
    vault = str(place / "vault")
    diary, code = opening(checks, vault)
    writing(checks, diary, canary)
    evidence(checks, diary, place)
    reading(checks, diary)
    handing_over(checks, diary, place, program)
    tokens(checks, diary)
    backups(checks, diary, place, code)
    second(checks, diary, place)
    diary.rest()
    diary.lock()
    diary.lock()
    checks.check("locked, twice", diary.is_locked())
    diary = bound(checks, vault, code)
    gone = diary.wipe(PASSPHRASE) and not (place / "vault").exists()
    checks.check("wiped", gone and diary.is_locked())


def without_diary(checks):
    checks.check("a version", d.library_version().count(".") == 2)
    lists = {one.name: one.codes for one in d.code_lists()}
    checks.check("code lists", lists["yes_no"] == ["yes", "no", "unknown"])
    for language in ("kk", "ru", "en"):
        labels = d.labels(language)
        missing = [
            f"{name}.{code}"
            for name, codes in lists.items()
            for code in codes
            if f"{name}.{code}" not in labels
        ]
        checks.check(f"a label for every code in {language}", not missing)
        unchecked = d.labels_to_be_checked()
        known = "behaviours.spying" in unchecked and set(unchecked) <= labels.keys()
        checks.check(f"labels that a lawyer has yet to check in {language}", known)
        checks.check(f"labels of fields in {language}", "field.harm.cost" in labels)
        checks.check(f"labels of kinds in {language}", "kind.amendment" in labels)
    for kind in d.SchemaKind:
        schema = json.loads(d.schema(kind))
        checks.check(f"schema of {kind.name}", schema["$schema"].endswith("schema"))
    weak = d.passphrase_weakness(b"1234")
    checks.check("a weak passphrase is told", weak == d.PassphraseWeakness.SHORT)
    checks.check("a good one too", d.passphrase_weakness(PASSPHRASE) is None)


def opening(checks, vault):
    diary = d.Diary.create(vault, b"1234", d.KeyCost.FLOOR, allow_weak=True)
    code = diary.take_recovery_code()
    checks.check("a recovery code", len(code) == 39)
    checks.check("given once", diary.take_recovery_code() is None)
    diary.confirm(b"1234")
    diary.lock()
    diary = d.Diary.recover(vault, code.lower().encode(), OTHER, replace_code=True)
    newer = diary.take_recovery_code()
    checks.check("another code", newer not in (None, code))
    diary.change_passphrase(OTHER, THIRD)
    rotated = diary.rotate(THIRD, PASSPHRASE, Progress())
    checks.check("a code of the new key", len(rotated) == 39 and rotated != newer)
    diary.lock()
    diary = d.Diary.open(vault, PASSPHRASE)
    checks.check("no code when opened", diary.take_recovery_code() is None)
    checks.check("no change was cut short", not diary.key_change_was_finished())
    checks.check("the key file is whole", diary.key_file() == d.KeyFile.WHOLE)
    return diary, rotated


def bound(checks, vault, code):
    """Binds the passphrase to a device, opens with it, and takes it out again."""
    key = Key(b"of this device")
    diary = d.Diary.open(vault, PASSPHRASE, key)
    checks.check("the device is asked and not needed", key.asked == 1 and not diary.is_bound())
    diary.bind(PASSPHRASE, code.encode(), key)
    diary.confirm(PASSPHRASE)
    checks.check("bound", diary.is_bound())
    diary.lock()
    key.asked = 0
    diary = d.Diary.open(vault, PASSPHRASE, key)
    checks.check("opened with the device, asked once", diary.is_bound() and key.asked == 1)
    diary.unbind(PASSPHRASE, key)
    diary.lock()
    diary = d.Diary.open(vault, PASSPHRASE)
    checks.check("opened without it again", not diary.is_bound())
    return diary


def writing(checks, diary, canary):
    incident = full_incident(canary)
    recorded = diary.add(incident)
    checks.check("the first incident", recorded.number == 1)
    checks.check("a time of now", recorded.recorded_at.unix_ms > 1_700_000_000_000)
    shown = diary.show(recorded.id)
    checks.check("every field comes back", shown.incident == incident)
    patch = d.IncidentPatch(
        place=d.Place(text="аула"), count=35, taken_away=["refusal", "private_note"]
    )
    diary.amend("#1", patch, "есіме түсті")
    shown = diary.show("#1")
    checks.check("a field is replaced", shown.incident.place == d.Place(text="аула"))
    checks.check("a field is taken away", shown.incident.refusal is None)
    changes = shown.history[0].changes
    checks.check("the change is kept", changes.count == 35)
    checks.check("so is what it took away", changes.taken_away == ["private_note", "refusal"])
    for number in range(2, 62):
        diary.add(short_incident(number))
    diary.withdraw("#2", "қате жазылды")
    checks.check("withdrawn", diary.show("#2").withdrawn)
    erased = diary.erase("#3")
    checks.check("erased", erased.entries == 1 and diary.show("#3").erased)
    diary.save_draft("add", canary.encode())
    checks.check("a draft is kept", diary.draft("add") == canary.encode())
    diary.discard_draft("add")
    checks.check("and forgotten", diary.draft("add") is None)


def evidence(checks, diary, place):
    photo = place / "IMG_1.jpg"
    photo.write_bytes(PHOTO)
    progress = Progress()
    about = d.Attachment(how="received", note="хабарламадан")
    item = diary.attach("#1", str(photo), about, progress)
    checks.check("progress to the end", progress.told[-1] == (len(PHOTO),) * 2)
    checks.check("its type by content", item.media_type == "image/jpeg")
    checks.check("its hash", item.sha256 == hashlib.sha256(PHOTO).hexdigest())
    writer = diary.begin_item("#1")
    for at in range(0, len(PHOTO), 65_536):
        writer.write(PHOTO[at : at + 65_536])
    again = writer.finish("copy.jpg", 1_791_044_400_000, d.Attachment())
    checks.check("the same bytes are stored once", again.duplicate)
    given_up = diary.begin_item("#1")
    given_up.write(b"x")
    given_up.discard()
    out = place / "out.jpg"
    diary.extract(item.id, str(out), Progress())
    checks.check("bit for bit", out.read_bytes() == PHOTO)
    parts = [diary.read_item(item.id, at, 65_536) for at in range(0, len(PHOTO) + 1, 65_536)]
    checks.check("looked at part by part", b"".join(parts) == PHOTO)
    checks.check("nothing after its end", diary.read_item(item.id, len(PHOTO), 1) == b"")
    checks.check("two items", len(diary.show("#1").evidence) == 2)
    diary.erase(again.id)
    checks.check("one is erased", len(diary.show("#1").evidence) == 1)


def reading(checks, diary):
    page = diary.list(d.ListQuery())
    checks.check("a page of 50, newest first", page.incidents[0].number == 61)
    checks.check("and the rest", len(page.incidents) == 50)
    rest = diary.list(d.ListQuery(after=page.next))
    numbers = [one.number for one in page.incidents + rest.incidents]
    checks.check("each once", numbers == list(range(61, 0, -1)) and not rest.next)
    for query, expected in {
        "folded search": (d.ListQuery(search="КІРЕБЕРІСТЕ күтіп"), 1),
        "by behaviour": (d.ListQuery(behaviour="threat"), 1),
        "by person": (d.ListQuery(person="p1"), 1),
        "by time": (d.ListQuery(_from="2026-10-01", to="2026-10-04"), 1),
        "a limit": (d.ListQuery(limit=7), 7),
    }.items():
        checks.check(query, len(diary.list(expected[0]).incidents) == expected[1])
    first = diary.list(d.ListQuery(behaviour="threat")).incidents[0]
    checks.check(
        "a line",
        (first.evidence, first.amended, first.damaged) == (1, True, False)
        and first.title.startswith("Ол тағы"),
    )
    people = diary.people()
    checks.check("people", [(p.key, p.roles) for p in people] == [("p1", ["perpetrator"])])


def handing_over(checks, diary, place, program):
    code = diary.fingerprint()
    checks.check("the same code twice", diary.fingerprint() == code)
    checks.check("it is of this log", diary.is_ancestor(code))
    selection = d.ExportSelection(
        language="kk",
        originals=d.Originals.ALL(),
        incidents=["#1", "#4"],
        withhold=[
            d.WithheldField(field="people[0].contact"),
            d.WithheldField(field="narrative", incident="#4"),
        ],
        audience="полицияға",
    )
    preview = diary.preview(selection)
    checks.check("a preview", len(preview.incidents) == 2 and preview.left_out == 59)
    checks.check("what is withheld", "narrative" in preview.incidents[1].withheld)
    kinds = [one.kind for one in preview.incidents[0].entries]
    checks.check("entry by entry", kinds[:2] == ["incident", "amendment"])
    out = place / "bundle.zip"
    made = diary.export(selection, str(out), PASSPHRASE, Progress())
    checks.check("its hash", made.sha256 == hashlib.sha256(out.read_bytes()).hexdigest())
    verdict = d.verify_bundle(str(out), code, Progress())
    checks.check("it verifies", verdict.sound and verdict.anchored)
    checks.check("what the code covers", len(verdict.covered) > 2)
    checks.check("its log", verdict.checkpoint.fingerprint == made.fingerprint)
    alone = d.verify_bundle(str(out), None, None)
    checks.check("without a code", alone.sound and not alone.anchored)
    reports = d.render_bundle(str(out), Progress())
    with zipfile.ZipFile(out) as bundle:
        held = {name.rpartition("/")[2]: bundle.read(name) for name in bundle.namelist()}
    same = all(held[name] == bytes for name, bytes in reports.items())
    checks.check("its reports anew, byte for byte", same and "report.pdf" in reports)
    damaged = place / "damaged.zip"
    damaged.write_bytes(out.read_bytes().replace(b"narrative", b"narrativE", 1))
    checks.check("but none of what is not sound", d.render_bundle(str(damaged), None) is None)
    if program:
        command = [program, "verify", str(out), "--fingerprint", code]
        end = subprocess.run(command, capture_output=True, check=False)
        checks.check("diary verify agrees", end.returncode == 0)
    report = diary.check(Progress())
    levels = {one.level for one in report.findings}
    checks.check("the vault is whole", report.sound)
    checks.check("finding by finding", d.FindingLevel.FINE in levels)
    chosen = d.Originals.CHOSEN(items=[diary.show("#1").evidence[0].id])
    one = d.ExportSelection(language="ru", originals=chosen, incidents=["#1"])
    paths = [file.path for file in diary.preview(one).files]
    checks.check("one original", any("evidence/" in path for path in paths))
    shot = place / "shot.png"
    shot.write_bytes(png(b"her street"))
    diary.attach("#4", str(shot), d.Attachment(), None)
    hashes = d.Originals.HASHES_ONLY()
    for wanted in (True, False):
        asked = d.ExportSelection(language="ru", originals=hashes, copies=wanted)
        paths = [file.path for file in diary.preview(asked).files]
        leaves = any(path.endswith(".copy.png") for path in paths)
        checks.check(f"a copy without metadata: {wanted}", leaves == wanted)
    none = d.ExportSelection(language="en", originals=d.Originals.HASHES_ONLY(), without=["#1"])
    checks.check("without one", diary.preview(none).left_out == 1)
    none.incidents, none.without = ["#4"], ["#5"]
    stays = diary.show("#5").id
    checks.check("which was not meant", diary.preview(none).without_effect == [stays])


def backups(checks, diary, place, recovery_code):
    """A backup opens with either secret, and what comes back is the same log."""
    file, fingerprint = place / "all.idback", diary.fingerprint()
    written = diary.backup(str(file), Progress())
    checks.check("a backup", written.bytes == file.stat().st_size and written.incidents == 62)
    checks.check("of everything", (written.unreadable_cells, written.unreadable_files) == (0, 0))
    secrets = {
        "passphrase": (PASSPHRASE, d.SecretKind.PASSPHRASE),
        "code": (recovery_code.encode(), d.SecretKind.RECOVERY_CODE),
    }
    for name, (secret, kind) in secrets.items():
        read = d.read_backup(str(file), secret, kind, Progress())
        checks.check(f"read by the {name}", read.sound and not read.restored)
        checks.check(f"its log by the {name}", read.log.fingerprint == fingerprint)
        folder = place / f"restored by {name}"
        made = d.restore_backup(str(file), str(folder), secret, kind, Progress())
        checks.check(f"restored by the {name}", made.sound and made.restored)
        restored = d.Diary.open(str(folder), PASSPHRASE)
        checks.check(f"the same code by the {name}", restored.fingerprint() == fingerprint)
        checks.check(f"the same words by the {name}", restored.show("#1") == diary.show("#1"))
        out = place / f"restored by {name}.jpg"
        restored.extract(restored.show("#1").evidence[0].id, str(out), None)
        checks.check(f"the same evidence by the {name}", out.read_bytes() == PHOTO)
        restored.lock()

    folder = place / "backups"
    first = diary.backup_to_folder(str(folder), Progress())
    second = diary.backup_to_folder(str(folder), None)
    checks.check(
        "a folder takes the files once", (first.new_files > 0, second.new_files) == (True, 0)
    )
    checks.check(
        "and the log anew",
        (folder / second.snapshot).is_file() and first.snapshot != second.snapshot,
    )
    read = d.read_backup(str(folder), PASSPHRASE, d.SecretKind.PASSPHRASE, None)
    newest = d.backup_at(str(folder))
    checks.check("the newest in a folder", newest == str(folder / second.snapshot))
    checks.check("of a file, itself", d.backup_at(newest) == newest)
    d.must_be_backup(newest)
    d.must_be_backup(str(folder))
    checks.check("a folder is read", read.sound and read.log.fingerprint == fingerprint)
    checks.check("nothing is bound or damaged", (second.bound, second.damaged_files) == (False, 0))
    try:
        diary.backup_to_folder(str(place), None)
        checks.check("a folder with something else is refused", False)
    except d.DiaryError.Backup as error:
        checks.check("a folder with something else is refused", error.problem.is_foreign_folder())

    flipped = bytearray(file.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    damaged = place / "damaged.idback"
    damaged.write_bytes(flipped)
    secret, kind = secrets["passphrase"]
    read = d.read_backup(str(damaged), secret, kind, None)
    checks.check("a flipped bit is found", not read.sound)
    nowhere = place / "from damaged"
    made = d.restore_backup(str(damaged), str(nowhere), secret, kind, None)
    failures = [one for one in made.findings if one.level == d.FindingLevel.FAILURE]
    refused = not made.restored and bool(failures) and not nowhere.exists()
    checks.check("and nothing is restored", refused)
    saved = d.salvage(str(damaged), str(nowhere), secret, kind, Progress())
    checks.check("but what can be read is saved", saved.restored and not saved.sound)
    rescued = d.Diary.open(str(nowhere), PASSPHRASE)
    left = rescued.list(d.ListQuery(limit=200)).incidents
    checks.check("nearly everything", len(left) > 50 or len(rescued.show("#1").evidence) == 1)
    rescued.lock()


def second(checks, diary, place):
    """A second diary beside the first: made, copied, restored."""
    both = str(place / "both")
    made = d.Diary.create_with_second(both, PASSPHRASE, OTHER, d.KeyCost.FLOOR)
    codes = {made.take_recovery_code(), made.take_second_recovery_code()}
    checks.check("two codes", len(codes) == 2 and None not in codes)
    again = (made.take_recovery_code(), made.take_second_recovery_code())
    checks.check("given once each", again == (None, None))
    made.add(short_incident(1))
    made.lock()
    opened(checks, "made", both, 1)

    copied = str(place / "copied")
    codes = diary.copy_with_second(copied, PASSPHRASE, OTHER, d.KeyCost.FLOOR, Progress())
    own, other = codes.take_recovery_code(), codes.take_second_recovery_code()
    checks.check("two new codes", len({own, other}) == 2 and len(own) == 39)
    again = (codes.take_recovery_code(), codes.take_second_recovery_code())
    checks.check("given once each by a copy", again == (None, None))
    opened(checks, "copied", copied, 62)
    first = d.Diary.open(copied, PASSPHRASE)
    checks.check("the same words in a copy", first.show("#1") == diary.show("#1"))
    checks.check("codes given out before hold", first.is_ancestor(diary.fingerprint()))
    first.lock()
    recovered = d.Diary.recover(copied, other.encode(), THIRD, False, True)
    checks.check("the second code is the second's", not recovered.list(d.ListQuery()).incidents)
    recovered.lock()

    file, target = str(place / "all.idback"), str(place / "restored with second")
    cost = d.KeyCost.FLOOR
    restored = d.restore_with_second(file, target, PASSPHRASE, OTHER, cost, Progress())
    checks.check("restored with a second", restored.log.incidents == 62)
    checks.check("a code of its own", restored.codes.take_recovery_code() not in (None, own))
    checks.check("which nothing prints", "-" not in str(restored.codes))
    opened(checks, "restored", target, 62)


def opened(checks, name, vault, incidents):
    """Each passphrase opens one of two diaries, and neither tells of the other."""
    for passphrase, expected in ((PASSPHRASE, incidents), (OTHER, 0)):
        diary = d.Diary.open(vault, passphrase)
        page = diary.list(d.ListQuery(limit=200))
        which = "first" if passphrase == PASSPHRASE else "second"
        checks.check(f"{name}: the {which}", len(page.incidents) == expected)
        checks.check(f"{name}: the {which} is whole", diary.check(None).sound)
        diary.lock()


def png(comment):
    """A picture of two by two points with a comment in it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = compress((b"\0" + bytes(6)) * 2)
    parts = [(b"IHDR", head), (b"tEXt", b"Comment\0" + comment), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def tokens(checks, diary):
    token = diary.new_token(b"")
    checks.check("a token", len(token) == 160)
    checks.check("as it was", diary.token_status(token) == d.TokenStatus.EQUAL)
    diary.add(short_incident(0))
    checks.check("newer", diary.token_status(token) == d.TokenStatus.NEWER)
    checks.check("no token", diary.token_status(b"x") == d.TokenStatus.UNKNOWN)
    checks.check("another", diary.new_token(token) != token)
    checks.check("a container", len(diary.container_id()) == 32)
