"""ZIP files that lie, written byte by byte: what check_hostile.py tries."""

import dataclasses
import struct
import zipfile
import zlib


def deflated(data):
    """A raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@dataclasses.dataclass
class Entry:
    """An entry, honest until something else is said. `local` are fields that its local header has otherwise."""

    name: bytes = b"e/bagit.txt"
    data: bytes = b"x"
    method: int = 0
    packed: bytes | None = None
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    length: int | None = None  # of the packed bytes
    mode: int = 0o100644
    windows: int = 0  # the attributes of Windows
    extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    offset: int | None = None
    local: dict = dataclasses.field(default_factory=dict)

    def body(self):
        if self.packed is not None:
            return self.packed
        return self.data if self.method == 0 else deflated(self.data)

    def fields(self):
        """Version, flags, method, time, date, CRC, packed and real size."""
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        size = len(self.data) if self.size is None else self.size
        packed = len(self.body()) if self.length is None else self.length
        version = 20 if self.method else 10
        return (version, self.flags, self.method, 0, 0x21, crc, packed, size)

    def local_header(self):
        said = dataclasses.replace(self, **self.local)
        version, *rest = said.fields()
        head = struct.pack("<IHHHHHIII", 0x04034B50, version, *rest)
        return head + struct.pack("<HH", len(said.name), len(said.extra)) + said.name + said.extra

    def central(self, offset):
        fields = self.fields()
        head = struct.pack("<IHHHHHHIII", 0x02014B50, 0x0300 | fields[0], *fields)
        lengths = (len(self.name), len(self.extra), len(self.comment), self.disk, 0)
        place = offset if self.offset is None else self.offset
        tail = struct.pack("<HHHHHII", *lengths, self.mode << 16 | self.windows, place)
        return head + tail + self.name + self.extra + self.comment


def end(count, size, start, comment=b""):
    """The end record; what does not fit in it is all ones."""
    count, size, start = min(count, 0xFFFF), min(size, 0xFFFFFFFF), min(start, 0xFFFFFFFF)
    fields = (0x06054B50, 0, 0, count, count, size, start, len(comment))
    return struct.pack("<IHHHHIIH", *fields) + comment


def end64(count, size, start, at):
    """The end record of ZIP64, which begins at `at`, and its locator."""
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, start)
    return record + struct.pack("<IIQI", 0x07064B50, 0, at, 1)


def read(path):
    """The entries of a ZIP file whose files are stored, as `made` writes it again to the byte."""
    with zipfile.ZipFile(path) as archive:
        return [Entry(info.filename.encode(), archive.read(info)) for info in archive.infolist()]


def made(entries, zip64=None, count=None, comment=b"", central_only=()):
    """A ZIP file of these entries. `zip64`: the count and the size that its ZIP64 record says.

    `central_only` are in the directory besides, each at the place of the last of the entries.
    """
    out, directory, last = bytearray(), bytearray(), 0
    for entry in entries:
        last = len(out)
        directory += entry.central(last)
        out += entry.local_header() + entry.body()
    for entry in central_only:
        directory += entry.central(last)
    start, number = len(out), len(entries) + len(central_only)
    number = number if count is None else count
    out += directory
    if zip64 is not None:
        said_count, said_size = zip64(number, len(directory))
        out += end64(said_count, said_size, start, len(out))
    return bytes(out + end(number, len(directory), start, comment))


def zeros(count):
    """The packed bytes and the CRC of so many zeros, without ever holding them."""
    packer, crc, packed = zlib.compressobj(9, zlib.DEFLATED, -15), 0, bytearray()
    block = bytes(1 << 20)
    for _ in range(count >> 20):
        packed += packer.compress(block)
        crc = zlib.crc32(block, crc)
    return bytes(packed + packer.flush()), crc


def full_overlap(good, top, count, size):
    """Every new entry of the directory is the same one, of so many zeros."""
    packed, crc = zeros(size)
    one = Entry(top + b"/data/zz00000", b"", 8, packed, crc=crc, size=size)
    names = (top + b"/data/zz%05d" % number for number in range(1, count))
    return made([*good, one], central_only=[dataclasses.replace(one, name=name) for name in names])


def fifield(good, top, count, size):
    """Fifield, "A better zip bomb" (2019): each new entry quotes the local header of the next in a stored block."""
    kernel, crc = zeros(size)
    entry = Entry(top + b"/data/zz%05d" % (count - 1), b"", 8, kernel, crc=crc, size=size)
    file = entry.local_header() + kernel
    entries = [(entry, len(file))]
    for number in reversed(range(count - 1)):
        quoted = entry.local_header()
        quote = struct.pack("<BHH", 0, len(quoted), len(quoted) ^ 0xFFFF)
        crc = crc32_of_zeros_after(quoted, crc, size)
        size += len(quoted)
        body = quote + file
        entry = Entry(top + b"/data/zz%05d" % number, b"", 8, body, crc=crc, size=size)
        file = entry.local_header() + body
        entries.append((entry, len(file)))
    before = b"".join(one.local_header() + one.body() for one in good)
    place, directory = 0, bytearray()
    for one in good:
        directory += one.central(place)
        place += len(one.local_header()) + len(one.body())
    for one, from_end in reversed(entries):
        directory += one.central(len(before) + len(file) - from_end)
    start = len(before) + len(file)
    return before + file + bytes(directory) + end(len(good) + count, len(directory), start)


def two_directories(good, other):
    """The end record points to a directory of these entries, the one of ZIP64 to one of the others."""
    out = b"".join(entry.local_header() + entry.body() for entry in good)
    lists = []
    for entries in (good, other):
        place, directory = 0, bytearray()
        for entry, there in zip(entries, good, strict=True):
            directory += entry.central(place)
            place += len(there.local_header()) + len(there.body())
        lists.append(bytes(directory))
    one, two = lists
    start, count = len(out) + len(one), len(good)
    tail = end64(count, len(two), start, start + len(two)) + end(count, len(one), len(out))
    return out + one + two + tail


def crc32_of_zeros_after(head, crc, size):
    """Any number will do: no reader may come as far as to compare it."""
    return (zlib.crc32(head) ^ crc ^ size) & 0xFFFFFFFF


def nested(depth):
    """A ZIP file in a ZIP file in a ZIP file."""
    data = b"x" * 100_000
    for level in range(depth):
        data = made([Entry(b"e/data/%d.zip" % level, data, 8)])
    return data


class Bits:
    """A deflate stream, from its lowest bit (RFC 1951, 3.1.1)."""

    def __init__(self):
        self.value, self.length = 0, 0

    def number(self, value, bits):
        self.value |= value << self.length
        self.length += bits

    def code(self, code, bits):
        """A Huffman code begins with its highest bit."""
        for bit in reversed(range(bits)):
            self.number(code >> bit & 1, 1)

    def block(self, final, matches):
        """A block of fixed codes that repeats: for each match its codes and their extra bits."""
        self.number(final | 1 << 1, 3)
        for length, length_bits, length_extra, distance, distance_bits, distance_extra in matches:
            self.code(length - 256, 7)
            self.number(length_extra, length_bits)
            self.code(distance, 5)
            self.number(distance_extra, distance_bits)
        self.code(0, 7)

    def bytes(self):
        return self.value.to_bytes((self.length + 7) // 8, "little")


def quine():
    """A ZIP file whose only entry is that ZIP file (Russ Cox, "Zip Files All The Way Down", 2010).

    The deflate stream is a program of two instructions: a stored block prints its bytes, a block of fixed codes
    prints so many of the last bytes again. Every instruction has five bytes, but the last.
    """
    name = b"e/data/the-zip-inside-a-zip.zip"

    def prints(data):
        return struct.pack("<BHH", 0, len(data), len(data) ^ 0xFFFF)

    again_20, again_head, again_tail = Bits(), Bits(), Bits()
    again_20.block(0, [(264, 0, 0, 8, 3, 20 - 17)] * 2)  # Twice ten bytes.
    again_head.block(0, [(276, 3, 66 - 59, 12, 5, 66 - 65)])
    again_head.block(0, [])
    again_tail.block(1, [(279, 4, 103 - 99, 13, 5, 103 - 97)])
    r4, rp, rs = again_20.bytes(), again_head.bytes(), again_tail.bytes()

    def file(crc):
        """The file as if its check sum were this one."""

        def headers(packed, size):
            one = Entry(name, b"", 8, bytes(packed), crc=crc, size=size)
            head, central = one.local_header(), one.central(0)
            return head, central + end(1, len(central), len(head) + packed)

        head, tail = headers(0, 0)
        for _ in range(2):
            l1, l4, none = prints(bytes(5)), prints(bytes(20)), prints(b"")
            lp, ls = prints(bytes(len(head) + 5)), prints(bytes(len(rs) + len(tail)))
            program = (
                lp + head + lp + rp
                + l1 + rp + l1 + l1
                + l4 + rp + l1 + l1 + l4 + r4
                + l4 + r4 + l4 + r4 + l4 + r4
                + l4 + r4 + none + none + ls + r4
                + none + none + ls + rs + tail + rs
            )  # fmt: skip
            size = len(head) + len(program) + len(tail)
            head, tail = headers(len(program), size)
        return head + program + tail

    # The check sum of the file is an affine function of what the file says that it is: 32 equations.
    zero = zlib.crc32(file(0))
    rows = [(zlib.crc32(file(1 << bit)) ^ zero ^ 1 << bit, 1 << bit) for bit in range(32)]
    crc, solved = 0, []
    for column, chosen in rows:
        for pivot, of in solved:
            if column ^ pivot < column:
                column, chosen = column ^ pivot, chosen ^ of
        if column:
            solved.append((column, chosen))
            solved.sort(reverse=True)
    for pivot, of in solved:
        if zero ^ pivot < zero:
            zero, crc = zero ^ pivot, crc ^ of
    return file(crc)
