//! Reading `incidents.json`: strictly, each rule with the path of the member that breaks it.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::members::{Members, base64_32};
use super::{
    Body, Chosen, ClockFlag, Counts, Document, DocumentError, DocumentRule, Entry, Evidence,
    EvidenceCopy, EvidenceFile, Exhibit, Export, FORMAT, LogState, ORIGIN_PREFIX, Recorded, Stamp,
};
use crate::bundle::limits::MAX_FILES;
use crate::bundle::texts::Language;
use crate::bundle::when;
use crate::canonical::Value;
use crate::evidence::MediaType;
use crate::hex;
use crate::log::leaf::PRIVATE;
use crate::time::When;

use DocumentRule as Rule;

/// Values in one document, at most: in memory, the smallest object takes 300 times its bytes.
const MAX_PARTS: usize = 8_000_000;

/// Time stamps of one document, at most; the newest ones.
pub(crate) const MAX_STAMPS: usize = 1_000;

type Result<T> = std::result::Result<T, DocumentError>;

impl Document {
    /// Reads `incidents.json`: canonical JSON and one line feed, no member that is not known.
    ///
    /// It does not check that values, salts and commitments give the leaves of the log; that needs
    /// the proofs.
    ///
    /// # Errors
    /// The first rule that is broken, with the path of the member.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let json = bytes.strip_suffix(b"\n").ok_or(DocumentError::LineFeed)?;
        if parts(json) > MAX_PARTS {
            return Err(DocumentError::member("", Rule::Size));
        }
        let value = Value::parse_canonical(json).map_err(DocumentError::Json)?;
        let mut top = Members::of(value, "")?;
        let format = top.integer("format")?;
        if format != FORMAT {
            return Err(DocumentError::Format { format });
        }
        let log = log_state(top.members("log")?)?;
        let exported = export(top.members("exported")?)?;
        let selection = chosen(top.members("selection")?)?;
        let mut counted = top.members("counts")?;
        let entries = entries(top.list("entries")?, log.size)?;
        let stamps = stamps(top.take("stamps"), log.size)?;
        top.finish()?;
        let mut document = Self {
            log,
            exported,
            selection,
            counts: Counts::default(),
            entries,
            stamps,
        };
        document.counts = counts(&mut counted, &document)?;
        counted.finish()?;
        Ok(document)
    }
}

fn log_state(mut members: Members) -> Result<LogState> {
    let origin = members.text("origin")?;
    let key = origin.strip_prefix(ORIGIN_PREFIX).unwrap_or_default();
    if hex::decode::<32>(key).is_none() {
        return Err(members.broken("origin", Rule::Origin));
    }
    let size = members.integer("size")?;
    if size == 0 {
        return Err(members.broken("size", Rule::Number));
    }
    let root = members.text("root")?;
    let root = base64_32(&root).ok_or_else(|| members.broken("root", Rule::Base64))?;
    members.finish()?;
    Ok(LogState { origin, size, root })
}

fn export(mut members: Members) -> Result<Export> {
    let at = recorded(members.members("at")?)?;
    let language = members.text("language")?;
    let language =
        Language::parse(&language).ok_or_else(|| members.broken("language", Rule::Language))?;
    let renderer = members.text("renderer")?;
    let audience = members.optional_text("for")?;
    members.finish()?;
    Ok(Export {
        at,
        language,
        renderer,
        audience,
    })
}

fn chosen(mut members: Members) -> Result<Chosen> {
    let chosen = Chosen {
        from: members.optional_text("from")?,
        to: members.optional_text("to")?,
        behaviours: members.optional_texts("behaviours")?,
        people: members.optional_texts("people")?,
        incidents: members.optional_texts("incidents")?,
        without: members.optional_texts("without")?,
    };
    for (name, end) in [("from", &chosen.from), ("to", &chosen.to)] {
        if end
            .as_deref()
            .is_some_and(|end| When::parse_stored(end).is_err())
        {
            return Err(members.broken(name, Rule::DayOrTime));
        }
    }
    members.finish()?;
    Ok(chosen)
}

