"""Makes a vault from samples/ with the command line and exports the bundles that the other scripts check.

make_bundles.py DIARY SAMPLES FOLDER leaves in FOLDER, for each bundle: NAME.zip, NAME.code (its fingerprint)
and NAME.hidden (a JSON list of texts that must not be found in it).
"""

import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path

from authority import Authority
from bundle import fingerprint
from tap import check, finish, have, run

diary, samples, folder = (Path(word).resolve() for word in sys.argv[1:4])
HERE = Path(__file__).parent
secret = folder / "passphrase"
LANGUAGES = ("kk", "ru", "en")
PASSPHRASE = "шестнадцать кедров у реки 8412"


class Refused(Exception):
    """A command that had to work did not."""


def ask(*words, stdin=b""):
    """Runs `diary`; gives what it printed."""
    status, text = run(diary, *words, stdin=stdin, seconds=300)
    if status:
        raise Refused(f"diary {words[0]}: status {status}: {text}")
    return text


def answer(*words, stdin=b""):
    return json.loads(ask(*words, "--passphrase-file", secret, "--quiet", "--json", stdin=stdin))


def init(vault, *more):
    words = ("--kdf", "floor", "--new-passphrase-file", secret, "--quiet", "--json")
    return json.loads(ask("init", vault, *words, *more))


def play(vault, ids, step, items=None):
    """Plays one step of a story; `ids` are the incidents' ids so far, `items` those of files by name."""
    ((verb, what),) = step.items()
    if verb == "add":
        ids.append(answer("add", vault, "--file", samples / what)["id"])
        return
    which = ids[what["incident"] - 1]
    if verb == "attach":
        words = ["attach", vault, which, samples / what["file"], "--how", what["how"]]
        (item,) = answer(*words, "--note", "-", stdin=what["note"].encode())["items"]
        items[what["file"]] = item
    elif verb == "amend":
        words = ["amend", vault, which, "--file", samples / what["file"]]
        answer(*words, "--reason", "-", stdin=what["reason"].encode())
    elif verb == "withdraw":
        answer("withdraw", vault, which, "--reason", "-", stdin=what["reason"].encode())
    else:
        raise Refused(f"story.json: unknown step {verb}")


def private_notes():
    """Every private note of the samples: no bundle may hold one."""
    paths = sorted(samples.glob("*.json")) + sorted(samples.glob("amendments/*.json"))
    objects = [json.loads(path.read_text()) for path in paths]
    return [value["private_note"] for value in objects if "private_note" in value]


def long_words():
    """An incident without a place to break a line: a word of 10,000 letters, and 10,000 words in one."""
    return {
        "occurred": {"precision": "unknown", "words": "ұ" * 300},
        "narrative": f"{'ә' * 10_000}\n{'сөз' * 10_000}",
        "verbatim": [f"https://example.invalid/{'a' * 1_000}?{'b=c&' * 200}"],
        "place": {"class": "other", "text": "ж" * 300},
        "people": [{"key": "p1", "role": "perpetrator", "name": "Қ" * 200}],
    }


def export(vault, name, *options, hidden=()):
    printed = answer("export", vault, "--out", folder / f"{name}.zip", *options)
    describe(name, printed["fingerprint"], hidden)
    check(f"made the bundle {name}", printed["incidents"] > 0, printed)


def describe(name, code, hidden=()):
    """What the checks must know of a bundle."""
    (folder / f"{name}.code").write_text(code)
    (folder / f"{name}.hidden").write_text(json.dumps([PASSPHRASE, *private_notes(), *hidden]))


def stamp(vault):
    """Two tokens over the log as it is now. Their roots stay beside the bundles, in roots.pem."""
    if not have("openssl"):
        return  # check_bundle.py says that it is missing
    ask("timestamp", "request", vault, "--out", folder / "stamp.tsq", "--passphrase-file", secret)
    roots = ""
    for kind in ("rsa", "ecdsa"):
        authority = Authority(folder / f"authority-{kind}", kind)
        token = authority.answer(folder / "stamp.tsq", folder / f"{kind}.tsr")
        chain = ("--chain", authority.chain) if kind == "rsa" else ()
        answer("timestamp", "accept", vault, token, *chain)
        roots += authority.root.read_text()
    (folder / "roots.pem").write_text(roots)


