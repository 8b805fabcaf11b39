#!/usr/bin/env python3
"""That the hand-written sides leave nothing out: Swift wraps every call of a diary, and in both languages a
call that takes a secret has a helper that lends and wipes it.

wrappers.py [KOTLIN-FOLDER SWIFT-FOLDER]      compared with tests/bindings/surface.txt
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KOTLIN = ROOT / "bindings/kotlin/diary/src/main/kotlin"
SWIFT = ROOT / "bindings/swift/Sources/DiaryKit"
SURFACE = Path(__file__).with_name("surface.txt")
SECRET = re.compile(r"\b(passphrase|\w+Passphrase|code|recoveryCode|secret|mac): Data\b")
NAME = re.compile(r"func (\w+)\(")


def functions() -> tuple[list[str], list[str], list[str]]:
    """Lines of the surface: methods of a diary, ways to make one, and functions that need none."""
    methods, makers, free, section = [], [], [], ""
    for line in SURFACE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(" "):
            section = line
            if line.startswith("func "):
                free.append(line)
        elif section == "protocol DiaryProtocol" and "func " in line:
            methods.append(line)
        elif section == "class Diary" and "static func" in line:
            makers.append(line)
    return methods, makers, free


def source(folder: Path, ending: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"**/*{ending}"))
    )


def names(lines: list[str]) -> list[str]:
    return [NAME.search(line)[1] for line in lines]


def main() -> int:
    folders = [Path(one) for one in sys.argv[1:3]] or [KOTLIN, SWIFT]
    kotlin, swift = source(folders[0], ".kt"), source(folders[1], ".swift")
    methods, makers, free = functions()
    wanted = {
        "Swift wraps every call of a diary": [
            name for name in names(methods) if not re.search(rf"\blibrary\.{name}\(", swift)
        ],
        "Swift wraps every way to make one": [
            name for name in names(makers) if not re.search(rf"\bDiary\.{name}\(", swift)
        ],
        "Swift lends the secret of every call": [
            name
            for name in names([line for line in methods + makers + free if SECRET.search(line)])
            if not re.search(rf"spend \{{[^}}]*?\b{name}\(", swift)
        ],
        "Kotlin lends the secret of every call": [
            name
            for name in names([line for line in methods + makers + free if SECRET.search(line)])
            if not re.search(rf"lend(?:Both)?\([^)]*\) \{{[^}}]*?\b{name}\(", kotlin)
        ],
    }
    for language, text in (("Kotlin", kotlin), ("Swift", swift)):
        wanted[f"{language} lets her keep a weak passphrase wherever the library does"] = [
            name
            for name in names([line for line in methods + makers + free if "allowWeak" in line])
            if not re.search(rf"\b{name}\([^{{}}]*\ballowWeak\b", text)
        ]
    failed = 0
    for what, missing in wanted.items():
        if not methods or not makers or not free:
            missing = ["the surface was not read"]
        failed += bool(missing)
        print(f"{'not ok' if missing else 'ok'} - {what} {missing or ''}".rstrip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
