"""The programs that a stranger would check a bundle with. Each gives (satisfied, what it printed)."""

import base64
import hashlib
import importlib.util
import json
import re
import sys
import zipfile

import bundle
from tap import have, run


def sha256sum(top):
    """GNU coreutils, both manifests."""
    printed = ""
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        status, text = run("sha256sum", "--check", "--strict", "--quiet", manifest, cwd=top)
        printed += text
        if status:
            return False, printed
    return True, printed


def tagmanifest_hash(top):
    """sha256sum of tagmanifest-sha256.txt is the one that the signed bundle.txt names."""
    status, text = run("sha256sum", "tagmanifest-sha256.txt", cwd=top)
    return status == 0 and text.split()[0] == bundle.listed_tagmanifest_hash(top), text


def bagit(top):
    """The Library of Congress's bagit.py."""
    status, text = run(sys.executable, "-m", "bagit", "--validate", top)
    return status == 0, text


def ssh_keygen_checkpoint(top):
    """OpenSSH, over checkpoint.txt."""
    return ssh_keygen(top, "checkpoint.txt", bundle.CHECKPOINT_NAMESPACE)


def ssh_keygen_bundle(top):
    """OpenSSH, over bundle.txt."""
    return ssh_keygen(top, "bundle.txt", bundle.BUNDLE_NAMESPACE)


def ssh_keygen(top, name, namespace):
    proof = top / "proof"
    principal = (proof / "allowed_signers").read_text().split()[0]
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", principal]
    command += ["-n", namespace, "-s", f"{name}.sig"]
    status, text = run(*command, cwd=proof, stdin=(proof / name).read_bytes())
    return status == 0, text


def openssl_checkpoint(top):
    """OpenSSL 3, over the raw signature of checkpoint.txt."""
    return openssl(top, "checkpoint.txt")


def openssl_bundle(top):
    """OpenSSL 3, over the raw signature of bundle.txt."""
    return openssl(top, "bundle.txt")


def openssl(top, name):
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "log-key.pub.pem", "-rawin"]
    command += ["-in", name, "-sigfile", f"{name}.rawsig"]
    status, text = run(*command, cwd=top / "proof")
    return status == 0, text


def key_of_origin(top):
    """The key's SHA-256, by OpenSSL, is the one in the checkpoint's first line, and ssh's key is the same."""
    command = ["openssl", "pkey", "-pubin", "-in", "log-key.pub.pem", "-noout", "-text_pub"]
    status, text = run(*command, cwd=top / "proof")
    key = (
        bytes.fromhex("".join(text.split("pub:")[-1].split()).replace(":", ""))
        if status == 0
        else b""
    )
    origin = bundle.checkpoint(top)[1]
    signer = base64.b64decode((top / "proof/allowed_signers").read_text().split()[-1])
    same = origin == f"incident-diary.v1/{hashlib.sha256(key).hexdigest()}"
    return same and signer.endswith(key), f"{origin} {key.hex()}"


def pymerkle_inclusion(top):
    """pymerkle, over every exported entry: leaves computed anew from incidents.json."""
    from pymerkle import verify_inclusion
    from pymerkle.core import _inclusion_path_layout
    from pymerkle.proof import InclusionProof, InvalidProof

    _, _, size, root = bundle.checkpoint(top)
    for entry in bundle.document(top)["entries"]:
        try:
            leaf = bundle.leaf_hash(entry)
            index, hashes, _ = bundle.tlog_proof(top, entry["number"])
            rule, _ = _inclusion_path_layout(index + 1, size)
            proof = InclusionProof("sha256", True, size, index + 1, rule, [leaf, *hashes])
            verify_inclusion(
                leaf, root, proof, index=entry["number"] + 1, size=size, algorithm="sha256"
            )
        except (InvalidProof, ValueError, KeyError, OSError) as error:
            return False, f"entry {entry['number']}: {error!r}"
    return True, ""


def json_schema(top, schema):
    """The Python package jsonschema, on incidents.json."""
    from jsonschema import Draft202012Validator

    errors = list(Draft202012Validator(schema).iter_errors(bundle.document(top)))
    return not errors, "\n".join(f"{error.json_path}: {error.message}"[:300] for error in errors)


def canonical_json(top):
    """Python's json: incidents.json is its own canonical serialisation and a line feed."""
    data = (top / "data/incidents.json").read_bytes()
    return data == bundle.canonical(json.loads(data)) + b"\n", "not canonical"


def python_verifier(top):
    """The verify.py that the bundle brings, run with nothing but the standard library."""
    status, text = run(sys.executable, "-I", "verify/verify.py", cwd=top)
    return status == 0, text


def unzip(zip_path):
    """Info-ZIP."""
    status, text = run("unzip", "-tqq", zip_path)
    return status == 0, text


def seven_zip(zip_path):
    """7-Zip. Its warnings (data after the end) count as complaints."""
    status, text = run("7z", "t", "-bd", zip_path)
    return status == 0 and "WARNING" not in text.upper(), text


def zipfile_test(zip_path):
    """Python's zipfile."""
    try:
        with zipfile.ZipFile(zip_path) as archive:
            bad = archive.testzip()
        return bad is None, f"bad: {bad}"
    except zipfile.BadZipFile as error:
        return False, error