# Each count of incidents in each of the three forms and languages.
FORMS = ("whole", "withheld", "partial")
COUNTS = (1, 12, 200)
# What a bundle `withheld` does not show of the story's third incident.
FIELDS = ("place", "occurred.words", "people[1]")


def matrix(vault):
    """One, twelve and two hundred incidents: all of a log, all but some fields, all but one incident."""
    init(vault)
    third = json.loads((samples / "03-waiting-home.json").read_text())
    hidden = [third["place"]["text"], third["occurred"]["words"], third["people"][1]["note"]]
    told = [third] + [brief(number) for number in range(2, max(COUNTS) + 2)]
    pictures = [*HERE.glob("pictures/*.jpg"), *HERE.glob("pictures/*.webp")]
    done, attached = 0, {}
    for count in COUNTS:
        add(vault, told[done:count])
        done = count
        if count == 12:
            items = answer("attach", vault, "#1", *pictures, "--how", "received")["items"]
            attached = {path.name: item["item"] for path, item in zip(pictures, items, strict=True)}
        covered = ["--box", f"{attached['phone.jpg']}:4,4,20,30"] if attached else []
        withhold = [word for field in FIELDS for word in ("--withhold", field)]
        for form in FORMS:
            options, unseen = [], []
            if form == "withheld":
                options, unseen = [*withhold, *covered], hidden
            elif form == "partial":
                done = count + 1
                options = ["--without", add(vault, told[count:done])]
                unseen = [told[count]["narrative"]]
            for language in LANGUAGES:
                name = f"{form}-{count}-{language}"
                export(vault, name, "--language", language, *options, hidden=unseen)


def brief(number):
    """An incident as most are: when, where, what, in two lines."""
    paths = sorted(samples.glob("[01]*.json"))
    whole = json.loads(paths[number % len(paths)].read_text())
    told = {name: whole[name] for name in ("occurred", "place", "behaviours") if name in whole}
    words = whole["narrative"].split(". ")[0][:120]
    return {**told, "narrative": f"{number}: {words}"}


def add(vault, incidents):
    """Adds them with one unlock; gives the id of the last one."""
    stdin = "\n".join(json.dumps(told, ensure_ascii=False) for told in incidents).encode()
    words = ("--file", "-", "--passphrase-file", secret, "--quiet", "--json")
    return json.loads(ask("add", vault, *words, stdin=stdin).splitlines()[-1])["id"]


def album(vault):
    """More pictures than one report holds: its volumes."""
    init(vault)
    add(vault, [brief(1)])
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in range(101):
        (pictures / f"{number:03}.png").write_bytes(png(number))
    answer("attach", vault, "#1", *sorted(pictures.iterdir()), "--how", "screenshot")
    export(vault, "album", "--language", "kk")


