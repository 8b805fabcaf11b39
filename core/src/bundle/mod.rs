//! The evidence bundle: a BagIt bag in an ordinary ZIP file.

pub mod bag;
pub mod container;
pub mod fault;
pub mod finding;
pub mod limits;
pub mod path;
pub mod zip;

mod folder;
mod names;
