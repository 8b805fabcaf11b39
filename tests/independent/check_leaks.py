"""Her words, file names and passphrases: nowhere but where they belong.

check_leaks.py DIARY plays what a diary is used for, with a word that stands nowhere by chance in every field, and after
each command, and after kills in the middle of some, looks for it in the vault, its journals, backups, encrypted
bundles, the state folder, the folders for temporary files and in what was printed. strace tells which files and sockets were touched.
A bundle is searched for private notes and for all that was withheld.
"""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import hidden
from authority import Authority
from canaries import PRIVATE, WORD, Marked, Search, fields_with_text
from tap import check, finish, have, run, skip
from traced import OPTIONS, strange

diary = Path(sys.argv[1]).resolve()
SECRET, LATER = f"тулпар {WORD} window ертең", f"балауса {WORD} terminal қайың"
DECOY = f"көпір {WORD} lamp аспан"

# Bytes that all of it takes, and more.
ROOM = 1 << 30


class Walk:
    """Commands on one vault, each looked after."""

    def __init__(self, folder, traced):
        self.folder, self.traced = folder, traced
        # In folders of their own: a name in one is on the disk when the folder is synced.
        self.vault, self.restored = folder / "vaults" / "vault", folder / "vaults" / "restored"
        self.out, self.state = folder / "out", folder / "state"
        self.inputs, self.home, self.temporary = folder / "in", folder / "home", folder / "tmp"
        for new in (
            self.vault.parent,
            self.out,
            self.state,
            self.inputs,
            self.home,
            self.temporary,
        ):
            new.mkdir()
        self.search, self.clear, self.found, self.strange = Search(WORD, PRIVATE), set(), [], []
        self.made, self.commands, self.kills, self.journals = set(), 0, 0, 0
        self.walked = set()
        self.secret = self.file("secret", SECRET)

    def file(self, name, text):
        path = self.inputs / name
        path.write_text(text)
        self.made.add(path)
        return path

    def command(self, words, secret=None):
        opens = ("--passphrase-file", secret or self.secret) if secret is not False else ()
        return [str(word) for word in (diary, *words, *opens)]

    def start(self, command, stdin=subprocess.PIPE):
        environment = {"HOME": self.home, "TMPDIR": self.temporary, "TZ": "Asia/Almaty"}
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.home,
            env={**environment, "PATH": os.environ["PATH"]},
        )

    def do(self, *words, stdin="", shows=False, clear=(), secret=None, status=0, after=()):
        """Runs a command; what it printed. `shows`: her words belong on standard output. `clear`: they belong in these files."""
        command = self.command(words, secret)
        trace = self.folder / "trace"
        if self.traced:
            command = ["strace", *OPTIONS, *after, "-o", str(trace), *command]
        self.clear |= set(clear)
        process = self.start(command)
        printed, said = process.communicate(stdin.encode(), timeout=300)
        name = " ".join(str(word) for word in words[:2])
        if not after and process.returncode != status:
            raise RuntimeError(f"{name}: {process.returncode} {said.decode()}")
        self.commands += 1
        self.walked |= {str(words[0]), " ".join(str(word) for word in words[:2])}
        self.kills += process.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
        self.look(name, *([] if shows else [printed]), said)
        if self.traced:
            own = (self.vault.parent, self.inputs, self.out, self.state)
            self.strange += [f"{name}: {line}" for line in strange(trace, self.home, own)]
        return printed.decode()

    def look(self, name, *printed):
        """Everything that is on the disk now, and what was printed."""
        for data in printed:
            self.found += [f"{name}: printed {hit}" for hit in self.search.here(data)]
        kept = {self.folder / "trace", *self.clear, *self.made}
        self.found += [f"{name}: {hit}" for hit in self.search.folder(self.folder, kept)]
        left = sorted(str(path) for top in (self.temporary, self.home) for path in top.rglob("*"))
        self.found += [f"{name}: left {path}" for path in left]
        journals = [path for path in self.folder.rglob("log.db-*") if path.stat().st_size]
        self.journals += bool(journals)

    def killed(self, at, *words, stdin=""):
        """The same, killed at this sync of a file."""
        self.do(*words, stdin=stdin, after=("-e", f"inject=fsync:signal=KILL:when={at}"))