/// Reads the numbers and holds each against what can be counted here.
fn counts(members: &mut Members, document: &Document) -> Result<Counts> {
    let counts = Counts {
        incidents_shown: members.integer("incidents_shown")?,
        incidents_in_log: members.integer("incidents_in_log")?,
        entries_shown: members.integer("entries_shown")?,
        entries_in_log: members.integer("entries_in_log")?,
        left_out: members.integer("left_out")?,
        unknown_time: members.integer("unknown_time")?,
        lost: match members.optional_integer("lost")? {
            Some(0) => return Err(members.broken("lost", Rule::Count)),
            lost => lost.unwrap_or(0),
        },
    };
    let subjects: BTreeSet<u64> = document.entries.iter().map(Entry::subject).collect();
    let shown_and_left = counts.incidents_shown.checked_add(counts.left_out);
    for (name, agrees) in [
        (
            "incidents_shown",
            Some(counts.incidents_shown) == length(subjects.len()),
        ),
        (
            "entries_shown",
            Some(counts.entries_shown) == length(document.entries.len()),
        ),
        ("entries_in_log", counts.entries_in_log == document.log.size),
        (
            "incidents_in_log",
            counts.incidents_in_log <= document.log.size,
        ),
        ("left_out", shown_and_left == Some(counts.incidents_in_log)),
        ("unknown_time", counts.unknown_time <= counts.left_out),
        ("lost", counts.lost <= document.log.size),
    ] {
        if !agrees {
            return Err(members.broken(name, Rule::Count));
        }
    }
    Ok(counts)
}

fn entries(list: Vec<Value>, log_size: u64) -> Result<Vec<Entry>> {
    // Each has a proof of its own among the files.
    if length(list.len()).is_none_or(|count| count > MAX_FILES) {
        return Err(DocumentError::member("entries", Rule::Size));
    }
    let mut entries = Vec::with_capacity(list.len());
    let mut state = Numbers::default();
    for (at, value) in list.into_iter().enumerate() {
        let members = Members::of(value, &format!("entries[{at}]"))?;
        entries.push(entry(members, log_size, &mut state)?);
    }
    Ok(entries)
}

/// Absent or not empty; ascending by size, and those of one size counted from 1.
fn stamps(list: Option<Value>, log_size: u64) -> Result<Vec<Stamp>> {
    let list = match list {
        None => return Ok(Vec::new()),
        Some(Value::List(list)) if (1..=MAX_STAMPS).contains(&list.len()) => list,
        Some(_) => return Err(DocumentError::member("stamps", Rule::List)),
    };
    let mut stamps: Vec<Stamp> = Vec::with_capacity(list.len());
    for (at, value) in list.into_iter().enumerate() {
        let mut members = Members::of(value, &format!("stamps[{at}]"))?;
        let (size, number) = (members.integer("size")?, members.integer("number")?);
        if !(1..log_size).contains(&size) {
            return Err(members.broken("size", Rule::Number));
        }
        let follows = match stamps.last() {
            Some(last) if last.size == size => number == last.number.saturating_add(1),
            last => last.is_none_or(|last| last.size < size) && number == 1,
        };
        if !follows {
            return Err(members.broken("number", Rule::Ascending));
        }
        let time = members.text("time")?;
        if !when::is_utc_second(&time) {
            return Err(members.broken("time", Rule::Time));
        }
        let signer = members.text("signer")?;
        let chain = match members.optional_text("chain")? {
            None => None,
            Some(hash) => {
                Some(hex::decode(&hash).ok_or_else(|| members.broken("chain", Rule::Hex))?)
            }
        };
        members.finish()?;
        stamps.push(Stamp {
            size,
            number,
            time,
            signer,
            chain,
        });
    }
    Ok(stamps)
}

/// What the entries before say about the numbers of the next one.
#[derive(Default)]
struct Numbers {
    next: u64,
    next_exhibit: u32,
    /// Entries seen that are no recordings.
    others: BTreeSet<u64>,
}

