//! The vault: an encrypted folder with two halves, each an array of sealed cells (FORMAT.md 2 to 7
//! and 12 to 15).

mod cell;
mod counting;
mod create;
mod device;
mod edge;
#[cfg(test)]
mod edge_tests;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod flip_tests;
mod folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod head;
mod header;
mod kdf;
mod key_file;
mod keys;
#[cfg(test)]
mod known_answers;
mod node;
#[cfg(test)]
mod parser_tests;
mod positions;
mod rotate;
mod salvage;
mod second;
mod secret;
mod session;
mod slot;
mod snapshot;
mod store;
mod token;
#[cfg(test)]
pub(crate) mod vectors;
mod weak;
mod wipe;
#[cfg(test)]
pub(crate) mod work;
mod write;

pub use self::device::{DeviceKey, DeviceKeyError};
pub use self::error::{Limit, Part, VaultError};
pub use self::kdf::KdfCost;
pub use self::secret::{
    MAX_PASSPHRASE_BYTES, NewPassphrase, Passphrase, RecoveryCode, SecretError,
};
pub use self::session::KeyFile;

pub use self::token::Token;
pub use self::weak::Weakness;

pub(crate) use self::cell::CELL;
pub(crate) use self::create::{NewVault, STEP};
pub(crate) use self::header::{BLOCK, EXTRA, HEADER, Half, Header};
pub(crate) use self::kdf::KdfFloor;
pub(crate) use self::keys::{Container, Key};
pub(crate) use self::node::EntryPlace;
pub(crate) use self::positions::used_positions;
pub(crate) use self::salvage::Remains;
pub(crate) use self::secret::SecretBytes;
pub(crate) use self::session::Vault;
pub(crate) use self::slot::{OpenSlot, SlotKind};
pub(crate) use self::snapshot::RestoredFolder;
#[cfg(test)]
pub(crate) use self::store::Fails;
pub(crate) use self::store::{CellSource, MAX_CELLS};
pub(crate) use self::write::Write;
