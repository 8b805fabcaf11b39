//! A second diary in one container (FORMAT.md 23). It is made together with the container and never
//! put into one that exists, because nobody can know that its other half is filler.

use std::io::{self, Read, Write};
use std::path::Path;

use super::Diary;
use crate::error::Error;
use crate::evidence::{self, Damage, EvidenceError, FileName};
use crate::files::{self, OpenError};
use crate::log::Log;
use crate::progress::{Progress, advance};
use crate::time::{Clock, SystemClock};
use crate::vault::{
    DeviceKey, KdfCost, NewPassphrase, NewVault, Passphrase, RecoveryCode, STEP, VaultError,
};

/// The recovery codes of a container with two diaries. They are given out here and nowhere else.
pub struct TwoCodes {
    /// Of the diary that was there, or was asked for first.
    pub own: RecoveryCode,
    /// Of the other, empty one.
    pub decoy: RecoveryCode,
}

/// Entries that are copied in one transaction.
const BATCH: u32 = 256;

impl Diary {
    /// As [`Diary::create`], with a second, empty diary in the same vault, which opens with a
    /// passphrase of its own. Nothing in the vault says that there are two, or which is which.
    ///
    /// # Errors
    /// As [`Diary::create`]; [`VaultError::SecretInUse`] if both passphrases are the same.
    pub fn create_with_decoy(
        folder: &Path,
        passphrase: &NewPassphrase,
        decoy: &NewPassphrase,
        cost: KdfCost,
        clock: Box<dyn Clock>,
    ) -> Result<(Self, TwoCodes), Error> {
        Self::create_two(folder, (passphrase, decoy), (cost, STEP), clock)
    }

    /// As [`Diary::create_with_decoy`], with tables that grow by `step` cells.
    ///
    /// # Errors
    /// As [`Diary::create_with_decoy`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_create_with_decoy_and_step_for_tests(
        folder: &Path,
        secrets: (&NewPassphrase, &NewPassphrase),
        cost: (KdfCost, u32),
        clock: Box<dyn Clock>,
    ) -> Result<(Self, TwoCodes), Error> {
        Self::create_two(folder, secrets, cost, clock)
    }

    fn create_two(
        folder: &Path,
        (passphrase, decoy): (&NewPassphrase, &NewPassphrase),
        (cost, step): (KdfCost, u32),
        clock: Box<dyn Clock>,
    ) -> Result<(Self, TwoCodes), Error> {
        Self::must_lie_outside(folder)?;
        let (mut new, own) = NewVault::create_with_step(folder, passphrase, cost, step)?;
        Log::begin(&mut new.vault, clock.as_ref())?;
        let (new, decoy) = new.with_second(decoy, |vault| Log::begin(vault, clock.as_ref()))?;
        let diary = new.publish_for(folder, |vault| Self::over(vault, clock))?;
        Ok((diary, TwoCodes { own, decoy }))
    }

    /// Copies this diary into a new vault together with a second, empty one. The vault that is open
    /// is not touched; if it holds another diary, that one is not copied, for nobody can know of it.
    /// `passphrase` is that of this diary, with the device that it may be bound to, and opens the copy
    /// too, where it is not bound; the recovery codes are new.
    ///
    /// Log, fingerprint and evidence are the same; the first entry says that it was continued.
    ///
    /// # Errors
    /// [`VaultError::WrongSecret`] unless `passphrase` is that of this diary, [`VaultError::DeviceKey`];
    /// [`Error::Vault`], also if anything in it is damaged; [`Error::Backup`] for a target in a vault. No file is
    /// left then.
    pub fn copy_with_decoy(
        &mut self,
        target: &Path,
        passphrase: &Passphrase,
        device: Option<&dyn DeviceKey>,
        decoy: &NewPassphrase,
        cost: KdfCost,
        progress: &mut dyn Progress,
    ) -> Result<TwoCodes, Error> {
        match device {
            Some(device) => self.confirm_with(passphrase, device)?,
            None => self.confirm(passphrase)?,
        };
        self.copy(target, (passphrase, decoy), (cost, STEP), progress)
    }

    /// As [`Diary::copy_with_decoy`], with tables that grow by `step` cells.
    ///
    /// # Errors
    /// As [`Diary::copy_with_decoy`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_copy_with_decoy_and_step_for_tests(
        &mut self,
        target: &Path,
        secrets: (&Passphrase, &NewPassphrase),
        cost: (KdfCost, u32),
        progress: &mut dyn Progress,
    ) -> Result<TwoCodes, Error> {
        self.confirm(secrets.0)?;
        self.copy(target, secrets, cost, progress)
    }

    fn copy(
        &mut self,
        target: &Path,
        secrets: (&Passphrase, &NewPassphrase),
        cost: (KdfCost, u32),
        progress: &mut dyn Progress,
    ) -> Result<TwoCodes, Error> {
        let evidence = self.log.vault().evidence_folder();
        let copy_file = |name: FileName, to: &Path, step: Step<'_>| {
            copy_file(&evidence.join(name.to_hex()), to, step)
        };
        self.copy_to_new_vault(target, secrets, cost, &SystemClock, copy_file, progress)
    }

    pub(super) fn copy_to_new_vault(
        &mut self,
        target: &Path,
        (passphrase, decoy): (&Passphrase, &NewPassphrase),
        (cost, step): (KdfCost, u32),
        clock: &dyn Clock,
        mut copy_file: impl FnMut(FileName, &Path, Step<'_>) -> Result<(), Error>,
        progress: &mut dyn Progress,
    ) -> Result<TwoCodes, Error> {
        Self::must_lie_outside(target)?;
        let vault = self.log.vault();
        let (mut new, own) = NewVault::for_copy(target, passphrase, cost, step, vault)?;
        self.copy_entries(&mut new, progress)?;
        let folder = new.vault.evidence_folder();
        for name in self.item_index()?.file_names() {
            let step = &mut |_| advance(progress, &mut 1, 0, 1);
            step(0)?;
            copy_file(name, &folder.join(name.to_hex()), step)?;
        }
        files::sync_folder(&folder).map_err(VaultError::from_io)?;
        let new = sound(new, progress)?;
        let (new, decoy) = new.with_second(decoy, |vault| Log::begin(vault, clock))?;
        new.publish(target)?;
        Ok(TwoCodes { own, decoy })
    }

    /// Seals every entry anew, at the end of what is used there; places keep what the index knows.
    pub(super) fn copy_entries(
        &mut self,
        new: &mut NewVault,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let size = self.log.size();
        let mut number = 0;
        while number < size {
            if progress.advance(number.into(), size.into()).is_break() {
                return Err(Error::Cancelled);
            }
            let mut write = new.vault.begin()?;
            for _ in 0..BATCH.min(size - number) {
                // The leaf is recomputed: what is damaged is not copied as if it were whole.
                let place = self.log.read(number)?.place;
                let vault = self.log.vault();
                let object = place.place.map(|at| vault.entry(number, at)).transpose()?;
                write.append_copy(object.as_ref().map(|bytes| bytes.as_slice()), &place)?;
                number += 1;
            }
            write.commit()?;
        }
        if let Some(side) = self.log.vault().side()? {
            let mut write = new.vault.begin()?;
            write.set_side(&side)?;
            write.commit()?;
        }
        Ok(())
    }
}