fn entry(mut members: Members, log_size: u64, numbers: &mut Numbers) -> Result<Entry> {
    let number = members.integer("number")?;
    if number < numbers.next {
        return Err(members.broken("number", Rule::Ascending));
    }
    if number >= log_size {
        return Err(members.broken("number", Rule::Number));
    }
    numbers.next = number.saturating_add(1);
    let id = members.text("id")?;
    if !is_id_of(&id, number) {
        return Err(members.broken("id", Rule::Id));
    }
    let recorded = recorded(members.members("recorded")?)?;
    let salts = members.named_32_bytes("salts")?;
    let withheld = members.named_32_bytes("withheld")?;
    for name in withheld.keys() {
        if salts.contains_key(name) {
            return Err(members.broken(&format!("withheld.{name}"), Rule::Overlap));
        }
    }
    let kind = members.text("kind")?;
    let body = match kind.as_str() {
        "incident" => Body::Incident {
            incident: members.filled_object("incident")?,
        },
        "amendment" => Body::Amendment {
            about: about(&mut members, number, numbers)?,
            changes: members.optional_object("changes")?.unwrap_or_default(),
            reason: members.reason(&withheld)?,
        },
        "withdrawal" => Body::Withdrawal {
            about: about(&mut members, number, numbers)?,
            reason: members.reason(&withheld)?,
        },
        "evidence" => evidence(&mut members, number, numbers)?,
        "erasure" => Body::Erasure {
            about: about(&mut members, number, numbers)?,
            erased: members.earlier_numbers("erased", number)?,
        },
        _ => return Err(members.broken("kind", Rule::Kind)),
    };
    let has_note = matches!(body, Body::Incident { .. } | Body::Amendment { .. });
    if withheld.contains_key(PRIVATE) != has_note || salts.contains_key(PRIVATE) {
        return Err(members.broken("withheld.private", Rule::Private));
    }
    members.finish()?;
    if !matches!(body, Body::Incident { .. }) {
        numbers.others.insert(number);
    }
    Ok(Entry {
        number,
        id,
        recorded,
        body,
        salts,
        withheld,
    })
}

fn evidence(members: &mut Members, number: u64, numbers: &mut Numbers) -> Result<Body> {
    let about = about(members, number, numbers)?;
    let evidence = match members.take("evidence") {
        Some(value) => Some(item(Members::of(value, &members.path("evidence"))?)?),
        None => None,
    };
    numbers.next_exhibit = numbers.next_exhibit.saturating_add(1);
    let exhibit = Exhibit::new(numbers.next_exhibit)
        .ok_or_else(|| members.broken("exhibit", Rule::Exhibit))?;
    if members.text("exhibit")? != exhibit.to_string() {
        return Err(members.broken("exhibit", Rule::Exhibit));
    }
    let file = match members.optional_text("file")? {
        Some(path) => Some(
            evidence_file(&path, |extension| {
                // As the writer names it, so that nothing is run, and no picture hidden.
                let known = MediaType::parse(&evidence.as_ref()?.media_type);
                let is_of = known.is_none_or(|known| known.extension() == extension);
                EvidenceFile::new(exhibit, extension).filter(|_| is_of)
            })
            .ok_or_else(|| members.broken("file", Rule::File))?,
        ),
        None => None,
    };
    let copy = match members.take("copy") {
        Some(value) if evidence.is_some() && file.is_none() => Some(Box::new(copy(
            Members::of(value, &members.path("copy"))?,
            exhibit,
        )?)),
        Some(_) => return Err(members.broken("copy", Rule::File)),
        None => None,
    };
    Ok(Body::Evidence {
        about,
        evidence,
        exhibit,
        file,
        copy,
    })
}

