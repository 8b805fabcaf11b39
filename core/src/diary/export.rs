//! What she hands over: chosen piece by piece, shown before it leaves, and verified before it gets
//! its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::Diary;
use super::filter::{Filter, Fit};
use super::history::{History, IncidentRef};
use crate::bundle::assemble::{self, BUNDLE_TXT, Contents, Files, Original};
use crate::bundle::document::{Document, EvidenceFile, Exhibit};
use crate::bundle::limits::MAX_FILES;
use crate::bundle::texts::Language;
use crate::bundle::zip::{ZipWriteError, ZipWriter};
use crate::bundle::{VerifyOptions, verify};
use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::evidence::{EvidenceError, MediaType};
use crate::files::NewFile;
use crate::hex;
use crate::incident::{self, Behaviour, FieldName, Text};
use crate::log::entry::Entry;
use crate::log::leaf::{self, PRIVATE};
use crate::log::{Draft, EntryId, EntryKind, Fingerprint, Hash, Reading};
use crate::progress::{NoProgress, Progress};
use crate::time::TimeRange;
use crate::vault::{Passphrase, SecretBytes, VaultError};

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

/// The passphrase was given again. An export needs it, so that nobody who finds the diary open can
/// carry it away.
pub struct Confirmed(());

/// Exactly what would leave.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The incidents, in order of recording.
    pub incidents: Vec<PreviewIncident>,
    /// Every file of the bundle.
    pub files: Vec<PreviewFile>,
    /// Incidents of the log that stay out.
    pub left_out: u64,
    /// Those of them whose time is not known, where a period was chosen.
    pub unknown_time: u64,
    /// Incidents in the log.
    pub in_log: u64,
}

/// One incident of a preview.
#[derive(Clone, Debug)]
pub struct PreviewIncident {
    /// Its id.
    pub id: EntryId,
    /// Names of the fields that are shown, of all entries about it.
    pub fields: Vec<String>,
    /// Names of the fields that are withheld; the private note is never shown and not named here.
    pub withheld: Vec<String>,
}

/// One file of a preview.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PreviewFile {
    /// Its path below the top folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// A bundle that was written, verified and named.
#[derive(Clone, Debug)]
pub struct Exported {
    /// SHA-256 of the ZIP file.
    pub sha256: Hash,
    /// Incidents in it.
    pub incidents: u64,
    /// Incidents in the log.
    pub in_log: u64,
    /// The code of the log that it shows.
    pub fingerprint: Fingerprint,
    /// Size of the ZIP file.
    pub bytes: u64,
}

/// Checkpoints of earlier codes in one bundle, at most.
const MAX_CODES: usize = 4_096;

/// A bundle that is ready to be written.
struct Plan {
    files: Files,
    document: Document,
    fingerprint: Fingerprint,
    chosen: Vec<Chosen>,
}

/// An incident that goes out.
struct Chosen {
    history: History,
    /// By entry: names of what is not shown, without the private note.
    withheld: BTreeMap<u32, BTreeSet<String>>,
}

impl Diary {
    /// Asks for the passphrase again, at the full cost of an attempt.
    ///
    /// # Errors
    /// Wrong passphrase.
    pub fn confirm(&mut self, passphrase: &Passphrase) -> Result<Confirmed, Error> {
        if self
            .log
            .vault()
            .opens_with(&SecretBytes::from(passphrase))?
        {
            Ok(Confirmed(()))
        } else {
            Err(VaultError::WrongSecret.into())
        }
    }

    /// Shows exactly what an export would hold, without writing anything.
    ///
    /// # Errors
    /// As [`Diary::export`].
    pub fn preview(&mut self, selection: &Selection) -> Result<Preview, Error> {
        let plan = self.plan(selection)?;
        let incidents = plan.chosen.iter().map(Chosen::preview).collect();
        let small = plan.files.small.iter();
        let small = small.map(|(path, bytes)| (path.clone(), bytes.len() as u64));
        let originals = plan.files.originals.iter();
        let originals = originals.map(|(path, original)| (path.clone(), original.bytes));
        let files: BTreeMap<String, u64> = small.chain(originals).collect();
        let files = files
            .into_iter()
            .map(|(path, bytes)| PreviewFile { path, bytes })
            .collect();
        let counts = plan.document.counts;
        let (left_out, unknown_time) = (counts.left_out, counts.unknown_time);
        Ok(Preview {
            incidents,
            files,
            left_out,
            unknown_time,
            in_log: counts.incidents_in_log,
        })
    }

