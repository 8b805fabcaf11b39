"""What check_hostile.py tries on a good bundle: each trap one change of it, and the words that must name it.

A trap is laid so that a careless reader would find nothing wrong: the files, their hashes, the manifests and the
signatures stay right wherever the trap does not consist in changing them. A name, for instance, is one that some
reader takes for the right one.
"""

import dataclasses
import os
import struct
from typing import NamedTuple

import hostile
from hostile import Entry, end, made

FILE = b"data/incidents.csv"
COPY = "data/incidents.csv"


class Trap(NamedTuple):
    """A change of the ZIP file; what `diary verify` must find: its check, what it is about, in which words; and the
    page's reason."""

    label: str
    change: object
    check: str
    words: str
    page: str
    about: str = COPY


class Good:
    """The entries of the good bundle."""

    def __init__(self, path):
        self.entries = hostile.read(path)
        self.top = self.entries[0].name.split(b"/")[0]

    def file(self, name=FILE):
        return next(entry for entry in self.entries if entry.name == self.top + b"/" + name)

    def but(self, **fields):
        """The entries, of one file with other fields."""
        file = self.file()
        other = dataclasses.replace(file, **fields)
        return [other if entry is file else entry for entry in self.entries]

    def new(self, name, data=b"", **fields):
        return Entry(self.top + b"/data/" + name, data, **fields)


def file(**fields):
    """Both headers of the file say this."""
    return lambda good: made(good.but(**fields))


def local(**fields):
    """The local header of the file says this, the directory what it did."""
    return lambda good: made(good.but(local=fields))


def named(name, flags=0):
    """The file has this name; TOP stands for the top folder."""

    def change(good):
        return made(good.but(name=name.replace(b"TOP", good.top), flags=flags))

    return change


def packed(data=lambda data: data, **fields):
    """The file is packed; the stream holds what `data` makes of its bytes."""

    def change(good):
        real = good.file().data
        stream = hostile.deflated(data(real))
        return made(good.but(method=8, packed=stream, **{"size": len(real), **fields}))

    return change


def reaching(good):
    """The file is packed; its length is said to reach over the next entry's header, behind the end of its stream."""
    stream = hostile.deflated(good.file().data)
    return made(good.but(method=8, packed=stream, length=len(stream) + 40))


def many(count, said=None, **more):
    """So many entries, the new ones empty; the end says that it were `said`."""

    def change(good):
        new = [good.new(b"zz%05d" % number) for number in range(count - len(good.entries))]
        return made([*good.entries, *new], count=said, **more)

    return change


def more(name, data=b"", **fields):
    """One entry more, where its name stands in order."""

    def change(good):
        entries = [*good.entries, good.new(name, data, **fields)]
        return made(sorted(entries, key=lambda entry: entry.name))

    return change


def again(good):
    return made([*good.entries, good.file()])


def bombs(count, size):
    """So many files of zeros, each in its place."""

    def change(good):
        stream, crc = hostile.zeros(size)
        fields = {"method": 8, "packed": stream, "crc": crc, "size": size}
        return made(good.entries + [good.new(b"zz%05d" % n, **fields) for n in range(count)])

    return change


def zip64_of(size):
    """The file's sizes stand in a field of ZIP64, in both headers."""
    wide = {"size": 0xFFFFFFFF, "length": 0xFFFFFFFF}
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    return file(**wide, extra=extra)


def zip64_lie(good):
    """In the directory they do, in the local header they are others."""
    size = len(good.file().data)
    wide = {"size": 0xFFFFFFFF, "length": 0xFFFFFFFF}
    one, two = (struct.pack("<HHQQ", 1, 16, said, said) for said in (size, size - 1))
    return made(good.but(**wide, extra=one, local={"extra": two}))


def second_view(good):
    return hostile.two_directories(good.entries, good.but(mode=0o100600))


def second_name(good):
    """Info-ZIP's Unicode path: a name that some readers take in place of the other."""
    name = good.top + b"/data/other.csv"
    crc = hostile.zlib.crc32(good.file().name)
    return made(good.but(extra=struct.pack("<HHBI", 0x7075, len(name) + 5, 1, crc) + name))


def comment(data):
    return lambda good: made(good.entries, comment=data)


def around(before=b"", after=b""):
    return lambda good: before + made(good.entries) + after


