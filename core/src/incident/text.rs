//! Values that are texts: her words, and the small forms that numbers are written in.

use std::fmt;

use serde_json::json;

use crate::canonical::Value;

use super::error::{FieldError, FieldRule};
use super::record::{At, Field, integer, text};
use super::schema::Schemas;

/// Largest narrative, in bytes of UTF-8: 1 MiB, some 300 pages in Cyrillic letters.
pub const MAX_NARRATIVE: usize = 1 << 20;

/// Largest other text, in bytes of UTF-8: 64 KiB, some 18 pages in Cyrillic letters.
pub const MAX_TEXT: usize = 1 << 16;

/// Largest number of times that one incident can stand for.
pub const MAX_COUNT: u32 = 1_000_000;

/// Her words, kept as entered: at most `MAX` bytes of UTF-8, not blank, and no control characters
/// but tab and the line breaks. What it holds is not shown by `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct Text<const MAX: usize = MAX_TEXT>(String);

impl<const MAX: usize> Text<MAX> {
    /// Takes a text that stands on its own, such as the reason for an amendment; `name` is what an
    /// error calls it.
    ///
    /// # Errors
    /// [`FieldError`] with that name and the rule it breaks.
    pub fn new(name: &str, text: &str) -> Result<Self, FieldError> {
        Self::decode(text.into(), &At::stored().member(name))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> Field for Text<MAX> {
    fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError> {
        let text = text(value, at)?;
        if text.len() > MAX {
            return Err(at.error(FieldRule::TooLong { limit: MAX }));
        }
        if text.contains(is_refused) {
            return Err(at.error(FieldRule::Control));
        }
        if text.chars().all(is_blank) {
            return Err(at.error(FieldRule::Empty));
        }
        Ok(Self(text))
    }

    fn encode(&self) -> Value {
        self.as_str().into()
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        schemas.define(&format!("text_{MAX}"), |_| {
            json!({
                "description": format!("A text of at most {MAX} bytes of UTF-8."),
                "type": "string",
                "maxLength": MAX,
                "pattern": r"\S",
                "not": {"pattern": r"[\u0000-\u0008\u000b\u000c\u000e-\u001f]"},
            })
        })
    }

    fn words<'a>(&'a self, out: &mut Vec<&'a str>) {
        out.push(self.as_str());
    }
}

/// The C0 controls but tab, line feed and carriage return. NUL ends a text for half of the
/// programs that may read it, and the others have no meaning on paper.
fn is_refused(character: char) -> bool {
    character < ' ' && !matches!(character, '\t' | '\n' | '\r')
}

/// What `\S` does not match in the schema: white space, for ECMAScript also the byte order mark.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Writes a type for a text of a small form: its name, the words that describe the form, the
/// pattern for the schema, and the check.
macro_rules! form {
    (
        $(#[doc = $about:literal])+
        $form:ident, $expected:literal, $pattern:literal, $check:expr
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $form(String);

        impl $form {
            /// As it was entered.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $form {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($form), "({} bytes)"), self.0.len())
            }
        }

        impl Field for $form {
            fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError> {
                let text = text(value, at)?;
                if text.is_empty() {
                    return Err(at.error(FieldRule::Empty));
                }
                let check: fn(&str) -> bool = $check;
                if !check(&text) {
                    return Err(at.error(FieldRule::Form { expected: $expected }));
                }
                Ok(Self(text))
            }

            fn encode(&self) -> Value {
                self.as_str().into()
            }

            fn schema(_: &mut Schemas) -> serde_json::Value {
                json!({"type": "string", "description": $expected, "pattern": $pattern})
            }
        }
    };
}

form! {
    /// A short name for a person, the same in every incident that he or she is in.
    PersonKey,
    "1 to 32 of the letters a to z, digits, - and _",
    "^[a-z0-9_-]{1,32}$",
    |text| text.len() <= 32 && text.bytes().all(is_key)
}

form! {
    /// Degrees north of the equator, written as a decimal so that no reader rounds them.
    Latitude,
    "degrees from -90 to 90 with at most 7 decimals, such as 43.238",
    "^-?(90(\\.0{1,7})?|([1-8][0-9]|[0-9])(\\.[0-9]{1,7})?)$",
    |text| is_degrees(text, 90)
}

form! {
    /// Degrees east of Greenwich, written as a decimal so that no reader rounds them.
    Longitude,
    "degrees from -180 to 180 with at most 7 decimals, such as 76.945",
    "^-?(180(\\.0{1,7})?|(1[0-7][0-9]|[1-9][0-9]|[0-9])(\\.[0-9]{1,7})?)$",
    |text| is_degrees(text, 180)
}

form! {
    /// An amount of money, without sign, spaces or the name of the currency.
    Amount,
    "an amount such as 15000 or 15000.50",
    "^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?$",
    |text| decimal(text).is_some_and(|(whole, decimals)| whole.len() <= 15 && decimals.len() <= 4)
}

form! {
    /// A currency.
    Currency,
    "a currency of three capital letters (ISO 4217), such as KZT",
    "^[A-Z]{3}$",
    |text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_key(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
}

fn is_degrees(text: &str, limit: u32) -> bool {
    let Some((whole, decimals)) = decimal(text.strip_prefix('-').unwrap_or(text)) else {
        return false;
    };
    let Ok(whole) = whole.parse::<u32>() else {
        return false;
    };
    let is_zero = decimals.bytes().all(|digit| digit == b'0');
    decimals.len() <= 7 && (whole < limit || (whole == limit && is_zero))
}

/// The digits before and after the point of a plain decimal: no sign, no needless zero before.
fn decimal(text: &str) -> Option<(&str, &str)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => digits(decimals).then_some((whole, decimals))?,
        None => (text, ""),
    };
    let plain = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    plain.then_some((whole, decimals))
}

