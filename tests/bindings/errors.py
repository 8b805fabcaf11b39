"""Each error once, as its own case; and none with her words."""

import hashlib
import inspect
import resource
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import diary_ffi as d
from whole_way import OTHER, PASSPHRASE, THIRD, Key, full_incident, short_incident

# Cases that nothing here can bring about, and where they are tested.
ELSEWHERE = {
    "Locked": "threads.py",
    "Callback": "threads.py",
    "Cancelled": "threads.py",
    "Defect": "bindings/src/session/tests.rs",
    "NoRandomness": "the system always has some",
    "DiskFull": "core/src/diary/keys_tests.rs, with a disk that is full",
    "TooManyItems": "core/src/diary/items.rs; 1,000 files take too long here",
    "BundleTooLarge": "core/src/diary/items.rs; it takes a file over 16 GiB",
    "BundleNotSound": "would be a defect",
}


def variants():
    return {
        name
        for name, member in vars(d.DiaryError).items()
        if inspect.isclass(member) and issubclass(member, d.DiaryError)
    }


def run(checks, place, canary, _program):
    met = set()

    def refused(case, name, call):
        try:
            call()
        except d.DiaryError as error:
            hers = canary in repr(error) or canary in str(error)
            checks.check(f"{case}: {name}", type(error).__name__ == case and not hers)
            if type(error).__name__ != case:
                print(f"# {error!r}")
            met.add(type(error).__name__)
            error.is_refused()
        else:
            checks.check(f"{case}: {name}", False)

    passphrases(refused, place)
    vaults(refused, place, canary)
    device(checks, refused, place, canary)
    vault = place / "vault"
    diary = d.Diary.create(str(vault), PASSPHRASE, d.KeyCost.FLOOR)
    fields(checks, refused, diary, canary)
    entries(refused, diary, place, canary)
    files(refused, diary, place, canary)
    damage(checks, refused, diary, vault, place)
    machine(checks, refused, place)
    missed = variants() - met - set(ELSEWHERE)
    checks.check(f"every case was met {sorted(missed) or ''}".strip(), not missed)
    needless = met & set(ELSEWHERE) | set(ELSEWHERE) - variants()
    checks.check(f"no excuse is needless {sorted(needless) or ''}".strip(), not needless)


def passphrases(refused, place):
    def make(passphrase):
        return lambda: d.Diary.create(str(place / "new"), passphrase, d.KeyCost.FLOOR)

    refused("PassphraseNotText", "no UTF-8", make(b"\xff" * 20))
    refused("PassphraseEmpty", "empty", make(b""))
    refused("PassphraseTooLong", "1,025 bytes", make(b"a" * 1025))
    refused("PassphraseUnusable", "a tab", make(b"four\twords or even more of them"))
    refused("PassphraseWeak", "short", make(b"password"))

    def recover(code):
        return lambda: d.Diary.recover(str(place / "new"), code, PASSPHRASE, False)

    refused("RecoveryCodeForm", "no code", recover(b"ABCD"))
    refused("RecoveryCodeMistyped", "a slip", recover(b"0000-" * 7 + b"0001"))


def vaults(refused, place, canary):
    absent = str(place / f"{canary} absent")
    refused("NotAVault", "no folder", lambda: d.Diary.open(absent, PASSPHRASE))
    nobody = lambda: d.Diary.create("/sys/new", PASSPHRASE, d.KeyCost.FLOOR)  # noqa: E731
    refused("ReadOnly", "where nobody may write", nobody)
    vault = place / canary
    path = str(vault)
    diary = d.Diary.create(path, PASSPHRASE, d.KeyCost.FLOOR)
    header = vault / "header"
    old = header.read_bytes()
    create = d.Diary.create
    refused("TargetExists", "made twice", lambda: create(path, OTHER, d.KeyCost.FLOOR))
    refused("InUse", "opened twice", lambda: d.Diary.open(path, PASSPHRASE))
    same = lambda: diary.change_passphrase(PASSPHRASE, PASSPHRASE)  # noqa: E731
    refused("PassphraseInUse", "the same again", same)
    refused("WrongPassphrase", "to confirm", lambda: diary.confirm(OTHER))
    diary.change_passphrase(PASSPHRASE, OTHER)
    diary.lock()

    def opened(name, bytes_of_header, case, passphrase=OTHER):
        now = header.read_bytes()
        header.write_bytes(bytes_of_header)
        refused(case, name, lambda: d.Diary.open(path, passphrase))
        header.write_bytes(now)

    refused("WrongPassphrase", "to open", lambda: d.Diary.open(path, PASSPHRASE))
    opened("put back", old, "OldKeyFile", PASSPHRASE)
    opened("zeros in both copies", b"IDVAULT1" + bytes(8184), "DamagedKeyFile")
    opened("format 2", with_header(old, 8, b"\x00\x02", b"\x02\x00"), "NewerFormat")
    huge = b"\xff\xff\xff\xff"
    opened("memory without end", with_header(old, 12, huge, huge), "KdfOutOfRange")
    log = vault / "log.db"
    log.write_bytes(b"not a database, only some text" * 400)
    refused("ForeignDatabase", "text", lambda: d.Diary.open(path, OTHER))