A_NAME = "a name that no bundle holds"
TWICE_TOLD = "given twice and not the same"
FILES = "more than 20,000 files"
TOGETHER = "the entries together are larger than the ZIP file"
BOMB = "unpacks to over 200 times its size"
REAL_SIZE = "the real size is not the size given"
# fmt: off
ZIPS = [
    Trap("every entry is the same bomb", lambda good: hostile.full_overlap(good.entries, good.top, 1_000, 12 << 20), "container", TOGETHER, "zip_kind", ""),
    Trap("Fifield's overlapping bomb", lambda good: hostile.fifield(good.entries, good.top, 250, 12 << 20), "container", TOGETHER, "zip_kind", ""),
    Trap("a bomb", bombs(1, 20 << 20), "limits", BOMB, "zip_kind", "data/zz00000"),
    Trap("a hundred small bombs", bombs(100, 15 << 20), "limits", BOMB, "zip_kind", ""),
    Trap("a file that says to unpack to 1 GiB", packed(size=1 << 30), "limits", BOMB, "zip_kind"),
    Trap("a packed file that reaches into the next", reaching, "container", "share the same bytes", "zip_places"),
    Trap("65,535 entries", many(65_535), "limits", FILES, "no_bundle", ""),
    Trap("65,536 entries, with ZIP64", many(65_536, zip64=lambda n, s: (n, s)), "limits", FILES, "no_bundle", ""),
    Trap("65,536 entries that the end counts as none", many(65_536, 0), "container", "counts other entries than it lists", "zip_differs", ""),
    Trap("20,001 files", many(20_001), "limits", FILES, "no_bundle", "data/zz"),
    Trap("ZIP64: 2^40 entries", lambda good: made(good.entries, lambda n, s: (1 << 40, s), count=65_535), "limits", FILES, "no_bundle", ""),
    Trap("ZIP64: a directory of 2^60 bytes", lambda good: made(good.entries, lambda n, s: (n, 1 << 60)), "container", TWICE_TOLD, "zip_ends", ""),
    Trap("ZIP64: another count than the end record", lambda good: made(good.entries, lambda n, s: (n - 1, s)), "container", TWICE_TOLD, "zip_ends", ""),
    Trap("ZIP64: a second list of entries", second_view, "container", TWICE_TOLD, "zip_ends", ""),
    Trap("ZIP64: a file of 2^62 bytes", zip64_of(1 << 62), "limits", "more than 16 GiB", "zip_kind"),
    Trap("ZIP64: another size in the local header", zip64_lie, "container", "two different sizes", "zip_kind"),
    Trap("two names for one entry", lambda good: made(good.but(local={"name": good.top + b"/data/incidents.csw"})), "container", "two different names", "zip_differs"),
    Trap("two sizes for one entry", local(size=2), "container", "two different sizes", "zip_differs"),
    Trap("two check sums for one entry", local(crc=7), "container", "two different check sums", "zip_differs"),
    Trap("two methods for one entry", local(method=8, length=None), "container", "two different ways of packing", "zip_differs"),
    Trap("two sets of flags for one entry", local(flags=0x800), "container", "described in two different ways", "zip_differs"),
    Trap("a second name in an extra field", second_name, "container", "a second name", "rewritten"),
    Trap("an unknown extra field", file(extra=struct.pack("<HHI", 0x756E, 4, 0)), "container", "extra data that readers may take differently", "rewritten"),
    Trap("an encrypted entry", file(flags=1), "container", "is encrypted", "zip_kind"),
    Trap("an unknown method", file(method=12, packed=b"BZh9"), "container", "packed in a way that not every reader knows", "zip_kind"),
    Trap("a flag of no meaning", file(flags=0x10), "container", "marked in a way that not every reader knows", "zip_kind"),
    Trap("a check sum that is wrong", file(crc=7), "container", "the check sum is wrong", "crc"),
    Trap("a file that unpacks to more than it says", packed(lambda data: data + bytes(16 << 20), crc=None), "container", REAL_SIZE, "rewritten"),
    Trap("a file that unpacks to less than it says", lambda good: packed(size=len(good.file().data) + 1)(good), "container", REAL_SIZE, "rewritten"),
    Trap("a file that lies behind the end", file(offset=1 << 30), "container", "not where the list of entries says", "zip_places"),
    Trap("a file on another disk", file(disk=1), "container", "one part of several", "zip_kind"),
    Trap("a comment on a file", file(comment=b"see below"), "container", "carries a comment", "zip_kind"),
    Trap("a comment", comment(b"see below"), "container", "carries a comment", "zip_ends", ""),
    Trap("an end record in a comment", comment(b"PK" + end(0, 0, 0)[2:]), "container", "has two ends", "zip_ends", ""),
    Trap("bytes before the first entry", around(before=b"MZ"), "container", "not at the end of the ZIP file", "zip_ends", ""),
    Trap("bytes after the end", around(after=b"tail"), "container", "bytes follow the end", "zip_ends", ""),
    Trap("a path that climbs out and in again", named(b"TOP/data/../data/incidents.csv"), "names", A_NAME, "zip_name"),
    Trap("a path that climbs out", named(b"TOP/../../data/incidents.csv"), "names", A_NAME, "zip_name"),
    Trap("a path through the same folder", named(b"TOP/data/./incidents.csv"), "names", A_NAME, "zip_name", "data/./incidents.csv"),
    Trap("a path with a backslash", named(b"TOP/data\\incidents.csv"), "names", A_NAME, "zip_name", "data\\incidents.csv"),
    Trap("an absolute path", named(b"/TOP/data/incidents.csv"), "names", "not all files are in one top folder", "zip_name"),
    Trap("a drive of Windows", named(b"C:TOP/data/incidents.csv"), "names", "not all files are in one top folder", "zip_name"),
    Trap("a share of Windows", named(b"//host/TOP/data/incidents.csv"), "names", "not all files are in one top folder", "zip_name"),
    Trap("a percent sign in a name", named(b"TOP/data/incidents%2ecsv"), "names", A_NAME, "zip_name", "data/incidents%2ecsv"),
    Trap("a carriage return in a name", named(b"TOP/data/incidents.csv\r"), "names", A_NAME, "zip_name"),
    Trap("a line feed in a name", named(b"TOP/data/incidents.csv\n"), "names", A_NAME, "zip_name"),
    Trap("a NUL in a name", named(b"TOP/data/incidents.csv\0.txt"), "names", A_NAME, "zip_name"),
    Trap("a name that ends in a dot", named(b"TOP/data/incidents.csv."), "names", A_NAME, "zip_name"),
    Trap("a name that ends in a space", named(b"TOP/data/incidents.csv "), "names", A_NAME, "zip_name"),
    Trap("a device of Windows", named(b"TOP/data/nul.csv"), "names", A_NAME, "zip_name", "data/nul.csv"),
    Trap("a stream of Windows", named(b"TOP/data/incidents.csv::$DATA"), "names", A_NAME, "zip_name"),
    Trap("a name in another case", named(b"TOP/data/Incidents.csv"), "names", A_NAME, "zip_name", "data/Incidents.csv"),
    Trap("a letter that looks like another", named("TOP/data/inсidents.csv".encode(), 0x800), "names", A_NAME, "zip_name", "data/inсidents.csv"),
    Trap("a name that turns itself round", named("TOP/data/incidents\u202e.csv".encode(), 0x800), "names", A_NAME, "zip_name", "data/incidents[U+202E].csv"),
    Trap("a name in the letters of a Russian Windows", named("TOP/data/жалоба.csv".encode("cp866")), "names", "in an unknown alphabet", "zip_name", "data/"),
    Trap("a name of 65,000 letters", named(b"TOP/data/" + b"./" * 32_450 + b"incidents.csv"), "names", A_NAME, "zip_name", "[...]"),
    Trap("one name twice", again, "names", "the same name twice", "zip_twice"),
    Trap("names that differ in case only", more(b"INCIDENTS.CSV", b"x"), "names", "the same name twice", "zip_name"),
    Trap("a second top folder", lambda good: made([*good.entries, Entry(b"second/file.txt")]), "names", "not all files are in one top folder", "zip_name", "second/file.txt"),
    Trap("a file of macOS", more(b".DS_Store"), "names", "added by macOS or Windows", "zip_name", "data/.DS_Store"),
    Trap("a folder that holds nothing", more(b"empty/", mode=0o040755), "container", "a folder that holds no file", "rewritten", "data/empty/"),
    Trap("a folder with content", more(b"evidence/", b"x", mode=0o040755), "container", "a folder entry that has content", "rewritten", "data/evidence/"),
    Trap("a file that is a folder too", more(b"evidence", b"x"), "container", "for a file or for a folder", "unlisted", "data/evidence"),
    Trap("a folder by its attributes", file(windows=0x10), "container", "for a file or for a folder", "zip_kind"),
    Trap("a symbolic link", file(mode=0o120777), "container", "a link in place of a file", "zip_kind"),
    Trap("a link of Windows", file(windows=0x400), "container", "a link in place of a file", "zip_kind"),
    Trap("a device", file(mode=0o020666), "container", "neither a file nor a folder", "zip_kind"),
    Trap("a ZIP in a ZIP in a ZIP", more(b"zz.zip", hostile.nested(30)), "manifest", "in no manifest", "unlisted", "data/zz.zip"),
]
# No bundle at all: said in one sentence, whatever else they are; and the page's reason.
NONE = [
    ("a ZIP that holds itself", hostile.quine, "no_bundle"),
    ("a ZIP of something else", lambda: made([Entry(b"word/document.xml", b"<xml/>")]), "missing"),
    ("a ZIP with nothing in it", lambda: made([]), "missing"),
]
# fmt: on


