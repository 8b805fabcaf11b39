//! The words of the reports, in English, Russian and Kazakh: `core/locales/reports.json`.
//!
//! Each text stands beside its English source. Sentences avoid plural
//! forms ("Entries: 5"), which Russian and English build differently. Texts are written for people
//! who are not well: short, calm, no judgement, no claim beyond "unchanged since recorded".

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::canonical::Value;
use crate::incident::{
    Behaviour, Channel, Danger, HarmKind, How, OrderKind, PlaceClass, Precision, RefusalHow,
    Relationship, ReportBody, ReportOutcome, Response, Role, YesNo,
};

/// Every closed list of codes that she can choose from, by the name under which its labels stand.
pub const CODE_LISTS: [(&str, &[&str]); 15] = [
    ("precision", Precision::CODES),
    ("place.class", PlaceClass::CODES),
    ("behaviours", Behaviour::CODES),
    ("channels", Channel::CODES),
    ("people.role", Role::CODES),
    ("people.relationship", Relationship::CODES),
    ("refusal.how", RefusalHow::CODES),
    ("harm.kinds", HarmKind::CODES),
    ("response", Response::CODES),
    ("danger", Danger::CODES),
    ("reports.body", ReportBody::CODES),
    ("reports.outcome", ReportOutcome::CODES),
    ("orders.kind", OrderKind::CODES),
    ("how", How::CODES),
    ("yes_no", YesNo::CODES),
];

/// A language of the reports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// Kazakh, in Cyrillic.
    Kazakh,
    /// Russian.
    Russian,
}

/// The texts of one language by key.
#[derive(Debug)]
pub struct Texts {
    by_key: BTreeMap<String, String>,
}

impl Language {
    /// All languages, in the order in which a page with all of them shows them.
    pub const ALL: [Self; 3] = [Self::Kazakh, Self::Russian, Self::English];

    /// Reads a code: `en`, `kk` or `ru`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }

    /// The code of ISO 639-1, as in `lang` attributes and in `incidents.json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Kazakh => "kk",
            Self::Russian => "ru",
        }
    }

    /// The texts, parsed at the first call.
    #[must_use]
    pub fn texts(self) -> &'static Texts {
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        static KAZAKH: OnceLock<Texts> = OnceLock::new();
        static RUSSIAN: OnceLock<Texts> = OnceLock::new();
        let texts = match self {
            Self::English => &ENGLISH,
            Self::Kazakh => &KAZAKH,
            Self::Russian => &RUSSIAN,
        };
        texts.get_or_init(|| Texts::read(LOCALES, self.code()))
    }
}

impl Texts {
    /// The text of a key. A key that is missing is shown as it is; a test sees to it that none is.
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key made from data, such as a field or a code, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.by_key.get(key).map(String::as_str)
    }

    /// All texts.
    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.by_key.values().map(String::as_str)
    }

    /// The text of a key with `{n}` replaced.
    #[must_use]
    pub fn with(&self, key: &str, n: impl std::fmt::Display) -> String {
        self.get(key).replace("{n}", &n.to_string())
    }

    /// The label of a code: `code("behaviours", "waiting")`.
    #[must_use]
    pub fn code(&self, list: &str, code: &str) -> Option<&str> {
        self.find(&format!("{list}.{code}"))
    }

    /// What fields, codes and kinds of entries are called: for a shell that says the same words.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.by_key.iter();
        texts
            .map(|(key, text)| (key.as_str(), text.as_str()))
            .filter(|(key, _)| is_label(key))
    }

    /// The keys of the labels, in their order, whose words a lawyer has yet to check: `locales/README.md` says why.
    pub fn labels_to_be_checked() -> impl Iterator<Item = &'static str> {
        static KEYS: OnceLock<Vec<String>> = OnceLock::new();
        let keys = KEYS.get_or_init(|| {
            let Ok(Value::Object(all)) = Value::parse(LOCALES.as_bytes()) else {
                return Vec::new();
            };
            let marked = all.into_iter().filter(|(key, texts)| {
                is_label(key)
                    && texts
                        .as_object()
                        .is_some_and(|texts| texts.contains_key("lawyer"))
            });
            marked.map(|(key, _)| key).collect()
        });
        keys.iter().map(String::as_str)
    }

    fn read(json: &str, language: &str) -> Self {
        let mut by_key = BTreeMap::new();
        if let Ok(Value::Object(object)) = Value::parse(json.as_bytes()) {
            for (key, value) in object {
                if let Value::Object(mut texts) = value
                    && let Some(Value::Text(text)) = texts.remove(language)
                {
                    by_key.insert(key, text);
                }
            }
        }
        Self { by_key }
    }
}

