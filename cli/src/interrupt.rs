//! Signals. Nothing of the diary needs them: each record is one transaction, each file is
//! written beside its name and renamed. They are handled so that the terminal gets its echo back
//! and a long work removes its temporary file.

pub(crate) use self::system::{Echo, finish, is_pending, watch};

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Waits, a second at most, for a signal that was sent and has not been taken yet: another thread takes it.
pub(crate) fn wait() {
    for _ in 0..100 {
        if is_pending() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How many long works are running that ask [`is_pending`] and stop by themselves.
static WORKS: AtomicUsize = AtomicUsize::new(0);

/// A long work that stops by itself; while it lives a first signal only marks.
pub(crate) struct Work(());

impl Work {
    /// Begins one.
    pub(crate) fn begin() -> Self {
        WORKS.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        WORKS.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, PipeReader, Read};
    use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::{emulate_default_handler, pipe};

    use super::WORKS;

    /// The signal that asked to stop; 0 if none did.
    static PENDING: AtomicI32 = AtomicI32::new(0);

    /// The terminal as it was before its echo was switched off.
    static TERMINAL: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// Handles Ctrl-C and SIGTERM from now on. Without handlers the defaults of the system hold,
    /// which are safe for the diary.
    pub(crate) fn watch() {
        let last = Arc::new(AtomicUsize::new(0));
        let Ok(mut wakes) = handle(&last) else {
            return end_at_once();
        };
        std::thread::spawn(move || {
            // Whatever came together is one signal; of a Ctrl-C and a SIGTERM the later one.
            while woken(&mut wakes) {
                let signal = i32::try_from(last.load(Ordering::SeqCst)).unwrap_or(SIGTERM);
                let earlier = PENDING.swap(signal, Ordering::SeqCst);
                restore_echo();
                if earlier != 0 || WORKS.load(Ordering::SeqCst) == 0 {
                    let _ = emulate_default_handler(signal);
                }
            }
        });
    }

    /// From now on a signal leaves its number, and a byte in this pipe. A pipe, and not the pair of sockets that
    /// `signal_hook::iterator` makes, so that the program opens no socket of any kind.
    fn handle(last: &Arc<AtomicUsize>) -> io::Result<PipeReader> {
        let (wakes, first) = io::pipe()?;
        let second = first.try_clone()?;
        for (signal, pipe_end) in [(SIGINT, first), (SIGTERM, second)] {
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(last), number)?;
            pipe::register(signal, pipe_end)?;
        }
        Ok(wakes)
    }

    /// What was begun may hold a signal for which nobody waits now, and that stays so: it is let through.
    fn end_at_once() {
        for signal in [SIGINT, SIGTERM] {
            let always = Arc::new(AtomicBool::new(true));
            let _ = flag::register_conditional_default(signal, always);
        }
    }

    /// Waits for a signal and takes what is in the pipe; false if it cannot be read.
    fn woken(wakes: &mut PipeReader) -> bool {
        loop {
            match wakes.read(&mut [0; 64]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.is_ok_and(|bytes| bytes > 0),
            }
        }
    }

    /// Whether a signal asked to stop.
    pub(crate) fn is_pending() -> bool {
        PENDING.load(Ordering::SeqCst) != 0
    }

    /// Ends the process by the signal that asked for it, so that a shell's loop stops as well.
    pub(crate) fn finish() {
        let signal = PENDING.load(Ordering::SeqCst);
        if signal != 0 {
            let _ = emulate_default_handler(signal);
        }
    }

    /// While it lives, a signal gives the terminal back as it was when this was made.
    pub(crate) struct Echo(());

    impl Echo {
        /// Remembers how the terminal is now; does nothing where there is none.
        pub(crate) fn remember() -> Self {
            let terminal = File::open("/dev/tty").ok();
            let state = terminal.and_then(|file| tcgetattr(&file).ok().map(|now| (file, now)));
            set(state);
            Self(())
        }
    }

    impl Drop for Echo {
        fn drop(&mut self) {
            restore_echo();
            set(None);
        }
    }

    fn set(state: Option<(File, Termios)>) {
        if let Ok(mut terminal) = TERMINAL.lock() {
            *terminal = state;
        }
    }

    fn restore_echo() {
        if let Ok(terminal) = TERMINAL.lock()
            && let Some((file, state)) = terminal.as_ref()
        {
            let _ = tcsetattr(file, OptionalActions::Now, state);
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// The system's own handling is used.
    pub(crate) fn watch() {}

    /// Never: the process has ended by then.
    pub(crate) fn is_pending() -> bool {
        false
    }

    /// Nothing is pending.
    pub(crate) fn finish() {}

    /// The prompt restores the console itself.
    pub(crate) struct Echo(());

    impl Echo {
        /// Nothing to remember.
        pub(crate) fn remember() -> Self {
            Self(())
        }
    }
}
