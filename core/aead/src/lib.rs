//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under one key: all sealing of the vault, of evidence files and
//! of backups goes through here.
//!
//! A crate of its own, because the cipher's own crates are generic: they are compiled with whoever calls them, and
//! in an unoptimised build a cell would cost six times as much. This one is always compiled for speed.

#![forbid(unsafe_code)]

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};

/// Bytes of a nonce. Drawn at random it may be taken for fresh.
pub const NONCE: usize = 24;
/// Bytes of a tag.
pub const TAG: usize = 16;

/// What was sealed does not open: it was changed, or belongs elsewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotGenuine;

/// The cipher with its key, in a place of its own on the heap; both are wiped on drop.
pub struct Aead(Box<XChaCha20Poly1305>);

impl Aead {
    /// Takes a copy of the key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(XChaCha20Poly1305::new(key.into())))
    }

    /// Seals `text` where it lies, and gives its tag. A key MUST NOT see the same nonce twice. `None` above 256 GiB.
    #[must_use]
    pub fn seal(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG]> {
        self.seal_buffer(nonce, associated, text.into())
    }

    /// As [`Aead::seal`], from `plain` into `text`, which is as long; `None` if it is not.
    #[must_use]
    pub fn seal_into(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        plain: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG]> {
        self.seal_buffer(nonce, associated, InOutBuf::new(plain, text).ok()?)
    }

    /// Opens `text` where it lies.
    ///
    /// # Errors
    /// It is not what was sealed; then `text` is as it was.
    pub fn open(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG],
    ) -> Result<(), NotGenuine> {
        self.open_buffer(nonce, associated, text.into(), tag)
    }

    /// As [`Aead::open`], from `text` into `plain`, which is as long.
    ///
    /// # Errors
    /// It is not what was sealed, or not as long; then `plain` holds nothing of it.
    pub fn open_into(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &[u8],
        plain: &mut [u8],
        tag: &[u8; TAG],
    ) -> Result<(), NotGenuine> {
        let buffer = InOutBuf::new(text, plain).map_err(|_| NotGenuine)?;
        self.open_buffer(nonce, associated, buffer, tag)
    }

    fn seal_buffer(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
    ) -> Option<[u8; TAG]> {
        let sealed = self
            .0
            .encrypt_inout_detached(&(*nonce).into(), associated, buffer);
        sealed.ok().map(Into::into)
    }

    fn open_buffer(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &[u8; TAG],
    ) -> Result<(), NotGenuine> {
        let opened =
            self.0
                .decrypt_inout_detached(&(*nonce).into(), associated, buffer, &(*tag).into());
        opened.map_err(|_| NotGenuine)
    }
}
