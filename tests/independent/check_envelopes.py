"""Bundles that are encrypted for the way, opened by other people's programs: age, 7-Zip.

check_envelopes.py DIARY. What is inside must be a sound bundle; nothing of it may be seen from outside.
"""

import json
import os
import pty
import sys
import tempfile
from pathlib import Path

from tap import check, finish, have, run, skip

diary = Path(sys.argv[1]).resolve()
WORDS = "Ол тағы да кіреберісте күтіп тұрды"
PASSPHRASE = "төрт сөз және тағы бірнеше"


class Vault:
    def __init__(self, folder):
        self.folder, self.path = folder, folder / "vault"
        self.secret = self.file("passphrase", "тулпар балауса window ертең")
        run(diary, "init", self.path, "--kdf", "floor", "--new-passphrase-file", self.secret)
        self.ask("add", self.path, "--text", "-", stdin=WORDS.encode())
        self.ask("attach", self.path, "#1", self.file("photo.txt", WORDS * 20_000))

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def ask(self, *words, stdin=b""):
        return run(diary, *words, "--passphrase-file", self.secret, stdin=stdin)

    def export(self, name, *options):
        """(status, what was printed, the file)."""
        out = self.folder / name
        words = ("export", self.path, "--out", out, "--originals", "all", "--json", "--quiet")
        return *self.ask(*words, *options), out


def hides(label, path):
    data = path.read_bytes()
    found = [
        text for text in ("evidence_", "bagit", WORDS, "incidents.json") if text.encode() in data
    ]
    check(f"{label}: nothing of the bundle is seen from outside", not found, found)


def is_sound(label, path):
    status, text = run(diary, "verify", path, "--json", "--quiet")
    check(
        f"{label}: inside is a sound bundle, as it was written",
        status == 0 and "as it was written" in text,
        text,
    )


def age_with_passphrase(path, out, passphrase):
    """age asks on its terminal alone."""
    process, terminal = pty.fork()
    if process == 0:
        os.execlp("age", "age", "-d", "-o", str(out), str(path))
    printed = b""
    try:
        while True:
            printed += (part := os.read(terminal, 1024))
            if b"passphrase:" in part:
                os.write(terminal, passphrase.encode() + b"\n")
    except OSError:
        pass
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), printed


def check_recipients(vault):
    keys = [vault.folder / f"key-{number}" for number in range(3)]
    recipients = []
    for key in keys:
        run("age-keygen", "-o", key)
        recipients.append(run("age-keygen", "-y", key)[1].strip())
    options = [word for recipient in recipients[:2] for word in ("--recipient", recipient)]
    status, text, out = vault.export("to-two.age", *options)
    check(
        "age: written to two recipients", status == 0 and "passphrase" not in json.loads(text), text
    )
    hides("age", out)
    for number, key in enumerate(keys[:2]):
        opened = vault.folder / f"opened-{number}.zip"
        status, text = run("age", "-d", "-i", key, "-o", opened, out)
        check(f"age: recipient {number} opens it", status == 0, text)
        is_sound(f"age, recipient {number}", opened)
    status, text = run("age", "-d", "-i", keys[2], "-o", vault.folder / "no", out)
    check("age: a third one does not", status != 0, text)
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 1
    (vault.folder / "changed.age").write_bytes(data)
    status, text = run(
        "age", "-d", "-i", keys[0], "-o", vault.folder / "no", vault.folder / "changed.age"
    )
    check("age: a changed byte is noticed", status != 0, text)
    return recipients[0]


def check_passphrase(vault):
    secret = vault.file("age-passphrase", PASSPHRASE + "\n")
    status, text, out = vault.export("word.age", "--age-passphrase-file", secret)
    check("age with a passphrase: written", status == 0, text)
    hides("age with a passphrase", out)
    opened = vault.folder / "word.zip"
    status, text = age_with_passphrase(out, opened, PASSPHRASE)
    check("age with a passphrase: age opens it", status == 0, text)
    is_sound("age with a passphrase", opened)
    status, text = age_with_passphrase(out, vault.folder / "wrong", PASSPHRASE + "x")
    check("age with a passphrase: not with another one", status != 0, text)


