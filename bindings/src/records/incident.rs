//! An incident and an amendment, with every field of the contract.

use std::collections::BTreeMap;

use diary_core::canonical::{Object, Value};
use diary_core::incident::{Changes, Incident as CoreIncident};
use diary_core::time::SystemClock;

use super::mirror::Member;
use crate::error::{DiaryError, FieldRule};

mirror! {
    /// An incident, in her words and in closed lists. Only `occurred` and `narrative` are needed.
    /// An empty list and an absent value are the same: not set.
    ///
    /// Codes are the strings of `codeLists`. Texts hold at most 64 KiB of UTF-8, the narrative
    /// 1 MiB; control characters other than tab and line breaks are refused.
    pub struct Incident {
        /// When it happened, as she remembers it.
        pub occurred: Occurred,
        /// What happened.
        pub narrative: String,
        /// Words that were said or written, as they were.
        #[uniffi(default)]
        pub verbatim: Vec<String>,
        /// Where.
        #[uniffi(default)]
        pub place: Option<Place>,
        /// What he did: codes of `behaviours`.
        #[uniffi(default)]
        pub behaviours: Vec<String>,
        /// By what means: codes of `channels`.
        #[uniffi(default)]
        pub channels: Vec<String>,
        /// How often, in one record: 34 calls in a night. 1 to 1,000,000.
        #[uniffi(default)]
        pub count: Option<u32>,
        /// Number, name of the account or address as the screen showed it.
        #[uniffi(default)]
        pub shown_as: Vec<String>,
        /// Who was there or had to do with it; at most 200.
        #[uniffi(default)]
        pub people: Vec<Person>,
        /// Whether children were there: `yes`, `no`, `unknown`.
        #[uniffi(default)]
        pub children_present: Option<String>,
        /// How she told him that she does not want this.
        #[uniffi(default)]
        pub refusal: Option<Refusal>,
        /// Whether it happened after that: `yes`, `no`, `unknown`.
        #[uniffi(default)]
        pub after_refusal: Option<String>,
        /// What it did to her life.
        #[uniffi(default)]
        pub harm: Option<Harm>,
        /// What she did: codes of `response`.
        #[uniffi(default)]
        pub response: Vec<String>,
        /// What made it dangerous: codes of `danger`.
        #[uniffi(default)]
        pub danger: Vec<String>,
        /// Reports she made.
        #[uniffi(default)]
        pub reports: Vec<Report>,
        /// Orders that were in force.
        #[uniffi(default)]
        pub orders: Vec<Order>,
        /// For herself. Never leaves the diary.
        #[uniffi(default)]
        pub private_note: Option<String>,
    }
}

mirror! {
    /// The fields of an incident that an amendment changes. A field that is set is replaced as a
    /// whole; one that is named in `takenAway` is taken away; the others stay as they are.
    pub struct IncidentPatch {
        /// When it happened. It can be replaced, not taken away.
        #[uniffi(default)]
        pub occurred: Option<Occurred>,
        /// What happened. It can be replaced, not taken away.
        #[uniffi(default)]
        pub narrative: Option<String>,
        /// Words that were said or written, as they were.
        #[uniffi(default)]
        pub verbatim: Option<Vec<String>>,
        /// Where.
        #[uniffi(default)]
        pub place: Option<Place>,
        /// What he did: codes of `behaviours`.
        #[uniffi(default)]
        pub behaviours: Option<Vec<String>>,
        /// By what means: codes of `channels`.
        #[uniffi(default)]
        pub channels: Option<Vec<String>>,
        /// How often, in one record. 1 to 1,000,000.
        #[uniffi(default)]
        pub count: Option<u32>,
        /// Number, name of the account or address as the screen showed it.
        #[uniffi(default)]
        pub shown_as: Option<Vec<String>>,
        /// Who was there or had to do with it.
        #[uniffi(default)]
        pub people: Option<Vec<Person>>,
        /// Whether children were there: `yes`, `no`, `unknown`.
        #[uniffi(default)]
        pub children_present: Option<String>,
        /// How she told him that she does not want this.
        #[uniffi(default)]
        pub refusal: Option<Refusal>,
        /// Whether it happened after that: `yes`, `no`, `unknown`.
        #[uniffi(default)]
        pub after_refusal: Option<String>,
        /// What it did to her life.
        #[uniffi(default)]
        pub harm: Option<Harm>,
        /// What she did: codes of `response`.
        #[uniffi(default)]
        pub response: Option<Vec<String>>,
        /// What made it dangerous: codes of `danger`.
        #[uniffi(default)]
        pub danger: Option<Vec<String>>,
        /// Reports she made.
        #[uniffi(default)]
        pub reports: Option<Vec<Report>>,
        /// Orders that were in force.
        #[uniffi(default)]
        pub orders: Option<Vec<Order>>,
        /// For herself. Never leaves the diary.
        #[uniffi(default)]
        pub private_note: Option<String>,
        /// Names of fields to take away, as the contract writes them, such as `children_present`.
        #[uniffi(default)]
        pub taken_away: Vec<String>,
    }
}

