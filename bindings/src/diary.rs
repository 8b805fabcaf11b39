//! The one object, an open diary: how it is opened and locked, and what opens it. What is written, read,
//! handed over and proven has files of its own.

use std::path::Path;
use std::sync::{Arc, Mutex};

use diary_core::Diary as CoreDiary;
use diary_core::time::SystemClock;
use diary_core::vault::{self, KdfCost, NewPassphrase, Passphrase, RecoveryCode};

use crate::device::{DeviceKey, asking};
use crate::error::DiaryError;
use crate::panics::caught;
use crate::progress::ProgressListener;
use crate::session::{Session, held};

/// An open diary. Many threads may call it; one call works at a time and the others wait. Every
/// call may take as long as the disk; opening takes about a second, on purpose.
///
/// `lock` ends it: keys and words are wiped, and every later call fails with `Locked`. To go on, it
/// is opened again. An object that is only let go is locked when it is collected, which may be late.
///
/// Incidents are named by their id (`123-k7q2`) or their number (`#12`).
#[derive(uniffi::Object)]
pub struct Diary {
    session: Arc<Session>,
    new_code: Mutex<Option<RecoveryCode>>,
    second_code: Mutex<Option<RecoveryCode>>,
    /// What a passphrase is asked for again with.
    device: Mutex<Option<Arc<dyn DeviceKey>>>,
}

/// What one attempt at the passphrase of a new diary costs. It never changes afterwards.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum KeyCost {
    /// About a second on this device, measured now; never below the floor.
    Measured,
    /// The least that is allowed: 64 MiB, three passes.
    Floor,
}

/// How the key file is, which opens the diary and is there twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum KeyFile {
    /// Both copies can be read.
    Whole,
    /// So they can since the diary was opened: one was damaged, and was written anew. After that nothing
    /// else tells of it.
    Mended,
    /// One is damaged, or the disk does not give it, and it was not written anew: make a backup, and open
    /// the diary again.
    OneCopy,
    /// Neither can be read: the diary is open, and may not open again. Make a backup now.
    Lost,
}

#[uniffi::export]
impl Diary {
    /// Makes a vault with an empty diary in a folder that does not exist yet. The passphrase is
    /// UTF-8; one that is guessed easily is refused unless `allowWeak`. `takeRecoveryCode` then gives
    /// the recovery code, once.
    #[uniffi::constructor(default(allow_weak = false))]
    pub fn create(
        folder: String,
        passphrase: &[u8],
        cost: KeyCost,
        allow_weak: bool,
    ) -> Result<Self, DiaryError> {
        caught(|| {
            let passphrase = new_passphrase_of(passphrase, allow_weak)?;
            let (folder, clock) = (Path::new(&folder), Box::new(SystemClock));
            let (diary, code) = CoreDiary::create(folder, &passphrase, cost.into(), clock)?;
            Ok(Self::new(diary, Some(code)))
        })
    }

    /// Opens a diary. The passphrase is UTF-8. `device` is needed if it is bound to this device, and
    /// changes nothing if it is not; it is asked again whenever the passphrase is.
    #[uniffi::constructor(default(device = None))]
    pub fn open(
        folder: String,
        passphrase: &[u8],
        device: Option<Arc<dyn DeviceKey>>,
    ) -> Result<Self, DiaryError> {
        caught(|| {
            let passphrase = Passphrase::new(passphrase)?;
            let (folder, clock) = (Path::new(&folder), Box::new(SystemClock));
            let diary = match &device {
                Some(device) => asking(&**device, |key| {
                    CoreDiary::open_with(folder, &passphrase, key, clock)
                })?,
                None => CoreDiary::open(folder, &passphrase, clock)?,
            };
            let opened = Self::new(diary, None);
            opened.keep_device(device);
            Ok(opened)
        })
    }

    /// Opens a diary with its recovery code, as it was typed, and sets a new passphrase. With
    /// `replaceCode` a new code replaces the old one; `takeRecoveryCode` gives it, once.
    #[uniffi::constructor(default(allow_weak = false))]
    pub fn recover(
        folder: String,
        code: &[u8],
        new_passphrase: &[u8],
        replace_code: bool,
        allow_weak: bool,
    ) -> Result<Self, DiaryError> {
        caught(|| {
            let code = RecoveryCode::parse(code)?;
            let new = new_passphrase_of(new_passphrase, allow_weak)?;
            let (folder, clock) = (Path::new(&folder), Box::new(SystemClock));
            let (diary, code) = CoreDiary::recover(folder, &code, &new, replace_code, clock)?;
            Ok(Self::new(diary, code))
        })
    }

    /// The recovery code that was made with this object, to be written on paper; given once, then
    /// wiped. Absent if none was made or it was given already.
    pub fn take_recovery_code(&self) -> Result<Option<String>, DiaryError> {
        Ok(taken(&self.new_code))
    }

    /// Locks the diary: stops running work, waits for it, wipes keys and words. Repeating it does
    /// nothing. From a callback it returns at once and takes effect when the running call ends.
    /// An error says only that the disk did not take everything into its final place; what was
    /// acknowledged is safe, and the diary is locked all the same.
    pub fn lock(&self) -> Result<(), DiaryError> {
        drop(held(&self.new_code).take());
        drop(held(&self.second_code).take());
        self.keep_device(None);
        self.session.lock()
    }

