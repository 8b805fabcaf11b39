//! Opening a vault in a test.

use std::path::Path;
use std::time::Duration;

use super::error::VaultError;
use super::kdf::KdfFloor;
use super::secret::SecretBytes;
use super::session::Vault;

/// Opens a vault whose key derivation costs nothing. A program that another test starts in this
/// process holds every lock between fork and exec, so "in use" is believed after half a second only.
pub(crate) fn open(folder: &Path, secret: &SecretBytes) -> Result<Vault, VaultError> {
    let mut tries = 25;
    loop {
        match Vault::open(folder, secret, KdfFloor::DangerNone) {
            Err(VaultError::InUse) if tries > 0 => tries -= 1,
            opened => return opened,
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
