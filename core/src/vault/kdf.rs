//! Argon2id (RFC 9106): how much a guess of the passphrase costs.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use super::device::{self, DeviceKey};
use super::error::VaultError;
use super::secret::SecretBytes;

/// How the cost of one attempt is chosen when a vault is made. It never changes afterwards.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KdfCost {
    /// 64 MiB and 3 passes, the least that is allowed (RFC 9106 section 4, second choice).
    Floor,
    /// About one second on this device, measured now; never below the floor.
    Measured,
    /// 32 KiB and one pass: no protection at all.
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    DangerCheapForTests,
}

/// Argon2id parameters as they stand in the header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct KdfParams {
    /// Memory in KiB.
    pub(crate) memory_kib: u32,
    /// Passes over that memory.
    pub(crate) passes: u32,
}

/// What the header may ask for. A hostile header must not be able to exhaust a phone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KdfFloor {
    /// 64 MiB.
    Standard,
    /// Nothing: for vaults made by tests.
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    DangerNone,
}

impl KdfFloor {
    /// The lowest that this build accepts.
    pub(crate) const LOWEST: Self = {
        #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
        {
            Self::DangerNone
        }
        #[cfg(not(any(test, feature = "danger-cheap-kdf-for-tests")))]
        {
            Self::Standard
        }
    };
}

/// Lanes, fixed by the format.
pub(crate) const LANES: u32 = 4;
/// Least memory in KiB: 64 MiB.
pub(crate) const MIN_MEMORY_KIB: u32 = 64 * 1024;
/// Most memory in KiB a reader takes: 1 GiB.
pub(crate) const MAX_MEMORY_KIB: u32 = 1024 * 1024;
/// Most passes a reader makes.
pub(crate) const MAX_PASSES: u32 = 64;

/// Fewest passes a writer uses.
const MIN_PASSES: u32 = 3;
const TARGET: Duration = Duration::from_secs(1);

/// The result of Argon2id (FORMAT.md 4, `A`): the start of every slot's key.
pub(crate) struct Stretched {
    bytes: Zeroizing<[u8; 32]>,
    /// The kind of the secret, as a slot names it.
    kind: u8,
    /// What the device answered (FORMAT.md 4, `H`), for a slot that is bound to it.
    device: Option<Zeroizing<[u8; 32]>>,
}

impl Stretched {
    /// EXPOSE: it is the input of HKDF.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The same for slots that are bound to a device.
    pub(super) fn with_device(&self, device: &dyn DeviceKey) -> Result<Self, VaultError> {
        Ok(Self {
            bytes: self.bytes.clone(),
            kind: self.kind,
            device: Some(device.mac(device::challenge(&self.bytes))?),
        })
    }

    /// EXPOSE: the second half of the input of HKDF; `None` for slots that are not bound.
    pub(super) fn device(&self) -> Option<&[u8; 32]> {
        self.device.as_deref()
    }

    /// The kind of the secret that was stretched: a slot that it opens must say the same.
    pub(super) fn kind(&self) -> u8 {
        self.kind
    }
}

impl KdfCost {
    /// The parameters for a new vault.
    pub(crate) fn choose(self) -> Result<KdfParams, VaultError> {
        let floor = KdfParams {
            memory_kib: MIN_MEMORY_KIB,
            passes: MIN_PASSES,
        };
        match self {
            Self::Floor => Ok(floor),
            Self::Measured => {
                let start = Instant::now();
                floor.stretch(&SecretBytes::from(&super::Passphrase::empty()), &[0; 32])?;
                Ok(floor.scaled(start.elapsed()))
            }
            #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
            Self::DangerCheapForTests => Ok(KdfParams {
                memory_kib: 32,
                passes: 1,
            }),
        }
    }
}

impl KdfParams {
    /// Whether a reader may spend this much.
    pub(crate) fn is_allowed(self, floor: KdfFloor) -> bool {
        let least = match floor {
            KdfFloor::Standard => MIN_MEMORY_KIB,
            #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
            KdfFloor::DangerNone => 8 * LANES,
        };
        (least..=MAX_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MAX_PASSES).contains(&self.passes)
    }

    /// Runs Argon2id version 1.3 with 32 bytes out. Takes `memory_kib` of memory and wipes it.
    pub(crate) fn stretch(
        self,
        secret: &SecretBytes,
        salt: &[u8; 32],
    ) -> Result<Stretched, VaultError> {
        #[cfg(test)]
        super::work::count("key derivations");
        let params = Params::new(self.memory_kib, self.passes, LANES, Some(32))
            .map_err(|_| VaultError::KdfOutOfRange)?;
        let blocks = params.block_count();
        let mut memory = Zeroizing::new(Vec::new());
        memory
            .try_reserve_exact(blocks)
            .map_err(|_| VaultError::OutOfMemory)?;
        memory.resize(blocks, Block::new());
        let mut out = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                secret.expose(),
                salt,
                out.as_mut(),
                memory.as_mut_slice(),
            )
            .map_err(|_| VaultError::KdfOutOfRange)?;
        Ok(Stretched {
            bytes: out,
            kind: secret.kind(),
            device: None,
        })
    }

    /// The largest memory of 64, 128 or 256 MiB, then the most passes, that stay near the target.
    fn scaled(self, floor_took: Duration) -> Self {
        let took = floor_took.as_millis().max(1);
        let budget = TARGET.as_millis();
        let times = [4, 2]
            .into_iter()
            .find(|times| took * times <= budget)
            .unwrap_or(1);
        let pass = took * times / u128::from(MIN_PASSES);
        let passes = u32::try_from(budget / pass.max(1)).unwrap_or(MAX_PASSES);
        Self {
            memory_kib: self.memory_kib * u32::try_from(times).unwrap_or(1),
            passes: passes.clamp(MIN_PASSES, MAX_PASSES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_cost_grows_memory_first_and_never_below_the_floor() {
        let floor = KdfParams {
            memory_kib: MIN_MEMORY_KIB,
            passes: 3,
        };
        let scaled = |ms| floor.scaled(Duration::from_millis(ms));
        assert_eq!(scaled(5_000), floor);
        assert_eq!(
            scaled(600),
            KdfParams {
                memory_kib: 65_536,
                passes: 5
            }
        );
        assert_eq!(scaled(450).memory_kib, 131_072);
        assert_eq!(
            scaled(150),
            KdfParams {
                memory_kib: 262_144,
                passes: 5
            }
        );
        assert!(scaled(0).is_allowed(KdfFloor::Standard));
    }

    #[test]
    fn section_3_hostile_costs_are_refused() {
        let allowed =
            |memory_kib, passes| KdfParams { memory_kib, passes }.is_allowed(KdfFloor::Standard);
        assert!(allowed(65_536, 1) && allowed(1_048_576, 64));
        assert!(!allowed(65_535, 3) && !allowed(1_048_577, 3));
        assert!(!allowed(65_536, 0) && !allowed(65_536, 65));
        assert!(!allowed(4 * 1024 * 1024, 3));
    }
}
