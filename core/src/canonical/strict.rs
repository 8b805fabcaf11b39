//! Reads the canonical form and nothing else, in one pass: whatever it takes is canonical, so nobody
//! has to write it again and compare.

use super::{MAX_INTEGER, Object, Value};

/// Deeper values are left to the ordinary parser, which has a limit of its own.
const MAX_DEPTH: usize = 100;

/// The value, if the bytes are its canonical form. `None` may also mean: too deep to tell.
pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    parse_with(bytes, None)
}

/// As [`parse`], but of the objects that are members of the whole only these members are read. The
/// others are passed over, whatever is in them.
pub(super) fn parse_members(bytes: &[u8], wanted: &[&str]) -> Option<Value> {
    parse_with(bytes, Some(wanted))
}

fn parse_with(bytes: &[u8], wanted: Option<&[&str]>) -> Option<Value> {
    let mut reader = Reader {
        rest: std::str::from_utf8(bytes).ok()?,
        wanted,
    };
    let value = reader.value(MAX_DEPTH)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    /// Members of objects in the outermost one that are read; `None`: all.
    wanted: Option<&'a [&'a str]>,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.rest.bytes().next()? {
            b'"' => self.text().map(Value::Text),
            b'{' => self.object(depth.checked_sub(1)?).map(Value::Object),
            b'[' => self.list(depth.checked_sub(1)?).map(Value::List),
            b'0'..=b'9' => self.integer().map(Value::Integer),
            _ => self.skip("null").map(|()| Value::Null),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object> {
        let mut object = Object::new();
        // The outermost object has taken one from the depth, those in it another.
        let only = self.wanted.filter(|_| depth + 2 == MAX_DEPTH);
        self.skip("{")?;
        if self.skip("}").is_some() {
            return Some(object);
        }
        loop {
            let key = self.text()?;
            self.skip(":")?;
            if only.is_some_and(|wanted| !wanted.contains(&key.as_str())) {
                self.pass_over()?;
            } else {
                // Ascending also means: none twice.
                let in_order = object.last_key_value().is_none_or(|(last, _)| *last < key);
                if !in_order || !key.is_ascii() {
                    return None;
                }
                object.insert(key, self.value(depth)?);
            }
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
        let end = self.rest.bytes().position(|byte| !is_digit(byte));
        let digits = self.take(end.unwrap_or(self.rest.len()))?;
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        digits.parse().ok().filter(|number| *number <= MAX_INTEGER)
    }

    fn text(&mut self) -> Option<String> {
        self.skip("\"")?;
        let mut text = String::new();
        loop {
            text.push_str(self.take(plain_bytes(self.rest.as_bytes())?)?);
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

    /// Passes over a value without looking at what it means.
    fn pass_over(&mut self) -> Option<()> {
        let mut open = 0usize;
        loop {
            match self.rest.bytes().next()? {
                b'"' => self.pass_over_text()?,
                b'{' | b'[' => {
                    open += 1;
                    self.take(1)?;
                }
                b'}' | b']' => {
                    open = open.checked_sub(1)?;
                    self.take(1)?;
                }
                b',' | b':' if open > 0 => {
                    self.take(1)?;
                }
                b',' | b':' => return None,
                _ => {
                    let ends = |byte| matches!(byte, b',' | b']' | b'}');
                    self.take(self.rest.bytes().position(ends)?)?;
                }
            }
            if open == 0 {
                return Some(());
            }
        }
    }

    fn pass_over_text(&mut self) -> Option<()> {
        self.skip("\"")?;
        loop {
            self.take(plain_bytes(self.rest.as_bytes())?)?;
            if self.skip("\"").is_some() {
                return Some(());
            }
            self.skip("\\")?;
            self.take(1)?;
        }
    }

    fn skip(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
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

    #[test]
    fn passes_over_members_that_are_not_wanted() {
        let text =
            r#"{"a":[1,{"x":2}],"b":{"p":"\"}],\\","q":[[],{"r":"]"},null,1],"r":{"q":7},"s":3}}"#;
        let kept = |wanted: &[&str]| {
            let value = parse_members(text.as_bytes(), wanted)?;
            String::from_utf8(value.to_bytes()).ok()
        };
        let all = kept(&["p", "q", "r", "s"]).unwrap();
        assert_eq!(all, text);
        let some = r#"{"a":[1,{"x":2}],"b":{"r":{"q":7}}}"#;
        assert_eq!(kept(&["r"]).unwrap(), some);
        assert_eq!(kept(&[]).unwrap(), r#"{"a":[1,{"x":2}],"b":{}}"#);
        for end in 0..text.len() {
            assert_eq!(parse_members(&text.as_bytes()[..end], &[]), None);
        }
    }

    proptest! {
        #[test]
        fn passes_over_anything(value in any_value(), other in any_value()) {
            let inner = Object::from([("a".to_owned(), value), ("b".to_owned(), other.clone())]);
            let whole = Value::Object(Object::from([("x".to_owned(), Value::Object(inner))]));
            let only = Object::from([("b".to_owned(), other)]);
            let only = Value::Object(Object::from([("x".to_owned(), Value::Object(only))]));
            prop_assert_eq!(parse_members(&whole.to_bytes(), &["b"]), Some(only));
        }

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
