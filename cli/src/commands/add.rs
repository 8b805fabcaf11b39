//! `diary add`: one incident or many, from JSON, from options, or asked for.

use diary_core::Diary;
use diary_core::diary::Recorded;
use diary_core::incident::Incident;
use diary_core::time::{Clock, SystemClock, When};
use serde_json::{Map, Value, json};

use super::recorded;
use crate::args::{Add, Source, Words};
use crate::console::Console;
use crate::exit::Failure;
use crate::input::{self, Document, Documents};
use crate::{session, terminal};

pub(super) fn run(console: Console, args: &Add) -> Result<(), Failure> {
    match (&args.file, &args.text) {
        (Some(file), _) => from_file(console, args, file),
        (None, Some(text)) => from_options(console, args, text),
        (None, None) if terminal::can_ask() => from_answers(console, args),
        (None, None) => Err(Failure::cannot(
            "there is no terminal to ask on: give --file or --text",
        )),
    }
}

fn from_file(console: Console, args: &Add, file: &Source) -> Result<(), Failure> {
    let mut documents = Documents::open(file, "--file")?;
    session::with(console, &args.opens, |session| {
        let mut first = true;
        while let Some(document) = documents.next()? {
            let added = add(&mut session.diary, &document);
            let added = added.map_err(|failure| at_its_line(failure, &document, &mut documents))?;
            // It is durable. If nobody reads any more, the rest is not recorded unseen.
            let more = |failure: Failure| {
                if first {
                    failure
                } else {
                    failure.before_the_end()
                }
            };
            print(console, &added).map_err(more)?;
            first = false;
        }
        Ok(())
    })
}

fn add(diary: &mut Diary, document: &Document) -> Result<Recorded, Failure> {
    let incident = Incident::parse(&document.json, &SystemClock)?;
    Ok(diary.add(&incident)?)
}

/// Names the line, unless the only document is on it.
fn at_its_line(failure: Failure, document: &Document, documents: &mut Documents) -> Failure {
    match document.line {
        Some(line) if line > 1 || documents.has_more() => failure.at(&format!("line {line}")),
        _ => failure,
    }
}

fn from_options(console: Console, args: &Add, text: &Words) -> Result<(), Failure> {
    let short = Short {
        narrative: input::words(text, "--text")?,
        when: args.when.clone(),
        place: input::optional_words(args.place.as_ref(), "--place")?,
        behaviours: args.behaviour.clone(),
    };
    let incident = short.parse()?;
    session::with(console, &args.opens, |session| {
        print(console, &session.diary.add(&incident)?)
    })
}

/// The passphrase is asked for first, so that nothing is typed in vain.
fn from_answers(console: Console, args: &Add) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let incident = loop {
            match ask()?.parse() {
                Ok(incident) => break incident,
                Err(failure) => {
                    failure.report();
                    if !terminal::agrees("Begin again?")? {
                        return Err(Failure::refused("nothing was recorded"));
                    }
                }
            }
        };
        print(console, &session.diary.add(&incident)?)
    })
}

fn ask() -> Result<Short, Failure> {
    let narrative = terminal::lines("What happened? In your own words; an empty line ends it.\n")?;
    let answer = |question: &str| -> Result<Option<String>, Failure> {
        Ok(terminal::line(question)?.filter(|answer| !answer.trim().is_empty()))
    };
    let when = answer("When? Such as 2026-10-03T21:15 or 2026-10-03; empty: about now. ")?;
    let place = answer("Where? Empty: not said. ")?;
    let behaviours = answer("What kind? Codes such as waiting, threat; empty: not said. ")?;
    Ok(Short {
        narrative,
        when: when.map(|typed| typed.trim().to_owned()),
        place,
        behaviours: behaviours
            .iter()
            .flat_map(|codes| codes.split([',', ' ']))
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

/// The short form of an incident.
struct Short {
    narrative: String,
    when: Option<String>,
    place: Option<String>,
    behaviours: Vec<String>,
}

impl Short {
    /// By way of JSON: there is one set of rules for incidents, and one set of messages.
    fn parse(&self) -> Result<Incident, Failure> {
        let mut members = Map::new();
        members.insert("narrative".to_owned(), json!(self.narrative));
        members.insert("occurred".to_owned(), self.occurred());
        if let Some(place) = &self.place {
            members.insert("place".to_owned(), json!({ "text": place }));
        }
        if !self.behaviours.is_empty() {
            members.insert("behaviours".to_owned(), json!(self.behaviours));
        }
        let json = Value::Object(members).to_string();
        Ok(Incident::parse(json.as_bytes(), &SystemClock)?)
    }

    /// When she said it was, with no more certainty than she said; otherwise about now.
    fn occurred(&self) -> Value {
        match &self.when {
            Some(when) => json!({ "from": when }),
            None => {
                let now = When::from(SystemClock.read().at);
                json!({ "from": now.as_str(), "precision": "about" })
            }
        }
    }
}

fn print(console: Console, added: &Recorded) -> Result<(), Failure> {
    console.answer_line(recorded(added), &added.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(when: Option<&str>) -> Short {
        Short {
            narrative: "n".to_owned(),
            when: when.map(str::to_owned),
            place: None,
            behaviours: Vec::new(),
        }
    }

    #[test]
    fn the_time_is_the_one_that_was_said_or_about_now() {
        let said = short(Some("2026-10-03")).occurred();
        assert_eq!(said, json!({ "from": "2026-10-03" }));
        assert_eq!(short(None).occurred()["precision"], "about");
    }
}
