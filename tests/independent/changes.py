"""The kinds of tampering that check_tampering.py tries, one function each."""

import base64
import tempfile
import warnings
import zipfile
from pathlib import Path

import bundle
import forge

# Changes to files: each takes the folder of the unpacked bundle.


def edit(name, old, new):
    """Replaces bytes in a file; a change that changes nothing is a mistake of this script."""

    def change(top):
        path = top / name
        data = path.read_bytes()
        assert old in data, f"{name} holds no {old!r}"
        path.write_bytes(data.replace(old, new, 1))

    return change


def flip(name, place=-40):
    """Flips one bit; a negative place counts from the end."""

    def change(top):
        path = top / name
        data = bytearray(path.read_bytes())
        data[place % len(data)] ^= 1
        path.write_bytes(data)

    return change


def evidence_file(top, number=1):
    (path,) = (top / "data/evidence").glob(f"a-{number:02}.*")
    return path


def flip_evidence(top):
    flip(evidence_file(top).relative_to(top), 20)(top)


def exchange_evidence(top):
    one, two = evidence_file(top, 1), evidence_file(top, 2)
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)


def document(change):
    """A change to the parsed incidents.json, written canonically again."""

    def apply(top):
        value = bundle.document(top)
        before = bundle.canonical(value)
        change(value)
        assert bundle.canonical(value) != before, "nothing changed"
        bundle.write_document(top, value)

    return apply


def entries_of(value, kind):
    return [entry for entry in value["entries"] if entry["kind"] == kind]


def soften(value):
    entry = entries_of(value, "incident")[0]
    entry["incident"]["narrative"] += " "


def other_salt(value):
    salts = entries_of(value, "incident")[0]["salts"]
    salts["narrative"] = base64.b64encode(bytes(32)).decode()


def other_commitment(value):
    entries_of(value, "incident")[0]["withheld"]["private"] = base64.b64encode(bytes(32)).decode()


def drop_commitment(value):
    del entries_of(value, "incident")[0]["withheld"]["private"]


def other_time(value):
    recorded = entries_of(value, "incident")[0]["recorded"]
    recorded["at"] = recorded["at"].replace("20", "19", 1)


def other_about(value):
    entries_of(value, "amendment")[0]["about"] += 1


def other_hash(value):
    entries_of(value, "evidence")[0]["evidence"]["sha256"] = "0" * 64


def drop_amendment(value):
    value["entries"].remove(entries_of(value, "amendment")[0])


def drop_withdrawal(value):
    value["entries"].remove(entries_of(value, "withdrawal")[0])


def drop_exhibit(top):
    """An evidence entry with its file and its proof, as if it had never been exported."""
    value = bundle.document(top)
    entry = entries_of(value, "evidence")[-1]
    value["entries"].remove(entry)
    bundle.write_document(top, value)
    (top / entry["file"]).unlink()
    (top / f"proof/entry-{entry['number']:06}.tlog-proof").unlink()


def drop_incident(value):
    number = entries_of(value, "incident")[0]["number"]
    value["entries"] = [e for e in value["entries"] if number not in (e["number"], e.get("about"))]


def other_count(value):
    value["counts"]["left_out"] += 1


def hide_narrative(value):
    """Calls a shown field withheld, with a commitment that is right: only the data's form tells."""
    entry = entries_of(value, "incident")[0]
    salt = base64.b64decode(entry["salts"].pop("narrative"))
    narrative = entry["incident"].pop("narrative")
    entry["withheld"]["narrative"] = base64.b64encode(
        bundle.commitment("narrative", salt, narrative)
    ).decode()


# Another thing shown than what the log commits to, which stands where no reader looks: all of it fits the tree.


def hidden_in(whole, name, other):
    """The true value under its name in `whole`, another one where it is shown."""

    def change(value):
        entry = next(e for e in value["entries"] if whole in e and name in e)
        entry[whole][name] = entry[name]
        entry[name] = other(entry[name])

    return change


