"""Entries, commitments, leaves (8, 9, 10), and how entries hang together (7, 9, 13)."""

from dataclasses import dataclass

from .conventions import (
    ABOUT_AN_INCIDENT,
    ENTRY,
    EVIDENCE_MEMBERS,
    KINDS,
    LARGEST_ENTRY,
    MEMBERS,
    WITHDRAWN,
    b64,
    canonical,
    demand,
    is_zero,
    mac,
    number,
    parse_canonical,
    sha,
    u32,
)


@dataclass
class Entry:
    number: int
    kind: str
    seed: bytes
    proven: dict
    private: dict

    @property
    def about(self):
        return self.proven["about"] if self.kind in ABOUT_AN_INCIDENT else None


def read_entry(table, place):
    what = f"entry {place.number}"
    data = table.object(what, place.position, place.run, ENTRY, place.number, check=place.check)
    demand(44 <= len(data) <= LARGEST_ENTRY, f"{what}: {len(data)} bytes")
    demand(data[0] == 1, f"{what}: version {data[0]}")
    demand(KINDS.get(data[1]) == place.kind, f"{what}: its kind is not that in the index")
    demand(is_zero(data[2:4]), f"{what}: reserved bytes")
    first = number(data, 36, 4)
    second = number(data, 40 + first, 4)
    demand(len(data) == 44 + first + second, f"{what}: the lengths of its parts")
    entry = Entry(
        number=place.number,
        kind=place.kind,
        seed=data[4:36],
        proven=parse_canonical(data[40 : 40 + first], f"{what}: proven part"),
        private=parse_canonical(data[44 + first :], f"{what}: vault-only part"),
    )
    check_members(entry, what)
    demand(leaf_hash(entry) == place.leaf, f"{what}: its leaf hash is not the one in the index")
    return entry


def check_members(entry, what):
    recorded = entry.proven.get("recorded")
    demand(isinstance(recorded, dict), f"{what}: no recorded")
    demand({"at", "utc"} <= recorded.keys(), f"{what}: recorded lacks a time")
    check_types(entry.proven, MEMBERS.get(entry.kind, {}), what)
    if entry.kind == "evidence":
        check_types(entry.proven["evidence"], EVIDENCE_MEMBERS, f"{what}: evidence")


def check_types(value, members, what):
    for name, kind in members.items():
        good = isinstance(value.get(name), kind)
        demand(good, f"{what}: {name} is missing or no {kind.__name__}")


def fields_of_object(value):
    """The fields of an incident, or of what an amendment changes: name to value."""
    fields = {}
    for name, member in value.items():
        if name == "occurred" and isinstance(member, dict):
            fields[name] = {key: part for key, part in member.items() if key != "words"}
            if "words" in member:
                fields["occurred.words"] = member["words"]
        elif isinstance(member, list):
            for index, element in enumerate(member):
                label = f"{name}[{index}]"
                if name == "people" and isinstance(element, dict) and "contact" in element:
                    fields[f"{label}.contact"] = element["contact"]
                    element = {key: part for key, part in element.items() if key != "contact"}
                fields[label] = element
        else:
            fields[name] = member
    return fields


def fields_of(entry):
    """Every field that is committed: name to the bytes of its value."""
    values = {name: value for name, value in entry.proven.items() if name != "about"}
    inner = {"incident": "incident", "amendment": "changes", "evidence": "evidence"}.get(entry.kind)
    if inner:
        members = values.pop(inner)
        values |= members if entry.kind == "evidence" else fields_of_object(members)
    fields = {name: canonical(value) for name, value in values.items()}
    if entry.kind in ("incident", "amendment"):
        if "private_note" in entry.private:
            fields["private"] = canonical(entry.private["private_note"])
        else:
            fields["private"] = mac(entry.seed, b"private/1\n")
    return fields


