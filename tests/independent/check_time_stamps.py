"""Time stamps of authorities made with OpenSSL: asked for, answered, kept, refused.

check_time_stamps.py DIARY. What a bundle carries of them is checked with the other bundles.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from authority import KEYS, Authority
from tap import check, finish, have, run, skip

diary = Path(sys.argv[1]).resolve()
PASSPHRASE = "тулпар балауса window ертең"


class Vault:
    def __init__(self, folder, name):
        self.folder, self.path = folder, folder / name
        self.secret = folder / "passphrase"
        self.secret.write_text(PASSPHRASE)
        run(diary, "init", self.path, "--kdf", "floor", "--new-passphrase-file", self.secret)

    def ask(self, *words, stdin=b""):
        return run(diary, *words, "--passphrase-file", self.secret, stdin=stdin)

    def add(self, text):
        self.ask("add", self.path, "--text", "-", stdin=text.encode())

    def request(self, name):
        out = self.folder / name
        status, text = self.ask("timestamp", "request", self.path, "--out", out)
        assert status == 0, text
        return out

    def accept(self, answer, *options):
        return self.ask("timestamp", "accept", self.path, answer, *options, "--json", "--quiet")

    def size(self):
        status, text = self.ask("check", self.path, "--json")
        return status, text


def accepted(vault, authority, kind, request):
    answer = authority.answer(request, vault.folder / f"{kind}.tsr")
    # OpenSSL itself first: what it calls wrong is no test of us.
    words = ("ts", "-verify", "-queryfile", request, "-in", answer, "-CAfile", authority.root)
    status, text = run("openssl", *words, "-untrusted", authority.chain)
    check(f"{kind}: openssl takes the answer", status == 0, text)
    status, text = vault.accept(answer)
    said = json.loads(text) if status == 0 else {}
    check(f"{kind}: it is kept", status == 0 and said.get("signer") == f"Clock {kind}", text)
    status, text = vault.accept(answer, "--chain", authority.chain)
    check(f"{kind}: its chain comes later", status == 0, text)
    status, text = vault.accept(answer)
    check(f"{kind}: the same one once", status == 1 and "in the log already" in text, text)
    return answer


def bare(vault, authority, request):
    """A token without the answer around it, as `-token_out` writes it."""
    answer = authority.answer(request, vault.folder / "whole.tsr")
    token = vault.folder / "bare.token"
    run("openssl", "ts", "-reply", "-in", answer, "-token_out", "-out", token)
    status, text = vault.accept(token)
    check("a bare token is kept", status == 0 and json.loads(text).get("time"), text)
    refused(vault, "its whole answer", answer, "in the log already")


def refused(vault, what, answer, words):
    status, text = vault.accept(answer)
    lines = text.strip().splitlines()
    check(f"{what}: refused, in one line", status == 1 and len(lines) == 1 and words in text, text)


def other_request(vault, name, request, at):
    """The same request with one bit of another byte."""
    data = bytearray(request.read_bytes())
    data[at] ^= 1
    path = vault.folder / name
    path.write_bytes(data)
    return path


def check_refusals(vault, authority, request, genuine):
    file = vault.folder / "file"
    nonce = authority.answer(other_request(vault, "n.tsq", request, 60), file.with_suffix(".n"))
    refused(vault, "another number", nonce, "does not carry the number")
    imprint = authority.answer(other_request(vault, "i.tsq", request, 30), file.with_suffix(".i"))
    refused(vault, "another hash", imprint, "not to a request of this diary")
    run("openssl", "ts", "-reply", "-in", genuine, "-token_out", "-out", file.with_suffix(".token"))
    refused(vault, "its bare token", file.with_suffix(".token"), "in the log already")
    run("openssl", "ts", "-query", "-data", genuine, "-sha512", "-cert", "-out", vault.folder / "5")
    answer = authority.answer(vault.folder / "5", file.with_suffix(".5"))
    refused(vault, "an authority that refuses", answer, "the authority refused (status 2)")
    digest = hashlib.sha256(b"x").hexdigest()
    words = ("-sha256", "-digest", digest, "-no_nonce")
    run("openssl", "ts", "-query", *words, "-out", vault.folder / "w")
    answer = authority.answer(vault.folder / "w", file.with_suffix(".w"))
    refused(vault, "no certificate in it", answer, "lacks the signer's certificate")
    for what, data, words in (
        ("garbage", b"<html>502</html>", "not an answer"),
        ("nothing", b"", "not an answer"),
        ("over 64 kB", bytes(64_001), "larger than any answer"),
        ("cut short", genuine.read_bytes()[:-1], "not an answer"),
        ("something after it", genuine.read_bytes() + b"\n", "not an answer"),
    ):
        file.write_bytes(data)
        refused(vault, what, file, words)
    changed = bytearray(genuine.read_bytes())
    changed[-3] ^= 1
    file.write_bytes(changed)
    refused(vault, "its signature changed", file, "signature of the answer is wrong")
    status, text = vault.ask("timestamp", "accept", vault.path, vault.folder / "none")
    check("no such file: said, status 2", status == 2 and "no such file" in text, text)
    status, text = vault.ask("timestamp", "request", vault.path, "--out", request)
    check("a request never replaces a file", status == 1 and "exists" in text, text)
    chain = vault.folder / "chain"
    chain.write_text((authority.folder / "signer.key").read_text())
    status, text = vault.accept(genuine, "--chain", chain)
    check("a key is no chain", status == 1 and "no PEM file of certificates" in text, text)


def main():
    if not have("openssl"):
        skip("openssl", "not installed")
        return
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        vault = Vault(folder, "vault")
        vault.add("бірінші")
        request = vault.request("one.tsq")
        check("a request has 69 bytes", len(request.read_bytes()) == 69)
        _, text = run("openssl", "ts", "-query", "-in", request, "-text")
        good = "Hash Algorithm: sha256" in text and "Certificate required: yes" in text
        check("openssl reads the request", good and "Nonce: 0x" in text, text)
        again = vault.request("again.tsq")
        check("asked again it is the same", again.read_bytes() == request.read_bytes())
        vault.add("екінші")
        for kind in KEYS:
            authority = Authority(folder / kind, kind)
            genuine = accepted(vault, authority, kind, request)
        bare(vault, authority, request)
        check_refusals(vault, authority, request, genuine)
        status, text = vault.size()
        check("nothing that was refused is in the log", status == 0, text)
        other = Vault(folder, "other")
        other.add("басқа")
        refused(other, "an answer for another diary", genuine, "not to a request of this diary")


main()
finish()
