"""Conventions of the format (1), its numbers and names."""

import base64
import hashlib
import hmac
import json
import re

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

BLOCK = 4_096
CELL = 2_016
DATA = 1_960
PLACES = 32
PLACE = 60
LEVELS = 5
FIRST_FREE = 8
CHUNK = 65_536
TAG = 16
LARGEST_ENTRY = 4 << 20
LARGEST_SIDE = 256 << 10
LARGEST_FILE = 16 << 30
MOST = 1 << 24  # cells, and entries
HEAD, SIDE, NODE, ENTRY = 1, 2, 3, 4
ERASED, WITHDRAWN, CODE_GIVEN, LOST = 1, 2, 4, 8
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

KINDS = {
    1: "begun",
    2: "incident",
    3: "amendment",
    4: "withdrawal",
    5: "erasure",
    6: "evidence",
    7: "export",
    8: "time-stamp",
    9: "keys-changed",
    10: "continued",
    11: "salvaged",
}
ABOUT_AN_INCIDENT = {"amendment", "withdrawal", "erasure", "evidence"}
# What the proven part of each kind must hold (9); members may be added later.
MEMBERS = {
    "begun": {"software": str},
    "incident": {"incident": dict},
    "amendment": {"about": int, "changes": dict, "reason": str},
    "withdrawal": {"about": int, "reason": str},
    "erasure": {"about": int, "erased": list},
    "evidence": {"about": int, "evidence": dict},
    "export": {"bundle_sha256": str, "checkpoint_size": int, "incidents": list},
    "time-stamp": {"answer": str, "checkpoint_size": int},
    "keys-changed": {"changed": object},
    "continued": {"from": str, "to": str},
    "salvaged": {"lost": list, "unknown": list},
}
EVIDENCE_MEMBERS = {"sha256": str, "bytes": int, "media_type": str, "name": str}


class Wrong(Exception):
    """Something in the vault is not as the format says."""


def demand(good, problem):
    if not good:
        raise Wrong(problem)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.digest(key, b"".join(parts), "sha256")


def hkdf(ikm, salt, info):
    """RFC 5869, one block of output."""
    return mac(mac(salt, ikm), info, b"\x01")


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "big")


def u8(value):
    return value.to_bytes(1, "big")


def u32(value):
    return value.to_bytes(4, "big")


def is_zero(data):
    return not any(data)


def unseal(key, sealed, aad):
    """nonce 24, ciphertext, tag 16; None if the tag is wrong."""
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], aad, sealed[:24], key)
    except CryptoError:
        return None


def canonical(value):
    """RFC 8785, for the values that the format allows."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def check_value(value):
    if isinstance(value, dict):
        demand(all(name.isascii() for name in value), "a key is not ASCII")
        for member in value.values():
            check_value(member)
    elif isinstance(value, list):
        for element in value:
            check_value(element)
    else:
        allowed = value is None or isinstance(value, str) or type(value) is int
        demand(allowed, f"{value!r} does not occur in canonical JSON")
        demand(not isinstance(value, int) or 0 <= value < 2**53, f"{value} is out of range")


def parse_canonical(data, what):
    """An object; any bytes but its own serialisation are refused."""
    try:
        value = json.loads(data.decode())
        check_value(value)
        same = canonical(value) == data
    except (ValueError, RecursionError, Wrong) as error:
        raise Wrong(f"{what}: no canonical JSON: {error}") from None
    demand(same, f"{what}: JSON that is not canonical")
    demand(isinstance(value, dict), f"{what}: no JSON object")
    return value


def b64(data):
    return base64.b64encode(data).decode()


def base32(data, characters):
    value = int.from_bytes(data, "big") >> (8 * len(data) - 5 * characters)
    return "".join(BASE32[value >> 5 * place & 31] for place in reversed(range(characters)))


def hex_of(text, size, what):
    demand(
        isinstance(text, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text),
        f"{what}: not {size} bytes of lower-case hex",
    )
    return bytes.fromhex(text)
