"""Shows that verify.html agrees with `diary verify` on every bundle of the tests, and says what it did not check.

check_page.py DIARY FOLDER: on the bundles that make_bundles.py left in FOLDER. The tampered ones are tried by
check_tampering.py.
"""

import json
import random
import re
import sys
import tempfile
import zipfile
from pathlib import Path

import bundle
import page
from changes import flip, resigned, to_the_end
from tap import check, finish, run, skip

diary, folder = (Path(word).resolve() for word in sys.argv[1:3])
ONE = "whole-1-en"
# The names of make_bundles.py's matrix; the others are unpacked too.
MATRIX = re.compile("-[0-9]+-(kk|ru|en)$")


def is_sound(what, code):
    status, text = run(diary, "verify", what, "--fingerprint", code, "--json", "--quiet")
    return status == 0 and json.loads(text)["sound"]


def good_bundles(opened, work):
    for path in sorted(folder.glob("*.zip")):
        code_file = path.with_suffix(".code")
        if not code_file.exists():
            continue
        code = code_file.read_text().strip()
        colour, text = opened.check(path)
        # The signature of a token is for openssl: what was not checked here is never green.
        tokens = ["token" for _ in opened.browser.evaluate("finished.data.stamps ?? []")]
        unchanged = "amber" if tokens else "green"
        check(
            f"{path.name}: without a code not everything is checked, and no problem is found",
            colour == "amber" and set(opened.reasons()) == {"no_code", *tokens},
            text,
        )
        opened.type(code)
        colour, text = opened.result()
        check(
            f"{path.name}: page and diary verify agree that it is unchanged",
            is_sound(path, code) and colour == unchanged,
            text,
        )
        top = bundle.unpack(path, work / path.stem)
        if not MATRIX.search(path.stem):
            result = opened.check(top, code)
            check(f"{path.name}: the same, unpacked", *is_colour(result, unchanged))
        with zipfile.ZipFile(path) as archive:
            inside = f"{top.name}/verify/verify.html"
            same = inside in archive.namelist() and archive.read(inside) == page.SOURCE.read_bytes()
        check(f"{path.name}: holds the page that lies in the repository, byte for byte", same)


def is_colour(result, wanted):
    colour, text = result
    return colour == wanted, f"{colour}: {text}"


def codes(opened):
    full, code = folder / "full.zip", (folder / "full.code").read_text().strip()
    one, sloppy = folder / f"{ONE}.zip", (folder / f"{ONE}.code").read_text().strip().lower()
    sloppy = sloppy.replace("-", " ").replace("0", "o").replace("1", "l")
    check("a code typed carelessly is read", *is_colour(opened.check(one, f"  {sloppy} "), "green"))
    other = (folder / "other.code").read_text().strip()
    check("the code of another log is a problem", *is_colour(opened.check(full, other), "red"))
    status, text = run(diary, "verify", full, "--fingerprint", other, "--json", "--quiet")
    check("and one for diary verify", status == 1, text)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for typed in (wrong, "a3f7-19c2"):
        colour, text = opened.check(full, typed)
        said = opened.browser.evaluate("part('code-says').textContent")
        check(
            f"a mistyped code ({typed[:5]}...) counts as none, and is said",
            colour == "amber" and said,
            said,
        )
    # The code of an earlier size of the log: what came later is named as not covered.
    opened.check(full)
    older = opened.browser.evaluate("Math.min(...finished.codes.keys())")
    opened.type(opened.browser.evaluate(f"finished.codes.get({older})"))
    colour, text = opened.result()
    later = opened.browser.evaluate(
        f"finished.data.entries.filter((e) => e.number >= {older}).map((e) => e.id)"
    )
    check(
        "an earlier code covers what was there, and names what came later",
        colour == "amber" and later and ", ".join(later) in text,
        text,
    )


def not_checked_here(opened, work):
    """Whatever the page could not look at is amber and named, never green."""
    full, code = folder / "full.zip", (folder / "full.code").read_text().strip()
    top = bundle.unpack(full, work / "again")
    again = work / "again.zip"
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(top.rglob("*")):
            archive.write(path, path.relative_to(top.parent))
    colour, text = opened.check(again, code)
    check(
        "zipped again by another program: sound to diary verify, and not read here",
        is_sound(again, code) and colour == "amber" and opened.reasons() == ["rewritten"],
        text,
    )
    large = bundle.unpack(folder / f"{ONE}.zip", work / "large")

    def enlarge(top):
        with open(top / "data/report.pdf", "r+b") as file:
            file.truncate((512 << 20) + 1)  # sparse: it takes no room

    resigned(enlarge, rename_origin=True)(large)
    colour, text = opened.check(large)
    check(
        "a file over 512 MiB is not checked here, and said to be so",
        colour == "amber"
        and sorted(opened.reasons()) == ["large", "no_code"]
        and "report.pdf" in text,
        text,
    )
    opened.reload(page.WITHOUT_ED25519)
    colour, text = opened.check(full, code)
    check(
        "without Ed25519 in the browser the signatures are not checked, and said to be so",
        colour == "amber" and "no_ed25519" in opened.reasons(),
        text,
    )
    forged, packed = bundle.unpack(full, work / "forged"), work / "forged.zip"
    to_the_end(flip("data/report.pdf"))(forged)
    bundle.pack(forged, packed)
    check(
        "and what only a signature tells is not called unchanged",
        *is_colour(opened.check(packed, code), "amber"),
    )
    opened.reload()


