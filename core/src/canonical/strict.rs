//! Reads the canonical form and nothing else, in one pass: whatever it takes is canonical, so nobody
//! has to write it again and compare.

use super::{MAX_INTEGER, Object, Value};

/// Deeper values are left to the ordinary parser, which has a limit of its own.
const MAX_DEPTH: usize = 100;

/// The value, if the bytes are its canonical form. `None` may also mean: too deep to tell.
pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader(std::str::from_utf8(bytes).ok()?);
    let value = reader.value(MAX_DEPTH)?;
    reader.0.is_empty().then_some(value)
}

/// What is still to be read.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.0.bytes().next()? {
            b'"' => self.text().map(Value::Text),
            b'{' => self.object(depth.checked_sub(1)?).map(Value::Object),
            b'[' => self.list(depth.checked_sub(1)?).map(Value::List),
            b'0'..=b'9' => self.integer().map(Value::Integer),
            _ => self.skip("null").map(|()| Value::Null),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object> {
        let mut object = Object::new();
        self.skip("{")?;
        if self.skip("}").is_some() {
            return Some(object);
        }
        loop {
            let key = self.text()?;
            // Ascending also means: none twice.
            let in_order = object.last_key_value().is_none_or(|(last, _)| *last < key);
            if !in_order || !key.is_ascii() {
                return None;
            }
            self.skip(":")?;
            object.insert(key, self.value(depth)?);
            if self.skip(",").is_none() {
                self.skip("}")?;
                return Some(object);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Value>> {
        let mut list = Vec::new();
        self.skip("[")?;
        if self.skip("]").is_some() {
            return Some(list);
        }
        loop {
            list.push(self.value(depth)?);
            if self.skip(",").is_none() {
                self.skip("]")?;
                return Some(list);
            }
        }
    }

    fn integer(&mut self) -> Option<u64> {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let end = self.0.bytes().position(|byte| !is_digit(byte));
        let digits = self.take(end.unwrap_or(self.0.len()))?;
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        digits.parse().ok().filter(|number| *number <= MAX_INTEGER)
    }

    fn text(&mut self) -> Option<String> {
        self.skip("\"")?;
        let mut text = String::new();
        loop {
            text.push_str(self.take(plain_bytes(self.0.as_bytes())?)?);
            if self.skip("\"").is_some() {
                return Some(text);
            }
            text.push(self.escaped()?);
        }
    }

    /// A character in the one escape that RFC 8785 section 3.2.2.2 has for it.
    fn escaped(&mut self) -> Option<char> {
        self.skip("\\")?;
        Some(match self.take(1)? {
            "\"" => '"',
            "\\" => '\\',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let digits = self.take(4)?;
                let code = u32::from_str_radix(digits, 16).ok()?;
                let is_short = matches!(code, 0x8 | 0x9 | 0xa | 0xc | 0xd);
                let is_lower = !digits.bytes().any(|byte| byte.is_ascii_uppercase());
                let is_canonical = code < 0x20 && !is_short && is_lower && !digits.contains('+');
                return char::from_u32(code).filter(|_| is_canonical);
            }
            _ => return None,
        })
    }

    fn skip(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }
}

/// Bytes before the next quotation mark, backslash or control character. Most of the input lies in
/// long texts, so eight bytes are looked at together.
fn plain_bytes(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The highest bit of some byte is set if any byte of the word is below `limit` (at most 128).
    let any_below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & (ONES << 7);
    let has_special = |word: u64| {
        let quotes = any_below(word ^ (ONES * u64::from(b'"')), 1);
        let backslashes = any_below(word ^ (ONES * u64::from(b'\\')), 1);
        quotes | backslashes | any_below(word, 0x20) != 0
    };
    let (words, _) = bytes.as_chunks::<8>();
    let plain = words
        .iter()
        .position(|word| has_special(u64::from_le_bytes(*word)))
        .unwrap_or(words.len());
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let rest = bytes.get(8 * plain..)?;
    Some(8 * plain + rest.iter().position(special)?)
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    /// What the ordinary parser and writer say together.
    fn as_written(bytes: &[u8]) -> Option<Value> {
        let value = Value::parse(bytes).ok()?;
        (value.to_bytes() == bytes).then_some(value)
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            (0..=MAX_INTEGER).prop_map(Value::Integer),
            any::<String>().prop_map(Value::Text),
            "[\\x00-\\x7f]{0,8}".prop_map(Value::Text),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..6).prop_map(Value::List),
                btree_map("[\\x00-\\x7f]{0,4}", inner, 0..6).prop_map(Value::Object),
            ]
        })
    }

    #[test]
    fn takes_each_escape_in_one_form_only() {
        for code in 0..0x80u8 {
            let canonical = Value::Text(char::from(code).to_string());
            assert_eq!(parse(&canonical.to_bytes()), Some(canonical));
            for digits in [
                format!("{code:04x}"),
                format!("{code:04X}"),
                format!("+{code:03x}"),
            ] {
                let text = format!("\"\\u{digits}\"");
                assert_eq!(
                    parse(text.as_bytes()),
                    as_written(text.as_bytes()),
                    "{text}"
                );
            }
            let short = format!("\"\\{}\"", char::from(code));
            assert_eq!(
                parse(short.as_bytes()),
                as_written(short.as_bytes()),
                "{short}"
            );
            let bare = format!("\"{}\"", char::from(code));
            assert_eq!(
                parse(bare.as_bytes()),
                as_written(bare.as_bytes()),
                "{bare}"
            );
        }
    }

    #[test]
    fn refuses_every_other_form() {
        for text in [
            "",
            " 1",
            "1 ",
            "01",
            "00",
            "-1",
            "1.0",
            "1e1",
            "9007199254740992",
            "true",
            "nul",
            "nullx",
            "[1,]",
            "[,1]",
            "[1 ,2]",
            "[",
            "]",
            "{",
            "{}}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1,\"a\":2}",
            "{\"b\":1,\"a\":2}",
            "{\"\u{4d9}\":1}",
            "\"",
            "\"\\/\"",
            "\"\\ud83d\\ude00\"",
            "\"a",
            "{\"a\": 1}",
            "\u{feff}1",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"\"\xd2\""), None);
        assert_eq!(parse("[".repeat(100_000).as_bytes()), None);
    }

    #[test]
    fn leaves_what_is_deep_to_the_ordinary_parser() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(deep(MAX_DEPTH).as_bytes()).is_some());
        assert!(parse(deep(MAX_DEPTH + 1).as_bytes()).is_none());
        assert!(Value::parse_canonical(deep(MAX_DEPTH + 1).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn reads_what_is_written(value in any_value()) {
            prop_assert_eq!(parse(&value.to_bytes()), Some(value));
        }

        /// One byte changed in good bytes: both say the same.
        #[test]
        fn agrees_with_the_ordinary_parser(
            value in any_value(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
        ) {
            let mut bytes = value.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            prop_assert_eq!(parse(&bytes), as_written(&bytes));
            bytes.insert(at, byte);
            prop_assert_eq!(parse(&bytes), as_written(&bytes));
            bytes.truncate(at);
            prop_assert_eq!(parse(&bytes), as_written(&bytes));
        }
    }
}
