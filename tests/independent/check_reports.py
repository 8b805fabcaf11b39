"""Checks the reports of sound bundles with programs that nobody here wrote.

check_reports.py VERAPDF FOLDER: every report.pdf of the bundles that make_bundles.py left in FOLDER. VERAPDF is the
jar of org.verapdf.apps:cli, or empty.
"""

import hashlib
import html.parser
import re
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path

from bundle import fingerprint
from tap import check, finish, have, run, skip

verapdf, folder = sys.argv[1], Path(sys.argv[2]).resolve()
KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
CODE_POINT = re.compile(r"\[U\+([0-9A-F]{4,6})\]")
FOOT = re.compile(r"\S+: [0-9A-Z]{5}(-[0-9A-Z]{5}){4}\s+\d+ / (\d+)\s*")
NOT_ON_A_SHEET = ("diary", "дневник", "күнделік", "incident", "случа", "оқиға", "vault", "krilla")
TOOLS = ("qpdf", "pdfinfo", "pdffonts", "pdftotext", "pdfdetach")
CAMERA = ("pdftoppm", "zbarimg")


class Page(html.parser.HTMLParser):
    """The title, the headings and what people wrote, in order, of report.html."""

    def __init__(self):
        super().__init__()
        self.title, self.headings, self.words, self.into = "", [], [], None

    def handle_starttag(self, tag, attributes):
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append("")
            self.into = self.headings
        elif tag == "bdi":
            self.words.append("")
            self.into = self.words
        elif tag == "title":
            self.into = "title"

    def handle_endtag(self, tag):
        if tag in ("h1", "h2", "h3", "h4", "bdi", "title"):
            self.into = None

    def handle_data(self, data):
        if self.into == "title":
            self.title += data
        elif self.into is not None:
            self.into[-1] += data


def bare(text):
    """Without white space, and code points as characters: lines break elsewhere, and paper has no emoji."""
    text = CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)
    return "".join(unicodedata.normalize("NFC", text).split())


def text_of(pdf):
    """The words in the order in which they stand in the file, and how many pages say their number."""
    status, text = run("pdftotext", "-raw", "-enc", "UTF-8", pdf, "-")
    feet = FOOT.findall(text)
    return status, FOOT.sub("", text), feet


def check_text(label, pdf, page, pages):
    status, text, feet = text_of(pdf)
    check(f"{label}: pdftotext", status == 0 and text.strip(), text[:200])
    check(f"{label}: each page says its number", len(feet) == pages, f"{len(feet)} of {pages}")
    plain = bare(text)
    said = len(page.headings) > 5 and len(page.words) > 10
    check(f"{label}: report.html has headings and words to look for", said, page.headings)
    place, missing = 0, []
    for heading in page.headings[1:]:
        found = plain.find(bare(heading), place)
        if found < 0:
            missing.append(heading)
        else:
            place = found + 1
    check(f"{label}: the headings of report.html, in its order", not missing, missing)
    absent = [words for words in page.words if bare(words) not in plain]
    check(f"{label}: every word that report.html shows", not absent, absent[:3])
    letters = {letter for words in page.words for letter in words if letter in KAZAKH}
    lost = [letter for letter in letters if letter not in text]
    check(f"{label}: {len(letters)} Kazakh letters", not lost, lost)


def check_one(label, pdf, page):
    status, text = run("qpdf", "--check", pdf)
    check(f"{label}: qpdf --check", status == 0, text)
    status, text = run("pdfinfo", pdf)
    said = dict(re.findall(r"^([^:]+):\s+(.*)$", text, re.MULTILINE))
    right = {
        "Title": page.title,
        "JavaScript": "no",
        "Form": "none",
        "Encrypted": "no",
        "Tagged": "yes",
    }
    check(f"{label}: pdfinfo", {name: said.get(name) for name in right} == right, text)
    check(f"{label}: A4", said.get("Page size", "").endswith("(A4)"), said)
    check(f"{label}: names nobody", "Author" not in said and "Subject" not in said, said)
    status, text = run("pdfdetach", "-list", pdf)
    check(f"{label}: nothing attached", "0 embedded files" in text, text)
    status, text = run("pdffonts", pdf)
    rows = [line.split()[-5:-2] for line in text.splitlines() if "+" in line]
    good = rows and all(row == ["yes", "yes", "yes"] for row in rows)
    check(f"{label}: all fonts embedded, as subsets, with Unicode maps", good, text)
    check_text(label, pdf, page, int(said.get("Pages", 0)))


