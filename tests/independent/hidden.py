"""Looks for a text in a file in every form in which it could lie there.

Used by check_bundle.py: a private note or a withheld text must be in no file of a bundle, not in another encoding,
not packed, and not as the glyphs of a PDF.
"""

import base64
import binascii
import functools
import html
import json
import unicodedata
import urllib.parse
import zlib

from tap import run

ENCODINGS = [
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "cp1251",
    "cp866",
    "koi8-r",
    "iso8859-5",
    "mac-cyrillic",
]
# Bytes unpacked from one stream, at most: a hostile file is not what is looked for here.
MOST = 64 << 20


# Shorter texts, and shorter codings of a text, stand in any file by chance.
LEAST = 8


@functools.cache
def forms(text):
    """All bytes that stand for a text."""
    if len(text.encode()) < LEAST:
        raise ValueError(f"too short to be looked for: {text}")
    found = set()
    for form in {unicodedata.normalize(kind, text) for kind in ("NFC", "NFD")} | {text}:
        written = {form, html.escape(form), json.dumps(form)[1:-1], form.upper(), form.lower()}
        written |= {urllib.parse.quote(form), "".join(f"&#{ord(letter)};" for letter in form)}
        written.add("".join(f"&#x{ord(letter):x};" for letter in form))
        for variant in written:
            for encoding in ENCODINGS:
                try:
                    found.add(variant.encode(encoding))
                except UnicodeEncodeError:
                    continue
        found |= coded(form)
    return {form for form in found if len(form) >= LEAST}


def coded(text):
    """A text as it is kept in memory, in hexadecimal, in base64, and as a part of an address."""
    found = {urllib.parse.quote(text).encode(), urllib.parse.quote(text).lower().encode()}
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        data = text.encode(encoding)
        digits = binascii.hexlify(data)
        found |= {data, digits, digits.upper()}
        # Base64 of a text that begins at any byte of a larger one: what depends on the text alone.
        for before in range(3):
            packed = base64.b64encode(b"\0" * before + data)
            found.add(packed[-(-before * 8 // 6) : len(packed) - 4])
    return found


def layers(data):
    """The file, and whatever in it is packed with zlib: streams of a PDF, chunks of a PNG."""
    yield data
    at = data.find(b"\x78")
    while at >= 0:
        if data[at + 1 : at + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            try:
                inside = zlib.decompressobj().decompress(data[at:], MOST)
            except zlib.error:
                inside = b""
            if len(inside) > 16:
                yield inside
        at = data.find(b"\x78", at + 1)


def bare(text):
    return "".join(unicodedata.normalize("NFC", text).split())


def found_in(path, texts):
    """Those of the texts that are in a file."""
    whole = b"\n\0\n".join(layers(path.read_bytes()))
    found = {text for text in texts if any(form in whole for form in forms(text))}
    if path.suffix == ".pdf":
        # The glyphs of a page are numbers in a font: only a reader makes text of them.
        _, said = run("pdftotext", "-enc", "UTF-8", path, "-")
        found |= {text for text in texts if bare(text) in bare(said)}
    return sorted(found)


def self_test(folder):
    """Whether a planted text is found in each form; gives the forms in which it was not."""
    text, missed = "Нөмірі 8412, ешкімге айтпа", []
    path = folder / "planted"
    plain = json.dumps({"a": text}, ensure_ascii=False).encode()
    planted = {
        "plain": plain,
        "decomposed": unicodedata.normalize("NFD", text).encode(),
        "utf-16": b"\xfe\xff" + text.encode("utf-16-be"),
        "hexadecimal": b"<FEFF" + binascii.hexlify(text.encode("utf-16-be")).upper() + b">",
        "escaped": json.dumps(text).encode(),
        "packed": b"stream\n" + zlib.compress(plain) + b"endstream",
        "packed twice removed": b"x" * 99 + zlib.compress(text.encode("utf-16-le"), 1),
        "base64": base64.b64encode(b"ab" + plain),
    }
    for name, data in planted.items():
        path.write_bytes(data)
        if found_in(path, [text]) != [text]:
            missed.append(name)
    path.write_bytes(b"nothing of it" * 99)
    return missed + (["nothing"] if found_in(path, [text]) else [])
