//! Opening a vault in a test, and starting a program beside it.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::error::VaultError;
use super::kdf::KdfFloor;
use super::secret::SecretBytes;
use super::session::Vault;

/// A program holds every lock of the process that starts it between fork and exec, those of vaults that are
/// closed meanwhile too. So a vault's lock is asked for while none is being started.
static STARTING: RwLock<()> = RwLock::new(());

/// Opens a vault whose key derivation costs nothing.
pub(crate) fn open(folder: &Path, secret: &SecretBytes) -> Result<Vault, VaultError> {
    Vault::open(folder, secret, KdfFloor::DangerNone)
}

/// While it is held, no test starts a program.
pub(super) fn nothing_is_being_started() -> RwLockReadGuard<'static, ()> {
    STARTING.read().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a program to its end; gives what it wrote.
pub(crate) fn run(command: &mut Command) -> io::Result<Output> {
    let (stdin, pipe) = (Stdio::null(), Stdio::piped);
    start(command.stdin(stdin).stdout(pipe()).stderr(pipe()))?.wait_with_output()
}

/// It has been executed when this returns.
fn start(command: &mut Command) -> io::Result<Child> {
    let _alone = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}