def whole_way(walk, marked):
    """Everything that a diary is used for; the incident with every field, and its item."""
    vault, out = walk.vault, walk.out
    decoy = walk.file("decoy", DECOY)
    new = ("--new-passphrase-file", walk.secret, "--with-decoy", "--decoy-passphrase-file", decoy)
    made = walk.do("init", vault, "--kdf", "floor", *new, "--json", secret=False)
    walk.file("code", json.loads(made)["recovery_code"])
    codes = [json.loads(made)[name] for name in ("recovery_code", "decoy_recovery_code")]
    state = ("--state-dir", walk.state)
    incident = json.dumps(marked.incident(), ensure_ascii=False)
    walk.do("add", vault, "--file", "-", *state, stdin=incident)
    other = json.dumps({"occurred": {"from": "2026-10-04"}, "narrative": marked("narrative")})
    walk.do("add", vault, "--file", "-", stdin=other)
    walk.do("add", vault, "--text", "-", "--place", marked("place"), stdin=marked("text"))
    walk.do("add", vault, "--text", marked("decoy"), secret=decoy)
    change = json.dumps({"harm": {"words": marked("amendment")}}, ensure_ascii=False)
    reason = ("--reason", marked("reason"))
    walk.do("amend", vault, "#2", "--file", "-", *reason, stdin=change)
    evidence = walk.file(f"{marked('file name')}.txt", marked("file content") * 9_000)
    added = walk.do("attach", vault, "#1", evidence, "--note", marked("note"), "--json", *state)
    item = json.loads(added)["items"][0]["item"]
    gone = walk.file(f"{marked('file name')}.bin", marked("file content"))
    erased = json.loads(walk.do("attach", vault, "#2", gone, "--json"))["items"][0]["item"]
    walk.do("draft", "save", vault, "incident", stdin=marked("draft"))
    walk.do("draft", "show", vault, "incident", shows=True)
    walk.do("draft", "discard", vault, "incident")
    walk.do("show", vault, "#1", shows=True)
    walk.do("people", vault, shows=True)
    walk.do("list", vault, "--search", "-", stdin=WORD, shows=True)
    walk.do("extract", vault, item, "--out", out / "original", clear=[out / "original"])
    walk.do("withdraw", vault, "#3", *reason)
    walk.do("erase", vault, erased, "--yes")
    walk.do("erase", vault, "#3", "--yes")
    code = json.loads(walk.do("fingerprint", vault, *state, "--json"))["fingerprint"]
    stamp(walk)
    bundle = ("export", vault, "--originals", "all", "--for", marked("for"), "--quiet")
    passphrase = walk.file("age", f"{WORD} {LATER}")
    walk.do(*bundle, "--out", out / "closed.age", "--age-passphrase-file", passphrase)
    # In clear, for somebody else: her words belong in both files.
    plain, seen = out / "plain.zip", out / "seen.html"
    walk.do(*bundle, "--out", plain, "--plain", clear=[plain])
    verify = ("verify", plain, "--fingerprint", code, "--render", seen)
    walk.do(*verify, clear=[seen], secret=False)
    walk.do("check", vault)
    walk.do("backup", vault, out / "one.idback")
    walk.do("backup", vault, "--to-folder", out / "backups")
    walk.do("restore", out / "one.idback", walk.restored)
    refused = walk.file("wrong", f"wrong {SECRET}")
    walk.do("list", vault, secret=refused, status=1)
    return item, codes


def stamp(walk):
    """A request, and the answer of an authority; without openssl an answer that is refused."""
    request, answer = walk.out / "request.tsq", walk.out / "answer.tsr"
    walk.do("timestamp", "request", walk.vault, "--out", request)
    if have("openssl"):
        Authority(walk.folder / "authority", "ecdsa").answer(request, answer)
        walk.do("timestamp", "accept", walk.vault, answer)
    else:
        walk.do("timestamp", "accept", walk.vault, request, status=1)


