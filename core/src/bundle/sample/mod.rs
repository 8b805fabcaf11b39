//! A small log with everything a bundle can show, for tests: real salts, commitments, leaves and
//! proofs, computed here by the letter of the format and not by the code under test.

mod tree;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::document::{
    Body, Chosen, ClockFlag, Counts, Document, Entry, Evidence, EvidenceFile, Exhibit, Export,
    LogState, Recorded,
};
use super::hex;
use super::texts::Language;
use crate::canonical::{Object, Value};

use self::tree::{commitment, fields_of, id, leaf, salt, shown};
pub(crate) use self::tree::{consistency, path, root};

/// Any 32 bytes will do for a key where nothing is signed.
pub(crate) const KEY: [u8; 32] = [7; 32];

pub(crate) const FINGERPRINT: &str = "7XK2M-9QJ4R-00ABC-DEFGH-JKMN3";

/// The bytes of the one original in the sample bundle.
pub(crate) const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 not much of a picture";

pub(crate) struct Sample {
    pub(crate) document: Document,
    pub(crate) leaves: Vec<[u8; 32]>,
}

/// What one entry commits to, before anything is withheld.
struct Proven {
    kind: &'static str,
    about: Option<u64>,
    fields: BTreeMap<String, Value>,
}

pub(crate) fn document(language: Language) -> Document {
    sample(language).document
}

/// Thirteen entries: incidents in three languages, amended, withdrawn and erased ones, and files.
pub(crate) fn sample(language: Language) -> Sample {
    let mut log = Log::default();
    log.hidden("begun");
    log.incident(KAZAKH, &["people[1].contact"], None);
    log.evidence(1, "image/jpeg", "photo\u{202E}gpj.exe", Some("jpg"), false);
    log.incident(
        RUSSIAN,
        &["place", "people[0]", "people[0].contact"],
        Some(ClockFlag::Back),
    );
    log.amendment(
        3,
        r#"{"narrative":"Исправлено: он звонил 41 раз.","place":{"class":"work","text":"офис"},"count":41,"children_present":null}"#,
        &["place"],
        "сначала <посчитала> неверно",
    );
    log.hidden("keys-changed");
    log.incident(
        ENGLISH,
        &["narrative", "behaviours[0]", "behaviours[1]"],
        None,
    );
    log.withdrawal(6, "I was mistaken about the day & the man");
    log.hidden("incident");
    log.erasure(8, &[8]);
    log.evidence(3, "audio/ogg", "voice.ogg", None, true);
    log.hidden("incident");
    log.evidence(1, "application/pdf", "справка.pdf", None, false);
    log.finish(language)
}

const KAZAKH: &str = r#"{"occurred":{"from":"2026-10-03T21:15:00+05:00","to":"2026-10-03T22:00:00+05:00","precision":"about","words":"кешкі жаңалықтардан кейін"},
"narrative":"Ол тағы да кіреберісте күтіп тұрды. 💔\nҚорқып кеттім.","verbatim":["«Всё равно найду»"],"place":{"class":"home","text":"подъезд, 2-қабат"},
"behaviours":["waiting","threat"],"channels":["in_person"],"people":[{"key":"p1","role":"perpetrator","name":"Б.","relationship":"ex_partner","description":"қара күрте"},
{"key":"p2","role":"witness","name":"Көрші","contact":"withheld-contact"}],"after_refusal":"yes","harm":{"kinds":["fear","sleep"],"cost":{"amount":"15000","currency":"KZT"}},
"reports":[{"body":"police","on":"2026-10-04","number":"КУИ 000","outcome":"refused","words":"«Әзірге ештеңе болған жоқ»"}],"danger":["escalation"]}"#;

const RUSSIAN: &str = r#"{"occurred":{"from":"2026-09-05T00:00:00+05:00","precision":"day"},"narrative":"Он звонил 34 раза с разных номеров.","behaviours":["calls","fake_account"],
"count":34,"shown_as":["+7 700 000 00 00","@user"],"people":[{"key":"p1","role":"perpetrator","name":"withheld-name","contact":"withheld-contact"},{"key":"p2","role":"witness","name":"Соседка"}],
"place":{"class":"home","text":"withheld-place"},"children_present":"no","refusal":{"when":"2026-09-01","how":"message","words":"Не пишите мне больше."},"response":["blocked"],
"orders":[{"kind":"protective_order","number":"12","from":"2026-09-10","to":"2026-10-10","breached":"yes"}]}"#;

const ENGLISH: &str = r#"{"occurred":{"from":"2026-08-01T00:00:00+05:00","precision":"month"},"narrative":"withheld-narrative","behaviours":["following","gifts"]}"#;

