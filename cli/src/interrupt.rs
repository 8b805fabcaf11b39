//! Signals. Nothing of the diary needs them: each record is one transaction, each file is
//! written beside its name and renamed. They are handled so that the terminal gets its echo back
//! and a long work removes its temporary file.

pub(crate) use self::system::{Echo, finish, is_pending, watch};

use std::sync::atomic::{AtomicUsize, Ordering};

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
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicI32, Ordering};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    use super::WORKS;

    /// The signal that asked to stop; 0 if none did.
    static PENDING: AtomicI32 = AtomicI32::new(0);

    /// The terminal as it was before its echo was switched off.
    static TERMINAL: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// Handles Ctrl-C and SIGTERM from now on. Without handlers the defaults of the system hold,
    /// which are safe for the diary.
    pub(crate) fn watch() {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                let earlier = PENDING.swap(signal, Ordering::SeqCst);
                restore_echo();
                if earlier != 0 || WORKS.load(Ordering::SeqCst) == 0 {
                    let _ = emulate_default_handler(signal);
                }
            }
        });
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