/// The new vault, once all of it was read: she may remove the old one after this.
fn sound(new: NewVault, progress: &mut dyn Progress) -> Result<NewVault, Error> {
    let NewVault { vault, folder } = new;
    let mut diary = Diary::over(vault, Box::new(SystemClock))?;
    // Once more: a disk that failed once is no damage of what was copied.
    if !diary.check(progress)?.sound && !diary.check(progress)?.sound {
        // Entries and index were read and proven before they were copied.
        return Err(EvidenceError::Damaged(Damage::Hash).into());
    }
    let vault = *diary.log.into_vault();
    Ok(NewVault { vault, folder })
}

/// Is told how many bytes more are copied; an error stops it.
pub(super) type Step<'a> = &'a mut dyn FnMut(u64) -> Result<(), Error>;

/// A sealed file, as it lies.
pub(super) fn copy_file(from: &Path, to: &Path, step: Step<'_>) -> Result<(), Error> {
    let opened = files::open_regular(from).map_err(|error| match error {
        OpenError::Io(error) if error.kind() != io::ErrorKind::NotFound => {
            Error::from(VaultError::from_io(error))
        }
        OpenError::Io(_) | OpenError::NotAFile => EvidenceError::Damaged(Damage::Missing).into(),
    });
    let (mut source, _) = opened?;
    write_file(&mut source, to, step)
}

/// Writes a sealed file under its name in a folder that has no name yet.
pub(super) fn write_file(source: &mut impl Read, to: &Path, step: Step<'_>) -> Result<(), Error> {
    let (mut out, unfinished) = files::create(to).map_err(VaultError::from_io)?;
    let mut part = Vec::new();
    loop {
        // By parts, so that a large one can be stopped.
        let read = source.by_ref().take(PART).read_to_end(&mut part);
        let bytes = read.and_then(|bytes| out.write_all(&part).map(|()| bytes as u64));
        match bytes.map_err(VaultError::from_io)? {
            0 => break,
            bytes => step(bytes)?,
        }
        part.clear();
    }
    let written = evidence::set_constant_time(&out).and_then(|()| out.sync_all());
    written.map_err(VaultError::from_io)?;
    unfinished.keep();
    Ok(())
}

const PART: u64 = 1 << 20;
