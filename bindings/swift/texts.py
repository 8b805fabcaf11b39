#!/usr/bin/env python3
"""Makes the texts of the Swift side from those of the Android side, so that both say the same words.

The source is `strings.xml` in `values`, `values-kk` and `values-ru` below the folder RESOURCES, and the list of labels for which
the app has words of its own, in OWN_LABELS. Made are the enum of keys, that list in Swift, and one `Localizable.strings` for each
language; what does not differ is not touched. Status 1 if they do not fit together.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESOURCES = HERE / "../../android-demo/presentation/src/main/res"
OWN_LABELS = (
    HERE / "../../android-demo/presentation/src/main/kotlin/org/incidentdiary/presentation/Text.kt"
)
OWN_LABEL = re.compile(r'^    "([a-z_.]+)" to TextKey\.([A-Z0-9_]+),$', re.MULTILINE)
FOLDERS = {"en": "values", "kk": "values-kk", "ru": "values-ru"}
MODEL = HERE / "Sources/AppModel"
PLACE = re.compile(r"%(\d)\$[sd]")
SAID = "Made by texts.py from the texts of the Android side. Change them there."


def main() -> int:
    texts = {language: read(RESOURCES / folder) for language, folder in FOLDERS.items()}
    own = {
        path: key.lower() for path, key in OWN_LABEL.findall(OWN_LABELS.read_text(encoding="utf-8"))
    }
    wrong = differences(texts)
    if not own or not set(own.values()) <= texts["en"].keys():
        wrong.append("the labels of Text.kt are not there, or have no text")
    for line in wrong:
        print(f"texts.py: {line}", file=sys.stderr)
    for path, content in made(texts, own).items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return 1 if wrong else 0


def read(folder: Path) -> dict[str, str]:
    """The texts of one language by key, in the order of the file."""
    texts = {}
    for file in sorted(folder.glob("*.xml")):
        for element in ElementTree.parse(file).getroot().iter("string"):
            texts[element.attrib["name"]] = unescape("".join(element.itertext()))
    return texts


def unescape(text: str) -> str:
    """What Android shows for a text of `strings.xml`."""
    text = text.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    else:
        text = re.sub(r"\s+", " ", text)
    known = {"n": "\n", "t": "\t"}
    return re.sub(
        r"\\(u[0-9a-fA-F]{4}|.)",
        lambda m: chr(int(m[1][1:], 16)) if len(m[1]) == 5 else known.get(m[1], m[1]),
        text,
    )


def differences(texts: dict[str, dict[str, str]]) -> list[str]:
    """Where the languages do not have the same keys, or not the same places for values."""
    wrong = []
    for language, these in texts.items():
        for key in sorted(texts["en"].keys() ^ these.keys()):
            wrong.append(f"{key} is not in {language}, or only there")
        for key in texts["en"].keys() & these.keys():
            if places(these[key]) != places(texts["en"][key]):
                wrong.append(f"{key} in {language} has other places for values than in English")
            if not these[key]:
                wrong.append(f"{key} in {language} is empty")
    return wrong


def places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def made(texts: dict[str, dict[str, str]], own: dict[str, str]) -> dict[Path, str]:
    files = {
        MODEL / "Texts/TextKey.swift": keys(texts["en"]),
        MODEL / "Texts/OwnLabels.swift": own_labels(own),
    }
    for language, these in texts.items():
        path = MODEL / f"Resources/{language}.lproj/Localizable.strings"
        lines = [f"{quoted(key)} = {quoted(apples(text))};\n" for key, text in these.items()]
        files[path] = f"/* {SAID} */\n" + "".join(lines)
    return files


def apples(text: str) -> str:
    """The same text as Apple's tools write the places for values."""
    return PLACE.sub(r"%\1$@", text)


def keys(english: dict[str, str]) -> str:
    lines = [
        f"// {SAID}",
        "",
        "/// The name of a text that she sees. The English words stand beside it.",
    ]
    lines.append("public enum TextKey: String, CaseIterable, Sendable {")
    for key, text in english.items():
        words = text.replace("\n", " ")
        lines.append(f"  /// {words}")
        lines.append(f"  case {camel(key)} = {quoted(key)}")
    return "\n".join(lines) + "\n}\n"


def own_labels(own: dict[str, str]) -> str:
    pairs = "".join(f"  {quoted(path)}: .{camel(key)},\n" for path, key in own.items())
    said = '/// The report speaks of "the author"; the app speaks to her.'
    return f"// {SAID}\n\n{said}\nlet ownLabels: [String: TextKey] = [\n{pairs}]\n"


def camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def quoted(text: str) -> str:
    return (
        '"'
        + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        + '"'
    )


if __name__ == "__main__":
    sys.exit(main())
