//! A disk that is soon full.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Answer, diary};

/// Runs the program on a disk of 4 MiB, mounted where nobody else sees it; what it says, and what is left there.
/// `None` where a machine forbids mounts.
#[must_use]
pub fn on_a_small_disk(disk: &Path, arguments: &[OsString]) -> Option<(Answer, String)> {
    let can = Command::new("unshare").args(["-m", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
        return None;
    }
    let script = "mount -t tmpfs -o size=4m none \"$1\" || exit 99; disk=$1; shift; \
                  \"$@\"; status=$?; ls -A \"$disk\" >\"$disk.left\"; exit $status";
    let program = diary().get_program().to_owned();
    let own: Vec<_> = diary().get_args().map(ToOwned::to_owned).collect();
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", script, "sh"])
        .arg(disk)
        .arg(program)
        .args(own)
        .args(arguments)
        .output()
        .unwrap();
    if output.status.code() == Some(99) {
        return None;
    }
    let left = fs::read_to_string(disk.with_extension("left")).unwrap();
    Some((output.into(), left))
}
