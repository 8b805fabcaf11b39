//! A limit of time, far beyond what anything here takes: what hangs is named, and ends the run.

use std::fmt::Display;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Of what takes milliseconds. No machine is so slow, or so busy.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Does the work, or says what it was of and aborts: what hangs cannot be stopped otherwise.
pub fn within<T>(limit: Duration, what: &dyn Display, work: impl FnOnce() -> T) -> T {
    let (done, waits) = channel::<()>();
    let what = what.to_string();
    let dog = thread::spawn(move || {
        if waits.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            eprintln!("FAILED: {what}: not done after {} ms", limit.as_millis());
            std::process::abort();
        }
    });
    let result = work();
    drop(done);
    dog.join().expect("it only waits");
    result
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use super::*;

    const CHILD: &str = "DIARY_FAULTS_HANGS";

    #[test]
    fn what_hangs_is_named() {
        if std::env::var_os(CHILD).is_some() {
            let limit = Duration::from_millis(50);
            within(limit, &"bit 7", || thread::sleep(LIMIT));
            return;
        }
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "limit::tests::what_hangs_is_named",
                "--nocapture",
            ])
            .env(CHILD, "yes")
            .output()
            .unwrap();
        assert_eq!(child.status.signal(), Some(libc::SIGABRT));
        let said = String::from_utf8(child.stderr).unwrap();
        assert!(
            said.contains("FAILED: bit 7: not done after 50 ms"),
            "{said}"
        );
        assert_eq!(within(LIMIT, &"bit 8", || 8), 8);
    }
}
