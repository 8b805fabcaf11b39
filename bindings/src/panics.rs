//! A panic is a defect of ours. It never crosses with its text, which can quote what was being
//! read, and it prints nothing.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use crate::error::DiaryError;

thread_local! {
    /// Where this thread panicked last.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Does the work; a panic in it becomes [`DiaryError::Defect`].
///
/// What the work was changing may be half done: who calls this throws it away.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, DiaryError>) -> Result<T, DiaryError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| std::panic::set_hook(Box::new(note)));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PLACE.with(RefCell::take);
        Err(DiaryError::Defect { place })
    })
}

/// In place of printing. Only places inside this project: others would name folders of the
/// building machine.
fn note(info: &PanicHookInfo<'_>) {
    let place = info
        .location()
        .filter(|location| !location.file().starts_with(['/', '\\']))
        .map(|location| format!("{}:{}", location.file(), location.line()));
    PLACE.with(|noted| noted.replace(place.unwrap_or_default()));
    #[cfg(test)]
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{info}\n"));
}
