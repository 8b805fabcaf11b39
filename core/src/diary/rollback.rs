//! Telling that somebody put an old copy back: told in words, never refused, never repaired.

use super::erase::FILES_AT_ONCE;
use super::items::ItemIndex;
use super::{Diary, items};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files::sync_folder;
use crate::vault::{Token, VaultError};

/// How the log compares with a token kept outside the vault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenStatus {
    /// Nothing is known: a new device, a new key, or the token of another vault.
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

impl Diary {
    /// Names the container, for whoever keeps its token.
    pub fn container_id(&mut self) -> [u8; 16] {
        self.log.vault().header().container_id
    }

    /// Compares the log with a token. If it is older or forked, no file is removed in this session.
    ///
    /// # Errors
    /// [`Error::Vault`].
    pub fn token_status(&mut self, token: &Token) -> Result<TokenStatus, Error> {
        let Some((size, root)) = self.log.vault().read_token(token) else {
            return Ok(TokenStatus::Unknown);
        };
        let now = self.log.checkpoint();
        let status = match u32::try_from(size) {
            Ok(0) => TokenStatus::Unknown,
            Ok(size) if size <= now.size => {
                let same = self.log.checkpoint_at(size)?.root == root;
                match (same, size == now.size) {
                    (true, true) => TokenStatus::Equal,
                    (true, false) => TokenStatus::Newer,
                    (false, _) => TokenStatus::Forked,
                }
            }
            _ => TokenStatus::Older,
        };
        // Another token that fits, such as one from before, takes nothing back.
        self.keeps_doomed_files |= matches!(status, TokenStatus::Older | TokenStatus::Forked);
        Ok(status)
    }

    /// A token of the log as it is now, to be kept in place of the old one.
    ///
    /// # Errors
    /// [`Error::Vault`]; with [`VaultError::Closed`] nobody knows how the log is, and the old one stays.
    pub fn new_token(&mut self, old: Option<&Token>) -> Result<Token, Error> {
        Ok(self.log.vault().make_token(old)?)
    }

    /// Removes the files that an erasure or a broken attach left, but none that is still being
    /// written, and none while a backup is. Nothing is removed if the vault may be an old copy that somebody put back: then
    /// they may be the newer vault's. While the disk does not give every entry, as many as one erasure removes wait:
    /// an entry that comes back may name one, and then it stays.
    pub(super) fn tidy(&mut self) -> Result<(), Error> {
        self.backups.retain(|alive| alive.strong_count() > 0);
        // Nor while the disk may not have the entry by which a file goes.
        let uncertain = self.log.vault().is_uncertain();
        if self.keeps_doomed_files || !self.backups.is_empty() || uncertain {
            return Ok(());
        }
        self.pending.retain(|(_, alive)| alive.strong_count() > 0);
        let mut doomed = self.log.doomed();
        doomed.retain(|name| {
            let pending = self.pending.iter();
            !pending
                .clone()
                .any(|(pending, _)| pending.as_bytes() == name)
        });
        if doomed.is_empty() {
            return Ok(());
        }
        let index = self.item_index()?;
        if index.is_partial() && doomed.len() <= FILES_AT_ONCE {
            return Ok(());
        }
        let (named, doomed): (Vec<_>, Vec<_>) = doomed
            .into_iter()
            .partition(|name| index.knows(&FileName::from_bytes(*name)));
        named.iter().for_each(|name| self.log.forget_doomed(*name));
        self.remove_doomed(&doomed)
    }

    /// Nothing is removed now.
    pub(super) fn keeps_files(&self) -> bool {
        let partial = self.items.as_ref().is_some_and(ItemIndex::is_partial);
        self.keeps_doomed_files || !self.backups.is_empty() || partial
    }

    /// Removes files and takes their names off the list, but not before that is on the disk: if the
    /// power went in between, they would be there again, and nothing would know of them.
    pub(super) fn remove_doomed(&mut self, names: &[[u8; 16]]) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        // One that cannot be removed keeps no other.
        let mut failed = None;
        let mut gone = names.to_vec();
        gone.retain(|name| {
            let removed = items::remove(&self.evidence_path(FileName::from_bytes(*name)));
            removed.map_err(|error| failed = Some(error)).is_ok()
        });
        sync_folder(&self.log.vault().evidence_folder()).map_err(VaultError::from_io)?;
        gone.iter().for_each(|name| self.log.forget_doomed(*name));
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}
