"""Shows that every kind of tampering is noticed: by `diary verify`, by the page verify.html in a browser, and by
the standard tool that should.

check_tampering.py DIARY FOLDER: on FOLDER/papers.zip, everything but the pictures, and FOLDER/full.zip, as
make_bundles.py left them.
"""

# ruff: noqa: F405

import json
import shutil
import sys
import tempfile
from pathlib import Path

import bundle
import page
import tools
from changes import *  # noqa: F403
from tap import check, finish, run, skip

diary, folder = (Path(word).resolve() for word in sys.argv[1:3])
missing = tools.missing()

SUMS, BAGIT, TAGS = tools.sha256sum, tools.bagit, tools.tagmanifest_hash
ORIGIN, MERKLE, CANONICAL = tools.key_of_origin, tools.pymerkle_inclusion, tools.canonical_json
SSH, SSH_BUNDLE = tools.ssh_keygen_checkpoint, tools.ssh_keygen_bundle
SSL, SSL_BUNDLE = tools.openssl_checkpoint, tools.openssl_bundle
DATA, REPORT, PAPER, CSV, BUNDLE = (
    "data/incidents.json",
    "data/report.html",
    "data/report.pdf",
    "data/incidents.csv",
    "proof/bundle.txt",
)

dot_in_report = edit(REPORT, b"</h1>", b".</h1>")


def keyed(change=lambda value: None, files=lambda top, value: None):
    """Whoever knows the passphrase has the key of the log: all that only a signature binds can be made to fit.

    Without the time stamps, which are about the log of the key that there was.
    """

    def apply(top):
        value = bundle.document(top)
        del value["stamps"]
        shutil.rmtree(top / "proof/time")
        change(value)
        files(top, value)
        bundle.write_document(top, value)

    return resigned(apply, rename_origin=True)


false_verifier = put("verify/verify.py", b"print('sound')\n")
false_page = put("verify/verify.html", b"<!DOCTYPE html><title>sound</title>\n")

