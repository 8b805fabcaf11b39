//! How answers look: JSON for programs, text for people.

pub(crate) mod file;
pub(crate) mod findings;
pub(crate) mod json;
pub(crate) mod text;