def device(checks, refused, place, canary):
    """Each way in which the key of a device may not answer."""
    vault = str(place / "bound")
    diary = d.Diary.create(vault, PASSPHRASE, d.KeyCost.FLOOR)
    code = diary.take_recovery_code().encode()
    key = Key(b"of this device")
    others = d.Diary.create(str(place / "others"), PASSPHRASE, d.KeyCost.FLOOR)
    wrong = others.take_recovery_code().encode()
    refused("WrongRecoveryCode", "of another diary", lambda: diary.bind(PASSPHRASE, wrong, key))
    refused("WrongPassphrase", "not bound", lambda: diary.unbind(PASSPHRASE, key))
    within = Answering(lambda _: diary.people())
    refused("CalledFromCallback", "the device", lambda: diary.bind(PASSPHRASE, code, within))
    diary.bind(PASSPHRASE, code, key)
    # A copy with a second diary asks the device too, and is not bound to it.
    copy, cost = str(place / "copied"), d.KeyCost.FLOOR
    diary.copy_with_second(copy, PASSPHRASE, OTHER, cost, None)
    checks.check("a copy is not bound", not d.Diary.open(copy, PASSPHRASE).is_bound())
    wrong_one = lambda: diary.copy_with_second(copy + "2", OTHER, THIRD, cost, None)  # noqa: E731
    refused("WrongPassphrase", "to copy", wrong_one)
    same = lambda: d.Diary.create_with_second(copy + "3", OTHER, OTHER, cost)  # noqa: E731
    refused("PassphraseInUse", "two that are the same", same)
    diary.lock()

    def opened(act):
        return lambda: d.Diary.open(vault, PASSPHRASE, Answering(act))

    def throw(error):
        raise error

    missing = d.DiaryError.DeviceKey(d.DeviceKeyProblem.MISSING)
    for name, problem, act in [
        ("no key", "MISSING", lambda _: throw(missing)),
        ("an exception", "FAILED", lambda _: throw(ValueError(canary))),
        ("no answer", "FAILED", lambda _: None),
        ("31 bytes", "WRONG_LENGTH", lambda answer: answer.give(bytes(31))),
        ("no bytes", "WRONG_LENGTH", lambda answer: answer.give(b"")),
    ]:
        refused("DeviceKey", name, opened(act))
        try:
            opened(act)()
        except d.DiaryError.DeviceKey as error:
            checks.check(f"{name}: {problem}", error.problem.name == problem)
    refused("WrongPassphrase", "another device", opened(lambda answer: answer.give(bytes(32))))
    refused("WrongPassphrase", "no device", lambda: d.Diary.open(vault, PASSPHRASE))
    again = opened(lambda _: d.Diary.open(vault, PASSPHRASE))
    refused("InUse", "opened while the device is asked", again)
    d.Diary.recover(vault, code, OTHER, False).lock()
    checks.check("the code opens without the device", d.Diary.open(vault, OTHER) is not None)


class Answering(d.DeviceKey):
    """A key of a device that does something in place of answering."""

    def __init__(self, act):
        self.act = act

    def mac(self, message, answer):
        self.act(answer)


def with_header(header, at, big, little):
    """A header with other bytes at a place and a hash that fits, in both copies."""
    is_little = header[8:10] == b"\x01\x00"
    new = little if is_little else big
    block = header[:at] + new + header[at + len(new) : 4064]
    block += hashlib.sha256(block).digest()
    return block + block