/// Of a field, a code or a kind of entry.
fn is_label(key: &str) -> bool {
    let code = |(list, _): &(&str, _)| {
        key.strip_prefix(list)
            .is_some_and(|code| code.starts_with('.'))
    };
    key.starts_with("field.") || key.starts_with("kind.") || CODE_LISTS.iter().any(code)
}

const LOCALES: &str = include_str!("../../locales/reports.json");

/// The code list by which the member at this path of an incident or an evidence item is shown,
/// without indexes: `people.role`.
pub(crate) fn code_list(path: &str) -> Option<&'static str> {
    const LISTS: [&str; 11] = [
        "place.class",
        "behaviours",
        "channels",
        "people.role",
        "people.relationship",
        "refusal.how",
        "harm.kinds",
        "response",
        "danger",
        "reports.body",
        "reports.outcome",
    ];
    match path {
        "occurred.precision" => Some("precision"),
        "orders.kind" => Some("orders.kind"),
        "evidence.how" => Some("how"),
        "children_present" | "after_refusal" | "orders.breached" => Some("yes_no"),
        _ => LISTS.into_iter().find(|list| *list == path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::Incident;

    /// Names and abbreviations that are the same in every language.
    const LATIN: [&str; 9] = [
        "SHA-256",
        "SMS",
        "WhatsApp",
        "Telegram",
        "Instagram",
        "TikTok",
        "Facebook",
        "e-Otinish",
        "№",
    ];

    const SOURCES: [&str; 18] = [
        include_str!("csv.rs"),
        include_str!("note.rs"),
        include_str!("readme.rs"),
        include_str!("start.rs"),
        include_str!("html/mod.rs"),
        include_str!("pdf/layout.rs"),
        include_str!("pdf/mod.rs"),
        include_str!("report/annex.rs"),
        include_str!("report/conduct.rs"),
        include_str!("report/cover.rs"),
        include_str!("sheet.rs"),
        include_str!("report/exhibits.rs"),
        include_str!("report/fields.rs"),
        include_str!("report/incidents.rs"),
        include_str!("report/mod.rs"),
        include_str!("report/people.rs"),
        include_str!("report/stamps.rs"),
        include_str!("report/timeline.rs"),
    ];

    #[test]
    fn every_field_that_leaves_has_a_label_in_each_language() {
        let leaving = Incident::MEMBERS.iter();
        for name in leaving.filter(|name| **name != "private_note") {
            for language in Language::ALL {
                let label = format!("field.{name}");
                assert!(language.texts().find(&label).is_some(), "{label}");
            }
        }
    }

    #[test]
    fn the_languages_have_the_same_keys_and_no_empty_text() {
        let english = Language::English.texts();
        assert!(english.by_key.len() > 400);
        for language in Language::ALL {
            let texts = language.texts();
            assert!(
                texts.by_key.keys().eq(english.by_key.keys()),
                "{language:?}"
            );
            for (key, text) in &texts.by_key {
                assert!(!text.trim().is_empty(), "{language:?} {key}");
                assert_eq!(text.trim(), text, "{language:?} {key}");
                let placed = |text: &str| text.contains("{n}");
                assert_eq!(placed(text), placed(english.get(key)), "{language:?} {key}");
                // Some of these texts stand in style sheets and in file names' company.
                assert!(
                    !text.contains(['"', '\\', '<', '>', '&']),
                    "{language:?} {key}"
                );
            }
        }
    }

    /// So that whoever reads a Kazakh or Russian text sees what it should say, and what is not to be
    /// relied on yet.
    #[test]
    fn each_text_stands_beside_its_source_and_words_of_law_are_marked() {
        let Ok(Value::Object(all)) = Value::parse(LOCALES.as_bytes()) else {
            panic!("no object");
        };
        let readme = include_str!("../../locales/README.md");
        let named = readme.lines().filter_map(|line| line.strip_prefix("| `"));
        let named: Vec<_> = named
            .filter_map(|rest| Some(rest.split_once('`')?.0))
            .collect();
        for (key, texts) in &all {
            let members = texts.as_object().unwrap();
            let mut names: Vec<_> = members.keys().map(String::as_str).collect();
            names.retain(|name| *name != "lawyer");
            assert_eq!(names, ["en", "kk", "ru"], "{key}");
            let mark = members.get("lawyer").map(|mark| mark.as_text().unwrap());
            let is_named = named.contains(&key.as_str());
            assert_eq!(mark, is_named.then_some("to be checked"), "{key}");
        }
        assert!(named.iter().all(|key| all.contains_key(*key)));
        let labels = named.iter().filter(|key| is_label(key)).copied();
        let mut labels: Vec<_> = labels.collect();
        labels.sort_unstable();
        assert!(Texts::labels_to_be_checked().eq(labels));
    }

    #[test]
    fn no_label_is_left_in_another_language() {
        let english = Language::English.texts();
        for (language, other) in [
            (Language::Russian, Language::Kazakh),
            (Language::Kazakh, Language::Russian),
        ] {
            for (key, text) in &language.texts().by_key {
                if LATIN.contains(&text.as_str()) {
                    continue;
                }
                let cyrillic = text.chars().any(|c| matches!(c, '\u{400}'..='\u{52F}'));
                assert!(cyrillic, "{language:?} {key}: {text}");
                assert_ne!(text, english.get(key), "{language:?} {key}");
                // Long texts must differ; short words may be the same in both.
                let same = text == other.texts().get(key);
                assert!(
                    !same || text.chars().count() < 20,
                    "{language:?} {key}: {text}"
                );
            }
        }
        let kazakh_letters = ['ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і'];
        for (key, text) in &Language::Russian.texts().by_key {
            assert!(
                !text.to_lowercase().contains(kazakh_letters),
                "{key}: {text}"
            );
        }
    }

    #[test]
    fn every_code_has_a_label_and_no_label_is_without_a_code() {
        for language in Language::ALL {
            let texts = language.texts();
            for (list, codes) in CODE_LISTS {
                for code in codes {
                    assert!(
                        texts.code(list, code).is_some(),
                        "{language:?} {list}.{code}"
                    );
                }
                let prefix = format!("{list}.");
                let labels = texts.by_key.keys().filter(|key| key.starts_with(&prefix));
                assert_eq!(labels.count(), codes.len(), "{language:?} {list}");
            }
        }
    }

    #[test]
    fn every_key_in_the_source_exists_and_every_key_is_used() {
        let texts = Language::English.texts();
        let mut used = std::collections::BTreeSet::new();
        for source in SOURCES {
            for literal in literals(source) {
                let literal = literal.as_str();
                if texts.find(literal).is_some() {
                    used.insert(literal.to_owned());
                }
                let group = literal.split('.').next().unwrap_or_default();
                let ours = texts
                    .by_key
                    .keys()
                    .any(|key| key.starts_with(&format!("{group}.")));
                let key_like = literal.contains('.')
                    && !literal.ends_with('.')
                    && literal
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b"._".contains(&b));
                let field = texts.find(&format!("field.{literal}")).is_some();
                if ours && key_like && !field && !literal.ends_with(".json") {
                    assert!(texts.find(literal).is_some(), "no text for {literal}");
                }
            }
        }
        let by_data = ["field.", "kind.", "language."];
        for key in texts.by_key.keys() {
            let code = CODE_LISTS
                .iter()
                .any(|(list, _)| key.starts_with(&format!("{list}.")));
            let data = code || by_data.iter().any(|start| key.starts_with(start));
            assert!(data || used.contains(key), "{key} is never used");
        }
    }

    /// The string literals of a source file.
    fn literals(source: &str) -> Vec<String> {
        let code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n").replace("'\"'", "");
        let (mut literals, mut rest) = (Vec::new(), code.chars());
        while rest.any(|character| character == '"') {
            let mut literal = String::new();
            while let Some(character) = rest.next().filter(|character| *character != '"') {
                literal.push(character);
                if character == '\\' {
                    literal.extend(rest.next());
                }
            }
            literals.push(literal);
        }
        literals
    }

    #[test]
    fn no_verdict_is_spoken() {
        let claims = [
            (
                Language::English,
                ["true", "admissible", "guilty", "authentic", "genuine"],
            ),
            (
                Language::Russian,
                ["правда", "допустим", "виновн", "подлинн", "достоверн"],
            ),
            (
                Language::Kazakh,
                ["шындық", "рұқсат етілген", "кінәлі", "шынайы", "ақиқат"],
            ),
        ];
        for (language, words) in claims {
            for (key, text) in &language.texts().by_key {
                let text = text.to_lowercase();
                for word in words {
                    assert!(!text.contains(word), "{language:?} {key}: {word}");
                }
            }
        }
        for (language, promise) in [
            (Language::English, "unchanged since recorded"),
            (Language::Russian, "не изменено с момента записи"),
            (Language::Kazakh, "жазылған сәттен бері өзгермеген"),
        ] {
            assert!(language.texts().get("method.check").contains(promise));
        }
    }

    /// Without it the reports would show its codes as they stand.
    #[test]
    fn a_path_leads_to_every_code_list() {
        // Those whose name is not the path of a field.
        const BORROWED: [(&str, &str); 3] = [
            ("precision", "occurred.precision"),
            ("how", "evidence.how"),
            ("yes_no", "children_present"),
        ];
        for (list, _) in CODE_LISTS {
            let borrowed = BORROWED.iter().find(|(name, _)| *name == list);
            let path = borrowed.map_or(list, |(_, path)| path);
            assert_eq!(code_list(path), Some(list));
        }
    }
}
