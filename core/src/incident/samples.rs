//! Incidents for the tests: the full example, and any other.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::canonical::{Object, Value};

use super::*;

/// Every field, as the contract of the command line shows it.
pub(super) const FULL: &str = r#"{
  "occurred": {"from": "2026-10-03T21:15+05:00", "to": "2026-10-03T22:00+05:00",
               "precision": "about", "words": "after the evening news"},
  "narrative": "Ол тағы да кіреберісте күтіп тұрды.\nЕкінші жол.",
  "verbatim": ["«Всё равно найду»"],
  "place": {"class": "home", "text": "подъезд, 2-й этаж",
            "latitude": "43.238", "longitude": "76.945"},
  "behaviours": ["waiting", "threat"],
  "channels": ["in_person", "whatsapp"],
  "count": 34,
  "shown_as": ["+7 700 000 00 00", "@user"],
  "people": [{"key": "p1", "role": "perpetrator", "name": "A", "relationship": "ex_partner",
              "description": "B", "vehicle": "C", "contact": "D"},
             {"key": "p2", "role": "witness", "name": "E", "contact": "F", "note": "saw"}],
  "children_present": "no",
  "refusal": {"when": "2026-09-01", "how": "message", "words": "G"},
  "after_refusal": "yes",
  "harm": {"kinds": ["fear", "sleep", "missed_work"], "words": "H",
           "cost": {"amount": "15000", "currency": "KZT"}, "care": ["I"]},
  "response": ["blocked", "called_police"],
  "danger": ["weapon"],
  "reports": [{"body": "police", "on": "2026-10-04", "number": "КУИ 000", "officer": "J",
               "outcome": "refused", "words": "K"}],
  "orders": [{"kind": "protective_order", "number": "L", "from": "2026-09-10",
              "to": "2026-10-10", "breached": "yes"}],
  "private_note": "M"
}"#;

/// A member of an object: its name and, perhaps, its value.
type Member = BoxedStrategy<Option<(String, Value)>>;

/// Any incident, with a private note or without.
pub(super) fn incident() -> BoxedStrategy<Object> {
    let needed = (occurred(), words()).prop_map(|(occurred, narrative)| {
        Object::from([
            ("occurred".to_owned(), occurred),
            ("narrative".to_owned(), narrative),
        ])
    });
    (needed, vec_of(optional_fields()))
        .prop_map(|(mut object, fields)| {
            object.extend(fields);
            object
        })
        .boxed()
}

/// Any changes, also none.
pub(super) fn changes() -> BoxedStrategy<Object> {
    let fields = optional_fields().into_iter().map(|field| {
        let gone = |(name, _)| (name, Value::Null);
        (field, any::<bool>())
            .prop_map(move |(field, goes)| if goes { field.map(gone) } else { field })
            .boxed()
    });
    let mut fields: Vec<Member> = fields.collect();
    fields.push(member("occurred", occurred()));
    fields.push(member("narrative", words()));
    vec_of(fields)
        .prop_map(|fields| fields.into_iter().collect())
        .boxed()
}

fn optional_fields() -> Vec<Member> {
    let list = |items: BoxedStrategy<Value>| vec(items, 1..4).prop_map(Value::List).boxed();
    vec![
        member("verbatim", list(words())),
        member("place", place()),
        member("behaviours", codes(Behaviour::CODES)),
        member("channels", codes(Channel::CODES)),
        member("count", (1..=MAX_COUNT).prop_map(Value::from).boxed()),
        member("shown_as", list(words())),
        member("people", people()),
        member("children_present", code(YesNo::CODES)),
        member(
            "refusal",
            record(vec![
                member("when", time()),
                member("how", code(RefusalHow::CODES)),
                member("words", words()),
            ]),
        ),
        member("after_refusal", code(YesNo::CODES)),
        member(
            "harm",
            record(vec![
                member("kinds", codes(HarmKind::CODES)),
                member("words", words()),
                member("care", list(words())),
            ]),
        ),
        member("response", codes(Response::CODES)),
        member("danger", codes(Danger::CODES)),
        member(
            "reports",
            list(with("body", code(ReportBody::CODES), "on", time())),
        ),
        member(
            "orders",
            list(with("kind", code(OrderKind::CODES), "from", time())),
        ),
        member("private_note", words()),
    ]
}

fn people() -> BoxedStrategy<Value> {
    let person = (
        code(Role::CODES),
        vec_of(vec![member("name", words()), member("contact", words())]),
    );
    btree_map("[a-z0-9_-]{1,32}", person, 1..5)
        .prop_map(|people| {
            let people = people.into_iter().map(|(key, (role, rest))| {
                let mut person: Object = rest.into_iter().collect();
                person.insert("key".to_owned(), key.into());
                person.insert("role".to_owned(), role);
                Value::Object(person)
            });
            Value::List(people.collect())
        })
        .boxed()
}

fn occurred() -> BoxedStrategy<Value> {
    let known = with("from", time(), "words", words());
    let unknown = with(
        "precision",
        Just(Value::from("unknown")).boxed(),
        "words",
        words(),
    );
    prop_oneof![known, unknown].boxed()
}

fn place() -> BoxedStrategy<Value> {
    let degrees = (-89i32..90, 0u32..10_000_000, -179i32..180);
    let point = degrees.prop_map(|(north, rest, east)| {
        Value::Object(Object::from([
            ("latitude".to_owned(), format!("{north}.{rest:07}").into()),
            ("longitude".to_owned(), east.to_string().into()),
        ]))
    });
    prop_oneof![
        with("class", code(PlaceClass::CODES), "text", words()),
        point
    ]
    .boxed()
}

/// An object with one member that is needed and one that is not.
fn with(
    needed: &'static str,
    value: BoxedStrategy<Value>,
    other: &'static str,
    more: BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    (value, member(other, more))
        .prop_map(move |(value, other)| {
            let mut object: Object = other.into_iter().collect();
            object.insert(needed.to_owned(), value);
            Value::Object(object)
        })
        .boxed()
}

/// An object with some of these members, at least one.
fn record(members: Vec<Member>) -> BoxedStrategy<Value> {
    vec_of(members)
        .prop_filter("not empty", |members| !members.is_empty())
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed()
}

fn vec_of(members: Vec<Member>) -> BoxedStrategy<Vec<(String, Value)>> {
    members
        .prop_map(|members| members.into_iter().flatten().collect())
        .boxed()
}

fn member(name: &'static str, value: BoxedStrategy<Value>) -> Member {
    option::of(value.prop_map(move |value| (name.to_owned(), value))).boxed()
}

fn words() -> BoxedStrategy<Value> {
    "[\\t\\n -\\U{10ffff}]{0,20}[a-zәі]"
        .prop_map(Value::from)
        .boxed()
}

fn time() -> BoxedStrategy<Value> {
    (
        1900..2200,
        1..13,
        1..29,
        option::of((0..24, 0..60, -11..13)),
    )
        .prop_map(|(year, month, day, clock)| {
            let clock = clock.map(|(hour, minute, offset): (i32, i32, i32)| {
                format!("T{hour:02}:{minute:02}{offset:+03}:00")
            });
            Value::from(format!(
                "{year}-{month:02}-{day:02}{}",
                clock.unwrap_or_default()
            ))
        })
        .boxed()
}

fn code(codes: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(codes).prop_map(Value::from).boxed()
}

fn codes(codes: &'static [&'static str]) -> BoxedStrategy<Value> {
    subsequence(codes, 1..=codes.len())
        .prop_shuffle()
        .prop_map(|codes| Value::List(codes.into_iter().map(Value::from).collect()))
        .boxed()
}
