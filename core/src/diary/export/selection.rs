//! What she chooses.

use crate::bundle::texts::Language;
use crate::diary::history::IncidentRef;
use crate::incident::{Behaviour, FieldName};
use crate::log::EntryId;
use crate::picture::Area;
use crate::time::TimeRange;

/// What is to leave, and in which form.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Only incidents that happened then.
    pub period: TimeRange,
    /// Only incidents with one of these.
    pub behaviours: Vec<Behaviour>,
    /// Only incidents with one of these people, by key.
    pub people: Vec<String>,
    /// Only these incidents; a withdrawn one shows its words only if it is named here.
    pub incidents: Vec<IncidentRef>,
    /// Incidents that stay out, and evidence items that are withheld.
    pub without: Vec<IncidentRef>,
    /// Fields that are named but not shown; in one incident, or in all.
    pub withhold: Vec<(Option<IncidentRef>, FieldName)>,
    /// Which originals go along.
    pub originals: Originals,
    /// Whether a copy without metadata goes along for every other item, where one can be made.
    pub copies: bool,
    /// Parts of pictures to cover with black boxes, by item. A covered item leaves as a copy whatever
    /// the two members above say; if its parts cannot be covered, nothing of it leaves but its hash.
    pub covers: Vec<(EntryId, Area)>,
    /// Language of the reports.
    pub language: Language,
    /// To whom and for what.
    pub audience: Option<String>,
}

/// Which evidence originals go into a bundle. An original carries everything its file holds, such
/// as place and device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Originals {
    /// All of the incidents that are exported.
    All,
    /// None; their hashes are there.
    None,
    /// These items.
    Items(Vec<EntryId>),
}

impl Selection {
    /// Every incident with every field, and of the evidence what can leave without metadata.
    #[must_use]
    pub fn everything(language: Language) -> Self {
        Self {
            period: TimeRange::default(),
            behaviours: Vec::new(),
            people: Vec::new(),
            incidents: Vec::new(),
            without: Vec::new(),
            withhold: Vec::new(),
            originals: Originals::None,
            copies: true,
            covers: Vec::new(),
            language,
            audience: None,
        }
    }
}
