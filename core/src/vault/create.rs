//! Making a container, and changing what opens it (FORMAT.md 12 and 15).

use std::path::Path;

use zeroize::Zeroizing;

use super::cell::{CellCipher, ObjectName};
use super::error::VaultError;
use super::folder::{Folder, TemporaryFolder, unpublish};
use super::head::{FIRST_FREE, Head};
use super::header::{Half, Header, SLOT, SLOTS};
use super::kdf::{KdfCost, Stretched};
use super::node::LEVELS;
use super::secret::{NewPassphrase, RecoveryCode, SecretBytes};
use super::session::Vault;
use super::slot::{self, SlotKeys, SlotKind};
use super::store::Store;
use crate::random::{self, Filler};

/// Cells by which a vault grows: about 4 MB in each half.
pub(crate) const STEP: u32 = 2_048;

/// A container that is complete but has not got its name yet; it is removed if it never does.
pub(crate) struct NewVault {
    pub(crate) vault: Vault,
    pub(crate) folder: TemporaryFolder,
}

impl NewVault {
    /// Makes a container beside `target` with one diary in a half chosen by chance, and gives the
    /// recovery code, which is nowhere else. Its tables grow by `step` cells.
    pub(crate) fn create_with_step(
        target: &Path,
        passphrase: &NewPassphrase,
        cost: KdfCost,
        step: u32,
    ) -> Result<(Self, RecoveryCode), VaultError> {
        let secret = SecretBytes::from(passphrase.as_passphrase());
        Self::create_empty(target, &secret, cost, step)
    }

    /// A container with a head and no entry.
    pub(super) fn create_empty(
        target: &Path,
        passphrase: &SecretBytes,
        cost: KdfCost,
        step: u32,
    ) -> Result<(Self, RecoveryCode), VaultError> {
        let temporary = TemporaryFolder::beside(target)?;
        let half = if random::bytes::<1>()?[0] & 1 == 0 {
            Half::Zero
        } else {
            Half::One
        };
        let mut header = Header {
            params: cost.choose()?,
            step,
            container_id: random::bytes()?,
            salt: random::bytes()?,
            instance: random::bytes()?,
            slots: random_slots()?,
        };
        let keys = SlotKeys::make()?;
        let code = RecoveryCode::make()?;
        let secret = SecretBytes::from(&code);
        replace_slot(&mut header, &keys, half, SlotKind::Passphrase, passphrase)?;
        replace_slot(&mut header, &keys, half, SlotKind::RecoveryCode, &secret)?;

        let folder = Folder::create(temporary.path())?;
        let mut store = Store::create(&folder.database(), half, step)?;
        let cipher = CellCipher::new(
            &keys.half.derive_cell_key(&header.container_id),
            header.container_id,
            half,
        );
        let head = empty_head(half, &header)?;
        let sealed = cipher.seal(ObjectName::Head, 0, &head.to_bytes())?;
        store.write(&vec![(0, sealed.cells)])?;
        folder.write_header(&header)?;
        let vault = Vault::unlocked(folder, header, half, keys, store)?;
        Ok((
            Self {
                vault,
                folder: temporary,
            },
            code,
        ))
    }

    /// Gives the container its name. Before that, whatever happens leaves nothing.
    pub(crate) fn publish(self, target: &Path) -> Result<Vault, VaultError> {
        self.publish_for(target, Ok)
    }

    /// As [`NewVault::publish`], for whom the vault is of use only if `open` takes it: else nothing stays either.
    pub(crate) fn publish_for<T, E: From<VaultError>>(
        self,
        target: &Path,
        open: impl FnOnce(Vault) -> Result<T, E>,
    ) -> Result<T, E> {
        let Self {
            vault,
            folder: temporary,
        } = self;
        let Vault {
            mut folder,
            header,
            keys,
            mut store,
            head,
            ..
        } = vault;
        store.checkpoint()?;
        drop(store);
        folder.publish(target)?;
        temporary.keep();
        let opened = Store::open(&folder.database(), header.step)
            .and_then(|store| Vault::unlocked(folder, header, head.half, keys, store))
            .map_err(E::from)
            .and_then(open);
        if opened.is_err() {
            // Its codes are given out with the vault only, so it must not stay without them.
            unpublish(target);
        }
        opened
    }
}

impl Vault {
    /// Makes ready a header in which secrets are replaced. A secret that opens any slot already is
    /// refused.
    pub(crate) fn with_secrets(
        &self,
        secrets: &[(SlotKind, SecretBytes)],
    ) -> Result<Header, VaultError> {
        let mut header = self.header.clone();
        for (kind, secret) in secrets {
            replace_slot(&mut header, &self.keys, self.head.half, *kind, secret)?;
        }
        Ok(header)
    }

    /// Makes ready a header for a rotation: new keys in the two slots that are used, the other two
    /// random anew.
    pub(super) fn with_next_keys(
        &self,
        passphrase: &SecretBytes,
        code: &SecretBytes,
    ) -> Result<(Header, SlotKeys), VaultError> {
        let keys = self.keys.make_next()?;
        let half = self.head.half;
        // The old slots are tried too, so the old passphrase is no new one.
        let mut header = self.header.clone();
        replace_slot(&mut header, &keys, half, SlotKind::Passphrase, passphrase)?;
        replace_slot(&mut header, &keys, half, SlotKind::RecoveryCode, code)?;
        let mut filler = Filler::new()?;
        let unused = header.slots.iter_mut().skip(half.first_slot() + 2).take(2);
        unused.for_each(|slot| filler.fill(slot));
        Ok((header, keys))
    }