def camera(pdf):
    """What a camera reads on the first page, as a printer would draw it."""
    picture = pdf.with_suffix(".camera")
    run("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-gray", "-png", "-singlefile", pdf, picture)
    _, text = run("zbarimg", "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", f"{picture}.png")
    # It complains of a machine without a desktop.
    return [line for line in text.splitlines() if not line.startswith("Connection")]


def check_camera(label, pdf, wanted):
    if all(map(have, CAMERA)):
        seen = camera(pdf)
        check(f"{label}: a camera reads the code on it, or nothing", seen == wanted, seen)


def check_sheet(pdf):
    """The recovery code on paper: one page that says the code and nothing of what it is for."""
    status, text = run("qpdf", "--check", pdf)
    check(f"{pdf.stem}: qpdf --check", status == 0, text)
    status, text = run("pdfinfo", pdf)
    said = dict(re.findall(r"^([^:]+):\s+(.*)$", text, re.MULTILINE))
    check(f"{pdf.stem}: one page", said.get("Pages") == "1", said)
    silent = not {"Author", "Subject", "Creator"} & said.keys()
    silent &= all("1980" in said.get(name, "1980") for name in ("CreationDate", "ModDate"))
    check(f"{pdf.stem}: says neither when nor by what it was made", silent, said)
    status, words = run("pdftotext", "-raw", "-enc", "UTF-8", pdf, "-")
    code = pdf.with_suffix(".code")
    if code.exists():
        whole = bare(code.read_text()).replace("-", "") in bare(words)
        check(f"{pdf.stem}: the whole code, in order", whole, words)
        # That in Russian was asked for without.
        check_camera(pdf.stem, pdf, [] if pdf.stem == "sheet-ru" else [code.read_text().strip()])
    told = [word for word in NOT_ON_A_SHEET if word in (text + words).lower()]
    check(f"{pdf.stem}: nothing tells what it is for", not told, told)


def broken(pdf, flavour):
    """The same file with a claim of conformance that is none."""
    old, new = {
        "2a": (b"<pdfaid:part>2<", b"<pdfaid:part>3<"),
        "ua1": (b"<pdfuaid:part>1<", b"<pdfuaid:part>9<"),
    }[flavour]
    data = pdf.read_bytes()
    if data.count(old) != 1:
        raise ValueError(f"{flavour}: {data.count(old)} claims")
    path = pdf.with_name(f"broken-{flavour}.pdf")
    path.write_bytes(data.replace(old, new))
    return path


def check_conformance(pdfs):
    """veraPDF, all files of a flavour in one call: starting Java costs more than checking."""
    for flavour in ("2a", "ua1"):
        bad = broken(pdfs[0], flavour)
        command = ["java", "-Xmx1g", "-jar", verapdf, "--flavour", flavour, "--format", "text"]
        _, text = run(*command, *pdfs, bad, seconds=600)
        verdicts = dict(
            (Path(path).name, verdict)
            for verdict, path in re.findall(r"^(PASS|FAIL) (\S+)", text, re.MULTILINE)
        )
        for pdf in pdfs:
            good = verdicts.get(pdf.name) == "PASS"
            check(f"{pdf.stem}: veraPDF {flavour}", good, text)
        check(f"veraPDF {flavour} refuses a broken file", verdicts.get(bad.name) == "FAIL", text)


def main():
    missing = [tool for tool in TOOLS if not have(tool)]
    for tool in missing + [tool for tool in CAMERA if not have(tool)]:
        skip(tool, "not installed")
    with tempfile.TemporaryDirectory() as work:
        pdfs = []
        for bundle in sorted(folder.glob("*.zip")):
            with zipfile.ZipFile(bundle) as archive:
                names = {name.split("/", 1)[1]: name for name in archive.namelist()}
                pdf = Path(work) / f"{bundle.stem}.pdf"
                try:
                    pdf.write_bytes(archive.read(names["data/report.pdf"]))
                except KeyError:
                    check(f"{bundle.stem}: has a report.pdf", False)
                    continue
                checkpoint = archive.read(names["proof/checkpoint.txt"])
                page = Page()
                page.feed(archive.read(names["data/report.html"]).decode())
            pdfs.append(pdf)
            if not missing:
                check_one(bundle.stem, pdf, page)
            digest = hashlib.sha256(checkpoint).hexdigest().upper()
            check_camera(bundle.stem, pdf, [f"{fingerprint(checkpoint)} {digest}"])
        check("there are reports to check", len(pdfs) > 3, pdfs)
        sheets = sorted(folder.glob("sheet-*.pdf"))
        check("there are sheets to check", len(sheets) == 4, sheets)
        if not missing:
            for sheet in sheets:
                check_sheet(sheet)
        pdfs += sheets
        if verapdf and have("java"):
            check_conformance(pdfs)
        else:
            skip("verapdf", "not installed")


main()
finish()
