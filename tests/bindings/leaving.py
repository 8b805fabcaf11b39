"""What leaves: previews, covered parts, the report alone, bundles encrypted for the way, time stamps."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import diary_ffi as d
from whole_way import OTHER, PASSPHRASE, Key, Progress, full_incident, png, short_incident

sys.path.insert(0, str(Path(__file__).parents[1] / "independent"))

HASHES = d.Originals.HASHES_ONLY()


def selection(**changes):
    return d.ExportSelection(**{"language": "kk", "originals": HASHES, "copies": True, **changes})


def run(checks, place, canary, program):
    diary = d.Diary.create(str(place / "vault"), PASSPHRASE, d.KeyCost.FLOOR)
    code = diary.take_recovery_code()
    diary.add(full_incident(canary))
    shot, note = place / "shot.png", place / "note.txt"
    shot.write_bytes(png(b"her street"))
    note.write_text("a text")
    shot = diary.attach("#1", str(shot), d.Attachment(), None).id
    note = diary.attach("#1", str(note), d.Attachment(), None).id
    previews(checks, diary, place, shot, note)
    covered(checks, diary, place, shot, note)
    report(checks, diary, place)
    sealed(checks, diary, place, canary, program)
    bound(checks, diary, place, code)
    stamped(checks, diary, place)
    sheets(checks, code)


def files_of(path):
    """The files of a bundle below its top folder, with their sizes."""
    with zipfile.ZipFile(path) as bundle:
        return {one.filename.split("/", 1)[1]: one.file_size for one in bundle.infolist()}


def previews(checks, diary, place, shot, note):
    """The list is that of the bundle, file by file."""
    for name, asked in {
        "copies": selection(),
        "hashes": selection(copies=False),
        "originals": selection(originals=d.Originals.ALL()),
        "an item withheld": selection(without=[shot]),
    }.items():
        preview, out = diary.preview(asked), place / f"{name}.zip"
        diary.export(asked, str(out), PASSPHRASE, None)
        told = {file.path: file.bytes for file in preview.files}
        # Signatures and times are made when it is written; of those files the name is told.
        left = files_of(out)
        checks.check(f"{name}: the preview names every file", told.keys() == left.keys())
        evidence = {path for path in told if path.startswith("data/evidence/")}
        same = all(told[path] == left[path] for path in evidence)
        checks.check(f"{name}: and the size of each evidence file", same)
    leaving = {one.item: one.leaving for one in diary.preview(selection()).evidence}
    checks.check("a picture leaves as a copy", leaving[shot] == d.Leaving.COPY(0))
    no_copy = d.Leaving.HASH_ONLY(d.NoCopy.KIND())
    checks.check("a text by its hash, and why", leaving[note] == no_copy)
    without = diary.preview(selection(without=[shot], originals=d.Originals.ALL())).evidence
    leaving = {one.item: one.leaving for one in without}
    checks.check("one is withheld", leaving[shot] == d.Leaving.WITHHELD())
    checks.check("one leaves as it is", leaving[note] == d.Leaving.ORIGINAL())
    checks.check("nothing is damaged", preview.damaged == [])
    # The copy of a recording is made for the preview: she sees how far it is, and may stop it.
    recording = Path(__file__).parents[2] / "samples/evidence/VID-20260512-WA0001.mp4"
    recording = diary.attach("#1", str(recording), d.Attachment(), None).id
    told = Progress()
    leaving = {one.item: one.leaving for one in diary.preview(selection(), told).evidence}
    checks.check("a recording leaves as a copy", leaving[recording] == d.Leaving.COPY(0))
    checks.check("and it is told how far that is", bool(told.told))
    try:
        diary.preview(selection(), Progress(stop=True))
        checks.check("a preview can be stopped", False)
    except d.DiaryError.Cancelled:
        checks.check("a preview can be stopped", True)
    diary.erase(recording)


def covered(checks, diary, place, shot, note):
    box = d.CoveredPart(item=shot, x=0, y=0, width=1, height=2)
    # Not even where all originals were asked for.
    asked = selection(originals=d.Originals.ALL(), covers=[box])
    leaving = {one.item: one.leaving for one in diary.preview(asked).evidence}
    checks.check("a covered copy", leaving[shot] == d.Leaving.COPY(1))
    out = place / "covered.zip"
    diary.export(asked, str(out), PASSPHRASE, None)
    with zipfile.ZipFile(out) as bundle, zipfile.ZipFile(place / "copies.zip") as plain:
        (copy,) = [bundle.read(name) for name in bundle.namelist() if name.endswith(".copy.png")]
        (open_one,) = [plain.read(name) for name in plain.namelist() if name.endswith(".copy.png")]
        hers = [name for name in bundle.namelist() if b"her street" in bundle.read(name)]
    checks.check("it is another picture", copy != open_one and copy.startswith(b"\x89PNG"))
    checks.check("without what was written into it", not hers)
    checks.check("and verifies", d.verify_bundle(str(out), None, None).sound)
    for name, item, x, width, reason in [
        ("outside", shot, 9, 1, d.NoCopy.OUTSIDE()),
        ("no width", shot, 0, 0, d.NoCopy.OUTSIDE()),
        ("no picture", note, 0, 1, d.NoCopy.KIND()),
    ]:
        box = d.CoveredPart(item=item, x=x, y=0, width=width, height=1)
        asked = selection(originals=d.Originals.ALL(), covers=[box])
        leaving = {one.item: one.leaving for one in diary.preview(asked).evidence}
        told = leaving[item] == d.Leaving.HASH_ONLY(reason)
        checks.check(f"{name}: nothing but the hash leaves, and why", told)


def report(checks, diary, place):
    asked, out = selection(), place / "report.pdf"
    told = Progress()
    preview = diary.preview_report(asked, told)
    checks.check("it is told how far the report is", bool(told.told))
    checks.check("one file", [file.path for file in preview.files] == ["report.pdf"])
    for name, call in {
        "its preview": lambda stop: diary.preview_report(asked, stop),
        "the report": lambda stop: diary.export_report(asked, str(out), PASSPHRASE, stop),
    }.items():
        try:
            call(Progress(stop=True))
            checks.check(f"{name} can be stopped", False)
        except d.DiaryError.Cancelled:
            checks.check(f"{name} can be stopped", not out.exists())
    made = diary.export_report(asked, str(out), PASSPHRASE, told)
    checks.check("it is on paper", made.on_paper)
    pdf = out.read_bytes()
    checks.check("the report alone", pdf.startswith(b"%PDF-") and len(pdf) == made.bytes)
    # The time at which it is made stands in it, so it may differ by some bytes.
    checks.check("as large as was said", abs(len(pdf) - preview.files[0].bytes) < 1024)


def sealed(checks, diary, place, canary, program):
    """Each kind, opened by a program that nobody here wrote."""
    keys = [place / "key0", place / "key1"]
    if shutil.which("age") and shutil.which("age-keygen"):
        made = [keygen(key) for key in keys]
        out, opened = place / "to.age", place / "opened.zip"
        asked = selection()
        diary.export_to_recipients(asked, str(out), made, PASSPHRASE, Progress())
        checks.check("age: nothing is seen from outside", b"bagit" not in out.read_bytes())
        for key in keys:
            ended = subprocess.run(["age", "-d", "-i", key, "-o", opened, out], check=False)
            checks.check(f"age opens it with {key.name}", ended.returncode == 0)
            verdict = d.verify_bundle(str(opened), None, None)
            checks.check(f"a sound bundle for {key.name}", verdict.sound)
            opened.unlink()
    else:
        print("skip - age: not installed")
    out, given = place / "with.age", "бес жаңа сөз әлі айтылмаған".encode()
    diary.export_with_passphrase(selection(), str(out), given, PASSPHRASE, Progress())
    head = out.read_bytes()[:200]
    checks.check("age with a passphrase", head.startswith(b"age-encryption.org/v1\n-> scrypt "))
    out = place / "sealed.zip"
    made = diary.export_as_zip(selection(), str(out), PASSPHRASE, Progress())
    # Another one before the first passphrase was taken: each belongs to its own file.
    again = diary.export_as_zip(selection(), str(place / "2.zip"), PASSPHRASE, None)
    checks.check("its size", made.file().bytes == out.stat().st_size)
    passphrase = made.take_passphrase()
    checks.check("a passphrase of its own", len(passphrase) == 19)
    checks.check("that is given once", made.take_passphrase() is None)
    checks.check("another each time", again.take_passphrase() not in (None, passphrase))
    checks.check("nobody prints it", passphrase not in repr(made) + repr(made.file()))
    if shutil.which("7z"):
        command = ["7z", "x", "-y", f"-p{passphrase}", f"-o{place / 'unzipped'}", str(out)]
        ended = subprocess.run(command, capture_output=True, check=False)
        checks.check("7-Zip opens it", ended.returncode == 0)
        inside = str(place / "unzipped" / "bundle.zip")
        checks.check("a sound bundle in it", d.verify_bundle(inside, None, None).sound)
        if program:
            ended = subprocess.run([program, "verify", inside], capture_output=True, check=False)
            checks.check("diary verify agrees on it", ended.returncode == 0)
    else:
        print("skip - 7z: not installed")


def keygen(path):
    """Makes a key; its recipient."""
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    command = ["age-keygen", "-y", path]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def bound(checks, diary, place, code):
    """Its own passphrase is noticed although the device is needed to open the diary with it."""
    key = Key(b"of this device")
    diary.bind(PASSPHRASE, code.encode(), key)
    out = str(place / "own.age")
    try:
        diary.export_with_passphrase(selection(), out, PASSPHRASE, PASSPHRASE, None)
        checks.check("bound: its own passphrase is refused", False)
    except d.DiaryError.PassphraseInUse:
        checks.check("bound: its own passphrase is refused", not Path(out).exists())
    diary.export_with_passphrase(selection(), out, OTHER, PASSPHRASE, None)
    checks.check("bound: another one is taken", Path(out).exists())
    diary.unbind(PASSPHRASE, key)


def stamped(checks, diary, place):
    request = diary.stamp_request()
    checks.check("a request of 69 bytes", len(request) == 69)
    checks.check("the same again", diary.stamp_request() == request)
    if not shutil.which("openssl"):
        print("skip - openssl: not installed")
        return
    from authority import Authority

    authority = Authority(place / "authority", "ecdsa")
    asked, answered = place / "log.tsq", place / "log.tsr"
    asked.write_bytes(request)
    authority.answer(asked, answered)
    answer, chain = answered.read_bytes(), authority.chain.read_bytes()
    refuse = d.OffClock.REFUSE

    def problem(answer, chain=None):
        try:
            diary.accept_stamp(answer, chain, refuse)
        except d.DiaryError.TimeStamp as error:
            refused = error.is_refused()
            return type(error.problem).__name__.split(".")[-1] if refused else "not refused"
        return "kept"

    changed = bytearray(answer)
    changed[-3] ^= 1
    digest = ["ts", "-query", "-data", str(asked), "-sha256", "-cert", "-out", str(place / "x.tsq")]
    subprocess.run(["openssl", *digest], check=True, capture_output=True)
    other = authority.answer(place / "x.tsq", place / "x.tsr").read_bytes()
    key = (authority.folder / "signer.key").read_bytes()
    for name, expected, given in [
        ("a page", "NOT_AN_ANSWER", (b"<html>502</html>",)),
        ("64,001 bytes", "TOO_LARGE", (bytes(64_001),)),
        ("a changed one", "WRONG_SIGNATURE", (bytes(changed),)),
        ("of another request", "OTHER_REQUEST", (other,)),
        ("with a key as its chain", "WRONG_CHAIN", (answer, key)),
    ]:
        checks.check(f"an answer, {name}: {expected}", problem(*given) == expected)
    accepted = diary.accept_stamp(answer, chain, refuse)
    checks.check("it is kept", accepted.signer == "Clock ecdsa" and accepted.entries > 1)
    checks.check("its time", accepted.unix_ms > 1_700_000_000_000 and not accepted.off_clock)
    checks.check("the same one once", problem(answer) == "KEPT_ALREADY")
    out = place / "stamped.zip"
    diary.export(selection(), str(out), PASSPHRASE, None)
    with zipfile.ZipFile(out) as bundle:
        carried = any(bundle.read(name) == answer for name in bundle.namelist())
    checks.check("later bundles carry it", carried)
    diary.add(short_incident(2))
    checks.check("the diary is whole", diary.check(None).sound)


def sheets(checks, code):
    for language in ("kk", "ru", "en"):
        page = d.recovery_sheet(code.lower().encode(), language, False)
        camera = d.recovery_sheet(code.encode(), language, True)
        checks.check(f"a page in {language}", page.startswith(b"%PDF-") and len(camera) > len(page))
        proposed = {d.propose_passphrase(language) for _ in range(20)}
        words = all(len(one.split(" ")) == 5 for one in proposed)
        checks.check(f"five words in {language}", words and len(proposed) == 20)
        weak = [one for one in proposed if d.passphrase_weakness(one.encode())]
        checks.check(f"which will do in {language}", not weak)
    time = "2026-10-03T21:15+05:00"
    known = {
        "exact": time,
        "about": time,
        "hour": time,
        "day": "2026-10-03",
        "month": "2026-10-01",
        "year": "2026-01-01",
        "unknown": None,
    }
    told = {precision: d.known_of_time(time, precision) for precision in known}
    shown = d.escape_for_display("photo\u202egpj.exe, қар")
    checks.check("a deceptive name is shown for what it is", shown == "photo[U+202E]gpj.exe, қар")
    checks.check("as much of a time as is known", told == known)