def an_hour_earlier(recorded):
    return {**recorded, "at": "2026-01-01T22:30:14+05:00", "utc": "2026-01-01T17:30:14Z"}


def first_with(value, name):
    return next(e["incident"] for e in value["entries"] if name in e.get("incident", {}))


def another_name(value):
    """The true person beside the list, as the log names its element."""
    incident = first_with(value, "people")
    shown = incident["people"][0]
    incident["people[0]"] = {key: shown[key] for key in shown if key != "contact"}
    shown["name"] = "Somebody Else"


def another_behaviour(value):
    incident = first_with(value, "behaviours")
    incident["behaviours[0]"] = incident["behaviours"][0]
    incident["behaviours"][0] = "violence"


def other_words(value):
    incident = next(
        e["incident"]
        for e in value["entries"]
        if "words" in e.get("incident", {}).get("occurred", {})
    )
    incident["occurred.words"] = incident["occurred"]["words"]
    incident["occurred"]["words"] = "never"


def list_taken_apart(value):
    incident = first_with(value, "behaviours")
    for number, element in enumerate(incident.pop("behaviours")):
        incident[f"behaviours[{number}]"] = element


def nothing_in_it(value):
    """All that an amendment changes is withheld, rightly; and then an empty part stands there."""
    whole = (e for e in entries_of(value, "amendment") if e["changes"].keys() <= e["salts"].keys())
    entry = next(whole)
    for name, shown in entry["changes"].items():
        salt = base64.b64decode(entry["salts"].pop(name))
        entry["withheld"][name] = base64.b64encode(bundle.commitment(name, salt, shown)).decode()
    entry["changes"] = {}


def two_moments(value):
    value["exported"]["at"]["utc"] = "2020-01-01T00:00:00Z"


def no_such_day(value):
    value["selection"]["from"] = "2026-13-45"


def exact_clock(value):
    value["exported"]["at"]["clock"] = "exact"


def no_such_hour(value):
    value["selection"]["from"] = "2026-01-01T99:99Z"


def for_nobody(value):
    value["exported"]["for"] = None


def renamed(kind, extension):
    """An original under another extension, whose name no entry of the log holds."""

    def change(top, value):
        whole = (e for e in entries_of(value, "evidence") if "file" in e)
        entry = next(e for e in whole if e["evidence"]["media_type"] == kind)
        old = entry["file"]
        entry["file"] = f"{old.rpartition('.')[0]}.{extension}"
        (top / old).rename(top / entry["file"])

    return change


to_be_run = renamed("text/plain", "exe")
not_shown = renamed("image/png", "bin")


def put(name, text=b"extra\n"):
    def change(top):
        (top / name).write_bytes(text)

    return change


def remove(name):
    def change(top):
        (top / name).unlink()

    return change


def remove_signatures(top):
    for end in ("sig", "rawsig"):
        (top / f"proof/bundle.txt.{end}").unlink()


def remove_first(pattern):
    def change(top):
        min(top.glob(pattern)).unlink()

    return change


def drop_manifest_line(top):
    lines = (top / "manifest-sha256.txt").read_text().splitlines(keepends=True)
    (top / "manifest-sha256.txt").write_text("".join(lines[1:]))


def windows_lines(top):
    path = top / "manifest-sha256.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def other_proof_hash(top):
    path = max((top / "proof").glob("*.tlog-proof"))
    lines = path.read_text().splitlines(keepends=True)
    lines[2] = base64.b64encode(bytes(32)).decode() + "\n"
    path.write_text("".join(lines))


def other_proof_index(top):
    path = max((top / "proof").glob("*.tlog-proof"))
    lines = path.read_text().splitlines(keepends=True)
    lines[1] = f"index {int(lines[1].split()[1]) - 1}\n"
    path.write_text("".join(lines))


