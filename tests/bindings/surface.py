#!/usr/bin/env python3
"""The surface of the bindings as Swift sees it, against tests/bindings/surface.txt.

surface.py GENERATED.swift            compares: a change must be seen in a review
surface.py GENERATED.swift --update   writes the file anew
"""

import difflib
import re
import sys
from pathlib import Path

EXPECTED = Path(__file__).with_name("surface.txt")
# What the generator writes for itself.
INTERNAL = re.compile(r"FfiConverter|Uniffi|uniffi|RustBuffer|ForeignBytes|InternalError|Impl\b")
TYPE = re.compile(r"^(?:public |open )?(?:indirect )?(protocol|struct|enum|class) (\w+)[^{]*\{")
FUNCTION = re.compile(r"^(?:public )?(?:static )?func\b")


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", re.sub(r"//.*", "", text), flags=re.S)


def depth_of(line: str) -> int:
    return line.count("{") - line.count("}")


def signature(line: str) -> str:
    line = line.split("{")[0]
    line = re.sub(r"\b(public|open) ", "", line).replace("`", "")
    return re.sub(r"\s+", " ", line.replace(")throws", ") throws")).strip()


def surface(swift: str) -> list[str]:
    """Every public type with its members, and every free function."""
    # Initialisers of records stand on many lines.
    text = re.sub(r",\s*\n\s*", ", ", without_comments(swift))
    text = re.sub(r"\(\s*\n\s*", "(", text)
    text = re.sub(r"(case [^\n]*)\n\s*\)", r"\1)", text)
    lines, found = iter(text.splitlines()), []
    for line in lines:
        kind = TYPE.match(line)
        if kind and not INTERNAL.search(kind[2]):
            found += ["", f"{kind[1]} {kind[2]}"]
            found += members(kind[1], kind[2], line, lines)
        elif line.startswith("public func") and not INTERNAL.search(signature(line)):
            found += ["", signature(line)]
    return found[1:]


def members(kind: str, name: str, first: str, lines) -> list[str]:
    depth, found = depth_of(first), []
    for line in lines:
        bare = line.strip()
        if depth == 1 and not INTERNAL.search(bare):
            if bare.startswith("public init(") and kind == "struct":
                # What it is made from is what it holds, with the defaults.
                found += [f"    {one}" for one in parameters(signature(bare))]
            elif bare.startswith("case ") or is_function(kind, bare):
                found.append(f"    {signature(bare)}")
        depth += depth_of(line)
        if depth <= 0:
            break
    return found


def parameters(init: str) -> list[str]:
    return init.removeprefix("init(").removesuffix(")").split(", ")


def is_function(kind: str, line: str) -> bool:
    # What an object does stands in its protocol; its class says how it is made.
    if kind == "class":
        return "static func" in line
    return bool(FUNCTION.match(line)) and kind != "struct"


def main() -> int:
    made = "\n".join(surface(Path(sys.argv[1]).read_text(encoding="utf-8"))) + "\n"
    if "--update" in sys.argv[2:]:
        EXPECTED.write_text(made, encoding="utf-8")
        return 0
    expected = EXPECTED.read_text(encoding="utf-8") if EXPECTED.exists() else ""
    if made == expected:
        print("ok - the surface is as reviewed")
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(
            expected.splitlines(True), made.splitlines(True), "reviewed", "generated"
        )
    )
    print(
        "not ok - the surface changed: look at it, then tests/bindings/surface.py GENERATED --update"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
