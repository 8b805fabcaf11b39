//! Reading and writing fixed layouts without ever running past the end.

/// Reads big-endian fields one after the other; `None` when the bytes run out.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    /// The next `N` bytes as an array.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Passes over reserved bytes; `None` unless all are zero.
    pub(crate) fn zeros(&mut self, count: usize) -> Option<()> {
        self.take(count)?
            .iter()
            .all(|byte| *byte == 0)
            .then_some(())
    }

    /// The bytes that are left.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// Copies `bytes` to `at`; what does not fit is not written. Layouts are constants, so a misfit is
/// a mistake in the code and caught in tests.
pub(crate) fn put(target: &mut [u8], at: usize, bytes: &[u8]) {
    let place = target
        .get_mut(at..)
        .and_then(|rest| rest.get_mut(..bytes.len()));
    debug_assert!(place.is_some(), "a field lies outside its layout");
    if let Some(place) = place {
        place.copy_from_slice(bytes);
    }
}
