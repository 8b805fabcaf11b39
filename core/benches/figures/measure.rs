//! What a piece of work cost: CPU time, wall time, peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one piece of work cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// User and system time, of programs that were called as well.
    pub cpu: Duration,
    pub wall: Duration,
    /// Largest resident memory of the process that did it, in KiB.
    pub peak: u64,
}

impl Usage {
    /// Runs `work` as `times` equal pieces and gives the cost of one.
    pub fn of_each(times: u32, work: impl FnOnce()) -> Self {
        let (cpu, started) = (cpu(), Instant::now());
        work();
        Self {
            cpu: (self::cpu() - cpu) / times,
            wall: started.elapsed() / times,
            peak: peak(),
        }
    }

    /// Runs `work` once.
    pub fn of(work: impl FnOnce()) -> Self {
        Self::of_each(1, work)
    }

    /// Runs a shell command that must succeed. `arguments` are its `$1`, `$2`, ...
    pub fn of_shell(script: &str, arguments: &[&std::path::Path]) -> Self {
        Self::of(|| {
            let status = Command::new("sh")
                .args(["-ec", script, "sh"])
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status()
                .expect("sh is there");
            assert!(status.success(), "{script}: {status}");
        })
    }

    /// One line, for the process that asked.
    pub fn print(self) {
        let (cpu, wall) = (self.cpu.as_nanos(), self.wall.as_nanos());
        println!("usage {cpu} {wall} {}", self.peak);
    }

    /// Finds that line again.
    pub fn parse(output: &str) -> Option<Self> {
        let line = output
            .lines()
            .find_map(|line| line.strip_prefix("usage "))?;
        let mut numbers = line.split(' ').map(str::parse);
        Some(Self {
            cpu: Duration::from_nanos(numbers.next()?.ok()?),
            wall: Duration::from_nanos(numbers.next()?.ok()?),
            peak: numbers.next()?.ok()?,
        })
    }
}

/// CPU time of this process and of those it waited for.
pub fn cpu() -> Duration {
    rusage(libc::RUSAGE_SELF).0 + rusage(libc::RUSAGE_CHILDREN).0
}

/// The larger of this process and of those it waited for. A child starts as a copy of this
/// process, so nothing below its 3 MB can be seen.
fn peak() -> u64 {
    rusage(libc::RUSAGE_SELF)
        .1
        .max(rusage(libc::RUSAGE_CHILDREN).1)
}

/// CPU time and peak memory in KiB.
fn rusage(of: libc::c_int) -> (Duration, u64) {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: getrusage fills the whole struct, or fails and is then not read.
    let usage = unsafe {
        assert_eq!(libc::getrusage(of, usage.as_mut_ptr()), 0);
        usage.assume_init()
    };
    let time = |time: libc::timeval| {
        Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or(0))
            + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
    };
    let peak = u64::try_from(usage.ru_maxrss).unwrap_or(0);
    (time(usage.ru_utime) + time(usage.ru_stime), peak)
}
