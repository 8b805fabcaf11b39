//! A key that the device keeps and never gives out: mixed into the passphrase's slot, so that a copy
//! of the folder is worth nothing without the device (FORMAT.md 4, `H`).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::create::replace_own_slot;
use super::error::VaultError;
use super::header::Header;
use super::kdf::Stretched;
use super::secret::SecretBytes;
use super::session::Vault;
use super::slot::{self, OpenSlot, SlotKind};

/// A key in the device's key store, such as Android's Keystore or Apple's Secure Enclave, that a shell
/// implements.
pub trait DeviceKey {
    /// A MAC over the message that nobody can compute without this device: the same message gives the
    /// same 32 bytes as long as the key exists. Called once an attempt.
    ///
    /// # Errors
    /// [`DeviceKeyError`]; the shell's own words are not taken.
    fn mac(&self, message: [u8; 32]) -> Result<Zeroizing<[u8; 32]>, DeviceKeyError>;
}

/// Why the device gave no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DeviceKeyError {
    /// It has no such key: another phone, or a key store that was cleared.
    Missing,
    /// It has the key and did not use it: locked, or not allowed now.
    Failed,
}

impl Vault {
    /// Whether the passphrase's slot was bound to a device when it opened this vault.
    pub(crate) fn is_bound(&self) -> bool {
        self.bound
    }

    pub(crate) fn set_bound(&mut self, bound: bool) {
        self.bound = bound;
    }

    /// Makes ready a header whose passphrase opens with this device only. The recovery code, which is
    /// never bound, must be at hand: it is what opens the diary when the device is gone.
    pub(crate) fn bound_header(
        &self,
        passphrase: &SecretBytes,
        code: &SecretBytes,
        device: &dyn DeviceKey,
    ) -> Result<Header, VaultError> {
        if self.own_slot(&self.stretched(code)?) != Some(SlotKind::RecoveryCode) {
            return Err(VaultError::NoRecoveryCode);
        }
        let stretched = self.stretched(passphrase)?;
        let bound = stretched.with_device(device)?;
        let is_hers = [&stretched, &bound]
            .into_iter()
            .any(|stretched| self.own_slot(stretched) == Some(SlotKind::Passphrase));
        if !is_hers {
            return Err(VaultError::WrongSecret);
        }
        self.resealed(&bound)
    }

    /// Makes ready a header whose passphrase opens without the device.
    pub(crate) fn unbound_header(
        &self,
        passphrase: &SecretBytes,
        device: &dyn DeviceKey,
    ) -> Result<Header, VaultError> {
        let stretched = self.stretched(passphrase)?;
        let bound = stretched.with_device(device)?;
        if self.own_slot(&bound) != Some(SlotKind::Passphrase) {
            return Err(VaultError::WrongSecret);
        }
        self.resealed(&stretched)
    }

    fn resealed(&self, stretched: &Stretched) -> Result<Header, VaultError> {
        let mut header = self.header.clone();
        let (keys, half) = (&self.keys, self.head.half);
        replace_own_slot(&mut header, keys, half, SlotKind::Passphrase, stretched)?;
        Ok(header)
    }

    fn stretched(&self, secret: &SecretBytes) -> Result<Stretched, VaultError> {
        self.header.params.stretch(secret, &self.header.salt)
    }

    /// Which of this half's slots it opens.
    fn own_slot(&self, stretched: &Stretched) -> Option<SlotKind> {
        let opened = slot::open_any(&self.header, stretched)?;
        let kinds = [SlotKind::Passphrase, SlotKind::RecoveryCode];
        kinds
            .into_iter()
            .find(|kind| kind.index(self.head.half) == opened.index)
    }
}

/// Tries a secret on all eight slots, and once more with the device key if the shell gave one; the
/// lowest that opens, and whether it was bound.
pub(super) fn open_any(
    header: &Header,
    secret: &SecretBytes,
    device: Option<&dyn DeviceKey>,
) -> Result<(OpenSlot, bool), VaultError> {
    let stretched = header.params.stretch(secret, &header.salt)?;
    let bound = device
        .map(|device| stretched.with_device(device))
        .transpose();
    let unbound = slot::open_any(header, &stretched).map(|opened| (opened, false));
    match bound {
        // What is not bound opens without the device, whatever that says.
        Err(error) => unbound.ok_or(error),
        Ok(bound) => {
            let bound = bound.and_then(|bound| slot::open_any(header, &bound));
            let opened = unbound
                .into_iter()
                .chain(bound.map(|opened| (opened, true)));
            opened
                .min_by_key(|(opened, _)| opened.index)
                .ok_or(VaultError::WrongSecret)
        }
    }
}

/// What the device is asked: nothing of the passphrase can be told from it without the device.
pub(super) fn challenge(stretched: &[u8; 32]) -> [u8; 32] {
    Sha256::new_with_prefix(b"idv1/bind")
        .chain_update(stretched)
        .finalize()
        .into()
}

impl From<DeviceKeyError> for VaultError {
    fn from(error: DeviceKeyError) -> Self {
        Self::DeviceKey(error)
    }
}

impl fmt::Display for DeviceKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => {
                "this device does not have the key that the passphrase is bound to: open the diary \
                 with the recovery code"
            }
            Self::Failed => {
                "the device did not use its key: unlock the device and try again, or open the diary \
                 with the recovery code"
            }
        })
    }
}

impl std::error::Error for DeviceKeyError {}