def beside_her_diary(walk):
    """What is left of the commands: those that need no diary, or another, or leave none."""
    two = walk.vault.parent / "two"
    decoy = ("--decoy-passphrase-file", walk.inputs / "decoy", "--kdf", "floor")
    walk.do("decoy", "set", walk.restored, "--out", two, *decoy, "--json")
    walk.do("wipe", two, "--yes")
    check("what is destroyed is gone", not two.exists())
    walk.do("schema", secret=False)
    walk.do("completions", "bash", secret=False)
    walk.do("man", secret=False)
    samples = walk.inputs / "samples"
    samples.mkdir()
    (samples / "one.json").write_text('{"occurred": {"from": "2026-10-03"}, "narrative": "one"}')
    (samples / "story.json").write_text('{"format": 1, "steps": [{"add": "one.json"}]}')
    walk.do("demo", walk.out / "demo", "--samples", samples, "--quiet", secret=False)


def commands(*words):
    """Every command that `--help` names, those of a group each by both its words."""
    _, text = run(diary, *words, "--help")
    listed = text.partition("\nCommands:\n")[2].partition("\n\n")[0]
    for name in re.findall(r"^  ([a-z]+)", listed, re.MULTILINE):
        yield from list(commands(*words, name)) or [" ".join([*words, name])]


def keys_change(walk):
    """Passphrases and keys; the vault opens with `LATER` afterwards. The new recovery code."""
    later = walk.file("later", LATER)
    walk.do("passphrase", walk.vault, "--new-passphrase-file", later)
    code = ("--recovery-file", walk.inputs / "code")
    walk.do("recover", walk.vault, *code, "--new-passphrase-file", walk.secret, secret=False)
    new = ("--rotate", "--new-passphrase-file", later, "--json")
    made = walk.do("passphrase", walk.vault, *new)
    walk.secret = later
    return json.loads(made)["recovery_code"]


def kills(walk, marked):
    """Killed in the middle of a record, a file, a bundle, a backup and a new key."""
    large = walk.file(f"{marked('file name')}.dat", marked("file content") * 90_000)
    incident = {"occurred": {"precision": "unknown"}, "narrative": marked("narrative") * 999}
    lines = "\n".join([json.dumps(incident, ensure_ascii=False)] * 5)
    for at in (1, 3):
        walk.killed(at, "add", walk.vault, "--file", "-", stdin=lines)
        walk.killed(at, "attach", walk.vault, "#1", large)
    walk.killed(1, "draft", "save", walk.vault, "incident", stdin=marked("draft") * 500)
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    closed = ("--recipient", recipient, "--originals", "all", "--quiet")
    walk.killed(2, "export", walk.vault, "--out", walk.out / "killed.age", *closed)
    walk.killed(1, "backup", walk.vault, walk.out / "killed.idback")
    never = walk.file("never", f"{LATER} {WORD}")
    walk.killed(2, "passphrase", walk.vault, "--rotate", "--new-passphrase-file", never)
    walk.do("check", walk.vault)