fn copy(mut members: Members, exhibit: Exhibit) -> Result<EvidenceCopy> {
    let path = members.text("file")?;
    let file = evidence_file(&path, |extension| {
        let is_shown = MediaType::ALL.iter().any(|known| {
            let class = known.media_type().split('/').next().unwrap_or_default();
            ["image", "audio", "video"].contains(&class) && known.extension() == extension
        });
        EvidenceFile::copy_of(exhibit, extension).filter(|_| is_shown && extension != "bin")
    });
    let sha256 = members.text("sha256")?;
    let covered = members.optional_integer("covered")?;
    if covered == Some(0) {
        return Err(members.broken("covered", Rule::Number));
    }
    let copy = EvidenceCopy {
        file: file.ok_or_else(|| members.broken("file", Rule::File))?,
        sha256: hex::decode(&sha256).ok_or_else(|| members.broken("sha256", Rule::Hex))?,
        bytes: members.integer("bytes")?,
        covered: covered.unwrap_or_default(),
    };
    members.finish()?;
    Ok(copy)
}

/// The file with this path, if it is as the program would name it.
fn evidence_file(
    path: &str,
    named: impl FnOnce(&str) -> Option<EvidenceFile>,
) -> Option<EvidenceFile> {
    let (_, extension) = path.rsplit_once('.')?;
    named(extension).filter(|file| file.path() == path)
}

fn item(mut members: Members) -> Result<Evidence> {
    let sha256 = members.text("sha256")?;
    let item = Evidence {
        sha256: hex::decode(&sha256).ok_or_else(|| members.broken("sha256", Rule::Hex))?,
        bytes: members.integer("bytes")?,
        media_type: members.text("media_type")?,
        name: members.text("name")?,
        how: members.optional_text("how")?,
        note: members.optional_text("note")?,
        claimed: members.optional_object("claimed")?,
    };
    members.finish()?;
    Ok(item)
}

fn recorded(mut members: Members) -> Result<Recorded> {
    let recorded = Recorded {
        at: members.text("at")?,
        utc: members.text("utc")?,
        zone: members.optional_text("zone")?,
        boot: members.optional_text("boot")?,
        uptime_ms: members.optional_integer("uptime_ms")?,
        clock: match members.optional_text("clock")?.as_deref() {
            None => None,
            Some("back") => Some(ClockFlag::Back),
            Some("jumped") => Some(ClockFlag::Jumped),
            Some(_) => return Err(members.broken("clock", Rule::Clock)),
        },
    };
    for (name, fits) in [
        ("at", when::is_local_second(&recorded.at)),
        ("utc", when::is_utc_second(&recorded.utc)),
    ] {
        if !fits {
            return Err(members.broken(name, Rule::Time));
        }
    }
    let [at, utc] = [&recorded.at, &recorded.utc].map(|text| DateTime::parse_from_rfc3339(text));
    if at.is_err() || at != utc {
        return Err(members.broken("utc", Rule::Moment));
    }
    if recorded
        .boot
        .as_deref()
        .is_some_and(|boot| hex::decode::<8>(boot).is_none())
    {
        return Err(members.broken("boot", Rule::Hex));
    }
    members.finish()?;
    Ok(recorded)
}

fn about(members: &mut Members, number: u64, numbers: &Numbers) -> Result<u64> {
    let about = members.integer("about")?;
    if about >= number || numbers.others.contains(&about) {
        return Err(members.broken("about", Rule::About));
    }
    Ok(about)
}

/// Commas and opening brackets outside of strings: no value comes without one.
fn parts(json: &[u8]) -> usize {
    let (mut parts, mut in_text, mut escaped) = (0usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => parts = parts.saturating_add(1),
            _ => {}
        }
    }
    parts
}

fn length(length: usize) -> Option<u64> {
    u64::try_from(length).ok()
}

fn is_id_of(id: &str, number: u64) -> bool {
    let Some((digits, check)) = id.split_once('-') else {
        return false;
    };
    let letter = |b: u8| {
        !b.is_ascii_uppercase() && crate::crockford::ALPHABET.contains(&b.to_ascii_uppercase())
    };
    digits == number.to_string() && check.len() == 4 && check.bytes().all(letter)
}
