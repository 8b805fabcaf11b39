#!/usr/bin/env python3
"""The whole surface of the bindings once, over the generated Python and the built library.

    smoke.py FOLDER [DIARY]     FOLDER: what bindings/generate left; DIARY: the program, to verify a bundle

Prints `ok - ` and `not ok - ` lines. The checks run in a process of their own, so that everything it
writes to standard error can be searched for her words.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CANARY = "Айгүл-құпия-сөз"


class Checks:
    """Counts what holds, and goes on after what does not."""

    def __init__(self) -> None:
        self.failed = 0

    def check(self, name: str, holds: object) -> None:
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} - {name}", flush=True)


def run(folder: Path, diary_program: str | None) -> int:
    sys.path.insert(0, str(folder / "python"))
    sys.path.insert(0, str(Path(__file__).parent))
    import errors
    import leaving
    import threads
    import whole_way

    checks = Checks()
    with tempfile.TemporaryDirectory() as scratch:
        for part in (whole_way, leaving, errors, threads):
            place = Path(scratch) / part.__name__
            place.mkdir()
            try:
                part.run(checks, place, CANARY, diary_program)
            except Exception as error:  # noqa: BLE001 - told, and the others go on
                checks.check(f"{part.__name__}: {error!r}", False)
    return 1 if checks.failed else 0


# Python of uniffi 0.32.2 has this check and never makes it.
LOAD = "import diary_ffi as d; d._uniffi_check_api_checksums(d._UniffiLib)"


def stale(folder: Path, checks: Checks) -> None:
    """Bindings of another library can be told by the check sums of its calls."""
    with tempfile.TemporaryDirectory() as scratch:
        for file in (folder / "python").iterdir():
            if file.is_file():
                shutil.copy(file, scratch)
        checks.check("bindings and library belong together", loads(scratch) == "")
        module = Path(scratch) / "diary_ffi.py"
        text = module.read_text(encoding="utf-8")
        name = "uniffi_diary_ffi_checksum_method_diary_add() != "
        at = text.index(name) + len(name)
        end = text.index(":", at)
        changed = str((int(text[at:end]) + 1) % 65536)
        module.write_text(text[:at] + changed + text[end:], encoding="utf-8")
        told = "checksum mismatch" in loads(scratch)
        checks.check("bindings of another library are told", told)


def loads(folder: str) -> str:
    """What loading the bindings of a folder prints as an error."""
    command = [sys.executable, "-B", "-c", LOAD]
    env = dict(os.environ, PYTHONPATH=folder)
    end = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return end.stderr


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    program = sys.argv[2] if len(sys.argv) > 2 else None
    if os.environ.get("DIARY_SMOKE") == "child":
        return run(folder, program)
    env = dict(os.environ, DIARY_SMOKE="child", RUST_BACKTRACE="1")
    child = subprocess.run(
        [sys.executable, __file__, *sys.argv[1:]],
        env=env,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    checks = Checks()
    checks.check("nothing on standard error", child.stderr == "")
    if child.stderr:
        safe = child.stderr.replace(CANARY, "[HER WORDS]")
        print(safe, flush=True)
    checks.check("none of her words on standard error", CANARY not in child.stderr)
    stale(folder, checks)
    return 1 if child.returncode or checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
