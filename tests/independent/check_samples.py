"""Checks samples/: every file against the program's JSON Schema, and every field of the contract in use.

check_samples.py SAMPLES [DIARY]: without DIARY only what needs no program.
"""

import importlib.util
import json
import sys
from pathlib import Path

from tap import check, finish, run, skip

samples = Path(sys.argv[1]).resolve()
diary = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None

# Every field that an incident may have: the samples must show each at least once.
FIELDS = {
    "": "occurred narrative verbatim place behaviours channels count shown_as people children_present refusal "
    "after_refusal harm response danger reports orders private_note",
    "occurred": "from to precision words",
    "place": "class text latitude longitude",
    "people": "key role name relationship description vehicle contact note",
    "refusal": "when how words",
    "harm": "kinds words cost care",
    "harm.cost": "amount currency",
    "reports": "body on number officer outcome words",
    "orders": "kind number from to breached",
}
LARGEST = 3_000_000
HOW = (
    "taken_in_app received copied screenshot photo_of_object "
    "scanned exported_from_app recorded other"
)


def fields(value, path=""):
    """Every field's path with the object it is in, lists left out of the path."""
    if isinstance(value, dict):
        for name, member in value.items():
            inner = f"{path}.{name}".lstrip(".")
            yield inner
            yield from fields(member, inner)
    elif isinstance(value, list):
        for element in value:
            yield from fields(element, path)


def load(path):
    """The object; a key that stands twice is an error."""

    def once(pairs):
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise ValueError(f"{path.name}: a key stands twice")
        return dict(pairs)

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


def story_is_sound(steps):
    """Every file of the story exists, every incident it names was added before, nothing is unused."""
    added, used = 0, set()
    for step in steps:
        ((verb, what),) = step.items()
        if verb == "add":
            added += 1
            used.add(what)
            continue
        if not 1 <= what["incident"] <= added:
            return f"{step}: no such incident yet"
        if verb == "attach" and what["how"] not in HOW.split():
            return f"{step}: unknown code"
        if "file" in what:
            used.add(what["file"])
        elif verb != "withdraw" or not what["reason"]:
            return f"{step}: incomplete"
    here = {path.relative_to(samples).as_posix() for path in samples.glob("[0-9]*.json")}
    for folder in ("amendments", "evidence"):
        here |= {path.relative_to(samples).as_posix() for path in (samples / folder).iterdir()}
    return "" if here == used else f"not in both the folder and the story: {sorted(here ^ used)}"


incidents = sorted(samples.glob("[0-9]*.json"))
amendments = sorted(samples.glob("amendments/*.json"))
known = {f"{outer}.{name}".lstrip(".") for outer, names in FIELDS.items() for name in names.split()}
seen = {name for path in incidents for name in fields(load(path))}
check("every field of the contract is in a sample", seen == known, sorted(seen ^ known))
problem = story_is_sound(load(samples / "story.json")["steps"])
check("story.json names what is there", not problem, problem)
size = sum(path.stat().st_size for path in samples.rglob("*") if path.is_file())
check("the samples are small", size < LARGEST, f"{size} bytes")

if importlib.util.find_spec("jsonschema") is None:
    skip("jsonschema", "not installed")
elif diary:
    from jsonschema import Draft202012Validator

    schemas = {}
    for kind in ("incident", "amendment", "bundle"):
        status, text = run(diary, "schema", kind)
        try:
            schemas[kind] = json.loads(text)
            Draft202012Validator.check_schema(schemas[kind])
            problem = ""
        except Exception as error:
            problem = f"status {status}: {error}"
        check(f"diary schema {kind} is a schema of 2020-12", status == 0 and not problem, problem)
    for kind, paths in (("incident", incidents), ("amendment", amendments)):
        if kind not in schemas:
            continue
        validator = Draft202012Validator(schemas[kind])
        for path in paths:
            errors = [
                f"{e.json_path}: {e.message}"[:300] for e in validator.iter_errors(load(path))
            ]
            check(
                f"{path.relative_to(samples)} is valid against the schema",
                not errors,
                "\n".join(errors),
            )
        # A schema that takes everything would pass all of the above.
        for name, wrong in {
            "an unknown field": {"colour": "red"},
            "an unknown code": {"behaviours": ["calls", "shouting"]},
            "a wrong type": {"count": "34"},
            "an unknown role": {"people": [{"key": "p1", "role": "friend"}]},
        }.items():
            value = {**load(paths[0]), **wrong}
            check(f"the {kind} schema refuses {name}", not validator.is_valid(value), value)
    if "incident" in schemas:
        validator = Draft202012Validator(schemas["incident"])
        for name in ("occurred", "narrative"):
            value = {key: part for key, part in load(incidents[0]).items() if key != name}
            check(f"the incident schema refuses one without {name}", not validator.is_valid(value))
        value = {**load(incidents[0]), "place": None}
        check("the incident schema refuses null", not validator.is_valid(value))
finish()
