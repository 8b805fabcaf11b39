//! A second diary in a container that is being made, and a diary copied into a new container.
//!
//! Only while a container has no name yet is it known that its other half is filler. Nothing that is
//! written says that there are two, or which is which.

use std::path::Path;

use zeroize::Zeroizing;

use super::cell::ObjectName;
use super::create::{NewVault, empty_head, replace_slot};
use super::error::VaultError;
use super::header::Half;
use super::kdf::KdfCost;
use super::secret::{NewPassphrase, Passphrase, RecoveryCode, SecretBytes};
use super::session::{Vault, cell_cipher};
use super::slot::{SlotKeys, SlotKind};

impl NewVault {
    /// Puts an empty diary into the other half. `begin` writes its first entry.
    pub(crate) fn with_second(
        self,
        passphrase: &NewPassphrase,
        begin: impl FnOnce(&mut Vault) -> Result<(), VaultError>,
    ) -> Result<(Self, RecoveryCode), VaultError> {
        let Self {
            vault,
            folder: temporary,
        } = self;
        let Vault {
            folder,
            mut header,
            keys,
            mut store,
            head,
            ..
        } = vault;
        let (own, other) = (head.half, head.half.other());
        let second = SlotKeys {
            container: keys.container.duplicate(),
            ..SlotKeys::make()?
        };
        let code = RecoveryCode::make()?;
        let secret = SecretBytes::from(passphrase.as_passphrase());
        replace_slot(&mut header, &second, other, SlotKind::Passphrase, &secret)?;
        let secret = SecretBytes::from(&code);
        replace_slot(&mut header, &second, other, SlotKind::RecoveryCode, &secret)?;

        store.use_half(other);
        let head = empty_head(other, &header)?;
        let sealed = cell_cipher(&second.half, &header, other).seal(
            ObjectName::Head,
            0,
            &head.to_bytes(),
        )?;
        store.write(&vec![(0, sealed.cells)])?;
        folder.write_header(&header)?;
        let mut vault = Vault::unlocked(folder, header, other, second, store)?;
        begin(&mut vault)?;
        let Vault {
            folder,
            header,
            store,
            ..
        } = vault;
        let vault = Vault::unlocked(folder, header, own, keys, store)?;
        let new = Self {
            vault,
            folder: temporary,
        };
        Ok((new, code))
    }

    /// Makes a container for the log of another one: its signing key and the instance under which
    /// it was last written, and no entry yet.
    pub(crate) fn for_copy(
        target: &Path,
        passphrase: &Passphrase,
        cost: KdfCost,
        step: u32,
        of: &Vault,
    ) -> Result<(Self, RecoveryCode), VaultError> {
        let (new, code) = Self::create_empty(target, &SecretBytes::from(passphrase), cost, step)?;
        let Self { mut vault, folder } = new;
        vault.head.signing_seed = Zeroizing::new(*of.head().signing_seed);
        vault.head.instance = of.head().instance;
        Ok((Self { vault, folder }, code))
    }
}

impl Half {
    /// The other half of the container.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Zero => Self::One,
            Self::One => Self::Zero,
        }
    }
}
