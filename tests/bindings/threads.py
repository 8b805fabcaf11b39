"""Many threads, locks at the wrong moment, and callbacks that misbehave."""

import threading
from concurrent.futures import ThreadPoolExecutor

import diary_ffi as d
from whole_way import PASSPHRASE, Key, short_incident


class Listener(d.ProgressListener):
    def __init__(self, act):
        self.act = act

    def advance(self, done, total):
        return self.act()


def run(checks, place, canary, _program):
    vault = str(place / "vault")
    photo = place / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(3_000_000))
    path = str(photo)
    diary = d.Diary.create(vault, PASSPHRASE, d.KeyCost.FLOOR)
    diary.add(short_incident(0))

    def attached(act):
        return outcome(lambda: diary.attach("#1", path, d.Attachment(), Listener(act)))

    def throw(error):
        raise error

    checks.check("False cancels", attached(lambda: False) == "Cancelled")
    declared = attached(lambda: throw(d.DiaryError.NotFound()))
    checks.check("a declared error comes back", declared == "NotFound")
    try:
        diary.check(Listener(lambda: throw(ValueError(canary))))
        checks.check("an undeclared error", False)
    except d.DiaryError.Callback as error:
        checks.check("an undeclared error, without its text", canary not in repr(error))
    told = []
    attached(lambda: told.append(outcome(diary.people)) or True)
    checks.check("a call from a callback", set(told) == {"CalledFromCallback"})
    checks.check("nothing but what was attached", len(diary.show("#1").evidence) == 1)

    eight_threads(checks, diary)
    selection = d.ExportSelection(language="ru", originals=d.Originals.ALL())
    out = place / "bundle.zip"
    lock_during_export(checks, diary, selection, out)
    checks.check("no bundle was left behind", not out.exists())
    checks.check("nor anything beside it", len(list(place.iterdir())) == 2)
    after_lock(checks, diary, selection, str(out), path)
    again = d.Diary.open(vault, PASSPHRASE)
    writer = again.begin_item("#1")
    writer.write(b"x")
    again.lock()
    checks.check("a writer after lock", outcome(lambda: writer.write(b"y")) == "Locked")
    again = d.Diary.open(vault, PASSPHRASE)
    locked = outcome(lambda: again.check(Listener(lambda: again.lock() or True)))
    checks.check("a lock from a callback", locked == "Cancelled" and again.is_locked())


def outcome(call):
    try:
        call()
    except d.DiaryError as error:
        return type(error).__name__
    return "done"


def eight_threads(checks, diary):
    def work(number):
        for _ in range(5):
            diary.add(short_incident(number))
            diary.list(d.ListQuery(limit=5))
            diary.show("#1")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    numbers = [one.number for one in diary.list(d.ListQuery()).incidents]
    checks.check("eight threads", numbers == list(range(41, 0, -1)))


def lock_during_export(checks, diary, selection, out):
    begun, locking = threading.Event(), threading.Event()

    def wait():
        begun.set()
        locking.wait()
        return True

    with ThreadPoolExecutor(2) as pool:
        export = pool.submit(
            outcome, lambda: diary.export(selection, str(out), PASSPHRASE, Listener(wait))
        )
        begun.wait()
        lock = pool.submit(outcome, diary.lock)
        while not diary.is_locked():
            pass
        locking.set()
        checks.check("a lock during an export ends it", export.result() == "Cancelled")
        checks.check("and succeeds", lock.result() == "done")


def after_lock(checks, diary, selection, out, path):
    about = d.Attachment()
    calls = {
        "add": lambda: diary.add(short_incident(1)),
        "amend": lambda: diary.amend("#1", d.IncidentPatch(count=1), "r"),
        "withdraw": lambda: diary.withdraw("#1", "r"),
        "erase": lambda: diary.erase("#1"),
        "attach": lambda: diary.attach("#1", path, about, None),
        "begin_item": lambda: diary.begin_item("#1"),
        "extract": lambda: diary.extract("1-aaaa", out, None),
        "read_item": lambda: diary.read_item("1-aaaa", 0, 1),
        "list": lambda: diary.list(d.ListQuery()),
        "show": lambda: diary.show("#1"),
        "people": diary.people,
        "draft": lambda: diary.draft("add"),
        "save_draft": lambda: diary.save_draft("add", b"x"),
        "discard_draft": lambda: diary.discard_draft("add"),
        "preview": lambda: diary.preview(selection),
        "export": lambda: diary.export(selection, out, PASSPHRASE, None),
        "preview_report": lambda: diary.preview_report(selection),
        "export_report": lambda: diary.export_report(selection, out, PASSPHRASE, None),
        "export_to_recipients": lambda: diary.export_to_recipients(
            selection, out, [], PASSPHRASE, None
        ),
        "export_with_passphrase": lambda: diary.export_with_passphrase(
            selection, out, b"x", PASSPHRASE, None, True
        ),
        "export_as_zip": lambda: diary.export_as_zip(selection, out, PASSPHRASE, None),
        "stamp_request": diary.stamp_request,
        "accept_stamp": lambda: diary.accept_stamp(b"", None, d.OffClock.KEEP),
        "check": lambda: diary.check(None),
        "backup": lambda: diary.backup(out, None),
        "backup_to_folder": lambda: diary.backup_to_folder(out, None),
        "fingerprint": diary.fingerprint,
        "is_ancestor": lambda: diary.is_ancestor("x"),
        "confirm": lambda: diary.confirm(PASSPHRASE),
        "change_passphrase": lambda: diary.change_passphrase(PASSPHRASE, b"x", True),
        "rotate": lambda: diary.rotate(PASSPHRASE, b"x", None, True),
        "key_change_was_finished": diary.key_change_was_finished,
        "copy_with_second": lambda: diary.copy_with_second(
            out, PASSPHRASE, b"x", d.KeyCost.FLOOR, None, True
        ),
        "is_bound": diary.is_bound,
        "bind": lambda: diary.bind(PASSPHRASE, b"x", Key(b"k")),
        "unbind": lambda: diary.unbind(PASSPHRASE, Key(b"k")),
        "rest": diary.rest,
        "wipe": lambda: diary.wipe(PASSPHRASE),
        "container_id": diary.container_id,
        "token_status": lambda: diary.token_status(b""),
        "new_token": lambda: diary.new_token(b""),
        "key_file": diary.key_file,
    }
    late = {name: told for name, call in calls.items() if (told := outcome(call)) != "Locked"}
    checks.check(f"every call after lock {late or ''}".strip(), not late)
    exempt = {"lock", "is_locked", "take_recovery_code", "take_second_recovery_code"}
    exempt |= {"create", "create_with_second", "open", "recover"}
    named = {name for name in dir(d.Diary) if not name.startswith("_")}
    checks.check("none is left out", named - exempt == set(calls))
