//! What an unlock does, counted by tests: the same for every secret, whatever it opens.

use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    static DONE: RefCell<BTreeMap<&'static str, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// Counts one more of it, on this thread.
pub(super) fn count(what: &'static str) {
    DONE.with_borrow_mut(|done| *done.entry(what).or_default() += 1);
}

/// What was counted on this thread since it was asked last.
pub(crate) fn taken() -> BTreeMap<&'static str, u32> {
    DONE.take()
}