def fields(checks, refused, diary, canary):
    def changed(**fields):
        incident = full_incident(canary)
        for name, value in fields.items():
            setattr(incident, name, value)
        return incident

    for name, rule, incident in [
        ("narrative", "EMPTY", changed(narrative="")),
        ("narrative", "CONTROL", changed(narrative=f"{canary}\0")),
        ("narrative", "TOO_LONG", changed(narrative="ж" * 600_000)),
        ("behaviours[0]", "UNKNOWN_CODE", changed(behaviours=[canary])),
        ("behaviours[1]", "TWICE", changed(behaviours=["threat", "threat"])),
        ("count", "OUT_OF_RANGE", changed(count=0)),
        ("verbatim", "TOO_MANY", changed(verbatim=["x"] * 1_001)),
        ("place.latitude", "WRONG_FORM", changed(place=d.Place(latitude=canary))),
        ("place.longitude", "MISSING", changed(place=d.Place(latitude="43.2"))),
        ("occurred.from", "WRONG_TIME", changed(occurred=d.Occurred(_from=canary))),
        ("occurred.from", "MISSING", changed(occurred=d.Occurred(words=canary))),
        (
            "occurred.from",
            "NOT_FIRST_DAY",
            changed(occurred=d.Occurred(_from="2026-10-03", precision="month")),
        ),
        (
            "occurred.from",
            "TIME_OF_UNKNOWN",
            changed(occurred=d.Occurred(_from="2026-10-03", precision="unknown")),
        ),
        ("people[1].key", "SAME_KEY", changed(people=[d.Person(role="witness", key="p")] * 2)),
    ]:
        try:
            diary.add(incident)
        except d.DiaryError.InvalidField as error:
            told = (error.path, type(error.rule).__name__.split(".")[-1])
            checks.check(f"{name}: {rule}", told == (name, rule) and error.is_refused())
            if told != (name, rule):
                print(f"# {told}")
        else:
            checks.check(f"{name}: {rule}", False)
    try:
        diary.add(changed(narrative="\ud800"))
        checks.check("half of a surrogate pair", False)
    except UnicodeError:
        checks.check("half of a surrogate pair", True)
    checks.check("nothing was recorded", not diary.list(d.ListQuery()).incidents)

    recorded = diary.add(full_incident(canary)).id
    twice = d.IncidentPatch(count=1, taken_away=["count"])
    for name, patch in [
        ("nothing", d.IncidentPatch()),
        ("needed", d.IncidentPatch(taken_away=["narrative"])),
        ("unknown", d.IncidentPatch(taken_away=["mood"])),
        ("her words", d.IncidentPatch(taken_away=[canary])),
        ("both", twice),
    ]:
        amend = lambda patch=patch: diary.amend(recorded, patch, "r")  # noqa: E731
        refused("InvalidField", f"a patch with {name}", amend)
    patch = d.IncidentPatch(count=1)
    refused("InvalidField", "no reason", lambda: diary.amend(recorded, patch, " "))


def entries(refused, diary, place, canary):
    def listed(**query):
        return lambda: diary.list(d.ListQuery(**query))

    refused("InvalidCursor", "her words", listed(after=canary))
    refused("InvalidLimit", "201", listed(limit=201))
    refused("InvalidTime", "her words", listed(_from=canary))
    refused("DatesReversed", "a period", listed(_from="2026-10-03", to="2026-10-02"))
    refused("InvalidField", "a behaviour", listed(behaviour=canary))
    refused("InvalidId", "her words", lambda: diary.show(canary))
    refused("NotFound", "a number", lambda: diary.show("#99"))
    refused("NotFound", "an id", lambda: diary.show("1-zzzz"))
    (place / "note.txt").write_text("x")
    item = diary.attach("#1", str(place / "note.txt"), d.Attachment(), None)
    refused("NotAnIncident", "an item", lambda: diary.show(item.id))
    incident = diary.show("#1").id
    out = str(place / "out")
    refused("NotAnItem", "an incident", lambda: diary.extract(incident, out, None))
    gone = diary.add(short_incident(1)).id
    diary.withdraw(gone, "r")
    refused("AlreadyWithdrawn", "twice", lambda: diary.withdraw(gone, "r"))
    diary.erase(gone)
    refused("Erased", "twice", lambda: diary.erase(gone))
    refused("InvalidDraftName", "her words", lambda: diary.save_draft(canary, b"x"))
    refused("InvalidDraft", "no UTF-8", lambda: diary.save_draft("add", b"\xff"))
    refused("Full", "drafts", lambda: diary.save_draft("add", b"x" * 300_000))
    refused("UnknownLanguage", "labels", lambda: d.labels(canary))
    refused("InvalidFingerprint", "her words", lambda: diary.is_ancestor(canary))
    bundles(refused, diary, place, canary)


