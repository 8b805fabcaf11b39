//! What a diary does, step by step.

use crate::chance::Chance;

/// One thing that a diary does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Makes the vault.
    Create,
    /// An incident with a text of so many bytes.
    Add(usize),
    Amend,
    Withdraw,
    Erase,
    /// A file of so many bytes; the same bytes as another if the number is the same.
    Attach(usize),
    /// A file is begun and given up.
    GiveUp(usize),
    EraseItem,
    Draft(usize),
    Discard,
    /// A code is given out.
    Code,
    /// What was written goes to its place.
    Rest,
    /// Locked and opened again.
    Reopen,
    Passphrase,
    Rotate,
    Export,
    Backup,
    /// The newest backup becomes a vault beside this one.
    Restore,
    /// One more backup in a folder of them.
    BackupToFolder,
    /// The newest one in the folder becomes a vault.
    RestoreFolder,
    /// What can be read of the locked vault becomes another one.
    Salvage,
    /// A new passphrase and a new recovery code, with the old code.
    Recover,
    /// The diary becomes a new vault, with a second one in it.
    Second,
}

/// What costs much to do.
pub const RARE: [Step; 10] = [
    Step::Passphrase,
    Step::Backup,
    Step::Rotate,
    Step::Export,
    Step::Restore,
    Step::BackupToFolder,
    Step::RestoreFolder,
    Step::Salvage,
    Step::Recover,
    Step::Second,
];

impl Step {
    /// The diary is open before it, and after it whatever fails.
    pub fn keeps_open(self) -> bool {
        !matches!(
            self,
            Self::Create | Self::Reopen | Self::Salvage | Self::Recover
        )
    }
}

/// A script: it begins with making the vault, and has everything in it if it is long enough.
pub fn script(length: usize, seed: u64) -> Vec<Step> {
    let mut chance = Chance::new(seed);
    let mut steps = vec![Step::Create, Step::Add(300), Step::Attach(70_000)];
    // What costs much to do is done at even distances, all else by chance.
    let every = (length / 10).clamp(2, 12);
    let mut next = RARE.into_iter().cycle();
    while steps.len() < length {
        if steps.len() % every == 0 {
            steps.extend(next.next());
            continue;
        }
        steps.push(match chance.below(20) {
            0..=4 => Step::Add(1 + chance.below(3_000)),
            5..=6 => Step::Amend,
            7 => Step::Withdraw,
            8 => Step::Erase,
            9..=10 => Step::Attach(1 + chance.below(3) * 33_000),
            11 => Step::GiveUp(80_000),
            12 => Step::EraseItem,
            13..=14 => Step::Draft(1 + chance.below(5_000)),
            15 => Step::Discard,
            16 => Step::Code,
            17 => Step::Rest,
            _ => Step::Reopen,
        });
    }
    steps
}