    /// Writes a bundle to `out`. It is verified as a stranger would, recorded in the log, and only
    /// then gets its name; it shows the log as it was before that entry.
    ///
    /// # Errors
    /// [`Error::EmptySelection`], [`Error::TargetExists`], [`Error::BundleTooLarge`],
    /// [`Error::BundleNotSound`], and those of reading; then nothing is left behind.
    pub fn export(
        &mut self,
        selection: &Selection,
        out: &Path,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<Exported, Error> {
        let Confirmed(()) = confirmed;
        if std::fs::symlink_metadata(out).is_ok() {
            return Err(Error::TargetExists);
        }
        let plan = self.plan(selection)?;
        let mut file = NewFile::beside(out).map_err(|error| Error::Evidence(error.into()))?;
        self.write_zip(&plan.files, file.file(), progress)?;
        let (sha256, bytes) = hash_of(file.file())?;
        let options = VerifyOptions {
            fingerprint: Some(plan.fingerprint),
        };
        let verdict = verify(file.path(), &options, &mut NoProgress);
        if !verdict.is_ok_and(|verdict| verdict.sound) {
            return Err(Error::BundleNotSound);
        }
        self.record_export(&plan, selection)?;
        file.publish()
            .map_err(|error| Error::Evidence(error.into()))?;
        let counts = plan.document.counts;
        Ok(Exported {
            sha256,
            incidents: counts.incidents_shown,
            in_log: counts.incidents_in_log,
            fingerprint: plan.fingerprint,
            bytes,
        })
    }

    #[cfg(test)]
    pub(super) fn plan_for_tests(&mut self, selection: &Selection) -> BTreeMap<String, Vec<u8>> {
        self.plan(selection).unwrap().files.small
    }

    fn plan(&mut self, selection: &Selection) -> Result<Plan, Error> {
        let audience = selection.audience.as_deref();
        let audience = audience.map(|text| <Text>::new("for", text)).transpose()?;
        let (mut chosen, unknown_time) = self.choose(selection)?;
        if chosen.is_empty() {
            return Err(Error::EmptySelection);
        }
        self.withhold(selection, &mut chosen)?;
        let document = self.document(selection, audience, &chosen, unknown_time)?;

        let checkpoint = self.log.checkpoint();
        let mut inclusion = Vec::new();
        for entry in &document.entries {
            let number = u32::try_from(entry.number).unwrap_or(u32::MAX);
            inclusion.push((number, self.log.inclusion(number, checkpoint.size)?));
        }
        let mut marked = self.log.marked_sizes()?;
        marked.retain(|size| *size < checkpoint.size);
        let codes_given = marked.len();
        let mut older = Vec::new();
        for size in marked.into_iter().take(MAX_CODES) {
            let proof = self.log.consistency(size, checkpoint.size)?;
            older.push((self.log.checkpoint_at(size)?, proof));
        }
        let key = self.log.key();
        let contents = Contents {
            document: &document,
            checkpoint,
            key,
            inclusion,
            older,
            codes_given,
        };
        let files = assemble::files(&contents).map_err(|_| Error::BundleNotSound)?;
        if (files.small.len() + files.originals.len()) as u64 > MAX_FILES {
            return Err(Error::BundleTooLarge);
        }
        let fingerprint = Fingerprint::of(&checkpoint);
        Ok(Plan {
            files,
            document,
            fingerprint,
            chosen,
        })
    }

    /// The incidents that fit, and how many were left out because their time is not known.
    fn choose(&mut self, selection: &Selection) -> Result<(Vec<Chosen>, u64), Error> {
        let mut left_out = BTreeSet::new();
        for which in &selection.without {
            if !self.is_item(which)? {
                left_out.insert(self.resolve(which)?);
            }
        }
        let mut named = BTreeSet::new();
        for which in &selection.incidents {
            named.insert(self.resolve(which)?);
        }
        let mut chosen = Vec::new();
        let mut unknown_time = 0;
        let mut from = 0;
        while let Some(number) = self.next_candidate(&named, from)? {
            from = number + 1;
            if left_out.contains(&number) {
                continue;
            }
            let history = History::read_as(&mut self.log, number, Reading::Line)?;
            match selection.filter().fit(history.members()?.as_ref()) {
                Fit::Yes => {
                    let history = History::read(&mut self.log, number)?;
                    let hidden = history.is_withdrawn() && !named.contains(&number);
                    chosen.push(Chosen::new(history, hidden));
                }
                Fit::UnknownTime => unknown_time += 1,
                Fit::No => {}
            }
        }
        Ok((chosen, unknown_time))
    }

    fn next_candidate(&mut self, named: &BTreeSet<u32>, from: u32) -> Result<Option<u32>, Error> {
        if named.is_empty() {
            return self.incident_from(from);
        }
        Ok(named.range(from..).next().copied())
    }

    /// Adds to each chosen incident what is withheld in it.
    fn withhold(&mut self, selection: &Selection, chosen: &mut [Chosen]) -> Result<(), Error> {
        for which in &selection.without {
            if self.is_item(which)? {
                self.withhold_item(which, chosen)?;
            }
        }
        for (which, field) in &selection.withhold {
            let only = match which {
                Some(which) if self.is_item(which)? => {
                    if !field.is_evidence() {
                        return Err(Error::NotAnIncident);
                    }
                    self.withhold_item(which, chosen)?;
                    continue;
                }
                Some(which) => Some(self.resolve(which)?),
                None => None,
            };
            for chosen in chosen.iter_mut() {
                if only.is_none_or(|only| only == chosen.history.number()) {
                    chosen.withhold(field);
                }
            }
        }
        Ok(())
    }

    fn withhold_item(&mut self, which: &IncidentRef, chosen: &mut [Chosen]) -> Result<(), Error> {
        let IncidentRef::Id(id) = which else {
            return Err(Error::NotAnItem);
        };
        self.resolve_item(id)?;
        for chosen in chosen {
            chosen.withhold_evidence(|number| number == id.number());
        }
        Ok(())
    }

    fn is_item(&mut self, which: &IncidentRef) -> Result<bool, Error> {
        match which {
            IncidentRef::Id(id) => Ok(self.place_of(id)?.kind == EntryKind::Evidence),
            IncidentRef::Number(_) => Ok(false),
        }
    }

    fn document(
        &mut self,
        selection: &Selection,
        audience: Option<Text>,
        chosen: &[Chosen],
        unknown_time: u64,
    ) -> Result<Document, Error> {
        if let Originals::Items(items) = &selection.originals {
            for item in items {
                self.resolve_item(item)?;
            }
        }
        let mut shown: Vec<(u32, EntryId, &Entry, &Chosen)> = chosen
            .iter()
            .flat_map(|chosen| {
                chosen
                    .history
                    .entries()
                    .map(move |(logged, entry)| (logged.id.number(), logged.id, entry, chosen))
            })
            .collect();
        shown.sort_unstable_by_key(|(number, ..)| *number);
        let mut exhibits = 0;
        let entries: Vec<Value> = shown
            .iter()
            .map(|(_, id, entry, chosen)| {
                exhibits += u32::from(entry.kind == EntryKind::Evidence);
                shown_entry(*id, entry, chosen, exhibits, &selection.originals)
            })
            .collect();

        let checkpoint = self.log.checkpoint();
        let in_log = u64::from(self.log.vault().head().incidents);
        let mut exported = Object::from([
            ("at".to_owned(), Value::Object(self.log.now())),
            ("language".to_owned(), selection.language.code().into()),
            ("renderer".to_owned(), crate::bundle::RENDERER.into()),
        ]);
        if let Some(audience) = audience {
            exported.insert("for".to_owned(), audience.as_str().into());
        }
        let count = |number: u64| Value::Integer(number);
        let counts = [
            ("incidents_shown", chosen.len() as u64),
            ("incidents_in_log", in_log),
            ("entries_shown", entries.len() as u64),
            ("entries_in_log", u64::from(checkpoint.size)),
            ("left_out", in_log.saturating_sub(chosen.len() as u64)),
            ("unknown_time", unknown_time),
        ];
        let counts = counts.map(|(name, number)| (name.to_owned(), count(number)));
        let log = Object::from([
            ("origin".to_owned(), checkpoint.origin.to_string().into()),
            ("size".to_owned(), checkpoint.size.into()),
            ("root".to_owned(), STANDARD.encode(checkpoint.root).into()),
        ]);
        let document = Object::from([
            ("format".to_owned(), Value::Integer(1)),
            ("log".to_owned(), Value::Object(log)),
            ("exported".to_owned(), Value::Object(exported)),
            (
                "selection".to_owned(),
                Value::Object(self.said_selection(selection)?),
            ),
            ("counts".to_owned(), Value::Object(Object::from(counts))),
            ("entries".to_owned(), Value::List(entries)),
        ]);
        let mut bytes = Value::Object(document).to_bytes();
        bytes.push(b'\n');
        // The verifier's own parser: what it would refuse is not written.
        Document::parse(&bytes).map_err(|_| Error::BundleNotSound)
    }

    /// What was asked for, as it is said in the bundle.
    fn said_selection(&mut self, selection: &Selection) -> Result<Object, Error> {
        let mut said = Object::new();
        let mut list = |name: &str, values: Vec<Value>| {
            if !values.is_empty() {
                said.insert(name.to_owned(), Value::List(values));
            }
        };
        // What is withheld is not told by what was asked for either.
        let shows = |field: &str| {
            let mut withheld = selection.withhold.iter();
            !withheld.any(|(_, name)| name.to_string().starts_with(field))
        };
        if shows("behaviours") {
            let codes = selection.behaviours.iter();
            list("behaviours", codes.map(|code| code.code().into()).collect());
        }
        if shows("people") {
            let keys = selection.people.iter();
            list("people", keys.map(|key| key.as_str().into()).collect());
        }
        for (name, ids) in [
            ("incidents", &selection.incidents),
            ("without", &selection.without),
        ] {
            let mut values = Vec::new();
            for which in ids {
                values.push(self.id_of(which)?.to_string().into());
            }
            list(name, values);
        }
        for (name, end) in [
            ("from", selection.period.from()),
            ("to", selection.period.to()),
        ] {
            if let Some(when) = end {
                said.insert(name.to_owned(), when.as_str().into());
            }
        }
        Ok(said)
    }

    fn id_of(&mut self, which: &IncidentRef) -> Result<EntryId, Error> {
        match which {
            IncidentRef::Id(id) => Ok(*id),
            IncidentRef::Number(_) => {
                let number = self.resolve(which)?;
                Ok(self.log.read_as(number, Reading::Page)?.id)
            }
        }
    }

    fn write_zip(
        &mut self,
        files: &Files,
        out: &mut File,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        enum Source<'a> {
            Small(&'a [u8]),
            Original(Original),
        }
        let small = files
            .small
            .iter()
            .map(|(path, bytes)| (path, Source::Small(bytes)));
        let originals = files.originals.iter();
        let originals = originals.map(|(path, original)| (path, Source::Original(*original)));
        let all: BTreeMap<&String, Source<'_>> = small.chain(originals).collect();
        let total = files
            .originals
            .values()
            .map(|original| original.bytes)
            .sum();
        let mut done = 0;
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let mut zip = ZipWriter::new(buffered, &files.top).map_err(write_error)?;
        for (path, source) in all {
            match source {
                Source::Small(bytes) => {
                    zip.start(path, bytes.len() as u64).map_err(write_error)?;
                    zip.write_all(bytes)
                        .map_err(|error| write_error(error.into()))?;
                }
                Source::Original(original) => {
                    zip.start(path, original.bytes).map_err(write_error)?;
                    let mut reader = self.open_item(original.entry)?;
                    let mut part = Share {
                        progress: &mut *progress,
                        done,
                        total,
                    };
                    // Every chunk is genuine; that the whole has the hash of its entry, the
                    // verifier says, which compares it with the manifest.
                    reader.copy_unhashed(&mut zip, &mut part)?;
                    done += original.bytes;
                }
            }
        }
        let buffered = zip.finish().map_err(write_error)?;
        let out = buffered
            .into_inner()
            .map_err(|error| write_error(error.into_error().into()))?;
        out.sync_all().map_err(|error| write_error(error.into()))
    }

    fn record_export(&mut self, plan: &Plan, selection: &Selection) -> Result<(), Error> {
        let bundle = plan
            .files
            .small
            .get(BUNDLE_TXT)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let numbers = plan
            .chosen
            .iter()
            .map(|chosen| chosen.history.number().into())
            .collect();
        let size = self.log.size();
        let mut proven = Object::from([
            (
                "bundle_sha256".to_owned(),
                hex::encode(&Sha256::digest(bundle)).into(),
            ),
            ("checkpoint_size".to_owned(), size.into()),
            ("incidents".to_owned(), Value::List(numbers)),
        ]);
        if let Some(audience) = &selection.audience {
            proven.insert("for".to_owned(), audience.as_str().into());
        }
        let draft = Draft {
            kind: EntryKind::Export,
            about: None,
            proven,
            vault_only: Object::new(),
        };
        self.log.append_with(draft, |write, _| {
            // The code stands in the bundle, so it was given out; under a new instance, the entry
            // before this one is not the one that the bundle ends with.
            write.change_place(size.saturating_sub(1), |place| place.code_given = true)
        })?;
        Ok(())
    }
}

impl Selection {
    fn filter(&self) -> Filter<'_> {
        Filter {
            behaviours: &self.behaviours,
            people: &self.people,
            period: &self.period,
        }
    }
}