#[derive(Default)]
struct Log {
    proven: Vec<Proven>,
    entries: Vec<Entry>,
    exhibits: u32,
}

impl Log {
    fn number(&self) -> u64 {
        u64::try_from(self.proven.len()).unwrap()
    }

    fn recorded(&self, clock: Option<ClockFlag>) -> Recorded {
        let minute = self.number();
        Recorded {
            at: format!("2026-10-03T22:{minute:02}:05+05:00"),
            utc: format!("2026-10-03T17:{minute:02}:05Z"),
            zone: Some("Asia/Almaty".to_owned()),
            boot: Some("0123456789abcdef".to_owned()),
            uptime_ms: Some(60_000 * minute),
            clock,
        }
    }

    fn hidden(&mut self, kind: &'static str) {
        let recorded = Value::Object(self.recorded(None).to_object());
        let mut fields = BTreeMap::from([("recorded".to_owned(), recorded)]);
        fields.insert("software".to_owned(), Value::from("diary-core 0.1.0"));
        self.proven.push(Proven {
            kind,
            about: None,
            fields,
        });
    }

    /// Adds an entry; what is named in `withhold`, and `private`, is not shown.
    fn add(
        &mut self,
        kind: &'static str,
        about: Option<u64>,
        mut fields: BTreeMap<String, Value>,
        withhold: &[&str],
        clock: Option<ClockFlag>,
        body: Body,
    ) {
        let number = self.number();
        let recorded = self.recorded(clock);
        fields.insert("recorded".to_owned(), Value::Object(recorded.to_object()));
        if matches!(kind, "incident" | "amendment") {
            fields.insert("private".to_owned(), Value::from("withheld-private"));
        }
        let (mut salts, mut withheld) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in &fields {
            if name == "private" || withhold.contains(&name.as_str()) {
                withheld.insert(name.clone(), commitment(number, name, value));
            } else {
                salts.insert(name.clone(), salt(number, name));
            }
        }
        for name in withhold {
            assert!(withheld.contains_key(*name), "{name}");
        }
        self.proven.push(Proven {
            kind,
            about,
            fields,
        });
        self.entries.push(Entry {
            number,
            id: String::new(),
            recorded,
            body,
            salts,
            withheld,
        });
    }

    fn incident(&mut self, json: &str, withhold: &[&str], clock: Option<ClockFlag>) {
        let incident = object(json);
        let fields = fields_of(&incident);
        let incident = shown(&incident, withhold);
        let body = Body::Incident { incident };
        self.add("incident", None, fields, withhold, clock, body);
    }

    fn amendment(&mut self, about: u64, json: &str, withhold: &[&str], reason: &str) {
        let changes = object(json);
        let mut fields = fields_of(&changes);
        fields.insert("reason".to_owned(), Value::from(reason));
        let body = Body::Amendment {
            about,
            changes: shown(&changes, withhold),
            reason: Some(reason.to_owned()),
        };
        self.add("amendment", Some(about), fields, withhold, None, body);
    }

    fn withdrawal(&mut self, about: u64, reason: &str) {
        let fields = BTreeMap::from([("reason".to_owned(), Value::from(reason))]);
        let reason = Some(reason.to_owned());
        let body = Body::Withdrawal { about, reason };
        self.add("withdrawal", Some(about), fields, &[], None, body);
    }

    fn erasure(&mut self, about: u64, erased: &[u64]) {
        let numbers = erased.iter().copied().map(Value::Integer).collect();
        let fields = BTreeMap::from([("erased".to_owned(), Value::List(numbers))]);
        let erased = erased.to_vec();
        let body = Body::Erasure { about, erased };
        self.add("erasure", Some(about), fields, &[], None, body);
    }

