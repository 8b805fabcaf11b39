//! Trusted time: a request that anybody can send to an authority, and its answer, kept in the log.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use sha2::{Digest as _, Sha256};

use super::Diary;
use crate::bundle::document::{MAX_STAMPS, Stamp};
use crate::canonical::Object;
use crate::error::Error;
use crate::log::entry::Entry;
use crate::log::{Draft, EntryId, EntryKind, Reading};
use crate::time::stamp::{self, Answer, Request, StampError};
use crate::vault::{Part, VaultError};

/// An answer is in the log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Accepted {
    /// The id of the entry that holds it.
    pub id: EntryId,
    /// Entries in the log that was stamped.
    pub size: u32,
    /// The time that the token says, `2026-11-21T05:00:00Z`.
    pub time: String,
    /// What the certificate in it calls the signer. Whether to trust it must be checked.
    pub signer: String,
    /// The time is over a day after this device's clock, or over a day before the time at which the
    /// newest of these entries was recorded.
    pub is_off_clock: bool,
}

/// What to do with a token whose time does not fit the device's clock. It cannot be taken out of the
/// log again, and whoever sends the request for her can have it answered by an authority of his own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OffClock {
    /// [`StampError::OffClock`].
    Refuse,
    /// For when she knows that it is the clock that is wrong.
    Keep,
}

/// Why an answer was not kept.
#[derive(Debug)]
pub enum AcceptError {
    /// What is wrong with it.
    Answer(StampError),
    /// The diary cannot be read or written.
    Diary(Error),
}

/// An answer in the log, with what it answers.
pub(super) struct Kept {
    pub(super) size: u32,
    pub(super) request: Request,
    pub(super) bytes: Vec<u8>,
    pub(super) chain: Option<String>,
    pub(super) answer: Answer,
}

/// Seconds that the device's clock may be off.
const DAY: i64 = 86_400;

impl Diary {
    /// The request for a token over the log as it is now: 69 bytes that say nothing but a hash. As
    /// with [`Diary::fingerprint`], asking twice gives the same.
    ///
    /// # Errors
    /// [`Error::Vault`].
    pub fn stamp_request(&mut self) -> Result<Request, Error> {
        self.log.mark_code_given()?;
        let size = self.log.size();
        Ok(self.log.stamp_request(size)?)
    }

    /// Checks the answer of an authority to a request of this diary, and keeps it byte for byte in
    /// the log, with the certificates that were given for its signer (PEM). A token alone, as some
    /// programs save it, is kept as the answer that it came in. One that is kept already is kept again
    /// with other certificates, and a bundle carries the newest.
    ///
    /// # Errors
    /// [`AcceptError::Answer`] if it is not kept; [`AcceptError::Diary`].
    pub fn accept_stamp(
        &mut self,
        bytes: &[u8],
        chain: Option<&[u8]>,
        off_clock: OffClock,
    ) -> Result<Accepted, AcceptError> {
        let bytes = &*stamp::with_status(bytes);
        let answer = Answer::parse(bytes)?;
        let chain = chain.map(stamp::check_chain).transpose()?;
        let size = self.stamped_size(&answer)?;
        let request = self.log.stamp_request(size).map_err(Error::from)?;
        answer.answers(&request)?;
        let stamps = self.kept_stamps()?;
        let kept = stamps.iter().find(|kept| kept.is_of(bytes));
        if kept.is_some_and(|kept| chain.is_none_or(|chain| kept.has(chain))) {
            return Err(StampError::KeptAlready.into());
        }
        let is_off_clock = self.is_off_clock(answer.time(), size)?;
        if kept.is_none() && is_off_clock && off_clock == OffClock::Refuse {
            return Err(StampError::OffClock.into());
        }
        let mut proven = Object::from([
            ("answer".to_owned(), STANDARD.encode(bytes).into()),
            ("checkpoint_size".to_owned(), size.into()),
        ]);
        if let Some(chain) = chain {
            proven.insert("chain".to_owned(), chain.into());
        }
        let draft = Draft {
            kind: EntryKind::TimeStamp,
            about: None,
            proven,
            vault_only: Object::new(),
        };
        let appended = self.log.append(draft).map_err(Error::from)?;
        Ok(Accepted {
            id: appended.id,
            size,
            is_off_clock,
            time: answer.time().to_owned(),
            signer: answer.signer().to_owned(),
        })
    }

    /// Whether a token over the first `size` entries says a time that cannot be, as far as this device's
    /// clock was right.
    fn is_off_clock(&mut self, time: &str, size: u32) -> Result<bool, Error> {
        let Some(time) = seconds(time) else {
            return Ok(true);
        };
        // One that is damaged must not keep her from a stamp.
        let newest = match self.log.read(size.saturating_sub(1)) {
            Err(VaultError::Damaged(Part::Entry(_))) => None,
            newest => newest?.entry,
        };
        let newest = newest.and_then(|entry| recorded(entry.proven.get("recorded")?.as_object()?));
        let is_early = newest.is_some_and(|newest| time.saturating_add(DAY) < newest);
        let now = recorded(&self.log.now());
        Ok(is_early || now.is_none_or(|now| now.saturating_add(DAY) < time))
    }