def bundles(refused, diary, place, canary):
    def previewed(**selection):
        selection = {"language": "ru", "originals": d.Originals.ALL(), **selection}
        return lambda: diary.preview(d.ExportSelection(**selection))

    refused("UnknownLanguage", "a report", previewed(language=canary))
    refused("EmptySelection", "nobody", previewed(people=[canary]))
    private = [d.WithheldField(field="private_note")]
    refused("CannotBeWithheld", "the private note", previewed(withhold=private))
    missing = [d.WithheldField(field="people[9]")]
    refused("CannotBeWithheld", "an element that is not there", previewed(withhold=missing))
    refused("CannotBeWithheld", "her words", previewed(withhold=[d.WithheldField(field=canary)]))
    refused("NotFound", "an incident", previewed(incidents=["#99"]))
    one = diary.add(short_incident(1)).id
    item = diary.attach(one, str(place / "note.txt"), d.Attachment(), None).id
    chosen = d.Originals.CHOSEN(items=[item])
    refused("NotChosen", "a file whose incident stays", previewed(originals=chosen, without=[one]))
    field = [d.WithheldField(field="place", incident=one)]
    refused("NotChosen", "an incident that stays", previewed(withhold=field, without=[one]))
    refused("InvalidId", "an item", previewed(originals=d.Originals.CHOSEN(items=[canary])))
    bundle = place / f"{canary}.zip"
    everything = d.ExportSelection(language="ru", originals=d.Originals.HASHES_ONLY())

    def export(passphrase=PASSPHRASE):
        return lambda: diary.export(everything, str(bundle), passphrase, None)

    refused("WrongPassphrase", "an export", export(OTHER))
    sealed(refused, diary, place, canary, everything)
    bundle.write_text("x")
    refused("TargetExists", "an export", export())
    refused("NotABundle", "a text", lambda: d.verify_bundle(str(bundle), None, None))
    sealed_bundle = place / f"{canary}.age"
    sealed_bundle.write_text("age-encryption.org/v1")
    refused("EncryptedBundle", "age", lambda: d.verify_bundle(str(sealed_bundle), None, None))
    kind = d.SecretKind.PASSPHRASE
    refused("Backup", "a text", lambda: d.read_backup(str(bundle), PASSPHRASE, kind, None))
    refused("Backup", "a text, without a secret", lambda: d.must_be_backup(str(bundle)))
    refused("Backup", "a folder without one", lambda: d.backup_at(str(place)))
    absent = str(place / f"{canary}.idback")
    refused("FileNotFound", "no backup", lambda: d.must_be_backup(absent))
    kept = d.SecretKind.PASSPHRASE
    refused("FileNotFound", "to read", lambda: d.read_backup(absent, PASSPHRASE, kept, None))
    inside = place / "vault" / "b.idback"
    refused("Backup", "in the vault", lambda: diary.backup(str(inside), None))
    saved = place / "saved"
    diary.backup(str(saved), None)
    read = lambda: d.read_backup(str(saved), OTHER, kind, None)  # noqa: E731
    refused("WrongPassphrase", "to read a backup", read)
    beside = str(place / "beside")
    code = d.SecretKind.RECOVERY_CODE
    mistyped = lambda: d.restore_backup(str(saved), beside, b"ABCD", code, None)  # noqa: E731
    refused("RecoveryCodeForm", "to restore", mistyped)
    full = str(place / "vault")
    onto = lambda: d.restore_backup(str(saved), full, PASSPHRASE, kind, None)  # noqa: E731
    refused("TargetExists", "to restore", onto)
    both = lambda: d.restore_with_second(  # noqa: E731
        str(saved), beside, PASSPHRASE, PASSPHRASE, d.KeyCost.FLOOR, None
    )
    refused("PassphraseInUse", "to restore two", both)

    # A vault in another would be lost with it.
    within = str(place / "vault" / "within")
    floor = d.KeyCost.FLOOR
    for name, make in {
        "made": lambda: d.Diary.create(within, PASSPHRASE, floor),
        "made for two": lambda: d.Diary.create_with_second(within, PASSPHRASE, OTHER, floor),
        "copied": lambda: diary.copy_with_second(within, PASSPHRASE, OTHER, floor, None),
        "restored": lambda: d.restore_backup(str(saved), within, PASSPHRASE, kind, None),
        "restored for two": lambda: d.restore_with_second(
            str(saved), within, PASSPHRASE, OTHER, floor, None
        ),
        "salvaged": lambda: d.salvage(str(saved), within, PASSPHRASE, kind, None),
    }.items():
        refused("Backup", f"{name} in the vault", make)


