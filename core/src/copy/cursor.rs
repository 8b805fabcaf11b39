//! Taking bytes apart.

use super::NoCopy;

/// Takes a file apart from its start to its end; past the end there is nothing, and no panic.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], NoCopy> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(NoCopy::Form)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], NoCopy> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(NoCopy::Form)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, NoCopy> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    pub(crate) fn u16_be(&mut self) -> Result<u16, NoCopy> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32_be(&mut self) -> Result<u32, NoCopy> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64_be(&mut self) -> Result<u64, NoCopy> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn u32_le(&mut self) -> Result<u32, NoCopy> {
        self.array().map(u32::from_le_bytes)
    }

    /// `Ok` if nothing is left.
    pub(crate) fn end(&self) -> Result<(), NoCopy> {
        must(self.rest.is_empty())
    }
}

/// `Ok` if a rule of the kind holds.
pub(crate) fn must(holds: bool) -> Result<(), NoCopy> {
    holds.then_some(()).ok_or(NoCopy::Form)
}
