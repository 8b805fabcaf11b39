//! What the process leaves in memory and on the disk: words and keys that are given back are wiped, and no
//! core dump is written of them.

/// Every piece of memory is wiped when it is given back: also the words in strings and in JSON, which
/// have no types of their own for that.
#[global_allocator]
static WIPES: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// Forbids core dumps from now on. Where the system does not let it, nothing is lost but that.
#[cfg(unix)]
pub(crate) fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    // A program that takes core dumps through a pipe does not ask for the limit.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Nothing to forbid.
#[cfg(not(unix))]
pub(crate) fn forbid_core_dumps() {}
