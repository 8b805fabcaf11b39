"""Words that stand nowhere by chance, one in each field that a person can fill in, and the search for them.

Used by check_leaks.py: all of them begin with one word, so that looking for it finds any of them.
"""

import json

from hidden import coded

# In letters that are other bytes in each encoding, and that no font or library holds in this order.
WORD = "құзғын84"
# In no bundle, whatever is chosen.
PRIVATE = "жылан73"


class Marked:
    """Texts for fields, each another one, and remembers where each was put."""

    def __init__(self):
        self.places = []

    def __call__(self, place, word=WORD):
        self.places.append(place)
        return f"{word}-{len(self.places):02}"

    def incident(self):
        """Every field that takes a text of hers, in its list twice where it has one."""
        when = {"from": "2026-10-03T21:15+05:00", "precision": "about"}
        person = ("name", "description", "vehicle", "contact", "note")
        return {
            "occurred": {**when, "words": self("occurred.words")},
            "narrative": self("narrative") + "\n" + self("narrative") * 40,
            "verbatim": [self("verbatim"), self("verbatim")],
            "place": {"class": "home", "text": self("place.text")},
            "behaviours": ["waiting"],
            "channels": ["in_person"],
            "shown_as": [self("shown_as")],
            "people": [
                {"key": "p1", "role": "perpetrator"}
                | {name: self(f"people.{name}") for name in person},
                {"key": "p2", "role": "witness", "name": self("people.name")},
            ],
            "refusal": {"how": "message", "words": self("refusal.words")},
            "harm": {"kinds": ["fear"], "words": self("harm.words"), "care": [self("harm.care")]},
            "reports": [
                {"body": "police"}
                | {name: self(f"reports.{name}") for name in ("number", "officer", "words")}
            ],
            "orders": [{"kind": "protective_order", "number": self("orders.number")}],
            "private_note": self("private_note") + self("private_note", PRIVATE),
        }


def fields_with_text(schema):
    """The names of the fields in which the schema takes any text, such as `people.name`."""
    definitions, found = schema["$defs"], set()

    def walk(node, path):
        node = {**node, **definitions.get(node.get("$ref", "").rpartition("/")[2], {})}
        if node.get("type") == "string" and node.get("maxLength", 0) > 1000:
            found.add(path)
        for name, inner in node.get("properties", {}).items():
            walk(inner, f"{path}.{name}".lstrip("."))
        if "items" in node:
            walk(node["items"], path)

    walk(definitions["incident"], "")
    return found


def forms(*words):
    """All bytes that stand for one of the words: UTF-8, UTF-16, base64, hexadecimal, percent signs."""
    found = set()
    for word in words:
        escaped = json.dumps(word)[1:-1].encode()
        found |= coded(word) | {escaped}
    return found


class Search:
    """Looks through folders for words in every form; a file that was not touched is not read again."""

    def __init__(self, *words):
        self.forms = forms(*words)
        self.seen = {}

    def here(self, data):
        """What of it stands in these bytes, with what follows, to tell which one it was."""
        hits = ((data.find(form), form) for form in self.forms)
        return [f"{data[at : at + len(form) + 12]!r}" for at, form in hits if at >= 0]

    def folder(self, top, but=()):
        """Each file in which something was found, by its name or its bytes."""
        found = []
        for path in sorted(top.rglob("*")):
            if path in but:
                continue
            hits = self.here(str(path.relative_to(top)).encode())
            if path.is_file():
                stat = path.stat()
                state = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
                if self.seen.get(path) != state:
                    hits += self.here(path.read_bytes())
                    self.seen[path] = state
            found += [f"{path}: {hit}" for hit in hits]
        return found
