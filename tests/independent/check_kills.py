"""Kills `diary passphrase` and `diary wipe` at every system call that changes a file, with strace.

check_kills.py DIARY: after each kill exactly one passphrase opens the vault, for second_reader.py as for the
program; the next unlock settles what was left, once; and nothing that was written down is lost. A wipe leaves the
vault whole, or nothing that opens.
"""

import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tap import check, finish, have, run, skip

diary = Path(sys.argv[1]).resolve()
READER = Path(__file__).resolve().with_name("second_reader.py")
OLD, NEW = "қайың көпір аспан terminal", "тулпар балауса window ертең"
# What changes a file, a name or what is on the disk.
CALLS = (
    "write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,fallocate,rename,renameat,"
    "renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat,chmod,fchmod,fchmodat"
)


def incidents():
    for number in range(40):
        day = {"from": f"2026-10-{number % 28 + 1:02}", "precision": "day"}
        yield json.dumps({"occurred": day, "narrative": f"оқиға {number}"})


def calls_of(trace):
    """(name of the call, how many of it came before): strace counts each call by itself."""
    seen, calls = Counter(), []
    for line in trace.read_text(errors="replace").splitlines():
        if found := re.match(r"(?:\d+ +)?(\w+)\(", line):
            seen[found[1]] += 1
            calls.append((found[1], seen[found[1]]))
    return calls


class Trial:
    """A copy of the vault, on which the command is killed."""

    def __init__(self, folder, words):
        self.folder, self.words = folder, words
        self.vault = folder / "trial"

    def passphrase_file(self, text):
        path = self.folder / ("old" if text == OLD else "new")
        path.write_text(text)
        return path

    def strace(self, *options):
        """Runs the command on a fresh copy; gives (status, what was printed)."""
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.copytree(self.folder / "vault", self.vault)
        strace = ("strace", "-f", "-qq", "-o", self.folder / "trace", "-e", f"trace={CALLS}")
        secrets = ("--passphrase-file", self.passphrase_file(OLD))
        secrets += ("--new-passphrase-file", self.passphrase_file(NEW))
        return run(*strace, *options, diary, "passphrase", self.vault, *self.words, *secrets)

    def strace_wipe(self, *options):
        """The same for `diary wipe`."""
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.copytree(self.folder / "vault", self.vault)
        strace = ("strace", "-f", "-qq", "-o", self.folder / "trace", "-e", f"trace={CALLS}")
        words = (self.vault, "--yes", "--passphrase-file", self.passphrase_file(OLD))
        return run(*strace, *options, diary, "wipe", *words)

    def after_killed_wipe(self, call):
        status, printed = self.strace_wipe("-e", f"inject={call[0]}:signal=KILL:when={call[1]}")
        assert status in (0, -9, 137), f"it ended with {status}: {printed}"
        if not self.vault.exists():
            return "gone"
        if self.reader(OLD)[0] == 0:
            status, printed = self.diary(OLD, "check")
            assert status == 0, f"check: {printed}"
            return "whole"
        status, printed = self.diary(OLD, "list")
        assert status != 0 and "оқиға" not in printed, f"list: {printed}"
        header = self.vault / "header"
        random = not header.exists() or not header.read_bytes().startswith(b"IDVAULT1")
        assert random, "nothing opens, but the key file is still there"
        return "nothing opens"

    def diary(self, text, command, *words):
        secret = ("--passphrase-file", self.passphrase_file(text))
        return run(diary, command, self.vault, *words, *secret)

    def reader(self, text):
        secret = ("--passphrase-file", self.passphrase_file(text))
        status, printed = run(sys.executable, READER, self.vault, *secret)
        return status, printed

    def after_kill(self, call):
        """What was left, as a word; raises AssertionError with what is wrong."""
        status, printed = self.strace("-e", f"inject={call[0]}:signal=KILL:when={call[1]}")
        # Whether the code was shown before the kill is chance, and counts for nothing.
        assert status in (0, -9, 137), f"it ended with {status}: {printed}"
        opened = [text for text in (OLD, NEW) if self.reader(text)[0] == 0]
        assert len(opened) == 1, f"the second reader opens it with {len(opened)} passphrases"
        (holds,) = opened
        status, first = self.diary(holds, "check")
        assert status == 0, f"check: {first}"
        status, second = self.diary(holds, "list", "--limit", "200")
        assert status == 0 and second.count("оқиға") == 40, f"list: {second}"
        assert "cut short" not in second, "it was settled twice"
        assert not (self.vault / "header.new").exists(), "the unfinished header stayed"
        settled = "cut short" in first
        assert holds == NEW or not settled, "nothing was changed, and something settled"
        return "old" if holds == OLD else "settled" if settled else "new"


def kill_everywhere(folder, name, words):
    trial = Trial(folder, words)
    status, printed = trial.strace()
    check(f"{name}: works when it is not killed", status == 0, printed)
    if status:
        return
    calls, left = calls_of(folder / "trace"), Counter()
    wrong = []
    for call in calls:
        try:
            left[trial.after_kill(call)] += 1
        except AssertionError as error:
            wrong.append(f"{call[0]} {call[1]}: {error}")
    check(
        f"{name}: killed at each of {len(calls)} system calls, one state holds",
        not wrong,
        "\n".join(wrong),
    )
    # So that the check could have failed: kills before, between and after.
    told = f"{name}: kills hit before, between and after ({dict(left)})"
    check(told, all(left[kind] for kind in ("old", "settled", "new")) and len(calls) > 10)


def kill_wipe_everywhere(folder):
    trial = Trial(folder, ())
    status, printed = trial.strace_wipe()
    check("a wipe: works when it is not killed", status == 0 and not trial.vault.exists(), printed)
    calls, left, wrong = calls_of(folder / "trace"), Counter(), []
    for call in calls:
        try:
            left[trial.after_killed_wipe(call)] += 1
        except AssertionError as error:
            wrong.append(f"{call[0]} {call[1]}: {error}")
    name = (
        f"a wipe: killed at each of {len(calls)} system calls, the vault is whole or does not open"
    )
    check(name, not wrong, "\n".join(wrong))
    told = f"a wipe: kills hit before and after the key file is gone ({dict(left)})"
    check(told, left["whole"] and left["nothing opens"])


def main():
    if not have("strace"):
        skip("kills at every system call", "strace is not installed")
        return
    status, printed = run("strace", "-qq", "-o", "/dev/null", "true")
    if status:
        skip("kills at every system call", f"strace cannot run here: {printed.strip()}")
        return
    # In memory where there is a place for that: what a kill leaves is the same, and nothing waits for a disk.
    memory = Path("/dev/shm")
    room = memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30
    with tempfile.TemporaryDirectory(dir=memory if room else None) as work:
        folder = Path(work)
        secret = Trial(folder, ()).passphrase_file(OLD)
        run(diary, "init", folder / "vault", "--kdf", "floor", "--new-passphrase-file", secret)
        lines = "\n".join(incidents()).encode()
        status, printed = run(
            diary, "add", folder / "vault", "--file", "-", "--passphrase-file", secret, stdin=lines
        )
        check("a vault to change", status == 0, printed)
        kill_everywhere(folder, "a new passphrase", ())
        kill_everywhere(folder, "a rotation", ("--rotate",))
        kill_wipe_everywhere(folder)


main()
finish()