impl Chosen {
    /// `hidden`: withdrawn and not asked for by name, so only number, times and reason are shown.
    fn new(history: History, hidden: bool) -> Self {
        let mut chosen = Self {
            history,
            withheld: BTreeMap::new(),
        };
        if hidden {
            for (logged, entry) in chosen.history.entries() {
                let keeps = |name: &str| match logged.place.kind {
                    EntryKind::Withdrawal | EntryKind::Erasure => true,
                    _ => matches!(name, "recorded" | "occurred"),
                };
                let names = leaf::fields(entry).into_iter().map(|field| field.name);
                let hidden = names.filter(|name| !keeps(name)).collect();
                chosen.withheld.insert(logged.id.number(), hidden);
            }
        }
        chosen
    }

    fn withhold(&mut self, field: &FieldName) {
        if field.is_evidence() {
            self.withhold_evidence(|_| true);
            return;
        }
        let empty = Object::new();
        let mut numbers = Vec::new();
        let mut versions = Vec::new();
        for (logged, entry) in self.history.entries() {
            let member = match logged.place.kind {
                EntryKind::Incident => "incident",
                EntryKind::Amendment => "changes",
                _ => continue,
            };
            numbers.push(logged.id.number());
            versions.push(
                entry
                    .proven
                    .get(member)
                    .and_then(Value::as_object)
                    .unwrap_or(&empty),
            );
        }
        for (number, names) in numbers.into_iter().zip(field.in_versions(&versions)) {
            self.withheld.entry(number).or_default().extend(names);
        }
    }

