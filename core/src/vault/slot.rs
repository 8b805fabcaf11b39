//! Slots: the keys of a half, wrapped by a passphrase or a recovery code (FORMAT.md 4).

use diary_aead::Aead;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::header::{Half, Header, SLOT};
use super::kdf::Stretched;
use super::keys::{self, Container, Key};
use super::secret::SecretBytes;
use crate::bytes::{Fields, put};
use crate::random::{self, NoRandomness};

/// Bytes that a slot holds.
pub(super) const PLAINTEXT: usize = SLOT - 24 - 16;
const VERSION: u8 = 1;
const RESERVED: usize = PLAINTEXT - 8 - 3 * 32;

/// What kind of secret opens a slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SlotKind {
    Passphrase,
    RecoveryCode,
}

impl SlotKind {
    /// The slot of this kind in a half.
    pub(crate) fn index(self, half: Half) -> usize {
        half.first_slot()
            + match self {
                Self::Passphrase => 0,
                Self::RecoveryCode => 1,
            }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Passphrase => 0,
            Self::RecoveryCode => 1,
        }
    }
}

/// The keys that a slot holds.
pub(crate) struct SlotKeys {
    /// PK, the key of the half.
    pub(crate) half: Key<keys::Half>,
    /// PK-before: the key of the half before the last rotation.
    pub(crate) before: Option<Key<keys::Half>>,
    /// CK, the same in both halves.
    pub(crate) container: Key<Container>,
}

/// A slot that opened.
pub(crate) struct OpenSlot {
    pub(super) index: usize,
    pub(crate) half: Half,
    pub(crate) keys: SlotKeys,
}

impl OpenSlot {
    /// The same keys once more, for a second look at a backup.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            index: self.index,
            half: self.half,
            keys: SlotKeys {
                half: self.keys.half.duplicate(),
                before: self.keys.before.as_ref().map(Key::duplicate),
                container: self.keys.container.duplicate(),
            },
        }
    }
}

impl SlotKeys {
    /// Fresh keys for a new container.
    pub(crate) fn make() -> Result<Self, NoRandomness> {
        Ok(Self {
            half: Key::make()?,
            before: None,
            container: Key::make()?,
        })
    }

    /// Keys for the same container after a rotation.
    pub(crate) fn make_next(&self) -> Result<Self, NoRandomness> {
        Ok(Self {
            half: Key::make()?,
            before: Some(self.half.duplicate()),
            container: self.container.duplicate(),
        })
    }

    /// Wraps the keys for slot `index` of `header`.
    pub(crate) fn seal(
        &self,
        header: &Header,
        index: usize,
        kind: SlotKind,
        stretched: &Stretched,
    ) -> Result<[u8; SLOT], NoRandomness> {
        let plaintext = self.plaintext(kind);
        seal_plaintext(header, index, stretched, plaintext, random::bytes()?)
    }

    /// What a slot holds.
    pub(super) fn plaintext(&self, kind: SlotKind) -> Zeroizing<[u8; PLAINTEXT]> {
        let mut plaintext = Zeroizing::new([0; PLAINTEXT]);
        put(plaintext.as_mut(), 0, &[VERSION, kind.byte()]);
        put(plaintext.as_mut(), 8, self.half.expose());
        if let Some(before) = &self.before {
            put(plaintext.as_mut(), 40, before.expose());
        }
        put(plaintext.as_mut(), 72, self.container.expose());
        plaintext
    }
}

/// Seals a slot under a nonce, which MUST be fresh outside tests.
pub(super) fn seal_plaintext(
    header: &Header,
    index: usize,
    stretched: &Stretched,
    mut plaintext: Zeroizing<[u8; PLAINTEXT]>,
    nonce: [u8; 24],
) -> Result<[u8; SLOT], NoRandomness> {
    let aad = slot_aad(header, index);
    let tag = slot_cipher(header, index, stretched).seal(&nonce, &aad, plaintext.as_mut());
    let tag = tag.ok_or(NoRandomness)?;
    let mut slot = [0; SLOT];
    put(&mut slot, 0, &nonce);
    put(&mut slot, 24, plaintext.as_ref());
    put(&mut slot, 24 + PLAINTEXT, &tag);
    Ok(slot)
}

impl Header {
    /// Tries a secret on all slots, at the full cost of an attempt.
    pub(crate) fn open_slot(&self, secret: &SecretBytes) -> Result<OpenSlot, VaultError> {
        let stretched = self.params.stretch(secret, &self.salt)?;
        open_any(self, &stretched).ok_or(VaultError::WrongSecret)
    }
}

/// Tries a secret on all eight slots, without stopping early, and gives back the lowest that opens.
pub(crate) fn open_any(header: &Header, stretched: &Stretched) -> Option<OpenSlot> {
    let mut found = None;
    for (index, slot) in header.slots.iter().enumerate() {
        let opened = open(header, index, slot, stretched);
        if found.is_none() {
            found = opened;
        }
    }
    found
}

