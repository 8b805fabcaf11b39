//! Why bytes are no `incidents.json`.

use std::fmt;

use crate::canonical::CanonicalError;

/// Why bytes are no `incidents.json` of this format. Carries places and rules, no text of hers.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DocumentError {
    /// The bytes are not canonical JSON.
    Json(CanonicalError),
    /// The last byte is not the one line feed that must follow the JSON.
    LineFeed,
    /// The file is of another format than this program reads.
    Format {
        /// What the file says.
        format: u64,
    },
    /// A member breaks a rule.
    Member {
        /// Where: `entries[3].salts.people[1]`.
        path: String,
        /// The rule.
        rule: DocumentRule,
    },
}

/// A rule of `incidents.json`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DocumentRule {
    /// A member that must be there.
    Missing,
    /// No member that this format does not know.
    Unknown,
    /// A string.
    Text,
    /// A field name: lower-case letters, digits and `_ . [ ]`, at most 64.
    Name,
    /// An integer, in range.
    Number,
    /// An array, not empty.
    List,
    /// An object, not empty where it may also be absent.
    Object,
    /// Base64 (RFC 4648 section 4) of exactly 32 bytes.
    Base64,
    /// Lower-case hex digits, of the right number.
    Hex,
    /// RFC 3339 to the second, with offset; `Z` for UTC.
    Time,
    /// The same moment as the local time beside it.
    Moment,
    /// A date, or a time of RFC 3339 with offset, seconds optional.
    DayOrTime,
    /// `back` or `jumped`.
    Clock,
    /// `en`, `kk` or `ru`.
    Language,
    /// The origin line of this format.
    Origin,
    /// One of the kinds of entry that a bundle shows.
    Kind,
    /// The entry's number, a dash and four letters of lower-case Crockford base32.
    Id,
    /// Numbers ascend.
    Ascending,
    /// The number of an entry before this one, and of a recording.
    About,
    /// Exhibits are numbered from A-01 without a gap.
    Exhibit,
    /// The file of that exhibit in `data/evidence/`, original or copy, only for an item that is shown.
    File,
    /// A field is either shown or withheld.
    Overlap,
    /// `private` is withheld in every recording and amendment, and stands nowhere else.
    Private,
    /// Counts agree with the entries and with the size of the log.
    Count,
    /// No more entries than a bundle may hold files, and 8,000,000 values together.
    Size,
}

impl DocumentError {
    pub(super) fn member(path: impl Into<String>, rule: DocumentRule) -> Self {
        Self::Member {
            path: path.into(),
            rule,
        }
    }
}

impl std::error::Error for DocumentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("incidents.json: ")?;
        match self {
            Self::Json(error) => error.fmt(f),
            Self::LineFeed => f.write_str("must end with exactly one line feed"),
            Self::Format { format } => {
                write!(f, "format {format} is not known: use a newer program")
            }
            Self::Member { path, rule } => write!(f, "{path}: {rule}"),
        }
    }
}

impl fmt::Display for DocumentRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::Unknown => "is not known in this format",
            Self::Text => "must be a string",
            Self::Name => "is no field name",
            Self::Number => "must be a whole number in range",
            Self::List => "must be a list, not empty",
            Self::Object => "must be an object, not empty",
            Self::Base64 => "must be base64 of 32 bytes",
            Self::Hex => "must be lower-case hex digits of the right number",
            Self::Time => "must be a time of RFC 3339 to the second",
            Self::Moment => "must be the same moment as the local time",
            Self::DayOrTime => "must be a date or a time with its offset",
            Self::Clock => "must be back or jumped",
            Self::Language => "must be en, kk or ru",
            Self::Origin => "must be incident-diary.v1/ and 64 hex digits",
            Self::Kind => "is no kind of entry that a bundle shows",
            Self::Id => "must be the entry's number, a dash and four letters",
            Self::Ascending => "must be greater than the one before",
            Self::About => "must be the number of an earlier recording",
            Self::Exhibit => "must be the next exhibit number",
            Self::File => "must be the file of this exhibit in data/evidence",
            Self::Overlap => "is both shown and withheld, or neither",
            Self::Private => "must be withheld in recordings and changes, and stand nowhere else",
            Self::Count => "does not agree with the entries or the size of the log",
            Self::Size => "more than a bundle may hold",
        })
    }
}
