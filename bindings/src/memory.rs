//! What the library leaves in the memory of an app.

/// Every piece of memory is wiped when it is given back: also the words in strings and the keys in an
/// entry's JSON, which have no types of their own for that. The command line does the same.
#[global_allocator]
static WIPES: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);