mirror! {
    /// When it happened, as she remembers it. One of the three times that are never merged: when
    /// it happened, when it was written down, and what is proven.
    ///
    /// A time is a date (`2026-10-03`) or RFC 3339 (`2026-10-03T21:15+05:00`, seconds optional);
    /// without an offset it gets the one that the device's zone had at that time.
    pub struct Occurred {
        /// When it began, or when it was. Absent only if the precision is `unknown`.
        #[uniffi(default)]
        pub from: Option<String>,
        /// When it ended, not before `from`.
        #[uniffi(default)]
        pub to: Option<String>,
        /// How sure she is: a code of `precision`. For `month` and `year` the first day stands.
        #[uniffi(default)]
        pub precision: Option<String>,
        /// The time in her words, such as "after the evening news".
        #[uniffi(default)]
        pub words: Option<String>,
    }
}

mirror! {
    /// Where it happened.
    pub struct Place {
        /// What kind of place: a code of `place.class`.
        #[uniffi(default)]
        pub class: Option<String>,
        /// The place in her words.
        #[uniffi(default)]
        pub text: Option<String>,
        /// North of the equator in degrees, such as `43.238`; with the longitude.
        #[uniffi(default)]
        pub latitude: Option<String>,
        /// East of Greenwich in degrees, with the latitude.
        #[uniffi(default)]
        pub longitude: Option<String>,
    }
}

mirror! {
    /// A person who had to do with the incident.
    pub struct Person {
        /// What the person had to do with it: a code of `people.role`.
        pub role: String,
        /// The same key is the same person in every incident, such as `p1`.
        #[uniffi(default)]
        pub key: Option<String>,
        /// Name or nickname.
        #[uniffi(default)]
        pub name: Option<String>,
        /// What the person is to her: a code of `people.relationship`.
        #[uniffi(default)]
        pub relationship: Option<String>,
        /// Looks, clothing, companions.
        #[uniffi(default)]
        pub description: Option<String>,
        /// Vehicle and number plate.
        #[uniffi(default)]
        pub vehicle: Option<String>,
        /// Address, telephone, accounts. Can be withheld apart from the rest.
        #[uniffi(default)]
        pub contact: Option<String>,
        /// Anything else, such as what a witness saw.
        #[uniffi(default)]
        pub note: Option<String>,
    }
}

mirror! {
    /// How she told him that she does not want this.
    pub struct Refusal {
        /// When: a date or a time.
        #[uniffi(default)]
        pub when: Option<String>,
        /// How: a code of `refusal.how`.
        #[uniffi(default)]
        pub how: Option<String>,
        /// What she said.
        #[uniffi(default)]
        pub words: Option<String>,
    }
}

mirror! {
    /// What it did to her life.
    pub struct Harm {
        /// The kinds of harm: codes of `harm.kinds`.
        #[uniffi(default)]
        pub kinds: Vec<String>,
        /// In her words.
        #[uniffi(default)]
        pub words: Option<String>,
        /// What it cost.
        #[uniffi(default)]
        pub cost: Option<Cost>,
        /// Doctors, psychologists, documents with their numbers.
        #[uniffi(default)]
        pub care: Vec<String>,
    }
}

mirror! {
    /// An amount of money.
    pub struct Cost {
        /// The amount, as a decimal such as `15000` or `99.90`.
        pub amount: String,
        /// The currency, ISO 4217, such as `KZT`.
        pub currency: String,
    }
}

mirror! {
    /// A report that she made.
    pub struct Report {
        /// To whom: a code of `reports.body`.
        pub body: String,
        /// When: a date or a time.
        #[uniffi(default)]
        pub on: Option<String>,
        /// Registration number.
        #[uniffi(default)]
        pub number: Option<String>,
        /// Name, rank and badge of the officer.
        #[uniffi(default)]
        pub officer: Option<String>,
        /// What came of it: a code of `reports.outcome`.
        #[uniffi(default)]
        pub outcome: Option<String>,
        /// What was said.
        #[uniffi(default)]
        pub words: Option<String>,
    }
}

mirror! {
    /// An order that was in force.
    pub struct Order {
        /// What kind: a code of `orders.kind`.
        pub kind: String,
        /// Its number.
        #[uniffi(default)]
        pub number: Option<String>,
        /// Since when it holds: a date or a time.
        #[uniffi(default)]
        pub from: Option<String>,
        /// Until when it holds, not before `from`.
        #[uniffi(default)]
        pub to: Option<String>,
        /// Whether this incident breaches it: `yes`, `no`, `unknown`.
        #[uniffi(default)]
        pub breached: Option<String>,
    }
}

impl Incident {
    /// As the core reads what was typed in.
    pub(crate) fn parse(self) -> Result<CoreIncident, DiaryError> {
        let incident = CoreIncident::read(self.into_object(), &SystemClock);
        Ok(incident.map_err(diary_core::Error::from)?)
    }
}

