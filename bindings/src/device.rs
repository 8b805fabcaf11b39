//! The key of the device: kept and used by the shell, mixed into the passphrase by the core.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use diary_core::Diary as CoreDiary;
use diary_core::diary::Confirmed;
use diary_core::vault::{self, DeviceKeyError, Passphrase, RecoveryCode, VaultError};
use zeroize::Zeroizing;

use crate::diary::Diary;
use crate::error::{DeviceKeyProblem, DiaryError};
use crate::session::held;

/// A key that the device keeps and never gives out, such as one in Android's Keystore or Apple's
/// Secure Enclave. With it a passphrase opens the diary on this device only.
#[uniffi::export(foreign)]
pub trait DeviceKey: Send + Sync {
    /// Computes a MAC over the 32 bytes of `message`, such as HMAC-SHA-256, and gives its 32 bytes to
    /// `answer`. The same message gives the same bytes as long as the key exists. Asked once for each
    /// attempt at a passphrase, on the thread that makes it, which waits.
    ///
    /// Both are to be wiped after use. The message does not tell the passphrase, but a guess can be
    /// tested against it, at the full cost of an attempt.
    ///
    /// Fails with `DeviceKey`: `MISSING` if this device has no such key, `FAILED` if it is not allowed to
    /// use it now. Any error that is not a `DiaryError` means the same as `FAILED`; nothing of it is kept.
    ///
    /// The diary that asks cannot be called from here, nor from a thread that this one waits for.
    fn mac(&self, message: Vec<u8>, answer: Arc<DeviceAnswer>) -> Result<(), DiaryError>;
}

/// Takes what a `DeviceKey` computed, and wipes it after use.
#[derive(Default, uniffi::Object)]
pub struct DeviceAnswer {
    mac: Mutex<Option<Zeroizing<[u8; 32]>>>,
}

#[uniffi::export]
impl DeviceAnswer {
    /// Gives the MAC, 32 bytes. The caller wipes its own.
    pub fn give(&self, mac: &[u8]) -> Result<(), DiaryError> {
        let mut given = Zeroizing::new([0; 32]);
        if mac.len() != given.len() {
            return Err(DeviceKeyProblem::WrongLength.into());
        }
        given.copy_from_slice(mac);
        held(&self.mac).replace(given);
        Ok(())
    }
}

#[uniffi::export]
impl Diary {
    /// Whether the passphrase that opened it is bound to a device.
    pub fn is_bound(&self) -> Result<bool, DiaryError> {
        self.session().call(|diary| Ok(diary.is_bound()))
    }

    /// Binds the passphrase to this device: from now on it opens the diary with this key only. A copy or
    /// a backup opens on another device with the recovery code alone, which is never bound and has to be
    /// given here, so that it is at hand. A passphrase that is set later is not bound.
    pub fn bind(
        &self,
        passphrase: &[u8],
        recovery_code: &[u8],
        device: Arc<dyn DeviceKey>,
    ) -> Result<(), DiaryError> {
        self.session().call(|diary| {
            let passphrase = Passphrase::new(passphrase)?;
            let code = RecoveryCode::parse(recovery_code)?;
            asking(&*device, |key| diary.bind(&passphrase, &code, key))?;
            self.keep_device(Some(device));
            Ok(())
        })
    }

    /// Takes the device out of the passphrase again. `WrongPassphrase` if it is not bound to this key.
    pub fn unbind(&self, passphrase: &[u8], device: Arc<dyn DeviceKey>) -> Result<(), DiaryError> {
        self.session().call(|diary| {
            let passphrase = Passphrase::new(passphrase)?;
            asking(&*device, |key| diary.unbind(&passphrase, key))
        })
    }
}

impl Diary {
    /// That whoever asks knows the passphrase, with the key that the diary was opened with or bound to.
    pub(crate) fn confirmed(
        &self,
        diary: &mut CoreDiary,
        passphrase: &[u8],
    ) -> Result<Confirmed, DiaryError> {
        let passphrase = Passphrase::new(passphrase)?;
        match self.device() {
            Some(device) => asking(&*device, |key| diary.confirm_with(&passphrase, key)),
            None => Ok(diary.confirm(&passphrase)?),
        }
    }
}

/// Work that may ask the device. If it fails for want of an answer, what the shell said is the reason.
pub(crate) fn asking<T>(
    device: &dyn DeviceKey,
    work: impl FnOnce(&dyn vault::DeviceKey) -> Result<T, diary_core::Error>,
) -> Result<T, DiaryError> {
    let asked = Asked {
        device,
        failed: RefCell::default(),
    };
    work(&asked).map_err(|error| match (error, asked.failed.into_inner()) {
        (diary_core::Error::Vault(VaultError::DeviceKey(_)), Some(failed)) => failed,
        (error, _) => error.into(),
    })
}

/// The shell's key as the core knows it.
struct Asked<'a> {
    device: &'a dyn DeviceKey,
    failed: RefCell<Option<DiaryError>>,
}

impl Asked<'_> {
    fn ask(&self, message: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, DiaryError> {
        let answer = Arc::new(DeviceAnswer::default());
        // The buffer in which uniffi carries the message over is freed and not wiped. Nothing that opens
        // a vault crosses that way: the MAC is lent to `give`.
        match self.device.mac(message.to_vec(), answer.clone()) {
            Ok(()) => {}
            Err(DiaryError::Callback) => return Err(DeviceKeyProblem::Failed.into()),
            Err(error) => return Err(error),
        }
        let given = held(&answer.mac).take();
        given.ok_or_else(|| DeviceKeyProblem::Failed.into())
    }
}

impl vault::DeviceKey for Asked<'_> {
    fn mac(&self, message: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, DeviceKeyError> {
        self.ask(message).map_err(|error| {
            self.failed.replace(Some(error));
            DeviceKeyError::Failed
        })
    }
}

#[cfg(test)]
mod tests;
