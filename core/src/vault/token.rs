//! The token against rollback: 160 bytes that a shell keeps outside the vault (FORMAT.md 16).

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::error::VaultError;
use super::header::Half;
use super::keys::{self, Key};
use super::session::Vault;
use crate::bytes::{Fields, put};
use crate::log::Hash;
use crate::random;

/// What the log of a container was when it was last open, sealed; it looks the same with one diary
/// and with two, and says nothing to whoever has no passphrase.
#[derive(Clone)]
pub struct Token([u8; TOKEN]);

const TOKEN: usize = 2 * PART;
const PART: usize = 24 + PLAINTEXT + 16;
const PLAINTEXT: usize = 8 + 32;

impl Token {
    /// A token as it was kept; `None` unless it is 160 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn part(&self, half: Half) -> &[u8] {
        self.0
            .get(offset(half)..offset(half) + PART)
            .unwrap_or_default()
    }
}

impl Vault {
    /// A token of the log as it is now; the other half's part is copied from `old`, or random.
    pub(crate) fn make_token(&self, old: Option<&Token>) -> Result<Token, VaultError> {
        let mut bytes = match old {
            Some(old) => old.0,
            None => {
                let mut filler = [0; TOKEN];
                random::Filler::new()?.fill(&mut filler);
                filler
            }
        };
        let half = self.head().half;
        let mut plaintext = Zeroizing::new([0; PLAINTEXT]);
        put(
            plaintext.as_mut(),
            0,
            &u64::from(self.head().entries).to_be_bytes(),
        );
        put(plaintext.as_mut(), 8, &self.head().root);
        let nonce = random::bytes::<24>()?;
        let tag = self
            .token_cipher()
            .encrypt_inout_detached(
                &XNonce::from(nonce),
                &self.token_aad(),
                plaintext.as_mut_slice().into(),
            )
            .map_err(|_| VaultError::NoRandomness)?;
        let at = offset(half);
        put(&mut bytes, at, &nonce);
        put(&mut bytes, at + 24, plaintext.as_ref());
        put(&mut bytes, at + 24 + PLAINTEXT, &tag);
        Ok(Token(bytes))
    }

    /// Size and root that a token holds for this half; `None` if its part does not open: another
    /// vault, another key, or nothing yet.
    pub(crate) fn read_token(&self, token: &Token) -> Option<(u64, Hash)> {
        let mut fields = Fields::new(token.part(self.head().half));
        let nonce: [u8; 24] = fields.array()?;
        let mut plaintext = Zeroizing::new(fields.array::<PLAINTEXT>()?);
        let tag: [u8; 16] = fields.array()?;
        self.token_cipher()
            .decrypt_inout_detached(
                &XNonce::from(nonce),
                &self.token_aad(),
                plaintext.as_mut_slice().into(),
                &tag.into(),
            )
            .ok()?;
        let mut fields = Fields::new(plaintext.as_ref());
        Some((fields.u64()?, fields.array()?))
    }

    fn token_cipher(&self) -> XChaCha20Poly1305 {
        let id = &self.header().container_id;
        let key: Key<keys::Token> = keys::derive(self.keys.half.expose(), id, &[b"idv1/token"]);
        // EXPOSE: the AEAD crate takes plain bytes; its own copy is wiped on drop (feature `zeroize`).
        XChaCha20Poly1305::new(key.expose().into())
    }

    fn token_aad(&self) -> [u8; 27] {
        let mut aad = [0; 27];
        put(&mut aad, 0, b"idv1/token");
        put(&mut aad, 10, &self.header().container_id);
        put(&mut aad, 26, &[self.head().half.byte()]);
        aad
    }
}

fn offset(half: Half) -> usize {
    usize::from(half.byte()) * PART
}