def sealed(refused, diary, place, canary, everything):
    """Nobody to encrypt for, nobody who could open it, and what must not be told to anybody."""
    out = str(place / "sealed")
    # The recipient of age's own documentation.
    real = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

    def to(*recipients):
        everybody = list(recipients)
        return lambda: diary.export_to_recipients(everything, out, everybody, PASSPHRASE, None)

    refused("InvalidRecipient", "her words", to(canary))
    refused("InvalidRecipient", "a typing error", to(real[:-1] + "q"))
    refused("InvalidRecipient", "one of two", to(real, "age1"))
    refused("RecipientCount", "nobody", to())
    refused("RecipientCount", "65", to(*[real] * 65))

    def given(passphrase):
        return lambda: diary.export_with_passphrase(everything, out, passphrase, PASSPHRASE, None)

    refused("PassphraseInUse", "the diary's own", given(PASSPHRASE))
    refused("PassphraseWeak", "for a bundle", given(b"1234"))
    refused("PassphraseEmpty", "for a bundle", given(b""))
    refused("WrongPassphrase", "a ZIP", lambda: diary.export_as_zip(everything, out, OTHER, None))
    report = lambda: diary.export_report(everything, out, OTHER, None)  # noqa: E731
    refused("WrongPassphrase", "a report", report)
    covered = [d.CoveredPart(item=canary, x=0, y=0, width=1, height=1)]
    boxes = d.ExportSelection(language="ru", originals=d.Originals.ALL(), covers=covered)
    refused("InvalidId", "a covered part", lambda: diary.preview(boxes))
    covered[0].item = diary.show("#1").id
    refused("NotAnItem", "a covered part", lambda: diary.preview(boxes))
    answer = lambda: diary.accept_stamp(canary.encode(), None, d.OffClock.KEEP)  # noqa: E731
    refused("TimeStamp", "her words", answer)
    sheet = lambda: d.recovery_sheet(b"ABCD", "ru", False)  # noqa: E731
    refused("RecoveryCodeForm", "a page", sheet)
    refused("UnknownLanguage", "a proposal", lambda: d.propose_passphrase(canary))
    refused("InvalidField", "a precision", lambda: d.known_of_time("2026-10-03", canary))


def files(refused, diary, place, canary):
    def attached(path, listener=None, about=None):
        about = about or d.Attachment()
        return lambda: diary.attach("#1", str(path), about, listener)

    source = place / f"{canary}.jpg"
    refused("FileNotFound", "no file", attached(source))
    refused("NotAFile", "a folder", attached(place))
    source.write_bytes(b"")
    refused("FileEmpty", "no bytes", attached(source))
    # One that can be written only, whoever asks.
    refused("FileUnreadable", "of the system", attached("/sys/bus/platform/uevent"))
    with source.open("wb") as file:
        file.truncate((16 << 30) + 1)
    refused("FileTooLarge", "over 16 GiB", attached(source))
    source.write_bytes(b"x" * 3_000_000)
    refused("FileChanged", "it grows", attached(source, Once(lambda: grow(source))))
    refused("FileVanished", "it goes", attached(source, Once(source.unlink)))
    refused("InvalidField", "how", attached(place, None, d.Attachment(how=canary)))
    refused("InvalidField", "an empty note", attached(place, None, d.Attachment(note="")))
    writer = diary.begin_item("#1")
    finish = lambda: writer.finish(canary, None, d.Attachment())  # noqa: E731
    refused("FileEmpty", "no chunk", finish)
    refused("WriterClosed", "finished", finish)


