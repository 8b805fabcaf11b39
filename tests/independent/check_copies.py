"""Copies without metadata of pictures and recordings, looked at by exiftool and played by ffmpeg.

check_copies.py DIARY. They are in pictures/ and recordings/ (made by make.sh there).
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path

import tools
from tap import check, finish, have, run, skip

diary = Path(sys.argv[1]).resolve()
HERE = Path(__file__).parent
PICTURES = sorted(path for path in (HERE / "pictures").iterdir() if path.suffix != ".sh")
RECORDINGS = sorted(path for path in (HERE / "recordings").iterdir() if path.suffix != ".sh")
# What each make.sh wrote into them, and the name of the program that it did it with.
SECRETS = [b"43.238", b"076.945", b"SN-0001", b"2026-11-20", b"Lavf", b"LAME"]
ONLY_HASHED = {"fragments.mp4"}


def export(folder):
    """(the vault's items by name, the bundle's files by path)."""
    vault, secret, out = folder / "vault", folder / "passphrase", folder / "copies.zip"
    secret.write_text("тулпар балауса window ертең")
    run(diary, "init", vault, "--kdf", "floor", "--new-passphrase-file", secret)
    run(diary, "add", vault, "--text", "-", "--passphrase-file", secret, stdin=b"words")
    files = (*PICTURES, *RECORDINGS)
    status, text = run(diary, "attach", vault, "#1", *files, "--passphrase-file", secret)
    check(f"{len(files)} pictures and recordings attached", status == 0, text)
    words = ("--passphrase-file", secret, "--plain", "--quiet", "--json")
    status, text = run(diary, "export", vault, "--out", out, *words)
    check("a bundle with copies is made", status == 0, text)
    status, text = run(diary, "verify", out, "--quiet", "--json")
    check("it is sound", status == 0, text)
    with zipfile.ZipFile(out) as archive:
        files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    entries = json.loads(files["data/incidents.json"])["entries"]
    items = {e["evidence"]["name"]: e for e in entries if e["kind"] == "evidence"}
    return items, files


def played(path, *how):
    """What ffmpeg finds in the tracks of video and sound."""
    tracks = ("-map", "0:v?", "-map", "0:a?")
    command = ("ffmpeg", "-nostdin", "-loglevel", "fatal", "-i", path, *tracks, *how, "-")
    status, text = run(*command)
    return status == 0 and text


def alike(path, copy, *how):
    """Whether ffmpeg finds the same in both, and what in the copy. It says nothing of what it only plays through."""
    one, other = played(path, *how), played(copy, *how)
    return one == other is not False and (one or how == ("-f", "null")), other


def check_copy(path, copy):
    name, original = path.name, path.read_bytes()
    data = copy.read_bytes()
    check(f"{name}: the original has what must go", any(s in original for s in SECRETS))
    found = [secret for secret in SECRETS if secret in data]
    check(f"{name}: the copy has none of it", not found, found)
    if have("exiftool"):
        good, detail = tools.exiftool_finds_nothing(copy)
        check(f"{name}: exiftool finds nothing in the copy but how it plays", good, detail)
        known = tools.exiftool_finds_nothing(path)[0]
        check(f"{name}: exiftool finds more in the original", not known)
    else:
        skip(f"{name}: exiftool", "not installed")
    if not have("ffmpeg"):
        skip(f"{name}: ffmpeg", "not installed")
    elif path in PICTURES:
        same_picture(path, copy)
    else:
        same_recording(path, copy)


def same_picture(path, copy):
    """The same pixels, whatever its colours are coded as, and the same way up."""
    pixels = ("-f", "framemd5")
    check(f"{path.name}: the same pixels", *alike(path, copy, *pixels))
    if have("exiftool"):
        turned = [
            run("exiftool", "-s3", "-n", "-Orientation", "-ColorTransform", which)
            for which in (path, copy)
        ]
        good = turned[0] == turned[1] and turned[0][1].startswith("6")
        check(f"{path.name}: turned as it was, its colours as they were", good, turned)


def same_recording(path, copy):
    name = path.name
    coded = ("-c", "copy", "-f", "streamhash", "-hash", "sha256")
    check(f"{name}: the same coded data", *alike(path, copy, *coded))
    # How much of MP3 is cut off at its start stood beside the name of the program.
    decoded = ("-f", "null") if name.endswith(".mp3") else ("-f", "framemd5")
    check(f"{name}: it plays the same, at the same times", *alike(path, copy, *decoded))


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        items, files = export(folder)
        for path in (*PICTURES, *RECORDINGS):
            item = items.get(path.name, {})
            if path.name in ONLY_HASHED:
                check(f"{path.name}: no copy is made", item and not {"copy", "file"} & set(item))
                continue
            check(f"{path.name}: there is a copy, and no original", "copy" in item, item)
            if "copy" in item:
                copy = folder / Path(item["copy"]["file"]).name
                copy.write_bytes(files[item["copy"]["file"]])
                check_copy(path, copy)
    finish()


main()