    /// Replaces the header, in the three steps of FORMAT.md 15. The third, with an entry, is the
    /// caller's: it commits [`super::Write::settle_slots`].
    pub(crate) fn replace_header(&mut self, header: Header) -> Result<(), VaultError> {
        self.announce(&header)?;
        self.put_header(&header)?;
        self.header = header;
        Ok(())
    }

    /// Commits which slots are about to be written.
    pub(super) fn announce(&mut self, header: &Header) -> Result<(), VaultError> {
        let pending = header.slots_hash(self.head.half);
        let mut write = self.begin()?;
        write.set_slots_pending(pending);
        // Whether that is on the disk or not, the header is the one that was.
        write.try_commit().map_err(|failed| failed.error)
    }

    /// Makes sure that the header's name is on the disk. Before that nothing may be committed that
    /// only the new header opens: after a loss of power the old one may be back.
    pub(crate) fn sync_header(&self) -> Result<(), VaultError> {
        self.folder.sync()
    }

    /// Writes the header; done means that its name is on the disk.
    ///
    /// # Errors
    /// The new secrets do not hold, or, with [`VaultError::Closed`], nobody knows: the file may be the new one
    /// and, after a loss of power, the old one again.
    pub(super) fn put_header(&mut self, header: &Header) -> Result<(), VaultError> {
        let beside = self.folder.write_header_beside(header)?;
        let Err(error) = self.folder.put_in_place(beside) else {
            return Ok(());
        };
        if matches!(self.folder.holds_header(header), Ok(false)) {
            return Err(error);
        }
        self.closed = true;
        Err(VaultError::Closed)
    }
}

pub(super) fn replace_slot(
    header: &mut Header,
    keys: &SlotKeys,
    half: Half,
    kind: SlotKind,
    secret: &SecretBytes,
) -> Result<(), VaultError> {
    let stretched = header.params.stretch(secret, &header.salt)?;
    if slot::open_any(header, &stretched).is_some() {
        return Err(VaultError::SecretInUse);
    }
    replace_own_slot(header, keys, half, kind, &stretched)
}

/// Puts a secret into its slot, that is known to open no other.
pub(super) fn replace_own_slot(
    header: &mut Header,
    keys: &SlotKeys,
    half: Half,
    kind: SlotKind,
    stretched: &Stretched,
) -> Result<(), VaultError> {
    let index = kind.index(half);
    let sealed = keys.seal(header, index, kind, stretched)?;
    if let Some(slot) = header.slots.get_mut(index) {
        *slot = sealed;
    }
    Ok(())
}

fn random_slots() -> Result<[[u8; SLOT]; SLOTS], VaultError> {
    let mut filler = Filler::new()?;
    let mut slots = [[0; SLOT]; SLOTS];
    slots.iter_mut().for_each(|slot| filler.fill(slot));
    Ok(slots)
}

pub(super) fn empty_head(half: Half, header: &Header) -> Result<Head, VaultError> {
    Ok(Head {
        half,
        commits: 0,
        used: FIRST_FREE,
        entries: 0,
        incidents: 0,
        root: [0; 32],
        signing_seed: Zeroizing::new(random::bytes()?),
        slots: header.slots_hash(half),
        slots_pending: [0; 32],
        instance: header.instance,
        side: None,
        doomed: Vec::new(),
        edge: [None; LEVELS],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Passphrase;

    fn secret(text: &str) -> SecretBytes {
        SecretBytes::from(&Passphrase::new(text.as_bytes()).unwrap())
    }

    /// An answer that gives no codes leaves no vault that only they would open.
    #[test]
    fn section_12_a_new_vault_that_nobody_can_be_given_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
        let cost = KdfCost::DangerCheapForTests;
        let target = folder.path().join("vault");
        let (new, _) = NewVault::create_with_step(&target, &passphrase, cost, 8).unwrap();
        let refused = new.publish_for(&target, |vault| -> Result<(), _> {
            assert!(target.join("header").exists());
            drop(vault);
            Err(VaultError::DiskFull)
        });
        assert!(matches!(refused, Err(VaultError::DiskFull)));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn section_4_a_new_secret_is_tried_on_all_eight_slots() {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
        let cost = KdfCost::DangerCheapForTests;
        let target = folder.path().join("vault");
        let (mut new, code) = NewVault::create_with_step(&target, &passphrase, cost, 8).unwrap();
        let set = |vault: &Vault, secret| vault.with_secrets(&[(SlotKind::Passphrase, secret)]);
        for known in [secret("a"), SecretBytes::from(&code)] {
            let refused = set(&new.vault, known);
            assert!(matches!(refused, Err(VaultError::SecretInUse)));
        }
        for index in 0..SLOTS {
            assert!(set(&new.vault, secret("b")).is_ok());
            let header = new.vault.header.clone();
            let b = header.params.stretch(&secret("b"), &header.salt).unwrap();
            let keys = SlotKeys::make().unwrap();
            let theirs = keys.seal(&header, index, SlotKind::Passphrase, &b).unwrap();
            new.vault.header.slots[index] = theirs;
            let refused = set(&new.vault, secret("b"));
            assert!(matches!(refused, Err(VaultError::SecretInUse)), "{index}");
            new.vault.header = header;
        }
    }
}