def a_copy(opened, work):
    """A copy that was exchanged: no entry speaks for it, the data do, whoever signed them."""
    top = bundle.unpack(folder / "copies.zip", work / "copies-again")
    copy = min((top / "data/evidence").glob("*.copy.*")).relative_to(top)
    resigned(flip(copy, 200), rename_origin=True)(top)
    colour, text = opened.check(top)
    check(
        "a copy that was exchanged is a problem",
        colour == "red" and "other_copy" in opened.reasons(),
        text,
    )


def flipped_bits(opened, work):
    """One bit anywhere: a finding where `diary verify` has one, and never "unchanged"."""
    path, chance = folder / f"{ONE}.zip", random.Random(6962)
    data, code = path.read_bytes(), path.with_suffix(".code").read_text().strip()
    with zipfile.ZipFile(path) as archive:
        heads = [
            at for e in archive.infolist() for at in range(e.header_offset, e.header_offset + 60)
        ]
        heads += range(archive.start_dir, len(data))
    places = [chance.choice(heads) for _ in range(30)] + [
        chance.randrange(len(data)) for _ in range(10)
    ]
    flipped, differing = work / "flipped.zip", []
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        flipped.write_bytes(changed)
        colour, _ = opened.check(flipped, code)
        if colour != ("amber" if is_sound(flipped, code) else "red"):
            differing.append((place, colour))
    check(f"{len(places)} flipped bits: page and diary verify agree", not differing, differing)


def the_page_itself(opened):
    for language, title in (("kk", "Incident Diary жинағын"), ("ru", "Проверка"), ("en", "Check")):
        opened.browser.evaluate(f"language = '{language}'; show()")
        heading = opened.browser.evaluate("document.querySelector('h1').textContent")
        first = opened.browser.evaluate("document.querySelector('.notice').textContent")
        check(f"the page speaks {language}", heading.startswith(title) and len(first) > 80, heading)
    whole = "Object.values(WORDS).every((said) => said.length === 3 && said.every((text) => text.length > 2))"
    check("each text stands in three languages", opened.browser.evaluate(whole))
    holes = "Object.values(WORDS).every((said) => new Set(said.map((t) => t.split('{}').length)).size === 1)"
    check("with the same places to fill in", opened.browser.evaluate(holes))
    source = page.SOURCE.read_text()
    rest = source.split("<style>")[1].split("const WORDS")[0] + source.split("\n};\n", 1)[1]
    keys = opened.browser.evaluate("Object.keys(WORDS)")
    left = [key for key in keys if not re.search(rf"\b{key.removesuffix('_says')}\b", rest)]
    check("no text is left over", keys and not left, left)
    complaints = opened.browser.complaints()
    check("no error on its console, no request", not complaints, complaints)
    dangerous = ("http:", "https:", "fetch(", "import(", "eval(", "innerHTML", "localStorage")
    found = [word for word in dangerous if word in source]
    check("it names nothing in a network, and writes no HTML", not found, found)
    # The policy holds: neither a request nor a script from elsewhere.
    opened.browser.evaluate(
        "window.asked = 'waiting'; fetch('data:,x').then(() => asked = 'answered', () => asked = 'refused')"
    )
    opened.browser.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    opened.browser.wait_for("asked !== 'waiting'")
    asked, ran = opened.browser.evaluate("[asked, window.ran ?? 0]")
    check(
        "its policy refuses a request and a foreign script", (asked, ran) == ("refused", 0), asked
    )


def main():
    if not page.find():
        skip("browser", "no Chromium: verify.html is not tried")
        return
    with tempfile.TemporaryDirectory() as work, page.Page() as opened:
        work = Path(work)
        good_bundles(opened, work)
        codes(opened)
        a_copy(opened, work)
        flipped_bits(opened, work)
        complaints = opened.browser.complaints()
        check("no error on the console, no request, with any of these", not complaints, complaints)
        not_checked_here(opened, work)
        the_page_itself(opened)


try:
    main()
except (OSError, page.browser.BrowserError) as error:
    check("the page could be tried", False, repr(error))
finish()