# fmt: off
# What is done, and the standard tool that must notice it; None where a stranger has none that could.
FILES = [
    ("evidence: one bit flipped", flip_evidence, SUMS),
    ("evidence: two files exchanged", exchange_evidence, SUMS),
    ("evidence: two files exchanged, manifests made to fit", fitted(exchange_evidence), TAGS),
    ("evidence: a file removed", remove_first("data/evidence/*"), BAGIT),
    ("incidents.json: a word changed", document(soften), SUMS),
    ("incidents.json: a word changed, manifests made to fit", fitted(document(soften)), TAGS),
    ("incidents.json: a word changed, bundle.txt made to fit", to_the_end(document(soften)), SSH_BUNDLE),
    ("incidents.json: a word changed, all signed by another key", resigned(document(soften)), MERKLE),
    ("incidents.json: a salt changed", fitted(document(other_salt)), MERKLE),
    ("incidents.json: a commitment changed", fitted(document(other_commitment)), MERKLE),
    ("incidents.json: a commitment dropped", fitted(document(drop_commitment)), MERKLE),
    ("incidents.json: the time of recording changed", fitted(document(other_time)), MERKLE),
    ("incidents.json: an amendment moved to another incident", fitted(document(other_about)), MERKLE),
    ("incidents.json: the hash of an exhibit changed", fitted(document(other_hash)), MERKLE),
    ("incidents.json: an amendment dropped", fitted(document(drop_amendment)), TAGS),
    ("incidents.json: the withdrawal dropped", fitted(document(drop_withdrawal)), TAGS),
    ("incidents.json: an exhibit dropped, with file and proof", fitted(drop_exhibit), TAGS),
    ("incidents.json: an incident dropped", fitted(document(drop_incident)), TAGS),
    ("incidents.json: a count changed", fitted(document(other_count)), TAGS),
    ("incidents.json: a count changed, bundle.txt made to fit", to_the_end(document(other_count)), SSH_BUNDLE),
    ("incidents.json: an exhibit dropped, bundle.txt made to fit", to_the_end(drop_exhibit), SSH_BUNDLE),
    ("incidents.json: the narrative hidden", fitted(document(hide_narrative)), TAGS),
    ("incidents.json: a key twice", fitted(edit(DATA, b'{"counts"', b'{"counts":{},"counts"')), CANONICAL),
    ("incidents.json: a space put in", fitted(edit(DATA, b'{"counts":', b'{"counts": ')), CANONICAL),
    ("by whoever has the key: another time of recording, the true one in the incident", keyed(hidden_in("incident", "recorded", an_hour_earlier)), None),
    ("by whoever has the key: the same in a change", keyed(hidden_in("changes", "recorded", an_hour_earlier)), None),
    ("by whoever has the key: the same in a file added", keyed(hidden_in("evidence", "recorded", an_hour_earlier)), None),
    ("by whoever has the key: another reason, the true one in the change", keyed(hidden_in("changes", "reason", str.upper)), None),
    ("by whoever has the key: another person, the true one beside the list", keyed(another_name), None),
    ("by whoever has the key: other behaviour, the true one beside the list", keyed(another_behaviour), None),
    ("by whoever has the key: other words for the time, the true ones beside it", keyed(other_words), None),
    ("by whoever has the key: a list taken apart", keyed(list_taken_apart), None),
    ("by whoever has the key: a change with nothing in it", keyed(nothing_in_it), None),
    ("by whoever has the key: two times of export", keyed(two_moments), None),
    ("by whoever has the key: a period from a day that there is not", keyed(no_such_day), None),
    ("by whoever has the key: a clock that says it is exact", keyed(exact_clock), None),
    ("by whoever has the key: a period from an hour that there is not", keyed(no_such_hour), None),
    ("by whoever has the key: for nobody", keyed(for_nobody), None),
    ("by whoever has the key: an exhibit that a double click would run", keyed(files=to_be_run), None),
    ("by whoever has the key: a picture that no report shows", keyed(files=not_shown), None),
    ("by whoever has the key: no report on paper", keyed(files=lambda top, _: (top / PAPER).unlink()), None),
    ("allowed_signers: more than the key", fitted(edit("proof/allowed_signers", b'namespaces="', b'namespaces="x,')), None),
    ("key: another first line", fitted(edit("proof/log-key.pub.pem", b"-----BEGIN", b"----BEGIN")), None),
    ("a volume of the report that no other goes with", fitted(put("data/report-07.pdf")), None),
    ("report.html: that of another bundle", report_of(folder / "period.zip"), SUMS),
    ("report.html: changed, manifests made to fit", fitted(dot_in_report), TAGS),
    ("report.html: changed, bundle.txt made to fit", to_the_end(dot_in_report), SSL_BUNDLE),
    ("report.html: changed, all signed by another key", resigned(dot_in_report), ORIGIN),
    ("report.pdf: one bit flipped", flip(PAPER), SUMS),
    ("report.pdf: removed", remove(PAPER), BAGIT),
    ("report.pdf: that of another bundle", report_of(folder / "period.zip", PAPER), SUMS),
    ("report.pdf: changed, manifests made to fit", fitted(flip(PAPER)), TAGS),
    ("report.pdf: changed, bundle.txt made to fit", to_the_end(flip(PAPER)), SSL_BUNDLE),
    ("report.pdf: changed, all signed by another key", resigned(flip(PAPER)), ORIGIN),
    ("incidents.csv: one bit flipped", flip(CSV), SUMS),
    ("incidents.csv: removed", remove(CSV), BAGIT),
    ("start.html: changed", edit("start.html", b"</body>", b"<p>.</p></body>"), SUMS),
    ("verify.py: one that is always content", false_verifier, SUMS),
    ("verify.py: the same, manifests made to fit", fitted(false_verifier), TAGS),
    ("verify.html: another page", false_page, SUMS),
    ("verify.html: another page, manifests made to fit", fitted(false_page), TAGS),
    ("verify.html: removed", remove("verify/verify.html"), SUMS),
    ("manifest: a line dropped", drop_manifest_line, BAGIT),
    ("manifest: line ends of Windows", windows_lines, SUMS),
    ("manifest: removed", remove("manifest-sha256.txt"), BAGIT),
    ("tagmanifest: removed", remove("tagmanifest-sha256.txt"), SUMS),
    ("bag-info.txt: Payload-Oxum changed", edit("bag-info.txt", b"Oxum: ", b"Oxum: 1"), BAGIT),
    ("a file added in data/", put("data/added.txt"), BAGIT),
    ("a file added in data/evidence/", put("data/evidence/a-99.jpg"), BAGIT),
    ("a file added beside data/", put("added.txt"), None),
    ("a file added in proof/", put("proof/added.txt"), None),
    ("a file added beside data/, manifests made to fit", fitted(put("added.txt")), TAGS),
    ("a file added in proof/, bundle.txt made to fit", to_the_end(put("proof/added.txt")), SSL_BUNDLE),
    ("bundle.txt: a number changed", edit(BUNDLE, b"\nincidents ", b"\nincidents 1"), SSH_BUNDLE),
    ("bundle.txt: removed", remove(BUNDLE), SSH_BUNDLE),
    ("bundle.txt: its signatures removed", remove_signatures, SSL_BUNDLE),
    ("checkpoint: the root changed", other_root, SSH),
    ("checkpoint: the size changed", other_size, SSL),
    ("checkpoint: the size changed, manifests made to fit", fitted(other_size), SSH),
    ("checkpoint.note: changed", fitted(flip("proof/checkpoint.note", 30)), TAGS),
    ("signatures: a bit of the raw one flipped", fitted(flip("proof/checkpoint.txt.rawsig", 5)), SSL),
    ("signatures: checkpoint's and bundle's exchanged", fitted(exchange_signatures), SSH),
    ("key: replaced", fitted(replace_key), SSL),
    ("key: replaced, everything signed anew", resigned(), ORIGIN),
    ("proof: a hash changed", fitted(other_proof_hash), MERKLE),
    ("proof: the index changed", fitted(other_proof_index), MERKLE),
    ("proof: one removed", fitted(remove_first("proof/*.tlog-proof")), MERKLE),
    ("consistency: a hash changed", fitted(other_consistency), TAGS),
    ("time stamp: one bit flipped", flip_token, SUMS),
    ("time stamp: removed", remove_first("proof/time/*.tsr"), SUMS),
    ("time stamp: two tokens exchanged", fitted(exchange_tokens), TAGS),
    ("time stamp: an earlier time said", to_the_end(document(earlier_token)), SSH_BUNDLE),
    ("time stamp: a nobler signer said", fitted(document(nobler_signer)), TAGS),
    ("time stamp: not said any more", fitted(document(drop_tokens)), TAGS),
    ("consistency: removed", remove_first("proof/consistency-*.txt"), SUMS),
]
# These on all of it.
PICTURES = [("evidence: a bit of a picture flipped", flip("data/evidence/a-04.png"), SUMS)]
ZIPS = [
    ("ZIP: cut in half", cut, tools.unzip),
    ("ZIP: a bit of an exhibit flipped", stored_byte("a-01.txt"), tools.seven_zip),
    ("ZIP: bytes after the end", around(after=b"tail"), tools.seven_zip),
    ("ZIP: bytes before the start", around(before=b"head"), tools.seven_zip),
    ("ZIP: a comment", commented, None),
    ("ZIP: a name twice", with_entry("TOP/data/report.html"), None),
    ("ZIP: a path that climbs out", with_entry("../evil.txt"), None),
    ("ZIP: an absolute path", with_entry("/evil.txt"), None),
    ("ZIP: a symbolic link", with_entry("TOP/data/link", 0o120777, b"/etc/passwd"), None),
    ("ZIP: a second top folder", with_entry("second/file.txt"), None),
    ("ZIP: another name in the local header", other_local_name, tools.zipfile_test),
    ("ZIP: another checksum in the local header", other_crc, None),
]
# fmt: on
# To a reader this may be no bundle at all: status 2 will do.
UNREADABLE = {"ZIP: cut in half"}

