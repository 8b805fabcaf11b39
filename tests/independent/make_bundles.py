"""Makes a vault from samples/ with the command line and exports the bundles that the other scripts check.

make_bundles.py DIARY SAMPLES FOLDER leaves in FOLDER, for each bundle: NAME.zip, NAME.code (its fingerprint)
and NAME.hidden (a JSON list of texts that must not be found in it).
"""

import json
import sys
from pathlib import Path

from authority import Authority
from tap import check, finish, have, run

diary, samples, folder = (Path(word).resolve() for word in sys.argv[1:4])
secret = folder / "passphrase"
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
    (folder / f"{name}.code").write_text(printed["fingerprint"])
    (folder / f"{name}.hidden").write_text(json.dumps([PASSPHRASE, *private_notes(), *hidden]))
    check(f"made the bundle {name}", printed["incidents"] > 0, printed)


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


def many(vault):
    """Two hundred incidents, and one: the samples again and again."""
    init(vault)
    paths = sorted(samples.glob("[01]*.json"))
    lines = [json.dumps(json.loads(path.read_text()), ensure_ascii=False) for path in paths]
    lines = [lines[number % len(lines)] for number in range(200)]
    stdin = "\n".join(lines).encode()
    ask("add", vault, "--file", "-", "--passphrase-file", secret, "--quiet", stdin=stdin)
    export(vault, "many", "--language", "kk")
    export(vault, "one", "--language", "en", "--incident", "#1")


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

    many(folder / "many-vault")
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
        path.rename(folder / f"demo-{language}.zip")
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
