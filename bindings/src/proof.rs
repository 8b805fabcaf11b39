//! What shows that nothing was changed: checks, codes that are given out, time stamps, tokens.

use std::sync::Arc;

use diary_core::diary;
use diary_core::display::escape_for_display;
use diary_core::vault::Token;

use crate::diary::Diary;
use crate::error::DiaryError;
use crate::progress::ProgressListener;
use crate::records::bundle::CheckReport;
use crate::records::{RecordedTime, hex};

/// How the log compares with a token that was kept outside of the vault.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum TokenStatus {
    /// Nothing is known: a new device, a new key, or no token of this vault.
    Unknown,
    /// As it was.
    Equal,
    /// Entries were added since.
    Newer,
    /// Entries are missing that were there.
    Older,
    /// An entry was replaced, or two devices went on from one backup.
    Forked,
}

/// What to do with a time stamp whose time is over a day off this device's clock. It cannot be taken out
/// of the log again, and whoever sends the request for her can have it answered by an authority of his own.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum OffClock {
    /// `TimeStamp` with `OffClock`.
    Refuse,
    /// For when she knows that it is the clock that is wrong, or was.
    Keep,
}

/// A time stamp is in the log.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
pub struct AcceptedStamp {
    /// Id of the entry that holds it.
    pub id: String,
    /// Entries in the log that was stamped.
    pub entries: u32,
    /// The time that it says, in milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// What its certificate calls the signer, safe to show. Nobody has checked whether to trust it.
    pub signer: String,
    /// The time is over a day after this device's clock, or over a day before the newest of these entries
    /// was recorded.
    pub off_clock: bool,
}

#[uniffi::export]
impl Diary {
    /// Reads everything and compares it with whoever points to it. What is damaged is a finding.
    pub fn check(
        &self,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<CheckReport, DiaryError> {
        self.session()
            .long_call(listener, |diary, watch| Ok(diary.check(watch)?.into()))
    }

    /// The code of the log as it is now, to be written down or told to somebody. Asking twice
    /// gives the same code.
    pub fn fingerprint(&self) -> Result<String, DiaryError> {
        self.session()
            .call(|diary| Ok(diary.fingerprint()?.to_string()))
    }

    /// Whether a code that was given out earlier is of this log, so that it begins with all that
    /// the code covers.
    pub fn is_ancestor(&self, fingerprint: String) -> Result<bool, DiaryError> {
        self.session().call(|diary| {
            let code = fingerprint.parse().map_err(diary_core::Error::from)?;
            Ok(diary.is_ancestor(&code)?)
        })
    }

    /// The request for a time stamp over the log as it is now (RFC 3161, the bytes of a `.tsq` file): 69
    /// bytes that say nothing but a hash. Anybody may send it to a time-stamping authority, from any
    /// device. As with `fingerprint`, asking twice gives the same.
    pub fn stamp_request(&self) -> Result<Vec<u8>, DiaryError> {
        self.session()
            .call(|diary| Ok(diary.stamp_request()?.to_bytes()))
    }

    /// Checks the answer of an authority to a request of this diary (the bytes of a `.tsr` file), and keeps
    /// it in the log, from where every later bundle carries it. `chain` holds the certificates between its
    /// signer and the authority's root, PEM. Whether that root is to be trusted is not checked here.
    /// `TimeStamp` says why an answer is not kept; nothing was recorded then.
    pub fn accept_stamp(
        &self,
        answer: Vec<u8>,
        chain: Option<Vec<u8>>,
        off_clock: OffClock,
    ) -> Result<AcceptedStamp, DiaryError> {
        self.session().call(|diary| {
            let accepted = diary.accept_stamp(&answer, chain.as_deref(), off_clock.into())?;
            AcceptedStamp::of(&accepted)
        })
    }

    /// Names the container, 32 hexadecimal digits, for whoever keeps its token.
    pub fn container_id(&self) -> Result<String, DiaryError> {
        self.session().call(|diary| Ok(hex(&diary.container_id())))
    }

    /// Compares the log with a token that was kept outside; bytes that are no token say nothing.
    pub fn token_status(&self, token: Vec<u8>) -> Result<TokenStatus, DiaryError> {
        use diary_core::diary::TokenStatus as Status;
        self.session().call(|diary| {
            let Some(token) = Token::from_bytes(&token) else {
                return Ok(TokenStatus::Unknown);
            };
            Ok(match diary.token_status(&token)? {
                Status::Unknown => TokenStatus::Unknown,
                Status::Equal => TokenStatus::Equal,
                Status::Newer => TokenStatus::Newer,
                Status::Older => TokenStatus::Older,
                Status::Forked => TokenStatus::Forked,
            })
        })
    }

    /// A token of the log as it is now, 160 bytes, to be kept in place of `old`, which may be empty.
    pub fn new_token(&self, old: Vec<u8>) -> Result<Vec<u8>, DiaryError> {
        self.session().call(|diary| {
            let token = diary.new_token(Token::from_bytes(&old).as_ref())?;
            Ok(token.as_bytes().to_vec())
        })
    }
}

impl From<OffClock> for diary::OffClock {
    fn from(off_clock: OffClock) -> Self {
        match off_clock {
            OffClock::Refuse => Self::Refuse,
            OffClock::Keep => Self::Keep,
        }
    }
}

impl AcceptedStamp {
    fn of(accepted: &diary::Accepted) -> Result<Self, DiaryError> {
        Ok(Self {
            id: accepted.id.to_string(),
            entries: accepted.size,
            unix_ms: RecordedTime::parse(&accepted.time)?.unix_ms,
            signer: escape_for_display(&accepted.signer),
            off_clock: accepted.is_off_clock,
        })
    }
}