    fn withhold_evidence(&mut self, is_meant: impl Fn(u32) -> bool) {
        for (number, entry) in self.history.entries_of(EntryKind::Evidence) {
            if is_meant(number) {
                let names = leaf::fields(entry).into_iter().map(|field| field.name);
                let names = names.filter(|name| name != "recorded");
                self.withheld.entry(number).or_default().extend(names);
            }
        }
    }

    fn withholds(&self, number: u32, name: &str) -> bool {
        name == PRIVATE
            || self
                .withheld
                .get(&number)
                .is_some_and(|names| names.contains(name))
    }

    fn preview(&self) -> PreviewIncident {
        let (mut fields, mut withheld) = (BTreeSet::new(), BTreeSet::new());
        for (logged, entry) in self.history.entries() {
            for field in leaf::fields(entry) {
                if field.name == PRIVATE {
                    continue;
                }
                let evidence = logged.place.kind == EntryKind::Evidence && field.name != "recorded";
                let name = if evidence {
                    "evidence".to_owned()
                } else {
                    field.name.clone()
                };
                let hidden = self.withholds(logged.id.number(), &field.name);
                if hidden {
                    withheld.insert(name)
                } else {
                    fields.insert(name)
                };
            }
        }
        PreviewIncident {
            id: self.history.recording.id,
            fields: fields.into_iter().collect(),
            withheld: withheld.into_iter().collect(),
        }
    }
}

