//! The token against rollback: 160 bytes that a shell keeps outside the vault (FORMAT.md 16).

use diary_aead::Aead;
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

    pub(super) fn part(&self, half: Half) -> &[u8] {
        self.0
            .get(offset(half)..offset(half) + PART)
            .unwrap_or_default()
    }
}

impl Vault {
    /// A token of the log as it is now; the other half's part is copied from `old`, or random.
    pub(crate) fn make_token(&self, old: Option<&Token>) -> Result<Token, VaultError> {
        if self.is_uncertain() {
            return Err(VaultError::Closed);
        }
        let mut bytes = match old {
            Some(old) => old.0,
            None => {
                let mut filler = [0; TOKEN];
                random::Filler::new()?.fill(&mut filler);
                filler
            }
        };
        let (entries, root) = (self.head().entries, &self.head().root);
        let part = self
            .token_seal()
            .seal(entries.into(), root, random::bytes()?)?;
        put(&mut bytes, offset(self.head().half), &part);
        Ok(Token(bytes))
    }

    /// Size and root that a token holds for this half; `None` if its part does not open: another
    /// vault, another key, or nothing yet.
    pub(crate) fn read_token(&self, token: &Token) -> Option<(u64, Hash)> {
        self.token_seal().open(token.part(self.head().half))
    }

    fn token_seal(&self) -> TokenSeal {
        TokenSeal::new(
            &self.keys.half,
            self.header().container_id,
            self.head().half,
        )
    }
}

/// Seals and opens the part of one half.
pub(super) struct TokenSeal {
    key: Key<keys::Token>,
    aad: [u8; 27],
}

impl TokenSeal {
    pub(super) fn new(half_key: &Key<keys::Half>, container_id: [u8; 16], half: Half) -> Self {
        let mut aad = [0; 27];
        put(&mut aad, 0, b"idv1/token");
        put(&mut aad, 10, &container_id);
        put(&mut aad, 26, &[half.byte()]);
        let key = keys::derive(half_key.expose(), &container_id, &[b"idv1/token"]);
        Self { key, aad }
    }

    /// Seals a part under a nonce, which MUST be fresh outside tests.
    pub(super) fn seal(
        &self,
        size: u64,
        root: &Hash,
        nonce: [u8; 24],
    ) -> Result<[u8; PART], VaultError> {
        let mut plaintext = Zeroizing::new([0; PLAINTEXT]);
        put(plaintext.as_mut(), 0, &size.to_be_bytes());
        put(plaintext.as_mut(), 8, root);
        let tag = self.cipher().seal(&nonce, &self.aad, plaintext.as_mut());
        let tag = tag.ok_or(VaultError::NoRandomness)?;
        let mut part = [0; PART];
        put(&mut part, 0, &nonce);
        put(&mut part, 24, plaintext.as_ref());
        put(&mut part, 24 + PLAINTEXT, &tag);
        Ok(part)
    }

    /// Size and root; `None` if the part does not open.
    pub(super) fn open(&self, part: &[u8]) -> Option<(u64, Hash)> {
        let mut fields = Fields::new(part);
        let nonce: [u8; 24] = fields.array()?;
        let mut plaintext = Zeroizing::new(fields.array::<PLAINTEXT>()?);
        let tag: [u8; 16] = fields.array()?;
        self.cipher()
            .open(&nonce, &self.aad, plaintext.as_mut(), &tag)
            .ok()?;
        let mut fields = Fields::new(plaintext.as_ref());
        Some((fields.u64()?, fields.array()?))
    }

    fn cipher(&self) -> Aead {
        // EXPOSE: the AEAD crate takes plain bytes; its own copy is wiped on drop.
        Aead::new(self.key.expose())
    }
}

fn offset(half: Half) -> usize {
    usize::from(half.byte()) * PART
}
