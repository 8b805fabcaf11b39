//! `diary people`

use diary_core::diary::Person;
use serde_json::{Value, json};

use crate::args::People;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::text;
use crate::session;

pub(super) fn run(console: Console, args: &People) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let people = session.diary.people()?;
        console.answer(|| json!({ "people": json(&people) }), || rows(&people))
    })
}

fn json(people: &[Person]) -> Value {
    people
        .iter()
        .map(|person| {
            json!({
                "key": person.key,
                "names": person.names,
                "roles": person.roles,
                "incidents": person.incidents,
            })
        })
        .collect()
}

fn rows(people: &[Person]) -> String {
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|person| {
            vec![
                text::shown_on_a_line(&person.key),
                person.incidents.to_string(),
                person.roles.join(", "),
                text::shown_on_a_line(&person.names.join(", ")),
            ]
        })
        .collect();
    text::table(&rows)
}
