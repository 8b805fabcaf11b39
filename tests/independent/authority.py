"""A time-stamping authority of one's own, made with OpenSSL: anybody can have one."""

from tap import run

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
O = Made at home
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
certs = chain.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""
KEYS = {
    "rsa": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ecdsa": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "ecdsa-384": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
}


class Authority:
    """A root, a certificate between, and a signer, in a folder that is made."""

    def __init__(self, folder, kind):
        self.folder = folder
        folder.mkdir()
        (folder / "openssl.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        self.certificate("root", "root", f"Root {kind}", KEYS[kind])
        self.certificate("chain", "root", f"Between {kind}", KEYS[kind], by="root")
        self.certificate("signer", "signer", f"Clock {kind}", KEYS[kind], by="chain")
        self.root, self.chain = folder / "root.pem", folder / "chain.pem"

    def certificate(self, name, extensions, common_name, key, by=None):
        self.openssl(*key, "-out", f"{name}.key")
        words = ["req", "-new", "-config", "openssl.cnf", "-key", f"{name}.key", "-days", "3650"]
        words += ["-subj", f"/O=Made at home/CN={common_name}", "-sha256"]
        if by is None:
            self.openssl(*words, "-x509", "-extensions", extensions, "-out", f"{name}.pem")
            return
        self.openssl(*words, "-out", f"{name}.csr")
        words = ["x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key"]
        words += ["-CAcreateserial", "-days", "3650", "-sha256", "-extfile", "openssl.cnf"]
        self.openssl(*words, "-extensions", extensions, "-out", f"{name}.pem")

    def answer(self, request, answer):
        """Writes the answer to a request; gives its path. A request that is refused is answered too."""
        words = ["ts", "-reply", "-config", "openssl.cnf", "-section", "tsa"]
        run("openssl", *words, "-queryfile", request, "-out", answer, cwd=self.folder)
        return answer

    def openssl(self, *words):
        status, text = run("openssl", *words, cwd=self.folder)
        if status:
            raise RuntimeError(f"openssl {words[0]}: {text}")