def png(number):
    """A picture of eight by eight pixels like no other."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress((b"\0" + bytes([number] * 8)) * 8)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def posted(vault):
    """What a recipient finds in the envelope, opened by age."""
    if not have("age"):
        return  # check_envelopes.py says that it is missing
    key, letter = folder / "posted.key", folder / "posted.age"
    run("age-keygen", "-o", key)
    recipient = run("age-keygen", "-y", key)[1].strip()
    words = ("--language", "en", "--incident", "#11", "--recipient", recipient)
    code = answer("export", vault, "--out", letter, *words)["fingerprint"]
    status, text = run("age", "-d", "-i", key, "-o", folder / "posted.zip", letter)
    check("age opens what was posted", status == 0, text)
    describe("posted", code)


def main():
    folder.mkdir(parents=True, exist_ok=True)
    secret.write_text(PASSPHRASE + "\n")
    story = json.loads((samples / "story.json").read_text())["steps"]

    vault, ids, items = folder / "vault", [], {}
    init(vault)
    for place, step in enumerate(story):
        play(vault, ids, step, items)
        # A code given out on the way: the bundles carry that checkpoint and a consistency proof.
        if place in (4, len(story) // 2):
            ask("fingerprint", vault, "--passphrase-file", secret)
        if place == 7:
            stamp(vault)
    mistake = answer("add", vault, "--text", "-", stdin="Написано по ошибке.".encode())["id"]
    ask("erase", vault, mistake, "--yes", "--passphrase-file", secret)

    everything = ("--language", "ru", "--originals", "all", "--for", "Районный отдел полиции")
    export(vault, "full", *everything, hidden=["Написано по ошибке."])

    # Withheld: the third incident's witness, the ninth's description of him, the clinic's letter, every
    # place, every "when" in words.
    chosen = [word for number in (3, 9, 12) for word in ("--incident", ids[number - 1])]
    letter = "evidence/Справка травмпункта.pdf"
    fields = [f"{ids[2]}:people[1]", f"{ids[8]}:people[0]", "place", "occurred.words"]
    fields.append(items[letter]["item"])
    withheld = [word for field in fields for word in ("--withhold", field)]
    third, ninth = (
        json.loads((samples / name).read_text())
        for name in ("03-waiting-home.json", "09-injury.json")
    )
    hidden = [third["people"][1]["note"], ninth["people"][0]["description"]]
    hidden += [third["place"]["text"], third["occurred"]["words"]]
    hidden += [Path(letter).name, items[letter]["sha256"]]
    options = ("--language", "kk", "--originals", "none", *chosen, *withheld)
    export(vault, "part", *options, hidden=hidden)

    period = ("--from", "2026-06-01", "--to", "2026-07-31")
    export(vault, "period", "--language", "en", "--originals", "all", *period)

    # Copies without metadata of whatever has one, hashes of the rest.
    export(vault, "copies", "--language", "en")

    # All but the pictures, which take a verifier most of its time: for check_tampering.py.
    withheld = [
        word
        for file, item in items.items()
        if file.endswith((".png", ".jpg"))
        for word in ("--withhold", item["item"])
    ]
    export(vault, "papers", "--language", "ru", "--originals", "all", *withheld)
    posted(vault)

    matrix(folder / "matrix")
    album(folder / "album")
    other, others = folder / "other", []
    init(other)
    for step in [step for step in story if "add" in step][:2]:
        play(other, others, step)
    stdin = json.dumps(long_words()).encode()
    answer("add", other, "--file", "-", stdin=stdin)
    export(other, "other", "--originals", "all")

    demo = folder / "demo"
    status, text = run(diary, "demo", demo, "--samples", samples, seconds=600)
    check("diary demo", status == 0, text)
    made = sorted(demo.glob("*.zip"))
    languages = [path.stem.rsplit("_", 1)[1] for path in made]
    check("diary demo leaves bundles in two languages", languages == ["kk", "ru"], text)
    for path, language in zip(made, languages, strict=True):
        with zipfile.ZipFile(path) as archive:
            checkpoint = archive.read(f"{archive.namelist()[0].split('/')[0]}/proof/checkpoint.txt")
        code = fingerprint(checkpoint)
        check(f"diary demo prints the code of its bundle in {language}", code in text, text)
        path.rename(folder / f"demo-{language}.zip")
        describe(f"demo-{language}", code)
    sheets(folder, demo)


def sheets(folder, demo):
    """The recovery code on paper, in three languages; beside each the code that stands on it."""
    (demo / "spare-code.pdf").rename(folder / "sheet-of-the-demo.pdf")
    for language, more in (("kk", ["--sheet-qr"]), ("ru", []), ("en", ["--sheet-qr"])):
        sheet = folder / f"sheet-{language}.pdf"
        words = ("--sheet", sheet, "--sheet-language", language, *more)
        made = init(folder / f"of-{language}", *words)
        sheet.with_suffix(".code").write_text(made["recovery_code"])


try:
    main()
except (Refused, KeyError, ValueError) as error:
    check("made the bundles", False, repr(error) if not isinstance(error, Refused) else error)
finish()