    fn evidence(
        &mut self,
        about: u64,
        media_type: &str,
        name: &str,
        extension: Option<&str>,
        withhold: bool,
    ) {
        self.exhibits += 1;
        let exhibit = Exhibit::new(self.exhibits).unwrap();
        let evidence = Evidence {
            sha256: Sha256::digest(PICTURE).into(),
            bytes: u64::try_from(PICTURE.len()).unwrap(),
            media_type: media_type.to_owned(),
            name: name.to_owned(),
            how: Some("received".to_owned()),
            note: Some("from the \"neighbour\"".to_owned()),
            claimed: Some(object(r#"{"modified":"2026-10-03T16:20:00Z"}"#)),
        };
        let fields: BTreeMap<String, Value> = evidence.to_object().into_iter().collect();
        let names: Vec<String> = fields.keys().cloned().collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let body = Body::Evidence {
            about,
            evidence: (!withhold).then_some(evidence),
            exhibit,
            file: extension.map(|extension| EvidenceFile::new(exhibit, extension).unwrap()),
            copy: None,
        };
        let withheld: &[&str] = if withhold { &names } else { &[] };
        self.add("evidence", Some(about), fields, withheld, None, body);
    }

    fn finish(mut self, language: Language) -> Sample {
        let numbered = self.proven.iter().zip(0..);
        let leaves: Vec<[u8; 32]> = numbered
            .map(|(proven, number)| leaf(number, proven))
            .collect();
        for entry in &mut self.entries {
            entry.id = id(
                entry.number,
                &leaves[usize::try_from(entry.number).unwrap()],
            );
        }
        let document = Document {
            log: LogState {
                origin: format!("incident-diary.v1/{}", hex(&Sha256::digest(KEY))),
                size: self.number(),
                root: root(&leaves),
            },
            exported: Export {
                at: self.recorded(None),
                language,
                renderer: "diary-core 0.1.0".to_owned(),
                audience: Some("Полиция <Алматы>".to_owned()),
            },
            selection: Chosen {
                from: Some("2026-08-01".to_owned()),
                behaviours: vec!["calls".to_owned(), "waiting".to_owned()],
                without: vec!["11-0000".to_owned()],
                ..Chosen::default()
            },
            counts: Counts {
                incidents_shown: 4,
                incidents_in_log: 5,
                entries_shown: u64::try_from(self.entries.len()).unwrap(),
                entries_in_log: self.number(),
                left_out: 1,
                unknown_time: 0,
                lost: 0,
            },
            entries: self.entries,
            stamps: Vec::new(),
        };
        Sample { document, leaves }
    }
}

/// One incident in which every text is `text`, with files, changes and a withdrawal.
pub(crate) fn full_of(text: &str, language: Language) -> Document {
    let value = || Value::from(text);
    let of = |names: &[&str]| {
        let members = names.iter().map(|name| ((*name).to_owned(), value()));
        Value::Object(members.collect())
    };
    let list = |value: Value| Value::List(vec![value.clone(), value]);
    let place = of(&["class", "text", "latitude", "longitude", "odd"]);
    let people = of(&[
        "key",
        "role",
        "name",
        "relationship",
        "vehicle",
        "contact",
        "note",
    ]);
    let report = of(&["body", "on", "number", "officer", "outcome", "words"]);
    let incident = Object::from([
        (
            "occurred".to_owned(),
            of(&["from", "to", "precision", "words"]),
        ),
        ("narrative".to_owned(), value()),
        ("verbatim".to_owned(), list(value())),
        ("place".to_owned(), place.clone()),
        ("behaviours".to_owned(), list(value())),
        (
            "count".to_owned(),
            Value::Integer(crate::canonical::MAX_INTEGER),
        ),
        ("shown_as".to_owned(), list(value())),
        ("people".to_owned(), list(people)),
        ("refusal".to_owned(), of(&["when", "how", "words"])),
        ("after_refusal".to_owned(), value()),
        ("harm".to_owned(), of(&["kinds", "words", "cost"])),
        ("reports".to_owned(), list(report)),
        ("unheard_of".to_owned(), list(list(value()))),
    ]);
    let changes = Object::from([
        ("occurred".to_owned(), value()),
        ("narrative".to_owned(), value()),
        ("place".to_owned(), Value::List(vec![Value::Null, place])),
        ("people".to_owned(), value()),
        ("reports".to_owned(), Value::Null),
    ]);
    let mut document = document(language);
    document.exported.audience = Some(text.to_owned());
    document.exported.renderer = text.to_owned();
    document.selection = Chosen {
        from: Some("2026-08-01".to_owned()),
        to: Some("2026-09-30".to_owned()),
        behaviours: vec![text.to_owned()],
        people: vec![text.to_owned()],
        incidents: vec![text.to_owned()],
        without: vec![text.to_owned()],
    };
    for entry in &mut document.entries {
        match &mut entry.body {
            Body::Incident { incident: words } => *words = incident.clone(),
            Body::Amendment {
                changes: words,
                reason,
                ..
            } => {
                *words = changes.clone();
                *reason = Some(text.to_owned());
            }
            Body::Withdrawal { reason, .. } => *reason = Some(text.to_owned()),
            Body::Evidence {
                evidence: Some(evidence),
                ..
            } => {
                evidence.media_type = text.to_owned();
                evidence.name = text.to_owned();
                evidence.how = Some(text.to_owned());
                evidence.note = Some(text.to_owned());
                evidence.claimed = Some(Object::from([("modified".to_owned(), value())]));
            }
            _ => {}
        }
    }
    document
}

fn object(json: &str) -> Object {
    Value::parse(json.as_bytes())
        .unwrap()
        .as_object()
        .unwrap()
        .clone()
}