def other_consistency(top):
    path = min((top / "proof").glob("consistency-*.txt"))
    lines = path.read_text().splitlines(keepends=True)
    lines[-1] = base64.b64encode(bytes(32)).decode() + "\n"
    path.write_text("".join(lines))


def flip_token(top):
    flip(min(top.glob("proof/time/*.tsr")).relative_to(top), 300)(top)


def exchange_tokens(top):
    one, two = sorted(top.glob("proof/time/*.tsr"))[:2]
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)


def earlier_token(value):
    value["stamps"][0]["time"] = "2020-01-01T00:00:00Z"


def nobler_signer(value):
    value["stamps"][0]["signer"] = "Supreme Court"


def drop_tokens(value):
    del value["stamps"]


def other_root(top):
    path = top / "proof/checkpoint.txt"
    origin, size, _, _ = path.read_text().split("\n")
    path.write_text(f"{origin}\n{size}\n{base64.b64encode(bytes(32)).decode()}\n")


def other_size(top):
    path = top / "proof/checkpoint.txt"
    origin, size, root, _ = path.read_text().split("\n")
    path.write_text(f"{origin}\n{int(size) + 1}\n{root}\n")


def report_of(other, path="data/report.html"):
    """Puts the report of another bundle in place of this one's."""

    def change(top):
        with zipfile.ZipFile(other) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(path)]
            (top / path).write_bytes(archive.read(name))

    return change


def exchange_signatures(top):
    one, two = top / "proof/checkpoint.txt.sig", top / "proof/bundle.txt.sig"
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)


def replace_key(top):
    """The key alone."""
    with tempfile.TemporaryDirectory() as work:
        public = forge.new_key(Path(work))[2]
    (top / "proof/log-key.pub.pem").write_text(
        forge.pem("PUBLIC KEY", bundle.SPKI_ED25519 + public)
    )


def resigned(change=lambda top: None, rename_origin=False):
    """A change, then everything signed anew with the forger's own key.

    With `rename_origin` the log names that key: what whoever knows the passphrase can do.
    """

    def apply(top):
        change(top)
        with tempfile.TemporaryDirectory() as work:
            forge.sign_anew(top, Path(work), rename_origin)

    return apply


def fitted(change):
    """A change, then both manifests made to fit: sha256sum and bagit.py are content."""

    def apply(top):
        change(top)
        bundle.fit_manifests(top)

    return apply


def to_the_end(change):
    """The same, and bundle.txt too: only its signature is in the way."""

    def apply(top):
        fitted(change)(top)
        bundle.fit_bundle_txt(top)

    return apply


# Changes to the ZIP: each takes its path.


def with_entry(name, mode=0o100644, data=b"x"):
    """One more entry of that name; TOP stands for the top folder."""

    def change(path):
        with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a name that stands twice: that is the point
            top = archive.namelist()[0].split("/")[0]
            info = zipfile.ZipInfo(name.replace("TOP", top))
            info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, data)

    return change


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def around(before=b"", after=b""):
    """Bytes before the first entry or after the end."""

    def change(path):
        path.write_bytes(before + path.read_bytes() + after)

    return change


def stored_byte(ending):
    """One bit flipped in the middle of the first stored file of that ending."""

    def change(path):
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if name.endswith(ending))
            data = archive.read(name)
        whole = bytearray(path.read_bytes())
        whole[whole.index(data) + len(data) // 2] ^= 1
        path.write_bytes(whole)

    return change


def other_local_name(path):
    """The name in the local header differs from the one in the directory."""
    data = path.read_bytes()
    place = data.index(b"data/report.html")
    path.write_bytes(data[:place] + b"data/report.htmx" + data[place + 16 :])


def other_crc(path):
    with zipfile.ZipFile(path) as archive:
        offset = archive.infolist()[0].header_offset
    data = bytearray(path.read_bytes())
    data[offset + 14] ^= 1
    path.write_bytes(data)


def commented(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"nothing to see"