# What exiftool may say of a copy without metadata: what its image is, and how to turn it.
IMAGE_TAGS = {
    "JFIF:JFIFVersion JFIF:ResolutionUnit JFIF:XResolution JFIF:YResolution IFD0:Orientation",
    "PNG:ImageWidth PNG:ImageHeight PNG:BitDepth PNG:ColorType PNG:Compression PNG:Filter",
    "PNG:Interlace PNG:Palette PNG:Transparency PNG:Gamma PNG:SRGBRendering",
    "RIFF:VP8Version RIFF:ImageWidth RIFF:ImageHeight RIFF:HorizontalScale RIFF:VerticalScale",
    "RIFF:AlphaIsUsed RIFF:WebP_Flags RIFF:AlphaFiltering RIFF:AlphaPreprocessing",
    "RIFF:AlphaCompression Adobe:DCTEncodeVersion Adobe:APP14Flags0 Adobe:APP14Flags1",
    "Adobe:ColorTransform",
}


# And of a recording: how it is coded, and when what is shown. `Unknown_` are boxes that it does not read.
PLAYED = {
    "AVCConfiguration AudioBitrate AudioBitsPerSample AudioChannels AudioFormat AudioLayer AudioSampleRate",
    "AvgBytesPerSec Balance BitDepth BitsPerSample ChannelMode ChunkOffset CompatibleBrands",
    "CompositionTimeToSample CompressorID CopyrightFlag CurrentTime Duration Emphasis Encoding GraphicsMode",
    "HandlerClass HandlerType ImageHeight ImageWidth IntensityStereo LayoutFlags MajorBrand MatrixStructure",
    "MediaData MediaDataOffset MediaDataSize MediaDuration MediaHeaderVersion MediaTimeScale MinorVersion",
    "MovieHeaderVersion MPEGAudioVersion MSStereo NextTrackID NominalBitrate NumChannels OpColor OpusVersion",
    "OriginalMedia OutputGain PixelAspectRatio PosterTime PreferredRate PreferredVolume PreviewDuration",
    "PreviewTime PurchaseFileFormat SampleRate SampleSizes SampleToChunk SelectionDuration SelectionTime",
    "SourceImageHeight SourceImageWidth SyncSampleTable TimeScale TimeToSampleTable TrackDuration",
    "TrackHeaderVersion TrackID TrackLayer TrackVolume Unknown_alac Unknown_av1C Unknown_d263 Unknown_dOps",
    "Unknown_edts Unknown_esds Unknown_hvcC Unknown_mp4a VBRFrames VBRBytes VideoFrameRate VorbisVersion",
    "XResolution YResolution",
}
# Fields that are there and say nothing.
EMPTY = {
    "CreateDate": "0000:00:00 00:00:00",
    "ModifyDate": "0000:00:00 00:00:00",
    "TrackCreateDate": "0000:00:00 00:00:00",
    "TrackModifyDate": "0000:00:00 00:00:00",
    "MediaCreateDate": "0000:00:00 00:00:00",
    "MediaModifyDate": "0000:00:00 00:00:00",
    "MediaLanguageCode": "und",
    "Vendor": "",
}
RECORDING = re.compile("QuickTime|Track[0-9]+|Opus|Vorbis|MPEG|RIFF")


def exiftool_finds_nothing(*paths):
    """exiftool, over copies: no tag but those of the image or recording, of the file system and of itself."""
    status, text = run("exiftool", "-q", "-G1", "-a", "-u", "-s", "-json", *paths)
    allowed = {tag for line in IMAGE_TAGS for tag in line.split()}
    played = {tag for line in PLAYED for tag in line.split()}

    def is_expected(tag, value, path):
        group, _, name = tag.partition(":")
        of_recording = RECORDING.fullmatch(group) and path.suffix != ".webp"
        return tag in allowed or of_recording and (name in played or EMPTY.get(name) == value)

    ours = ("SourceFile", "ExifTool:", "System:", "File:", "Composite:")
    said = json.loads(text) if status == 0 else [{"status": status}]
    found = {
        f"{path.name} {tag}": value
        for path, tags in zip(paths, said, strict=True)
        for tag, value in tags.items()
        if "Comment" in tag or not tag.startswith(ours) and not is_expected(tag, value, path)
    }
    return not found, str(found)


# The program or Python package behind each check that may be missing.
NEEDS = {
    sha256sum: "sha256sum",
    tagmanifest_hash: "sha256sum",
    bagit: "bagit",
    ssh_keygen_checkpoint: "ssh-keygen",
    ssh_keygen_bundle: "ssh-keygen",
    openssl_checkpoint: "openssl",
    openssl_bundle: "openssl",
    key_of_origin: "openssl",
    pymerkle_inclusion: "pymerkle",
    json_schema: "jsonschema",
    unzip: "unzip",
    seven_zip: "7z",
    exiftool_finds_nothing: "exiftool",
}


def missing():
    """Which of them are not here."""
    packages = ("bagit", "pymerkle", "jsonschema")
    return {
        need
        for need in NEEDS.values()
        if not (importlib.util.find_spec(need) if need in packages else have(need))
    }


def is_satisfied(tool, *what):
    """Whether the tool is content, and why not. One that breaks down on its input is not content."""
    try:
        return tool(*what)
    except Exception as error:
        return False, repr(error)