class Once(d.ProgressListener):
    """Does something when the first mebibyte was read."""

    def __init__(self, act):
        self.act = act

    def advance(self, done, total):
        act, self.act = self.act, lambda: None
        act()
        return True


def grow(path):
    with path.open("ab") as file:
        file.write(b"y")


def damage(checks, refused, diary, vault, place):
    photo = place / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(5_000))
    before = set((vault / "evidence").iterdir())
    item = diary.attach("#1", str(photo), d.Attachment(), None)
    (sealed_file,) = set((vault / "evidence").iterdir()) - before
    nowhere = str(place / "no" / "folder")
    refused("Storage", "no folder", lambda: diary.extract(item.id, nowhere, None))
    sealed = bytearray(sealed_file.read_bytes())
    sealed[200] ^= 1
    sealed_file.write_bytes(sealed)
    out = str(place / "damaged.jpg")
    refused("EvidenceDamaged", "a bit", lambda: diary.extract(item.id, out, None))
    sealed_file.write_bytes(sealed[:-1])
    hashes = d.ExportSelection(language="ru", originals=d.Originals.HASHES_ONLY())
    to = str(place / "hashes.zip")
    refused("EvidenceDamaged", "a hash", lambda: diary.export(hashes, to, PASSPHRASE, None))
    hashes.without = [item.id]
    checks.check("the rest leaves", diary.export(hashes, to, PASSPHRASE, None).on_paper)
    diary.lock()
    with sqlite3.connect(vault / "log.db") as log:
        for table in tables_of(log):
            for row, cell in log.execute(f"SELECT i, b FROM {table}").fetchall():
                changed = cell[:-1] + bytes([cell[-1] ^ 1])
                log.execute(f"UPDATE {table} SET b = ? WHERE i = ?", (changed, row))
    log.close()
    refused("Damaged", "the log", lambda: open_and_read(vault))


def machine(checks, refused, place):
    """What a machine may refuse: this process lowers what it is allowed."""
    vault = place / "machine"
    diary = d.Diary.create(str(vault), PASSPHRASE, d.KeyCost.FLOOR)
    kept = diary.add(short_incident(1)).id
    refused("OutOfMemory", "no 64 MiB", lambda: with_little_memory(diary))
    # Nothing is printed meanwhile: that may go to a file too.
    with limited(resource.RLIMIT_FSIZE, 4_096):
        told = outcome(lambda: diary.add(short_incident(2)))
    checks.check(f"a write fails: {told}", told == "Storage")
    checks.check("the same session goes on after it", diary.add(short_incident(2)).number == 2)
    # Nor can the file be opened again, which tells whether the write is in it.
    with limited(resource.RLIMIT_FSIZE, 4_096), limited(resource.RLIMIT_NOFILE, 3):
        told = outcome(lambda: diary.add(short_incident(3)))
    checks.check(f"a write fails, and so does looking at it: {told}", told in ("Storage", "Closed"))
    refused("Closed", "after it", lambda: diary.add(short_incident(3)))
    outcome(diary.lock)
    diary = d.Diary.open(str(vault), PASSPHRASE)
    checks.check("what was acknowledged is there", diary.show(kept).number == 1)
    diary.lock()
    with sqlite3.connect(vault / "log.db") as log:
        for table in tables_of(log):
            log.execute(f"DELETE FROM {table} WHERE i > 0")
    log.close()
    refused("CellsMissing", "no cells", lambda: open_and_read(vault))


def with_little_memory(diary):
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    with limited(resource.RLIMIT_AS, used + (32 << 20)):
        diary.confirm(PASSPHRASE)


@contextmanager
def limited(what, soft):
    before, hard = resource.getrlimit(what)
    resource.setrlimit(what, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(what, (before, hard))


def outcome(call):
    try:
        call()
    except d.DiaryError as error:
        return type(error).__name__
    return "done"


def tables_of(log):
    return [name for (name,) in log.execute("SELECT name FROM sqlite_master").fetchall()]


def open_and_read(vault):
    diary = d.Diary.open(str(vault), PASSPHRASE)
    diary.list(d.ListQuery())
