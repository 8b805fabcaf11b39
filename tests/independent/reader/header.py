"""Header, secrets, slots (3, 4)."""

import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from .conventions import BASE32, BLOCK, demand, hkdf, is_zero, number, sha, u8, unseal


@dataclass
class Header:
    block: bytes
    memory: int
    passes: int
    step: int
    container: bytes
    salt: bytes
    instance: bytes

    def slot(self, index):
        return self.block[128 + 256 * index : 384 + 256 * index]

    def own_slots(self, half):
        return sha(*(self.slot(4 * half + index) for index in range(4)))


def read_header(data, warnings):
    blocks = [data[:BLOCK], data[BLOCK : 2 * BLOCK]]
    magic = any(block.startswith(b"IDVAULT1") for block in blocks)
    demand(magic, "header: this is no vault")
    sound = [
        block
        for block in blocks
        if block.startswith(b"IDVAULT1") and sha(block[:4064]) == block[4064:]
    ]
    demand(sound, "header: the key file is damaged")
    if len(sound) == 1:
        warnings.append("header: one of the two blocks is damaged")
    elif len(data) > 2 * BLOCK:
        warnings.append("header: something follows the two blocks")
    elif sound[0] != sound[1]:
        warnings.append("header: the two blocks differ")
    block = sound[0]
    demand(number(block, 8, 2) <= 1, "header: written by a newer program")
    demand(number(block, 8, 2) == 1, "header: format 0")
    header = Header(
        block=block,
        memory=number(block, 12, 4),
        passes=number(block, 16, 4),
        step=number(block, 20, 4),
        container=block[32:48],
        salt=block[48:80],
        instance=block[80:96],
    )
    demand(block[10] == 1, f"header: unknown suite {block[10]}")
    demand(block[11] == 4, f"header: {block[11]} lanes")
    demand(65_536 <= header.memory <= 1_048_576, f"header: memory {header.memory}")
    demand(1 <= header.passes <= 64, f"header: passes {header.passes}")
    demand(8 <= header.step <= 65_536, f"header: step {header.step}")
    reserved = block[24:32] + block[96:128] + block[2176:4064]
    demand(is_zero(reserved), "header: reserved bytes are not zero")
    return header


def passphrase_secret(data):
    """The first line of the file; what a line end is belongs to the command line, not to the format."""
    text = data.decode().split("\n")[0].removesuffix("\r")
    spaces = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in text)
    secret = unicodedata.normalize("NFC", spaces).encode()
    demand(len(secret) <= 1024, "the passphrase is too long")
    return b"\x00" + secret


def recovery_secret(data):
    text = data.decode().strip().upper().replace("-", "").replace(" ", "")
    text = text.translate(str.maketrans("OIL", "011"))
    demand(len(text) == 32 and all(c in BASE32 for c in text), "this is no recovery code")
    value = 0
    for letter in text:
        value = value << 5 | BASE32.index(letter)
    code, check = value.to_bytes(20, "big")[:16], value.to_bytes(20, "big")[16:]
    demand(sha(b"idv1/code", code)[:4] == check, "the recovery code is mistyped")
    return b"\x01" + code


@dataclass
class Slot:
    index: int
    kind: str
    key: bytes
    before: bytes | None
    container: bytes

    @property
    def half(self):
        return self.index // 4

    @staticmethod
    def cell_key(header, key):
        return hkdf(key, header.container, b"idv1/cell")


def unlock(header, secret):
    """Tries all eight slots, without a device key; the lowest that opens."""
    answer = hash_secret_raw(
        secret, header.salt, header.passes, header.memory, 4, 32, Type.ID, version=0x13
    )
    opened = []
    for index in range(8):
        info = b"idv1/kek" + header.block[8:24] + header.container + u8(index) + u8(0)
        key = hkdf(answer + bytes(32), header.salt, info)
        aad = b"idv1/slot" + header.container + u8(index)
        plain = unseal(key, header.slot(index), aad)
        if plain is not None:
            opened.append((index, plain))
    demand(opened, "wrong passphrase, or a damaged key file")
    index, plain = opened[0]
    demand(plain[0] == 1, f"slot {index}: version {plain[0]}")
    demand(plain[1] in (0, 1), f"slot {index}: kind {plain[1]}")
    demand(plain[1] == secret[0], f"slot {index}: its kind is not that of the secret")
    demand(is_zero(plain[2:8] + plain[104:]), f"slot {index}: reserved bytes")
    before = None if is_zero(plain[40:72]) else plain[40:72]
    return Slot(
        index, ("passphrase", "recovery code")[plain[1]], plain[8:40], before, plain[72:104]
    )
