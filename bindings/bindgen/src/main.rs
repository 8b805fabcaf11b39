//! Writes Kotlin, Swift and Python from the metadata in the built library: `bindings/generate`.
//!
//! A crate of its own, so that what it needs never gets into the library that ships.

#![forbid(unsafe_code)]

fn main() {
    uniffi::uniffi_bindgen_main();
}
