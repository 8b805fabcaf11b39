"""Checks the reports of sound bundles with programs that nobody here wrote.

check_reports.py VERAPDF FOLDER: every report.pdf of the bundles that make_bundles.py left in FOLDER. VERAPDF is the
jar of org.verapdf.apps:cli, or empty.
"""

import hashlib
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from bundle import fingerprint
from reading import Page, absent, bare, headings_out_of_order, order
from spoilt import SPOILT, made
from tap import check, finish, have, run, skip

verapdf, folder = sys.argv[1], Path(sys.argv[2]).resolve()
KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
FLAVOURS = ("2a", "ua1")
FOOT = re.compile(r"\S+: [0-9A-Z]{5}(-[0-9A-Z]{5}){4}\s+\d+ / (\d+)\s*")
NOT_ON_A_SHEET = ("diary", "дневник", "күнделік", "incident", "случа", "оқиға", "vault", "krilla")
TOOLS = ("qpdf", "fix-qdf", "pdfinfo", "pdffonts", "pdftotext", "pdfdetach")
FORM = {
    "qpdf": "no error in it",
    "pdfinfo": "tagged, no script, no form, not encrypted",
    "pdffonts": "all fonts embedded, as subsets, with Unicode maps",
    "pdfdetach": "nothing attached",
}
# poppler's complaint of every tagged file of krilla's, on any line of its answer: a known mistake of its own.
ERROR = re.compile("Syntax Error: Suspects object")
VOLUME = re.compile(r"data/report(-\d\d)?\.pdf")
CAMERA = ("pdftoppm", "zbarimg")


def text_of(pdf):
    """The words in the order in which they stand in the file, and the number of pages that each page says."""
    status, text = run("pdftotext", "-raw", "-enc", "UTF-8", pdf, "-")
    feet = [foot[2] for foot in FOOT.finditer(text)]
    return status, FOOT.sub("", text), feet