class Spoilt(NamedTuple):
    """A change of the manifest that lists `FILE`; what `diary verify` finds first; the page's reason, where it is not
    one that was tried already; and what verify.py says."""

    label: str
    change: object
    words: str
    page: str
    python: str
    about: str = "manifest-sha256.txt"
    check: str = "manifest"


def listed(line):
    """The line of `FILE` is this one: HASH is the right hash, OUTSIDE a copy of the file beside the top folder."""

    def change(manifest, outside):
        digest = next(row[:64] for row in manifest.splitlines() if row.endswith(FILE))
        other = line.replace(b"HASH", digest).replace(b"OUTSIDE", os.fsencode(outside))
        rows = [row for row in manifest.splitlines(True) if not row.startswith(digest)]
        # In their order, so that nothing but this line is wrong.
        return b"".join(sorted([*rows, other], key=lambda row: row[66:]))

    return change


def without_its_line(manifest, _):
    return b"".join(row for row in manifest.splitlines(True) if FILE not in row)


def added(lines):
    return lambda manifest, _: manifest + lines


NO_PATH = "a path that no bundle holds"
NO_FORM = "not a hash, two spaces and a path"
NOT_THERE = "listed in manifest-sha256.txt but not there"
LINE_FEED = "manifest-sha256.txt: must consist of lines that end with LF"
NO_MANIFEST = "manifest-sha256.txt: not a manifest"
# fmt: off
MANIFESTS = [
    Spoilt("a path that climbs out and in again", listed(b"HASH  data/../data/incidents.csv\n"), NO_PATH, "form", f"data/../data/incidents.csv: {NOT_THERE}"),
    Spoilt("a path that climbs out, to a file that is there", listed(b"HASH  data/../../outside.csv\n"), NO_PATH, "form", f"data/../../outside.csv: {NOT_THERE}"),
    Spoilt("an absolute path, to a file that is there", listed(b"HASH  OUTSIDE\n"), NO_PATH, "form", f"outside.csv: {NOT_THERE}"),
    Spoilt("a path from here", listed(b"HASH  ./data/incidents.csv\n"), NO_PATH, None, f"./data/incidents.csv: {NOT_THERE}"),
    Spoilt("a path with a backslash", listed(b"HASH  data\\incidents.csv\n"), NO_PATH, None, f"incidents.csv: {NOT_THERE}"),
    Spoilt("a percent sign", listed(b"HASH  data/incidents%2ecsv\n"), NO_PATH, "form", f"data/incidents%2ecsv: {NOT_THERE}"),
    Spoilt("an encoded path that climbs out", listed(b"HASH  data/%2e%2e/data/incidents.csv\n"), NO_PATH, None, f"data/%2e%2e/data/incidents.csv: {NOT_THERE}"),
    Spoilt("an encoded line end", listed(b"HASH  data/incidents.csv%0A\n"), NO_PATH, None, f"data/incidents.csv%0A: {NOT_THERE}"),
    Spoilt("a carriage return", listed(b"HASH  data/incidents.csv\r\n"), NO_PATH, "form", LINE_FEED),
    Spoilt("a carriage return in a name", listed(b"HASH  data/inci\rdents.csv\n"), NO_PATH, None, LINE_FEED),
    Spoilt("the line ends of Windows", lambda manifest, _: manifest.replace(b"\n", b"\r\n"), NO_PATH, None, LINE_FEED),
    Spoilt("a name in another case", listed(b"HASH  data/Incidents.csv\n"), NO_PATH, "form", f"data/Incidents.csv: {NOT_THERE}"),
    Spoilt("two names that differ in case alone", added(b"%s  data/Incidents.csv\n" % (b"0" * 64)), NO_PATH, None, f"data/Incidents.csv: {NOT_THERE}"),
    Spoilt("a home folder", listed(b"HASH  ~/incidents.csv\n"), NO_PATH, None, f"~/incidents.csv: {NOT_THERE}"),
    Spoilt("an asterisk, as of sha256sum -b", listed(b"HASH *data/incidents.csv\n"), NO_FORM, "form", NO_MANIFEST),
    Spoilt("a hash of 31 bytes", lambda manifest, _: manifest[2:], NO_FORM, None, NO_MANIFEST),
    Spoilt("a hash in upper case", lambda manifest, _: manifest[:64].upper() + manifest[64:], NO_FORM, None, NO_MANIFEST),
    Spoilt("a mark of Unicode before it", lambda manifest, _: b"\xef\xbb\xbf" + manifest, NO_FORM, None, NO_MANIFEST),
    Spoilt("no line feed at its end", lambda manifest, _: manifest[:-1], "does not end with a line feed", None, LINE_FEED),
    Spoilt("a line twice", lambda manifest, _: manifest + manifest.splitlines(True)[-1], "or one comes twice", "form", NO_MANIFEST),
    Spoilt("a name with two hashes", lambda manifest, _: manifest + b"0" * 64 + manifest.splitlines(True)[-1][64:], "or one comes twice", None, NO_MANIFEST),
    Spoilt("a file that is not there", added(b"%s  data/zz\n" % (b"0" * 64)), "missing", "missing", f"data/zz: {NOT_THERE}", "data/zz"),
    Spoilt("a file that it does not list", without_its_line, "in no manifest", "unlisted", f"{COPY}: not listed in manifest-sha256.txt", COPY),
    Spoilt("100,000 lines", added(b"".join(b"%s  data/zz%06d\n" % (b"0" * 64, number) for number in range(100_000))), "larger than such a file of a bundle ever is", "form", f"data/zz099999: {NOT_THERE}", check="limits"),
]
# fmt: on


