//! Values of arguments, parsed once, at the edge. No message here repeats what was typed.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser, ValueParser};
use diary_core::bundle::Language;
use diary_core::diary::IncidentRef;
use diary_core::incident::{Behaviour, FieldName, How};
use diary_core::log::EntryId;
use diary_core::picture::Area;
use diary_core::time::{SystemClock, When};

/// A file, or standard input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input, written `-`.
    StandardInput,
}

impl clap::builder::ValueParserFactory for Source {
    type Parser = ValueParser;

    fn value_parser() -> ValueParser {
        ValueParser::new(OsStringValueParser::new().map(|text| {
            if text == OsStr::new("-") {
                Self::StandardInput
            } else {
                Self::File(text.into())
            }
        }))
    }
}

/// Words of hers, or standard input that holds them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Words {
    /// The argument itself.
    Given(String),
    /// Standard input, written `-`.
    StandardInput,
}

impl FromStr for Words {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::StandardInput,
            text => Self::Given(text.to_owned()),
        })
    }
}

/// What `--originals` was given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Original {
    /// Every exported item.
    All,
    /// No item.
    None,
    /// This item.
    Item(EntryId),
}

/// Reads a value by its own rules.
pub(super) fn parsed<T>(text: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| error.to_string())
}

pub(super) fn original(text: &str) -> Result<Original, String> {
    Ok(match text {
        "all" => Original::All,
        "none" => Original::None,
        id => Original::Item(parsed(id)?),
    })
}

/// `ITEM:x,y,w,h`.
pub(super) fn cover(text: &str) -> Result<(EntryId, Area), String> {
    let (item, area) = text.split_once(':').ok_or("must be ITEM:x,y,w,h")?;
    Ok((parsed(item)?, parsed(area)?))
}

pub(super) fn when(text: &str) -> Result<When, String> {
    When::parse(text, &SystemClock).map_err(|error| error.to_string())
}

/// What `--withhold` was given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Withhold {
    /// A field of one incident, or of all.
    Field(Option<IncidentRef>, FieldName),
    /// An evidence item, or a whole incident.
    Whole(IncidentRef),
}

/// `FIELD`, `ID:FIELD` or an id alone.
pub(super) fn withhold(text: &str) -> Result<Withhold, String> {
    if let Ok(whole) = text.parse() {
        return Ok(Withhold::Whole(whole));
    }
    let (of, field) = match text.split_once(':') {
        Some((id, field)) => (Some(parsed(id)?), field),
        None => (None, text),
    };
    let field = FieldName::parse(field).map_err(|error| error.to_string())?;
    Ok(Withhold::Field(of, field))
}

pub(super) fn behaviour() -> ValueParser {
    one_of(Behaviour::ALL, |value| value.code())
}

pub(super) fn how() -> ValueParser {
    one_of(How::ALL, |value| value.code())
}

pub(super) fn language() -> ValueParser {
    one_of(&Language::ALL, |value| value.code())
}

/// One of a closed list, which help and completions then show.
fn one_of<T>(all: &'static [T], code: fn(T) -> &'static str) -> ValueParser
where
    T: Clone + Copy + Send + Sync + 'static,
{
    let names: Vec<&'static str> = all.iter().map(|value| code(*value)).collect();
    ValueParser::new(PossibleValuesParser::new(names).try_map(move |name| {
        all.iter()
            .copied()
            .find(|value| code(*value) == name)
            .ok_or("not in the list")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_all_of_one_and_a_whole_item_can_be_withheld() {
        assert!(matches!(
            withhold("people[1].contact"),
            Ok(Withhold::Field(None, _))
        ));
        assert!(matches!(
            withhold("#12:place"),
            Ok(Withhold::Field(Some(_), _))
        ));
        assert!(matches!(
            withhold("126-k7q2:evidence"),
            Ok(Withhold::Field(Some(_), _))
        ));
        assert!(matches!(withhold("126-k7q2"), Ok(Withhold::Whole(_))));
        for wrong in ["", "occurred", "x:place", "#12:", "126-k7q2:nonsense"] {
            assert!(withhold(wrong).is_err(), "{wrong}");
        }
    }
}