def check_text(label, pdfs, page):
    """The words of a report, of all its volumes one after the other."""
    whole = ""
    for pdf in pdfs:
        status, text, feet = text_of(pdf)
        check(f"{pdf.stem}: pdftotext", status == 0 and text.strip(), text[:200])
        pages = {str(len(feet)), information(run("pdfinfo", pdf)[1]).get("Pages"), *feet}
        check(f"{pdf.stem}: each page says its number of {len(feet)}", len(pages) == 1, pages)
        whole += text
    plain = bare(whole)
    said = len(page.headings) > 5 and len(page.words) > 10
    check(f"{label}: report.html has headings and words to look for", said, page.headings)
    missing = headings_out_of_order(page, plain)
    check(f"{label}: the headings of report.html, in its order", not missing, missing)
    lost = absent(page, plain)
    check(f"{label}: every word that report.html shows", not lost, lost[:3])
    texts = [text for _, text in page.said[1:]]
    there, in_order = order(texts, plain)
    good = there * 2 > len(texts) and there - in_order <= 2 + there // 50
    check(f"{label}: {there} texts, in the order of report.html", good, f"{in_order} of {there}")
    there, in_order = order(texts[::-1], plain)
    check(f"{label}: and not the other way round", there - in_order > 2 + there // 50, in_order)
    letters = {letter for words in page.words for letter in words if letter in KAZAKH}
    lost = [letter for letter in letters if letter not in whole]
    check(f"{label}: {len(letters)} Kazakh letters", not lost, lost)


def told(pdf, tool):
    """What a program that looks at the form of the file has to say against it; nothing of a good one."""
    if tool == "qpdf":
        status, text = run("qpdf", "--check", pdf)
        return "" if status == 0 else text
    status, text = run(tool, *(["-list"] if tool == "pdfdetach" else []), pdf)
    if tool == "pdfdetach":
        return "" if "0 embedded files" in text else text
    if tool == "pdffonts":
        rows = [line.split()[-5:-2] for line in text.splitlines()[2:] if not ERROR.match(line)]
        return "" if rows and all(row == ["yes", "yes", "yes"] for row in rows) else text
    said = information(text)
    right = {"JavaScript": "no", "Form": "none", "Encrypted": "no", "Tagged": "yes"}
    return "" if {name: said.get(name) for name in right} == right else text


def information(text):
    """What pdfinfo prints, by name."""
    return dict(re.findall(r"^([^:]+):\s+(.*)$", text, re.MULTILINE))


def language(pdf):
    """That of the catalogue, as qpdf shows it: pdfinfo does not name it."""
    _, text = run("qpdf", "--show-object=trailer", pdf)
    root = re.search(r"/Root (\d+) 0 R", text)
    _, text = run("qpdf", f"--show-object={root[1] if root else 0}", pdf)
    found = re.search(r"/Lang \((\S+?)\)", text)
    return found and found[1]


def check_one(label, pdf, page):
    for tool, good in FORM.items():
        said = told(pdf, tool)
        check(f"{label}: {tool}: {good}", not said, said)
    said = information(run("pdfinfo", pdf)[1])
    check(f"{label}: the title of report.html", said.get("Title") == page.title, said)
    check(f"{label}: A4", said.get("Page size", "").endswith("(A4)"), said)
    check(f"{label}: names nobody", "Author" not in said and "Subject" not in said, said)
    speaks = language(pdf)
    check(f"{label}: says that it is in {page.language}", speaks == page.language, speaks)


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


def check_spoilt(spoilt, pdf, page):
    """What is wrong with these the programs that were content with the others must tell."""
    for name, tool in (
        ("a script", "pdfinfo"),
        ("not called tagged", "pdfinfo"),
        ("a font that is not in the file", "pdffonts"),
        ("a font without Unicode", "pdffonts"),
    ):
        check(f"{name}: {tool} tells", told(spoilt[name], tool))
    check(
        "a language that is none: qpdf shows it",
        language(spoilt["a language that is none"]) == "e_",
    )
    cut, bag = pdf.with_name("cut"), pdf.with_name("bag")
    cut.write_bytes(pdf.read_bytes()[:-2000])
    check("a file cut short: qpdf tells", told(cut, "qpdf"))
    run("qpdf", pdf, "--add-attachment", __file__, "--", bag)
    check("an attachment: pdfdetach tells", told(bag, "pdfdetach"))
    _, text, _ = text_of(spoilt["a font without Unicode"])
    check("a font without Unicode: pdftotext loses the words", absent(page, bare(text)))


def check_conformance(pdfs, spoilt):
    """veraPDF, all files in one call, each held against both of the standards that it claims. Starting Java and
    reading a file cost more than checking it once more; nor does it run long enough for the second compiler."""
    java = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", verapdf]
    command = [*java, "--flavour", "0", "--format", "text", "-v"]
    _, text = run(*command, *pdfs, *spoilt.values(), seconds=3600)
    verdicts, here = {}, []
    for line in text.splitlines():
        if found := re.fullmatch(r"(PASS|FAIL) (\S+) (\S+)", line):
            here = verdicts[Path(found[2]).name, found[3]] = [found[1]]
        elif found := re.fullmatch(r" +FAIL (\S+)", line):
            here.append(found[1])
    for pdf in pdfs:
        for flavour in FLAVOURS:
            said = verdicts.get((pdf.name, flavour))
            check(f"{pdf.stem}: veraPDF {flavour}", said == ["PASS"], said or text)
    for name, (_, _, clauses) in SPOILT.items():
        for flavour in FLAVOURS:
            verdict, *told = verdicts.get((spoilt[name].name, flavour), [None])
            wanted = clauses.get(flavour)
            good = verdict == "FAIL" and wanted in told if wanted else verdict is not None
            good = good and (name != "nothing" or verdict == "PASS")
            says = f"names {wanted}" if wanted else "is asked"
            check(f"{name} wrong in a report: veraPDF {flavour} {says}", good, (verdict, told))


def main():
    missing = [tool for tool in TOOLS if not have(tool)]
    for tool in missing + [tool for tool in CAMERA if not have(tool)]:
        skip(tool, "not installed")
    with tempfile.TemporaryDirectory() as work:
        pages = {}
        for bundle in sorted(folder.glob("*.zip")):
            with zipfile.ZipFile(bundle) as archive:
                names = {name.split("/", 1)[1]: name for name in archive.namelist()}
                checkpoint = archive.read(names["proof/checkpoint.txt"])
                page = Page()
                page.feed(archive.read(names["data/report.html"]).decode())
                volumes = sorted(name for name in names if VOLUME.fullmatch(name))
                check(f"{bundle.stem}: has a report.pdf, or volumes", volumes, names)
                here = [Path(work) / f"{bundle.stem}-{Path(name).name}" for name in volumes]
                for pdf, name in zip(here, volumes, strict=True):
                    pdf.write_bytes(archive.read(names[name]))
            if not missing:
                for pdf in here:
                    check_one(pdf.stem, pdf, page)
                check_text(bundle.stem, here, page)
            digest = hashlib.sha256(checkpoint).hexdigest().upper()
            # A later volume has no cover of its own.
            check_camera(here[0].stem, here[0], [f"{fingerprint(checkpoint)} {digest}"])
            pages |= dict.fromkeys(here, page)
        check("there are reports to check, and volumes", len(pages) > 15, list(pages))
        sheets = sorted(folder.glob("sheet-*.pdf"))
        check("there are sheets to check", len(sheets) == 4, sheets)
        if not missing:
            for sheet in sheets:
                check_sheet(sheet)
        pdfs = [*pages, *sheets]
        spoilt = {}
        if not missing:
            whole = [pdf for pdf in pages if pdf.stem.endswith("-report")]
            least = min(whole, key=lambda pdf: pdf.stat().st_size)
            spoilt = made(least, Path(work))
            check_spoilt(spoilt, least, pages[least])
        if spoilt and verapdf and have("java"):
            check_conformance(pdfs, spoilt)
        else:
            skip("verapdf", "not installed")


main()
finish()