def beside(value):
    """The right data, and one member more: `zz` stands last, as it must."""
    return lambda data: data.removesuffix(b"}\n") + b',"zz":' + value + b"}\n"


DEEP = "nested more than 127 levels deep"
UNKNOWN = "zz: is not known in this format"
PYTHON_MEMBER = "holds a member that the format does not name"
# What incidents.json is made to hold; the words of `diary verify`, the page's reason, the words of verify.py. Those two
# hold the file seven times over: what is too much for 256 MiB then is for `diary verify` alone.
# fmt: off
DOCUMENTS = [
    ("a million brackets", beside(b"[" * 1_000_000 + b"]" * 1_000_000), DEEP, "unreadable", "RecursionError"),
    ("a million objects in one another", beside(b'{"a":' * 1_000_000 + b"0" + b"}" * 1_000_000), DEEP, "unreadable", "RecursionError"),
    ("64 MiB of one text", beside(b'"' + b"a" * (64 << 20) + b'"'), UNKNOWN, None, None),
    ("16 MiB of one text", beside(b'"' + b"a" * (16 << 20) + b'"'), UNKNOWN, "members", PYTHON_MEMBER),
    ("half a million empty lists", beside(b"[" + b"[]," * 500_000 + b"[]]"), UNKNOWN, "members", PYTHON_MEMBER),
    ("a number without end", beside(b"9" * 1_000_000), "only whole numbers", "canonical", "ValueError"),
    ("a member twice", lambda data: data.replace(b'"format":1,', b'"format":1,"format":1,'), "the same key stands twice", "canonical", "not in canonical form"),
    ("half a letter", beside(b'"\\ud800"'), "not valid Unicode", "canonical", "UnicodeEncodeError"),
    ("brackets that do not close", lambda data: b"[" * 1_000_000 + b"\n", DEEP, "unreadable", "RecursionError"),
]
# fmt: on