opened = page.Page() if page.find() else None


def refused(label, what, *options):
    """`diary verify` must say "not sound" and name a finding; and so must the page."""
    if opened:
        colour, text = opened.check(what, options[-1] if options else "")
        check(f"{label}: the page refuses", colour == "red" and opened.named(), f"{colour}: {text}")
    status, text = run(diary, "verify", what, "--json", "--quiet", *options)
    if label in UNREADABLE and status == 2:
        check(f"{label}: diary verify refuses", text.startswith("diary: "), text)
        return
    try:
        said = json.loads(text)
        found = sorted({f["check"] for f in said["findings"] if f["level"] == "failure"})
        good = status == 1 and said["sound"] is False and bool(found)
    except (ValueError, KeyError, TypeError):
        good, found = False, []
    names = ", ".join(found) or "no finding"
    check(f"{label}: diary verify refuses ({names})", good, f"status {status}: {text}")


def is_for_python(label):
    """verify.py checks no signature and renders no report, as it says itself; the rest it must notice too."""
    only_signed = label.startswith("report.") and label.endswith("bundle.txt made to fit")
    return not only_signed and not label.startswith("verify.py")


def noticed(label, tool, what):
    """The standard tool must complain."""
    if tool and tools.NEEDS.get(tool) not in missing:
        satisfied, _ = tools.is_satisfied(tool, what)
        check(f"{label}: {tool.__name__} notices", not satisfied)