def check_zip(vault):
    status, text, out = vault.export("aes.zip", "--zip")
    passphrase = json.loads(text).get("passphrase", "") if status == 0 else ""
    check(
        "ZIP: written, with a passphrase of 16 letters",
        len(passphrase.replace("-", "")) == 16,
        text,
    )
    hides("ZIP", out)
    status, text = run("7z", "l", "-slt", out)
    fields = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    good = fields.get("Path") == "bundle.zip" and fields.get("Method", "").startswith("AES-256")
    check("ZIP: one entry, bundle.zip, AES-256", good, text)
    check("ZIP: AE-2, without a checksum of what is inside", "CRC = \n" in text, text)
    status, text = run("7z", "x", "-bd", f"-p{passphrase}", f"-o{vault.folder / 'unzipped'}", out)
    check("ZIP: 7-Zip opens it", status == 0 and "WARNING" not in text.upper(), text)
    is_sound("ZIP", vault.folder / "unzipped/bundle.zip")
    status, text = run("7z", "t", "-bd", f"-p{passphrase[:-1]}", out)
    check("ZIP: not with another passphrase", status != 0, text)
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 1
    (vault.folder / "changed.zip").write_bytes(data)
    status, text = run("7z", "t", "-bd", f"-p{passphrase}", vault.folder / "changed.zip")
    check("ZIP: a changed byte is noticed", status != 0, text)


def check_refusals(vault, recipient):
    empty = vault.file("empty", "\n")
    wrong = recipient[:-1] + ("q" if recipient[-1] != "q" else "p")
    for what, status, options in (
        ("a recipient with a typing error", 2, ("--recipient", wrong)),
        ("a key for signing", 2, ("--recipient", "ssh-ed25519 AAAA")),
        ("an empty passphrase", 1, ("--age-passphrase-file", empty)),
        ("two ways at once", 2, ("--recipient", recipient, "--zip")),
        ("in clear and encrypted", 2, ("--zip", "--plain")),
    ):
        before = sorted(vault.folder.iterdir())
        found, text, out = vault.export("refused", *options)
        lines = text.strip().splitlines()
        good = found == status and len(lines) == 1 and recipient not in text
        check(f"{what}: refused in one line, nothing written", good and not out.exists(), text)
        check(f"{what}: nothing is left", sorted(vault.folder.iterdir()) == before)
    out = vault.file("there", "mine")
    found, text, _ = vault.export("there", "--zip")
    check("an output that exists stays", found == 1 and out.read_text() == "mine", text)


def disk_shows_nothing(vault, recipient):
    """Every byte that the program writes while it exports, as strace sees it."""
    if not have("strace"):
        skip("strace", "not installed")
        return
    trace = vault.folder / "trace"
    words = (
        "strace",
        "-f",
        "-qq",
        "-xx",
        "-s",
        "99999999",
        "-e",
        "trace=write,pwrite64,writev",
        "-o",
        trace,
    )
    words += (
        diary,
        "export",
        vault.path,
        "--out",
        vault.folder / "traced.age",
        "--originals",
        "all",
    )
    status, text = run(
        *words, "--recipient", recipient, "--passphrase-file", vault.secret, "--json"
    )
    written = trace.read_text() if status == 0 else ""
    marks = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in (WORDS, "bagit.txt")]
    check(
        "nothing is written in clear meanwhile",
        written and not any(m in written for m in marks),
        text,
    )


def main():
    missing = [name for name in ("age", "7z") if not have(name)]
    if missing:
        skip(missing[0], "not installed")
        return
    with tempfile.TemporaryDirectory() as work:
        vault = Vault(Path(work))
        recipient = check_recipients(vault)
        check_passphrase(vault)
        check_zip(vault)
        check_refusals(vault, recipient)
        disk_shows_nothing(vault, recipient)


main()
finish()