def crash(walk, marked):
    """A process that is open and crashes writes no core dump; nothing of it is on the disk, with the log of writes not moved."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        skip("core dumps", "this machine allows none, so that none would be seen")
        return
    command = ["sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh"]
    command += walk.command(("add", walk.vault, "--file", "-"))
    process = walk.start(command)
    line = {"occurred": {"from": "2026-10-05"}, "narrative": marked("narrative")}
    process.stdin.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    process.stdin.flush()
    acknowledged = process.stdout.readline()
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    process.send_signal(signal.SIGABRT)
    process.stdin.close()
    # Not `wait`: whether a core was dumped is in the whole status.
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    with process.stdout, process.stderr:
        walk.look("a crash", process.stdout.read(), process.stderr.read())
    limited = [line.split()[4:6] for line in limits.splitlines() if "core file" in line]
    died = acknowledged and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
    good = died and limited == [["0", "0"]] and not os.WCOREDUMP(status)
    check("a process that crashes while it is open dumps no memory", good, f"{status:#x} {limited}")


def bundle_with_everything_withheld(walk, item):
    """All fields of the incident named and none shown; the same bundle without that shows them."""
    out = walk.folder / "bundles"
    out.mkdir()
    fields = set(Marked().incident()) - {"occurred", "private_note"}
    withheld = [*sorted(fields), "occurred.words", item]
    options = [word for name in withheld for word in ("--withhold", name)]
    export = ("export", walk.vault, "--incident", "#1", "--plain", "--quiet", "--out")
    for name, more, expected in (("shown", (), True), ("withheld", options, False)):
        target = out / f"{name}.zip"
        walk.clear |= {target}
        status, printed = run(*walk.command((*export, target, *more)))
        check(f"the bundle «{name}» is written", status == 0, printed)
        if status:
            continue
        top = out / name
        with zipfile.ZipFile(target) as archive:
            archive.extractall(top)
        files = [path for path in [target, *top.rglob("*")] if path.is_file()]
        words = {path: hidden.found_in(path, [WORD, PRIVATE]) for path in files}
        found = {str(path): found for path, found in words.items() if found}
        if expected:
            enough = sum(WORD in found for found in found.values()) >= 5
            check("what is shown is found in at least five files of the bundle", enough, found)
            private = [path for path, words in found.items() if PRIVATE in words]
            check("no private note is in the bundle", not private, private)
        else:
            check(f"nothing of {len(withheld)} withheld fields is in the bundle", not found, found)


def self_test(folder, traced):
    """The search and the trace find what is planted."""
    folder.mkdir()
    search, text = Search(WORD), f"x{WORD}-01"
    for form in search.forms:
        (folder / "planted").write_bytes(b"\0" * 5000 + form + b"\0")
        if not search.folder(folder):
            return f"not found: {form}"
    (folder / "planted").unlink()
    (folder / text).mkdir()
    if not search.folder(folder):
        return "not found in the name of a folder"
    if traced:
        program = "import socket; socket.socket(); open('/etc/hostname')"
        trace = folder / "trace"
        run("strace", *OPTIONS, "-o", trace, "python3", "-c", program)
        lines = "\n".join(strange(trace, folder, ()))
        if "socket(" not in lines or "/etc/hostname" not in lines:
            return f"not seen: {lines}"
    return ""


def main():
    traced, why = have("strace"), "strace is not installed"
    if traced:
        status, why = run("strace", "-qq", "-o", "/dev/null", "true")
        traced = status == 0
    marked = Marked()
    # In memory where there is room for that: nothing waits for a disk.
    memory = Path("/dev/shm")
    room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    with tempfile.TemporaryDirectory(dir=memory if room else None) as work:
        folder = Path(work)
        problem = self_test(folder / "test", traced)
        check(
            "the search finds a word in every form, the trace a file and a socket",
            not problem,
            problem,
        )
        (folder / "walk").mkdir()
        walk = Walk(folder / "walk", traced)
        item, codes = whole_way(walk, marked)
        beside_her_diary(walk)
        codes.append(keys_change(walk))
        if traced:
            kills(walk, marked)
        crash(walk, marked)
        every = set(commands())
        forgotten = sorted(every - walk.walked)
        check(
            f"each of the {len(every)} commands of --help was walked",
            {"verify", "timestamp accept"} <= every and not forgotten,
            forgotten,
        )
        status, schema = run(diary, "schema", "incident")
        missed = fields_with_text(json.loads(schema)) - set(marked.places)
        check("a word is in every field that takes her text", not missed, missed)
        codes = Search(*codes).folder(folder / "walk", {walk.inputs / "code"})
        check("no recovery code is on the disk", not codes, codes)
        what = f"{walk.commands} commands, {walk.kills} of them killed, {len(marked.places)} texts"
        check(
            f"nothing of hers is in any file, name or message: {what}",
            not walk.found,
            "\n".join(walk.found),
        )
        check("the log of writes was among them", walk.journals)
        check("each kill hit", walk.kills == 8 or not traced, walk.kills)
        bundle_with_everything_withheld(walk, item)
        if traced:
            check(
                "no file but its own and the system's, and no socket",
                not walk.strange,
                "\n".join(walk.strange),
            )
        else:
            skip("files and sockets that the program touches", why.strip())


main()
finish()