/// How often it happened, from 1 to [`MAX_COUNT`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Count(u32);

impl Count {
    /// The number.
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }
}

impl Field for Count {
    fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError> {
        let number = integer(&value, at)?;
        match u32::try_from(number) {
            Ok(number @ 1..=MAX_COUNT) => Ok(Self(number)),
            _ => Err(at.error(FieldRule::Number {
                least: 1,
                most: MAX_COUNT.into(),
            })),
        }
    }

    fn encode(&self) -> Value {
        self.0.into()
    }

    fn schema(_: &mut Schemas) -> serde_json::Value {
        json!({"type": "integer", "minimum": 1, "maximum": MAX_COUNT})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T: Field + PartialEq>(text: &str) -> Option<FieldRule> {
        let value = Value::from(text);
        match T::decode(value.clone(), &At::stored()) {
            Ok(field) => {
                assert!(field.encode() == value, "{text}: changed");
                None
            }
            Err(error) => Some(error.rule().clone()),
        }
    }

    fn fits<T: Field + PartialEq>(text: &str) -> bool {
        match rule::<T>(text) {
            None => true,
            Some(FieldRule::Form { .. }) => false,
            Some(other) => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn keeps_words_as_entered() {
        let long = "ә".repeat(MAX_TEXT / 2);
        for text in [
            " Ол\tтағы\r\nда… ",
            "\u{feff}x",
            "e\u{301}",
            "\u{7f}\u{202e}",
            &long,
        ] {
            assert_eq!(rule::<Text>(text), None);
        }
    }

    #[test]
    fn refuses_words_that_do_not_keep() {
        for text in ["", " \t\r\n", "\u{feff}\u{a0}"] {
            assert_eq!(rule::<Text>(text), Some(FieldRule::Empty));
        }
        for control in ('\0'..' ').filter(|control| !"\t\n\r".contains(*control)) {
            assert_eq!(
                rule::<Text>(&format!("a{control}")),
                Some(FieldRule::Control)
            );
        }
        let long = "x".repeat(MAX_TEXT + 1);
        assert_eq!(
            rule::<Text>(&long),
            Some(FieldRule::TooLong { limit: MAX_TEXT })
        );
        assert_eq!(rule::<Text<MAX_NARRATIVE>>(&long), None);
    }

    #[test]
    fn a_text_on_its_own_keeps_the_same_rules() {
        assert!(Text::<MAX_TEXT>::new("reason", "он").is_ok_and(|text| text.as_str() == "он"));
        let error = Text::<MAX_TEXT>::new("reason", "a\0").unwrap_err();
        assert_eq!(
            (error.path(), error.rule()),
            ("reason", &FieldRule::Control)
        );
    }

    #[test]
    fn does_not_show_words_in_debug() {
        let text: Text = Text("он".to_owned());
        assert_eq!(format!("{text:?}"), "Text(4 bytes)");
        assert_eq!(
            format!("{:?}", PersonKey("p1".to_owned())),
            "PersonKey(2 bytes)"
        );
    }

    #[test]
    fn keys_are_short_and_plain() {
        for key in ["p1", "0", "a-b_c", &"x".repeat(32)] {
            assert!(fits::<PersonKey>(key), "{key}");
        }
        for key in ["P1", "p 1", "ә", "p.1", &"x".repeat(33)] {
            assert!(!fits::<PersonKey>(key), "{key}");
        }
    }

    #[test]
    fn degrees_are_on_the_globe() {
        for degrees in ["43.238", "-0.5", "0", "90", "-90.000", "89.9999999", "9"] {
            assert!(fits::<Latitude>(degrees), "{degrees}");
        }
        for degrees in [
            "90.1",
            "-91",
            "100",
            "43.",
            ".5",
            "+43",
            "043",
            "4e1",
            "43.12345678",
            "43,2",
            "43°",
            " 43",
            "-",
            "-00.5",
            "99999999999999999999",
        ] {
            assert!(!fits::<Latitude>(degrees), "{degrees}");
        }
        for degrees in ["76.945", "180", "-180.0", "179.9999999", "99", "100"] {
            assert!(fits::<Longitude>(degrees), "{degrees}");
        }
        for degrees in ["180.0000001", "181", "-200", "0180"] {
            assert!(!fits::<Longitude>(degrees), "{degrees}");
        }
    }

    #[test]
    fn money_is_a_plain_decimal() {
        for amount in ["0", "15000", "0.5", "123456789012345.1234"] {
            assert!(fits::<Amount>(amount), "{amount}");
        }
        for amount in [
            "-1",
            "15 000",
            "15,5",
            "007",
            "1.",
            "1.12345",
            "1234567890123456",
            "1e3",
        ] {
            assert!(!fits::<Amount>(amount), "{amount}");
        }
        assert!(fits::<Currency>("KZT"));
        for currency in ["kzt", "KZ", "KZTT", "₸", "ТЕН"] {
            assert!(!fits::<Currency>(currency), "{currency}");
        }
    }
}
