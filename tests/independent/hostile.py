"""ZIP files that lie, written byte by byte: what check_hostile.py tries."""

import dataclasses
import struct
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
    mode: int = 0o100644
    extra: bytes = b""
    comment: bytes = b""
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
        return (20, self.flags, self.method, 0, 0x21, crc, len(self.body()), size)

    def local_header(self):
        said = dataclasses.replace(self, **self.local)
        version, *rest = said.fields()
        head = struct.pack("<IHHHHHIII", 0x04034B50, version, *rest)
        return head + struct.pack("<HH", len(said.name), len(said.extra)) + said.name + said.extra

    def central(self, offset):
        head = struct.pack("<IHHHHHHIII", 0x02014B50, 0x0314, *self.fields())
        lengths = (len(self.name), len(self.extra), len(self.comment), 0, 0)
        place = offset if self.offset is None else self.offset
        tail = struct.pack("<HHHHHII", *lengths, self.mode << 16, place)
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


def made(entries, zip64=None, count=None, comment=b"", central_only=()):
    """A ZIP file of these entries. `zip64`: the count and the size that its ZIP64 record says."""
    out, directory = bytearray(), bytearray()
    for entry in entries:
        directory += entry.central(len(out))
        out += entry.local_header() + entry.body()
    for entry in central_only:
        directory += entry.central(0)
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


def full_overlap(count):
    """Every entry of the directory is the same one: 20 MiB each time."""
    packed, crc = zeros(20 << 20)
    one = Entry(b"e/data/00000", b"", 8, packed, crc=crc, size=20 << 20)
    names = (b"e/data/%05d" % number for number in range(1, count))
    return made([one], central_only=[dataclasses.replace(one, name=name) for name in names])


def fifield(count):
    """Fifield, "A better zip bomb" (2019): each entry quotes the local header of the next in a stored block."""
    kernel, crc = zeros(20 << 20)
    size = 20 << 20
    body, directory, entries = kernel, bytearray(), []
    entry = Entry(b"e/data/%05d" % (count - 1), b"", 8, kernel, crc=crc, size=size)
    file = entry.local_header() + body
    entries.append((entry, len(file)))
    for number in reversed(range(count - 1)):
        quoted = entry.local_header()
        quote = struct.pack("<BHH", 0, len(quoted), len(quoted) ^ 0xFFFF)
        body = quote + file
        crc = crc32_of_zeros_after(quoted, crc, size)
        size += len(quoted)
        entry = Entry(b"e/data/%05d" % number, b"", 8, body, crc=crc, size=size)
        file = entry.local_header() + quote + file
        entries.append((entry, len(file)))
    for entry, from_end in reversed(entries):
        directory += entry.central(len(file) - from_end)
    return file + bytes(directory) + end(count, len(directory), len(file))


def crc32_of_zeros_after(head, crc, size):
    """Any number will do: no reader may come as far as to compare it."""
    return (zlib.crc32(head) ^ crc ^ size) & 0xFFFFFFFF


def nested(depth):
    """A ZIP file in a ZIP file in a ZIP file."""
    data = b"x" * 100_000
    for level in range(depth):
        data = made([Entry(b"e/data/%d.zip" % level, data, 8)])
    return data
