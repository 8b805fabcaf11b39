"""Evidence files (17)."""

import hashlib

from .conventions import CHUNK, LARGEST_FILE, TAG, demand, hex_of, is_zero, u8, u32, unseal


def read_evidence(folder, entry):
    """Opens the whole file and compares its SHA-256."""
    evidence, sealed = entry.proven["evidence"], entry.private
    what = f"entry {entry.number}: evidence file"
    demand(sealed.keys() == {"file", "key"}, f"{what}: its vault-only part")
    name, key = hex_of(sealed["file"], 16, what).hex(), hex_of(sealed["key"], 32, what)
    size = evidence["bytes"]
    demand(1 <= size <= LARGEST_FILE, f"{what}: {size} bytes")
    path = folder / name
    demand(path.is_file(), f"{what} {name} is missing")
    chunks = -(-size // CHUNK)
    length = 32 + (CHUNK + TAG) * chunks
    demand(path.stat().st_size == length, f"{what} {name}: its length")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(32)
        demand(head[:13] == b"IDEV\x01\x10" + bytes(7), f"{what} {name}: its head")
        for counter in range(chunks):
            last = counter == chunks - 1
            nonce = head[13:] + u32(counter) + u8(last)
            plain = unseal(key, nonce + file.read(CHUNK + TAG), head)
            demand(plain is not None, f"{what} {name}: chunk {counter} does not open")
            true = size - CHUNK * counter if last else CHUNK
            demand(is_zero(plain[true:]), f"{what} {name}: its padding is not zero")
            digest.update(plain[:true])
        demand(file.read(1) == b"", f"{what} {name}: it goes on")
    good = digest.hexdigest() == evidence["sha256"]
    demand(good, f"{what} {name}: its SHA-256 is not the one recorded")
    return {
        "entry": entry.number,
        "about": entry.about,
        "file": name,
        "name": evidence["name"],
        "bytes": size,
        "sha256": digest.hexdigest(),
    }
