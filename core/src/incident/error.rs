//! Why an incident was refused: the path of the field and the rule, never what she wrote.

use std::fmt;

use crate::canonical;
use crate::time::TimeError;

use super::codes::UnknownCode;

/// A field that breaks a rule. Nothing was recorded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldError {
    path: String,
    rule: FieldRule,
}

/// The rules that a field can break.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FieldRule {
    /// Not JSON of the subset that can be recorded.
    Json {
        /// What about it.
        rule: canonical::Rule,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A name that is no field here.
    UnknownField {
        /// The fields that are known here.
        known: &'static [&'static str],
    },
    /// The field must be there.
    Missing,
    /// A value of another kind.
    Kind {
        /// The kind that it must have, such as "a list".
        expected: &'static str,
    },
    /// `null` where nothing can be taken away.
    Null,
    /// `null` for a field that every incident has.
    Needed,
    /// Nothing in it: an empty text, list or object. Unset is absent.
    Empty,
    /// An amendment without a field that changes.
    NoChange,
    /// A word that is no code of the closed list.
    UnknownCode(UnknownCode),
    /// The same code twice in a list.
    Twice,
    /// Two people of one incident with the same key.
    SameKey,
    /// A control character other than tab and the line breaks, NUL for instance.
    Control,
    /// More bytes of UTF-8 than fit.
    TooLong {
        /// How many fit.
        limit: usize,
    },
    /// More elements than fit.
    TooMany {
        /// How many fit.
        limit: usize,
    },
    /// A number outside its bounds.
    Number {
        /// The smallest.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// Not of the form that the field has.
    Form {
        /// The form, in words.
        expected: &'static str,
    },
    /// No claimed time.
    Time(TimeError),
    /// The precision is a month or a year, and this is not its first day.
    NotFirstDay,
    /// The precision is unknown, and there is a time all the same.
    TimeOfUnknown,
    /// The private note, where it can never be.
    Private,
    /// The incident as a whole, or the amendment, is too large.
    TooLarge {
        /// How many bytes of canonical JSON fit.
        limit: usize,
    },
}

impl FieldError {
    pub(super) fn new(path: String, rule: FieldRule) -> Self {
        Self { path, rule }
    }

    /// The field, such as `people[1].role`; empty for the whole. A name that is no field is
    /// repeated if it looks like one, and is `?` otherwise.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The rule that it breaks.
    #[must_use]
    pub fn rule(&self) -> &FieldRule {
        &self.rule
    }
}

impl std::error::Error for FieldError {}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        self.rule.fmt(f)
    }
}

impl fmt::Display for FieldRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // In JSON Lines the line of the file is told by the caller.
            Self::Json {
                rule,
                line: 1,
                column,
            } => write!(f, "{rule} (column {column})"),
            Self::Json { rule, line, column } => write!(f, "{rule} (line {line}, column {column})"),
            Self::UnknownField { known } => {
                write!(f, "no such field: the fields are {}", known.join(", "))
            }
            Self::Missing => f.write_str("needed, but it is not there"),
            Self::Kind { expected } => write!(f, "must be {expected}"),
            Self::Null => f.write_str("null: leave out what is not set"),
            Self::Needed => f.write_str("every incident has one: it cannot be taken away"),
            Self::Empty => f.write_str("empty: leave out what is not set"),
            Self::NoChange => f.write_str("no field changes: give at least one"),
            Self::UnknownCode(unknown) => unknown.fmt(f),
            Self::Twice => f.write_str("stands in the list already"),
            Self::SameKey => f.write_str("another person of this incident has this key"),
            Self::Control => f.write_str(
                "holds a control character, such as NUL: only tabs and line breaks can be kept",
            ),
            Self::TooLong { limit } => write!(f, "longer than {limit} bytes of UTF-8: shorten it"),
            Self::TooMany { limit } => {
                write!(f, "more than {limit}: record the rest as another incident")
            }
            Self::Number { least, most } => write!(f, "must be from {least} to {most}"),
            Self::Form { expected } => write!(f, "must be {expected}"),
            Self::Time(error) => error.fmt(f),
            Self::NotFirstDay => f.write_str(
                "for a month or a year write its first day, such as 2026-10-01 or 2026-01-01",
            ),
            Self::TimeOfUnknown => {
                f.write_str("leave the time out, or write another precision than unknown")
            }
            Self::Private => f.write_str("never leaves the diary, so it cannot be here"),
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "larger than {limit} bytes: record a part as another incident"
                )
            }
        }
    }
}

impl From<UnknownCode> for FieldRule {
    fn from(unknown: UnknownCode) -> Self {
        Self::UnknownCode(unknown)
    }
}

impl From<TimeError> for FieldRule {
    fn from(error: TimeError) -> Self {
        Self::Time(error)
    }
}