def link(file):
    file.rename(file.parent.parent.parent / "outside.csv")
    file.symlink_to("../../outside.csv")


def pipe(file):
    file.unlink()
    os.mkfifo(file)


def renamed(name):
    return lambda file: file.rename(file.parent / name)


NOT_A_NAME = "no name that a bundle may hold"
# In a folder, as it is unpacked: the words of `diary verify` and of verify.py.
# fmt: off
FOLDERS = [
    ("a symbolic link", link, "a link in place of a file", "neither a file nor a folder"),
    ("a pipe", pipe, "neither a file nor a folder", "neither a file nor a folder"),
    ("a percent sign in a name", renamed("incidents%2ecsv"), A_NAME, NOT_A_NAME),
    ("a carriage return in a name", renamed("incidents.csv\r"), A_NAME, NOT_A_NAME),
    ("a backslash in a name", renamed("..\\incidents.csv"), A_NAME, NOT_A_NAME),
    ("a name that ends in a dot", renamed("incidents.csv."), A_NAME, NOT_A_NAME),
    ("a device of Windows", renamed("nul.csv"), A_NAME, NOT_A_NAME),
    ("a name in another case", renamed("Incidents.csv"), A_NAME, NOT_A_NAME),
    ("a name in the letters of a Russian Windows", renamed(os.fsdecode("жалоба.csv".encode("cp866"))), "in an unknown alphabet", NOT_A_NAME),
]
# fmt: on