    /// Whether it is locked, or about to be.
    pub fn is_locked(&self) -> Result<bool, DiaryError> {
        Ok(self.session.is_locked())
    }

    /// Asks for the passphrase again, at the full cost of an attempt: `WrongPassphrase` if it is
    /// not that of this diary.
    pub fn confirm(&self, passphrase: &[u8]) -> Result<(), DiaryError> {
        self.session
            .call(|diary| self.confirmed(diary, passphrase).map(drop))
    }

    /// Sets a new passphrase, given the one that holds now. The recovery code stays, and so does the
    /// key: if somebody knew the old passphrase, `rotate`.
    #[uniffi::method(default(allow_weak = false))]
    pub fn change_passphrase(
        &self,
        passphrase: &[u8],
        new_passphrase: &[u8],
        allow_weak: bool,
    ) -> Result<(), DiaryError> {
        self.session.call(|diary| {
            let new = new_passphrase_of(new_passphrase, allow_weak)?;
            let confirmed = self.confirmed(diary, passphrase)?;
            Ok(diary.change_passphrase(&new, confirmed)?)
        })
    }

    /// For when somebody knew the passphrase: seals the diary anew under another key, with a new
    /// passphrase, and gives a new recovery code, to be written on paper; it is given here and
    /// nowhere else. Codes, bundles and ids keep their meaning. Whoever keeps an old copy of the
    /// folder can still read that copy. Needs room for one more copy of the text while it runs.
    #[uniffi::method(default(allow_weak = false))]
    pub fn rotate(
        &self,
        passphrase: &[u8],
        new_passphrase: &[u8],
        listener: Option<Arc<dyn ProgressListener>>,
        allow_weak: bool,
    ) -> Result<String, DiaryError> {
        self.session.long_call(listener, |diary, watch| {
            let new = new_passphrase_of(new_passphrase, allow_weak)?;
            let confirmed = self.confirmed(diary, passphrase)?;
            let code = diary.rotate(&new, confirmed, watch)?;
            Ok(code.reveal().to_string())
        })
    }

    /// Whether a change of keys had been cut short before the diary was opened; the new secrets hold.
    /// If it was a rotation, its recovery code was never shown: rotate again.
    pub fn key_change_was_finished(&self) -> Result<bool, DiaryError> {
        self.session
            .call(|diary| Ok(diary.key_change_was_finished()))
    }

    /// Destroys the whole vault, the key file first, and locks: after that no passphrase opens what is
    /// left. The passphrase is asked for again. False: files that somebody else put into the folder
    /// are still there. Copies, backups and bundles elsewhere are not reached.
    pub fn wipe(&self, passphrase: &[u8]) -> Result<bool, DiaryError> {
        self.session.last_call(
            |diary| self.confirmed(diary, passphrase),
            |diary, confirmed| Ok(diary.wipe(confirmed)?),
        )
    }

    /// Moves what was written into its final place: to be called when nothing was written for two
    /// seconds.
    pub fn rest(&self) -> Result<(), DiaryError> {
        self.session.call(|diary| Ok(diary.rest()?))
    }

    /// How the key file is now.
    pub fn key_file(&self) -> Result<KeyFile, DiaryError> {
        self.session.call(|diary| Ok(diary.key_file().into()))
    }
}

impl From<vault::KeyFile> for KeyFile {
    fn from(file: vault::KeyFile) -> Self {
        match file {
            vault::KeyFile::Whole => Self::Whole,
            vault::KeyFile::Mended => Self::Mended,
            vault::KeyFile::OneCopy => Self::OneCopy,
            vault::KeyFile::Lost => Self::Lost,
        }
    }
}

impl From<KeyCost> for KdfCost {
    fn from(cost: KeyCost) -> Self {
        match cost {
            KeyCost::Measured => Self::Measured,
            KeyCost::Floor => Self::Floor,
        }
    }
}

impl Diary {
    pub(crate) fn new(diary: CoreDiary, new_code: Option<RecoveryCode>) -> Self {
        Self {
            session: Arc::new(Session::new(diary)),
            new_code: Mutex::new(new_code),
            second_code: Mutex::new(None),
            device: Mutex::new(None),
        }
    }

    pub(crate) fn with_second_code(self, code: RecoveryCode) -> Self {
        held(&self.second_code).replace(code);
        self
    }

    pub(crate) fn second_code(&self) -> &Mutex<Option<RecoveryCode>> {
        &self.second_code
    }

    pub(crate) fn device(&self) -> Option<Arc<dyn DeviceKey>> {
        held(&self.device).clone()
    }

    pub(crate) fn keep_device(&self, device: Option<Arc<dyn DeviceKey>>) {
        // What was kept is let go without the mutex: that calls the other side.
        let before = std::mem::replace(&mut *held(&self.device), device);
        drop(before);
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

pub(crate) fn new_passphrase_of(
    utf8: &[u8],
    allow_weak: bool,
) -> Result<NewPassphrase, DiaryError> {
    Ok(if allow_weak {
        NewPassphrase::even_if_weak(utf8)?
    } else {
        NewPassphrase::new(utf8)?
    })
}

/// A recovery code to be shown, once: it is not kept after that.
pub(super) fn taken(code: &Mutex<Option<RecoveryCode>>) -> Option<String> {
    let code = held(code).take();
    code.map(|code| code.reveal().to_string())
}
