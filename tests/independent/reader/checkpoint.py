"""Checkpoint and fingerprint (11)."""

from nacl.signing import SigningKey

from .conventions import BASE32, b64, base32, sha


def checkpoint_of(head):
    public = bytes(SigningKey(head.seed).verify_key)
    return f"incident-diary.v1/{sha(public).hex()}\n{head.size}\n{b64(head.root)}\n"


def fingerprint_of(checkpoint):
    text = base32(sha(checkpoint.encode())[:15], 24)
    total = 0
    for place, letter in enumerate(reversed(text)):
        product = BASE32.index(letter) * (2 if place % 2 == 0 else 1)
        total += product // 32 + product % 32
    text += BASE32[-total % 32]
    return "-".join(text[at : at + 5] for at in range(0, 25, 5))
