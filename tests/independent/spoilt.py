"""Reports with one thing wrong, made of a good one with qpdf: each program that found nothing in the good ones must
find that one thing. Used by check_reports.py.
"""

import re
import subprocess

from tap import run

# What is done to the bytes; the clauses of PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) that veraPDF must name.
SPOILT = {
    "a font that is not in the file": (
        rb"/FontFile2 \d+ 0 R",
        b"",
        {"2a": "6.2.11.4.1-1", "ua1": "7.21.4.1-1"},
    ),
    "a font without Unicode": (
        rb"/ToUnicode \d+ 0 R",
        b"",
        {"2a": "6.2.11.7.2-1", "ua1": "7.21.7-1"},
    ),
    "no tree of tags": (rb"/StructTreeRoot \d+ 0 R", b"", {"2a": "6.7.3.3-1", "ua1": "7.1-11"}),
    "not called tagged": (rb"/Marked true", b"/Marked false", {"2a": "6.7.2.2-1"}),
    "a picture without a text": (rb"/Alt \(.*?[^\\]\)", b"", {"ua1": "7.3-1"}),
    "a heading's level left out": (rb"/S /H2\b", b"/S /H4", {"ua1": "7.4.2-1"}),
    "a language that is none": (
        rb"/Lang \((kk|ru|en)\)",
        b"/Lang (e_)",
        {"2a": "6.7.4-1", "ua1": "7.2-29"},
    ),
    "a script": (
        rb"/Lang \((kk|ru|en)\)",
        rb"/Lang (\1) /OpenAction << /S /JavaScript /JS (1) >>"
        rb" /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>",
        {"2a": "6.5.1-1"},
    ),
    "nothing": (rb"\Z", b"", {}),
}


def made(pdf, folder):
    """The spoilt files by what is wrong with them."""
    plain = folder / "plain.qdf"
    run("qpdf", "--qdf", "--object-streams=disable", pdf, plain)
    data, files = plain.read_bytes(), {}
    for number, (name, (old, new, _)) in enumerate(SPOILT.items()):
        spoilt, count = re.subn(old, new, data, flags=re.DOTALL)
        if not count:
            raise ValueError(f"{name}: nothing to change in {pdf.name}")
        fixed = subprocess.run(["fix-qdf"], input=spoilt, stdout=subprocess.PIPE, check=True)
        files[name] = folder / f"spoilt-{number}.pdf"
        files[name].write_bytes(fixed.stdout)
    return files