def leaf_hash(entry):
    about = "-" if entry.about is None else entry.about
    text = f"incident-diary/leaf/1\n{entry.number}\n{entry.kind}\n{about}\n"
    for name, value in sorted((name.encode(), value) for name, value in fields_of(entry).items()):
        salt = mac(entry.seed, b"salt/1\n", name)
        label = u32(len(name)) + name
        commitment = sha(b"incident-diary/field/1\n", label, salt, u32(len(value)), value)
        text += f"{name.decode()} {b64(commitment)}\n"
    return sha(b"\x00", text.encode())


def chains_of(places, entries):
    """For each incident the entries about it, oldest first; every link is followed."""
    chains, seen = {}, {}
    for place in places:
        if place.kind != "incident":
            continue
        chain, at = [], place.link
        while at not in (0, place.number):
            later = chain[-1] if chain else len(places)
            demand(place.number < at < later, f"entry {place.number}: a link to {at}")
            demand(places[at].kind in ABOUT_AN_INCIDENT, f"entry {at}: it is about no incident")
            demand(at not in seen, f"entry {at}: linked from two incidents")
            seen[at] = place.number
            chain.append(at)
            at = places[at].link
        demand(at == (place.number if chain else 0), f"entry {place.number}: its links end at {at}")
        chains[place.number] = chain[::-1]
    some_are_lost = any(place.lost for place in places)
    for place in places:
        what = f"entry {place.number}"
        if place.kind in ABOUT_AN_INCIDENT:
            # What led to one that is lost may be lost too.
            led_to = place.number in seen or place.erased and some_are_lost
            demand(led_to, f"{what}: no incident's links lead to it")
            about = None if place.erased else entries[place.number].about
            good = about is None or about == seen[place.number]
            demand(good, f"{what}: about {about}, by its links not")
        elif place.kind != "incident":
            demand(place.link == 0, f"{what}: a link to {place.link}")
    return chains


def check_lost(places, entries):
    """What is marked as lost is what the salvages say (24)."""
    told = set()
    for entry in entries.values():
        if entry.kind == "salvaged":
            for first, last in entry.proven["lost"]:
                told |= set(range(first, last + 1))
    lost = {place.number for place in places if place.lost}
    demand(lost <= told, f"no salvage says that {sorted(lost - told)} are lost")
    return sorted(lost)


def check_flags(places, entries, chains, lost):
    for place in places:
        what = f"entry {place.number}"
        demand((place.kind == "begun") == (place.number == 0), f"{what}: {place.kind}")
        withdrawn = any(places[at].kind == "withdrawal" for at in chains.get(place.number, ()))
        marked = bool(place.flags & WITHDRAWN)
        # The withdrawal itself may be what was lost.
        demand(marked == withdrawn or marked and lost, f"{what}: the flag of withdrawal")
    for incident, chain in chains.items():
        named = set()
        for at in chain:
            if places[at].kind == "erasure" and not places[at].erased:
                erased = entries[at].proven["erased"]
                demand(erased == sorted(set(erased)) and erased, f"entry {at}: erased: {erased}")
                known = {incident, *chain}
                good = all(e < at and places[e].erased and (e in known or lost) for e in erased)
                demand(good, f"entry {at}: {erased} are not all erased")
                named |= set(erased)
        gone = lost or any(places[at].kind == "erasure" and places[at].erased for at in chain)
        erased = {at for at in (incident, *chain) if places[at].erased}
        demand(gone or erased == named, f"entry {incident}: no erasure names {erased - named}")
        if places[incident].erased and not places[incident].lost:
            left = [at for at in chain if not places[at].erased and places[at].kind != "erasure"]
            demand(not left, f"entry {incident}: erased, but {left} about it are not")


def as_it_stands(incident, amendments):
    """The recording with its amendments put in, and the private note that is left (18.4)."""
    value = dict(incident.proven["incident"])
    note = incident.private.get("private_note")
    for amendment in amendments:
        for name, member in amendment.proven["changes"].items():
            if member is None:
                value.pop(name, None)
            else:
                value[name] = member
        note = amendment.private.get("private_note", note)
    return value, note
