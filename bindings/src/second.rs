//! A second diary in one vault, with secrets of its own. Whoever opens either is not told that there
//! are two, and neither is the other's part.

use std::path::Path;
use std::sync::{Arc, Mutex};

use diary_core::Diary as CoreDiary;
use diary_core::diary::TwoCodes;
use diary_core::time::SystemClock;
use diary_core::vault::{Passphrase, RecoveryCode};

use crate::backup::BackupLog;
use crate::device::asking;
use crate::diary::{Diary, KeyCost, new_passphrase_of, taken};
use crate::error::DiaryError;
use crate::panics::caught;
use crate::progress::{ProgressListener, alone};

/// The recovery codes of a vault with two diaries, to be written on paper: each is given once, then wiped. An
/// object, so that nothing prints them by printing what holds them.
#[derive(uniffi::Object)]
pub struct TwoRecoveryCodes {
    own: Mutex<Option<RecoveryCode>>,
    second: Mutex<Option<RecoveryCode>>,
}

/// A vault with two diaries that was made from a backup.
#[derive(uniffi::Record)]
pub struct RestoredWithSecond {
    /// The log that was in the backup.
    pub log: BackupLog,
    /// The new recovery codes.
    pub codes: Arc<TwoRecoveryCodes>,
}

#[uniffi::export]
impl TwoRecoveryCodes {
    /// Of the diary that was copied or restored. Absent if it was given already.
    pub fn take_recovery_code(&self) -> Result<Option<String>, DiaryError> {
        Ok(taken(&self.own))
    }

    /// Of the other, empty one. Absent if it was given already.
    pub fn take_second_recovery_code(&self) -> Result<Option<String>, DiaryError> {
        Ok(taken(&self.second))
    }
}

#[uniffi::export]
impl Diary {
    /// As `create`, with a second, empty diary in the same vault, which opens with `secondPassphrase`.
    /// Nothing in the vault says that there are two. The first one is open then; `takeRecoveryCode` and
    /// `takeSecondRecoveryCode` give the codes, once each.
    #[uniffi::constructor(default(allow_weak = false))]
    pub fn create_with_second(
        folder: String,
        passphrase: &[u8],
        second_passphrase: &[u8],
        cost: KeyCost,
        allow_weak: bool,
    ) -> Result<Self, DiaryError> {
        caught(|| {
            let passphrase = new_passphrase_of(passphrase, allow_weak)?;
            let second = new_passphrase_of(second_passphrase, allow_weak)?;
            let (folder, clock) = (Path::new(&folder), Box::new(SystemClock));
            let made =
                CoreDiary::create_with_decoy(folder, &passphrase, &second, cost.into(), clock);
            let (diary, codes) = made?;
            Ok(Self::new(diary, Some(codes.own)).with_second_code(codes.decoy))
        })
    }

    /// The recovery code of the second diary that was made with this object; given once, then wiped.
    /// Absent if none was made or it was given already.
    pub fn take_second_recovery_code(&self) -> Result<Option<String>, DiaryError> {
        Ok(taken(self.second_code()))
    }

    /// Copies this diary into a new vault in a folder that does not exist yet, together with a second,
    /// empty one. The passphrase is asked for again and opens the copy too, where it is not bound to a
    /// device. Codes of the log, ids and evidence stay what they are. The vault that is open is not
    /// touched; if it holds another diary, that one is not copied.
    #[uniffi::method(default(allow_weak = false))]
    pub fn copy_with_second(
        &self,
        folder: String,
        passphrase: &[u8],
        second_passphrase: &[u8],
        cost: KeyCost,
        listener: Option<Arc<dyn ProgressListener>>,
        allow_weak: bool,
    ) -> Result<Arc<TwoRecoveryCodes>, DiaryError> {
        let device = self.device();
        self.session().long_call(listener, |diary, watch| {
            let passphrase = Passphrase::new(passphrase)?;
            let second = new_passphrase_of(second_passphrase, allow_weak)?;
            let (folder, cost) = (Path::new(&folder), cost.into());
            let codes = match &device {
                Some(device) => asking(&**device, |key| {
                    diary.copy_with_decoy(folder, &passphrase, Some(key), &second, cost, watch)
                })?,
                None => diary.copy_with_decoy(folder, &passphrase, None, &second, cost, watch)?,
            };
            Ok(TwoRecoveryCodes::new(codes))
        })
    }
}

/// Makes a vault in `folder`, absent or empty, of the diary in a backup that `passphrase` opens,
/// together with a second, empty one. If the backup holds another diary, that one is not restored.
#[uniffi::export(default(allow_weak = false))]
pub fn restore_with_second(
    backup: String,
    folder: String,
    passphrase: &[u8],
    second_passphrase: &[u8],
    cost: KeyCost,
    listener: Option<Arc<dyn ProgressListener>>,
    allow_weak: bool,
) -> Result<RestoredWithSecond, DiaryError> {
    alone(listener, |watch| {
        let passphrase = Passphrase::new(passphrase)?;
        let second = new_passphrase_of(second_passphrase, allow_weak)?;
        let (backup, folder) = (Path::new(&backup), Path::new(&folder));
        let cost = cost.into();
        let (log, codes) =
            CoreDiary::restore_with_decoy(backup, folder, &passphrase, &second, cost, watch)?;
        Ok(RestoredWithSecond {
            log: log.into(),
            codes: TwoRecoveryCodes::new(codes),
        })
    })
}

impl TwoRecoveryCodes {
    fn new(codes: TwoCodes) -> Arc<Self> {
        Arc::new(Self {
            own: Mutex::new(Some(codes.own)),
            second: Mutex::new(Some(codes.decoy)),
        })
    }
}
