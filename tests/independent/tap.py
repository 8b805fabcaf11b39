"""Prints `ok`, `not ok` and `skip` lines, one a check, for tests/run to count; runs other programs."""

import os
import shutil
import subprocess
import sys

failed = 0


def check(name, good, detail=""):
    """One check; the detail is printed below a failed one."""
    global failed
    if good:
        print(f"ok - {name}")
        return
    failed += 1
    print(f"not ok - {name}")
    for line in str(detail).strip().splitlines()[-12:]:
        print(f"#   {line}")


def skip(name, reason):
    """A check that cannot be made here. tests/run fails unless tests/allowed-skips names it."""
    print(f"skip - {name}: {reason}")


def finish():
    """Ends the script: status 1 if any check failed."""
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


def have(program):
    """Whether the program is installed."""
    return shutil.which(program) is not None


def run(*command, cwd=None, stdin=b"", seconds=120):
    """Runs a program; gives (exit status, everything it printed). A program that hangs has failed.

    With `--json` among its words, what it printed is standard output alone, if there is any.
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            check=False,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if "--json" in command else subprocess.STDOUT,
            timeout=seconds,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return 124, f"still running after {seconds} s"
    return done.returncode, (done.stdout or done.stderr or b"").decode("utf-8", "replace")