    /// The answer in an entry. Its signature was checked when it was kept, and is again.
    pub(super) fn kept_stamp(&mut self, number: u32) -> Result<Kept, Error> {
        let damaged = || VaultError::Damaged(Part::Entry(number));
        let logged = self.log.read_as(number, Reading::Proven)?;
        let kept = logged.entry.as_ref().and_then(Parts::of);
        let parts = kept.ok_or_else(damaged)?;
        let answer = Answer::parse(&parts.answer).map_err(|_| damaged())?;
        let request = self.log.stamp_request(parts.size)?;
        answer.answers(&request).map_err(|_| damaged())?;
        Ok(Kept {
            size: parts.size,
            request,
            bytes: parts.answer,
            chain: parts.chain,
            answer,
        })
    }

    /// The answers that a bundle carries, ascending by size and time of arrival: the newest ones, each
    /// once. An entry that is damaged costs no bundle; `check` tells of it.
    pub(super) fn kept_stamps(&mut self) -> Result<Vec<Kept>, Error> {
        let mut kept: Vec<Kept> = Vec::new();
        for number in self.log.stamps()? {
            if kept.len() == MAX_STAMPS {
                break;
            }
            let stamp = match self.kept_stamp(number) {
                Err(Error::Vault(VaultError::Damaged(Part::Entry(_)))) => continue,
                stamp => stamp?,
            };
            if !kept.iter().any(|newer| newer.is_of(&stamp.bytes)) {
                kept.push(stamp);
            }
        }
        kept.reverse();
        kept.sort_by_key(|stamp| stamp.size);
        Ok(kept)
    }

    /// Size of the log that an answer is about.
    fn stamped_size(&mut self, answer: &Answer) -> Result<u32, AcceptError> {
        let marked = self.log.marked_sizes().map_err(Error::from)?;
        // The marks first; then every size, because a lost index loses its marks.
        for size in marked.into_iter().chain((1..=self.log.size()).rev()) {
            let checkpoint = self.log.checkpoint_at(size).map_err(Error::from)?;
            if checkpoint.hash()[..] == *answer.imprint() {
                return Ok(size);
            }
        }
        Err(StampError::OtherImprint.into())
    }
}

impl Kept {
    /// Whether it holds the token of this answer.
    fn is_of(&self, answer: &[u8]) -> bool {
        stamp::token(&self.bytes) == stamp::token(answer)
    }

    fn has(&self, chain: &str) -> bool {
        self.chain.as_deref() == Some(chain)
    }
}

/// The stamps as a document names them.
pub(super) fn said(kept: &[Kept]) -> Vec<Stamp> {
    let mut said: Vec<Stamp> = Vec::with_capacity(kept.len());
    for stamp in kept {
        let size = stamp.size.into();
        let before = said.last().filter(|last| last.size == size);
        let chain = stamp.chain.as_deref();
        said.push(Stamp {
            size,
            number: before.map_or(1, |last| last.number + 1),
            time: stamp.answer.time().to_owned(),
            signer: stamp.answer.signer().to_owned(),
            chain: chain.map(|chain| Sha256::digest(chain).into()),
        });
    }
    said
}

/// Their files, by path: `said` are the same stamps in the same order.
pub(super) fn files(said: &[Stamp], kept: Vec<Kept>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (said, kept) in said.iter().zip(kept) {
        files.insert(said.request_path(), kept.request.to_bytes());
        files.insert(said.answer_path(), kept.bytes);
        if let Some(chain) = kept.chain {
            files.insert(said.chain_path(), chain.into_bytes());
        }
    }
    files
}

/// What an entry of this kind holds (FORMAT.md 9).
struct Parts {
    size: u32,
    answer: Vec<u8>,
    chain: Option<String>,
}

impl Parts {
    fn of(entry: &Entry) -> Option<Self> {
        let text = |name: &str| entry.proven.get(name)?.as_text();
        let size = entry.proven.get("checkpoint_size")?.as_integer()?;
        Some(Self {
            size: u32::try_from(size).ok()?,
            answer: STANDARD.decode(text("answer")?).ok()?,
            chain: text("chain").map(str::to_owned),
        })
    }
}

/// When something was recorded, in seconds.
fn recorded(members: &Object) -> Option<i64> {
    members.get("utc")?.as_text().and_then(seconds)
}

fn seconds(time: &str) -> Option<i64> {
    let time = DateTime::parse_from_rfc3339(time).ok()?;
    Some(time.timestamp())
}

impl std::error::Error for AcceptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Answer(error) => Some(error),
            Self::Diary(error) => Some(error),
        }
    }
}

impl std::fmt::Display for AcceptError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer(error) => error.fmt(f),
            Self::Diary(error) => error.fmt(f),
        }
    }
}

impl From<StampError> for AcceptError {
    fn from(error: StampError) -> Self {
        Self::Answer(error)
    }
}

impl From<Error> for AcceptError {
    fn from(error: Error) -> Self {
        Self::Diary(error)
    }
}