/// One entry of `incidents.json`.
fn shown_entry(
    id: EntryId,
    entry: &Entry,
    chosen: &Chosen,
    exhibit: u32,
    originals: &Originals,
) -> Value {
    let number = id.number();
    let (mut salts, mut withheld) = (Object::new(), Object::new());
    let mut names = BTreeSet::new();
    for field in leaf::fields(entry) {
        let salt = leaf::salt(&entry.seed, &field.name);
        if chosen.withholds(number, &field.name) {
            let commitment = leaf::commitment(&field.name, &salt, &field.value);
            withheld.insert(field.name.clone(), STANDARD.encode(commitment).into());
            names.insert(field.name);
        } else {
            salts.insert(field.name, STANDARD.encode(salt).into());
        }
    }
    let mut shown = Object::from([
        ("number".to_owned(), number.into()),
        ("id".to_owned(), id.to_string().into()),
        ("kind".to_owned(), entry.kind.name().into()),
        ("salts".to_owned(), Value::Object(salts)),
        ("withheld".to_owned(), Value::Object(withheld)),
    ]);
    for (name, value) in &entry.proven {
        match (entry.kind, name.as_str(), value) {
            (EntryKind::Incident, "incident", Value::Object(object))
            | (EntryKind::Amendment, "changes", Value::Object(object)) => {
                let part = incident::withhold(object, &names).shown;
                if !part.is_empty() {
                    shown.insert(name.clone(), Value::Object(part));
                }
            }
            (EntryKind::Evidence, "evidence", _) if names.contains("sha256") => {}
            _ if names.contains(name) => {}
            _ => {
                shown.insert(name.clone(), value.clone());
            }
        }
    }
    if entry.kind == EntryKind::Evidence
        && let Some(exhibit) = Exhibit::new(exhibit)
    {
        shown.insert("exhibit".to_owned(), exhibit.to_string().into());
        let wanted = match originals {
            Originals::All => true,
            Originals::None => false,
            Originals::Items(items) => items.contains(&id),
        };
        if wanted && !names.contains("sha256") {
            let extension = entry
                .proven
                .get("evidence")
                .and_then(|evidence| evidence.as_object()?.get("media_type")?.as_text())
                .and_then(MediaType::parse)
                .map_or("bin", MediaType::extension);
            if let Some(file) = EvidenceFile::new(exhibit, extension) {
                shown.insert("file".to_owned(), file.path().into());
            }
        }
    }
    Value::Object(shown)
}

/// Progress of one file as part of the whole.
struct Share<'a> {
    progress: &'a mut dyn Progress,
    done: u64,
    total: u64,
}

impl Progress for Share<'_> {
    fn advance(&mut self, done: u64, _: u64) -> std::ops::ControlFlow<()> {
        self.progress.advance(self.done + done, self.total)
    }
}

fn hash_of(file: &mut File) -> Result<(Hash, u64), Error> {
    let mut read = || -> std::io::Result<(Hash, u64)> {
        file.seek(SeekFrom::Start(0))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        let mut bytes = 0;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok((hash.finalize().into(), bytes));
            }
            hash.update(buffer.get(..count).unwrap_or_default());
            bytes += count as u64;
        }
    };
    read().map_err(|error| Error::Vault(VaultError::from_io(error)))
}

fn write_error(error: ZipWriteError) -> Error {
    match error {
        ZipWriteError::Io(error) => Error::Vault(VaultError::from_io(error)),
        ZipWriteError::Limit(_) => Error::BundleTooLarge,
        _ => Error::Evidence(EvidenceError::ChangedWhileRead),
    }
}