impl IncidentPatch {
    /// As the core reads what was typed in.
    pub(crate) fn parse(mut self) -> Result<Changes, DiaryError> {
        let taken_away = std::mem::take(&mut self.taken_away);
        let mut object = self.into_object();
        for name in taken_away {
            // What is no field's name could be anything, and an error names its field.
            if !CoreIncident::MEMBERS.contains(&name.as_str()) {
                return Err(DiaryError::InvalidField {
                    path: "taken_away".to_owned(),
                    rule: FieldRule::UnknownField,
                });
            }
            if object.contains_key(&name) {
                let rule = FieldRule::Twice;
                return Err(DiaryError::InvalidField { path: name, rule });
            }
            object.insert(name, Value::Null);
        }
        Ok(Changes::read(object, &SystemClock).map_err(diary_core::Error::from)?)
    }

    /// What an amendment changed.
    pub(crate) fn from_changes(changes: &Object) -> Self {
        let (gone, set): (BTreeMap<_, _>, BTreeMap<_, _>) = changes
            .clone()
            .into_iter()
            .partition(|(_, value)| *value == Value::Null);
        let mut patch = Self::from_object(set);
        patch.taken_away = gone.into_keys().collect();
        patch
    }
}

/// The one member that is a record and must be there; the core refuses it if it is empty.
impl Member for Occurred {
    fn put(self, name: &str, object: &mut Object) {
        Some(self).put(name, object);
    }

    fn take_from(name: &str, object: &mut Object) -> Self {
        Option::take_from(name, object).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of the contract.
    const FULL: &str = r##"{
        "occurred": {"from": "2026-10-03T21:15+05:00", "to": "2026-10-03T22:00+05:00",
            "precision": "about", "words": "после вечерних новостей"},
        "narrative": "Ол тағы да кіреберісте күтіп тұрды. 🐈",
        "verbatim": ["«Всё равно найду»"],
        "place": {"class": "home", "text": "подъезд", "latitude": "43.238", "longitude": "76.945"},
        "behaviours": ["waiting", "threat"], "channels": ["in_person", "whatsapp"], "count": 34,
        "shown_as": ["+7 700 000 00 00"],
        "people": [{"key": "p1", "role": "perpetrator", "name": "А.", "relationship": "ex_partner",
            "description": "d", "vehicle": "v", "contact": "c", "note": "n"}],
        "children_present": "no",
        "refusal": {"when": "2026-09-01", "how": "message", "words": "w"},
        "after_refusal": "yes",
        "harm": {"kinds": ["fear"], "words": "w", "cost": {"amount": "15000", "currency": "KZT"},
            "care": ["поликлиника"]},
        "response": ["blocked"], "danger": ["weapon"],
        "reports": [{"body": "police", "on": "2026-10-04", "number": "КУИ 000", "officer": "o",
            "outcome": "refused", "words": "w"}],
        "orders": [{"kind": "protective_order", "number": "1", "from": "2026-09-10",
            "to": "2026-10-10", "breached": "yes"}],
        "private_note": "only here"
    }"##;

    fn full() -> CoreIncident {
        CoreIncident::parse(FULL.as_bytes(), &SystemClock).unwrap()
    }

    #[test]
    fn an_incident_crosses_whole_in_both_directions() {
        let stored = full().to_private_value();
        let named: Vec<&str> = stored.keys().map(String::as_str).collect();
        let mut members = CoreIncident::MEMBERS.to_vec();
        members.sort_unstable();
        assert_eq!(named, members, "the sample must use every field");
        let record = Incident::from_object(stored.clone());
        assert_eq!(record.clone().into_object(), stored);
        assert_eq!(record.parse().unwrap().to_private_value(), stored);
    }

    #[test]
    fn a_patch_sets_takes_away_and_keeps() {
        let mut object = full().to_private_value();
        object.remove("occurred");
        object.remove("narrative");
        let gone = object.keys().map(|name| (name.clone(), Value::Null));
        let gone: Object = gone.collect();
        for changes in [full().to_private_value(), object, gone] {
            let patch = IncidentPatch::from_changes(&changes);
            assert_eq!(patch.parse().unwrap().to_private_value(), changes);
        }
    }

    #[test]
    fn a_field_cannot_be_set_and_taken_away() {
        let patch = IncidentPatch {
            count: Some(3),
            taken_away: vec!["count".to_owned()],
            ..IncidentPatch::default()
        };
        assert!(matches!(
            patch.parse(),
            Err(DiaryError::InvalidField { path, rule: FieldRule::Twice }) if path == "count"
        ));
    }

    #[test]
    fn what_is_no_field_is_taken_away_by_no_name() {
        let patch = IncidentPatch {
            taken_away: vec!["құпия".to_owned()],
            ..IncidentPatch::default()
        };
        assert!(matches!(
            patch.parse(),
            Err(DiaryError::InvalidField { path, rule: FieldRule::UnknownField }) if path == "taken_away"
        ));
    }

    #[test]
    fn a_broken_rule_is_named_with_its_path() {
        let mut incident = Incident::from_object(full().to_private_value());
        incident.people[0].role = "villain".to_owned();
        assert!(matches!(
            incident.parse(),
            Err(DiaryError::InvalidField { path, rule: FieldRule::UnknownCode })
                if path == "people[0].role"
        ));
    }
}
