//! The bag: BagIt 1.0 (RFC 8493) in one narrow form.
//!
//! BagIt lets a reader pass over files beside `data/` that no manifest lists. Here each file is
//! listed, but for the tag manifest itself and the signed statement about it.

mod check;
mod info;
mod manifest;

#[cfg(test)]
mod check_tests;

pub use self::check::{Bag, CheckError, check};
pub use self::info::{BagInfo, InvalidBagInfo};
pub use self::manifest::{Manifest, ManifestError, ManifestRule};

/// The file that says that this is a bag.
pub const BAGIT_TXT: &str = "bagit.txt";

/// Its bytes (RFC 8493 section 2.1.1).
pub const BAGIT_TXT_BYTES: &[u8] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The file about the bag as a whole (section 2.2.2).
pub const BAG_INFO_TXT: &str = "bag-info.txt";

/// The list of all files under `data/` with their hashes (section 2.1.3).
pub const MANIFEST: &str = "manifest-sha256.txt";

/// The list of all other files (section 2.2.1).
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// Where the payload lies.
pub const PAYLOAD: &str = "data/";

/// Files that are in no manifest, because they sign the hash of the tag manifest.
pub const UNLISTED: [&str; 3] = [
    "proof/bundle.txt",
    "proof/bundle.txt.rawsig",
    "proof/bundle.txt.sig",
];