fn open(
    header: &Header,
    index: usize,
    slot: &[u8; SLOT],
    stretched: &Stretched,
) -> Option<OpenSlot> {
    #[cfg(test)]
    super::work::count("slots tried");
    let mut fields = Fields::new(slot);
    let nonce: [u8; 24] = fields.array()?;
    let mut plaintext = Zeroizing::new(fields.array::<PLAINTEXT>()?);
    let tag: [u8; 16] = fields.array()?;
    slot_cipher(header, index, stretched)
        .open(&nonce, &slot_aad(header, index), plaintext.as_mut(), &tag)
        .ok()?;

    let mut fields = Fields::new(plaintext.as_ref());
    if fields.u8()? != VERSION || fields.u8()? != stretched.kind() {
        return None;
    }
    fields.zeros(6)?;
    let half = key(&mut fields)?;
    let before = Some(key(&mut fields)?).filter(|key| *key.expose() != [0; 32]);
    let container = key(&mut fields)?;
    fields.zeros(RESERVED)?;
    Some(OpenSlot {
        index,
        half: Half::of_slot(index),
        keys: SlotKeys {
            half,
            before,
            container,
        },
    })
}

fn key<Purpose>(fields: &mut Fields<'_>) -> Option<Key<Purpose>> {
    fields
        .array()
        .map(|bytes| Key::from_bytes(Zeroizing::new(bytes)))
}

fn slot_cipher(header: &Header, index: usize, stretched: &Stretched) -> Aead {
    // EXPOSE: the AEAD crate takes plain bytes; its own copy is wiped on drop.
    Aead::new(slot_key(header, index, stretched).expose())
}

/// The key that wraps the contents of a slot (FORMAT.md 4, `KEK`).
pub(super) fn slot_key(header: &Header, index: usize, stretched: &Stretched) -> Key<keys::Slot> {
    let mut ikm = Zeroizing::new([0; 64]);
    put(ikm.as_mut(), 0, stretched.expose());
    if let Some(device) = stretched.device() {
        put(ikm.as_mut(), 32, device);
    }
    let bound = u8::from(stretched.device().is_some());
    keys::derive(
        ikm.as_ref(),
        &header.salt,
        &[
            b"idv1/kek",
            &header.parameter_bytes(),
            &header.container_id,
            &[index_byte(index), bound],
        ],
    )
}

pub(super) fn slot_aad(header: &Header, index: usize) -> [u8; 26] {
    let mut aad = [0; 26];
    put(&mut aad, 0, b"idv1/slot");
    put(&mut aad, 9, &header.container_id);
    put(&mut aad, 25, &[index_byte(index)]);
    aad
}

fn index_byte(index: usize) -> u8 {
    u8::try_from(index).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::header::tests::example;
    use super::super::kdf::KdfParams;
    use super::super::secret::{Passphrase, SecretBytes};
    use super::*;

    fn stretched(text: &str) -> Stretched {
        let secret = SecretBytes::from(&Passphrase::new(text.as_bytes()).unwrap());
        KdfParams {
            memory_kib: 32,
            passes: 1,
        }
        .stretch(&secret, &[2; 32])
        .unwrap()
    }

    fn header_with(index: usize, secret: &str) -> Header {
        let mut header = example();
        let sealed = SlotKeys::make().unwrap().seal(
            &header,
            index,
            SlotKind::Passphrase,
            &stretched(secret),
        );
        header.slots[index] = sealed.unwrap();
        header
    }

    #[test]
    fn section_4_every_slot_opens_in_its_place_only() {
        for index in 0..8 {
            let mut header = header_with(index, "a");
            let opened = open_any(&header, &stretched("a")).unwrap();
            assert_eq!(opened.half, if index < 4 { Half::Zero } else { Half::One });
            assert!(open_any(&header, &stretched("b")).is_none());

            header.slots.swap(index, (index + 1) % 8);
            assert!(open_any(&header, &stretched("a")).is_none());
        }
    }

    #[test]
    fn section_4_lower_slot_is_taken_when_two_open() {
        let mut header = header_with(1, "a");
        header.slots[6] = header_with(6, "a").slots[6];
        assert_eq!(open_any(&header, &stretched("a")).unwrap().half, Half::Zero);
    }

    #[test]
    fn section_4_altered_parameters_salt_or_id_give_a_wrong_key() {
        let header = header_with(0, "a");
        let altered: [fn(&mut Header); 5] = [
            |h| h.params.passes = 1,
            |h| h.params.memory_kib = 131_072,
            |h| h.step = 8,
            |h| h.salt[0] ^= 1,
            |h| h.container_id[0] ^= 1,
        ];
        for alter in altered {
            let mut header = header.clone();
            alter(&mut header);
            assert!(open_any(&header, &stretched("a")).is_none());
        }
    }

    #[test]
    fn section_4_every_bit_of_a_slot_counts() {
        let header = header_with(0, "a");
        for bit in (0..SLOT * 8).step_by(3) {
            let mut header = header.clone();
            header.slots[0][bit / 8] ^= 1 << (bit % 8);
            assert!(open_any(&header, &stretched("a")).is_none());
        }
    }
}
