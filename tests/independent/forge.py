"""Signs a changed bundle anew with a key of one's own: what somebody without the diary's key can do."""

import base64
import subprocess

import bundle

PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


def new_key(folder):
    """An Ed25519 key made by ssh-keygen: (its file, the 32-byte seed, the 32-byte public key)."""
    path = folder / "forger"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    public = base64.b64decode(path.with_suffix(".pub").read_text().split()[1])[-32:]
    lines = path.read_text().strip().splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))
    # openssh-key-v1: the private part ends with seed, public key, comment and padding.
    place = blob.rindex(public)
    return path, blob[place - 32 : place], public


def pem(label, der):
    return f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----\n"


def sign(folder, key, name, namespace):
    """Both signatures of NAME in the bundle's proof folder."""
    path, seed, _ = key
    secret = path.with_suffix(".pem")
    secret.write_text(pem("PRIVATE KEY", PKCS8_ED25519 + seed))
    command = ["openssl", "pkeyutl", "-sign", "-inkey", secret, "-rawin"]
    raw = subprocess.run([*command, "-in", folder / name], check=True, capture_output=True).stdout
    (folder / f"{name}.rawsig").write_bytes(raw)
    (folder / f"{name}.sig").unlink(missing_ok=True)
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", path, "-n", namespace, folder / name]
    subprocess.run(command, check=True, capture_output=True)
    return raw


def sign_anew(top, work, rename_origin):
    """Puts a key of one's own into the bundle, signs everything, and makes every manifest fit.

    With `rename_origin` the checkpoint names the new key: the whole is then a sound bundle of another
    log, told from the true one only by a code that was given out.
    """
    key = new_key(work)
    public = key[2]
    proof = top / "proof"
    (proof / "log-key.pub.pem").write_text(pem("PUBLIC KEY", bundle.SPKI_ED25519 + public))
    blob = key[0].with_suffix(".pub").read_text().split()[1]
    signers = (proof / "allowed_signers").read_text().split()
    (proof / "allowed_signers").write_text(" ".join([*signers[:-1], blob]) + "\n")
    text, origin, _, _ = bundle.checkpoint(top)
    new_origin = f"incident-diary.v1/{bundle.sha256(public).hex()}" if rename_origin else origin
    for path in [
        proof / "checkpoint.txt",
        *proof.glob("checkpoint-*.txt"),
        top / "data/incidents.json",
    ]:
        path.write_bytes(path.read_bytes().replace(origin.encode(), new_origin.encode()))
    text = (proof / "checkpoint.txt").read_bytes()
    raw = sign(proof, key, "checkpoint.txt", bundle.CHECKPOINT_NAMESPACE)
    key_id = bundle.sha256(new_origin.encode() + b"\n\x01" + public)[:4]
    note = f"{text.decode()}\n— {new_origin} {base64.b64encode(key_id + raw).decode()}\n"
    (proof / "checkpoint.note").write_text(note)
    for path in proof.glob("*.tlog-proof"):
        path.write_text(path.read_text().split("\n\n", 1)[0] + "\n\n" + note)
    bundle.fit_manifests(top)
    bundle.fit_bundle_txt(top)
    sign(proof, key, "bundle.txt", bundle.BUNDLE_NAMESPACE)
