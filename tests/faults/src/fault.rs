//! Which call fails, and with what.

use std::ffi::c_int;

/// What fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fault {
    pub kind: Kind,
    /// So many calls that it could hit succeed before.
    pub spared: usize,
    /// All calls after it fail too.
    pub lasts: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Any call: EIO.
    Broken,
    /// What changes something: EIO. All that was written can be read.
    Unwritable,
    /// What needs room, at once or when it is synced: ENOSPC.
    Full,
    /// The same: EDQUOT.
    Quota,
    /// Half of a read or a write is done, and said so.
    Short,
    /// A sync fails, and what it was to bring is lost.
    Sync,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Broken,
        Self::Unwritable,
        Self::Full,
        Self::Quota,
        Self::Short,
        Self::Sync,
    ];
}

/// What a call does.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Call {
    Look,
    Make,
    Read,
    Write,
    Truncate,
    Sync,
    Rename,
    Remove,
}

/// How it fails.
pub(crate) enum Fails {
    With(c_int),
    Half,
}

/// The calls that a fault could hit, counted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) fault: Option<Fault>,
    /// Calls that it could have hit, or any call without a fault.
    pub(crate) calls: usize,
    /// It happened.
    pub(crate) hit: bool,
    /// It happened to a call that changes nothing.
    pub(crate) kept_from_reading: bool,
}

impl Faults {
    pub(crate) fn new(fault: Option<Fault>) -> Self {
        Self {
            fault,
            ..Self::default()
        }
    }

    /// How this call fails; `length` is that of a read or a write, or by how much a truncation makes a file longer.
    pub(crate) fn next(&mut self, call: Call, length: usize) -> Option<Fails> {
        let kind = self.fault.map_or(Kind::Broken, |fault| fault.kind);
        let could = match kind {
            Kind::Broken => true,
            Kind::Unwritable => !matches!(call, Call::Look | Call::Read),
            // A system that finds room for what was written only later has its sync fail, and forgets it.
            Kind::Full | Kind::Quota => match call {
                Call::Make | Call::Write | Call::Rename | Call::Sync => true,
                Call::Truncate => length > 0,
                Call::Look | Call::Read | Call::Remove => false,
            },
            Kind::Short => matches!(call, Call::Read | Call::Write) && length > 1,
            Kind::Sync => call == Call::Sync,
        };
        if !could {
            return None;
        }
        let count = self.calls;
        self.calls += 1;
        let fault = self.fault?;
        let hits = count == fault.spared || fault.lasts && count > fault.spared;
        self.hit |= hits;
        self.kept_from_reading |= hits && matches!(call, Call::Look | Call::Read);
        hits.then_some(match kind {
            Kind::Broken | Kind::Unwritable | Kind::Sync => Fails::With(libc::EIO),
            Kind::Full => Fails::With(libc::ENOSPC),
            Kind::Quota => Fails::With(libc::EDQUOT),
            Kind::Short => Fails::Half,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_met_by_what_is_synced_and_by_what_grows() {
        let is_hit = |kind, call, length| {
            let fault = Fault {
                kind,
                spared: 0,
                lasts: false,
            };
            Faults::new(Some(fault)).next(call, length).is_some()
        };
        for kind in [Kind::Full, Kind::Quota] {
            assert!(is_hit(kind, Call::Sync, 0) && is_hit(kind, Call::Truncate, 1));
            assert!(!is_hit(kind, Call::Truncate, 0) && !is_hit(kind, Call::Remove, 0));
        }
    }
}