def try_files(pristine, work, changes):
    for place, (label, change, tool) in enumerate(changes):
        top = work / "changed" / pristine.name
        shutil.copytree(pristine, top)
        packed = work / "changed.zip"
        try:
            change(top)
            bundle.pack(top, packed)
        except Exception as error:
            check(f"{label}: could be done", False, repr(error))
        else:
            refused(label, packed)
            if place % 8 == 0:
                refused(f"{label}, unpacked", top)
            noticed(label, tool, top)
            if is_for_python(label):
                noticed(label, tools.python_verifier, top)
            packed.unlink()
        shutil.rmtree(top.parent)


def try_zips(papers, work):
    for label, change, tool in ZIPS:
        path = work / "changed.zip"
        shutil.copy(papers, path)
        change(path)
        refused(label, path)
        noticed(label, tool, path)


def try_a_planted_module(pristine, work):
    """Python looks for its own library beside the script first."""
    top = work / "planted" / pristine.name
    shutil.copytree(pristine, top)
    (top / "verify/base64.py").write_text("import os\nos._exit(0)\n")
    status, text = run(sys.executable, "verify/verify.py", cwd=top)
    check("a file beside verify.py that Python could take for its own is named", status == 1, text)


def try_an_empty_folder(pristine, work):
    """No ZIP file of ours holds one, and a browser gives none."""
    top = work / "empty" / pristine.name
    shutil.copytree(pristine, top)
    (top / "data/empty").mkdir()
    status, text = run(diary, "verify", top, "--quiet")
    check("a folder with nothing in it: diary verify refuses", status == 1, text)
    noticed("a folder with nothing in it", tools.python_verifier, top)


def try_another_log(pristine, work):
    """A whole bundle of another key, sound in itself: only a code that was given out tells it."""
    code = (folder / "papers.code").read_text().strip()
    refused("another diary's bundle, against her code", folder / "other.zip", "--fingerprint", code)
    top, forged = work / "forged" / pristine.name, work / "forged.zip"
    shutil.copytree(pristine, top)
    resigned(rename_origin=True)(top)
    bundle.pack(top, forged)
    refused("all signed by another key, against her code", forged, "--fingerprint", code)
    for tool in (
        tools.sha256sum,
        tools.bagit,
        tools.ssh_keygen_bundle,
        tools.openssl_bundle,
        ORIGIN,
        MERKLE,
    ):
        if tools.NEEDS[tool] not in missing:
            # The control: but for the code nothing is wrong with it, so the forgery was a good one.
            check(
                f"all signed by another key: {tool.__name__} is content",
                *tools.is_satisfied(tool, top),
            )


def main():
    if not opened:
        skip("browser", "no Chromium: verify.html is not tried on any of these")
    papers = folder / "papers.zip"
    for need in ("ssh-keygen", "openssl"):
        if need in missing:
            skip(need, "not installed")
            return
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        pristine = bundle.unpack(papers, work / "pristine")
        control = work / "control.zip"
        bundle.pack(pristine, control)
        check(
            "control: packed again unchanged, the same bytes",
            control.read_bytes() == papers.read_bytes(),
        )
        status, text = run(diary, "verify", control, "--json", "--quiet")
        check("control: packed again unchanged, sound", status == 0, text)
        if opened:
            colour, text = opened.check(control, (folder / "papers.code").read_text())
            # Amber, because the signatures of its time stamps are for openssl; nothing else is open.
            good = colour == "amber" and set(opened.reasons()) == {"no_code", "token"}
            check("control: packed again unchanged, the page finds nothing", good, text)
        try_files(pristine, work, FILES)
        try_files(bundle.unpack(folder / "full.zip", work / "full"), work, PICTURES)
        try_zips(papers, work)
        try_a_planted_module(pristine, work)
        try_an_empty_folder(pristine, work)
        control = work / "keyed" / pristine.name
        shutil.copytree(pristine, control)
        keyed()(control)
        check(
            "control: signed anew by whoever has the key, verify.py is content",
            *tools.is_satisfied(tools.python_verifier, control),
        )
        if opened:
            colour, text = opened.check(control)
            good = colour == "amber" and opened.reasons() == ["no_code"]
            check("control: signed anew by whoever has the key, the page too", good, text)
        try_another_log(pristine, work)


try:
    main()
except (OSError, page.browser.BrowserError) as error:
    check("the bundles could be read", False, repr(error))
finally:
    if opened:
        opened.__exit__()
finish()
