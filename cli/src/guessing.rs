//! What a weak passphrase means in time: lines of the table in SECURITY.md.

use diary_core::vault::Weakness;

/// The line of the table for a passphrase like this.
pub(crate) fn line(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Short => {
            "whoever has a copy tries about 3 a second on one computer: 4 digits last an hour, \
             6 digits 4 days"
        }
        Weakness::Known => {
            "whoever has a copy tries about 3 a second on one computer: a list of 100,000 known \
             sayings lasts 9 hours"
        }
        _ => {
            "whoever has a copy tries about 3 a second on one computer: 2 words chosen by chance \
             last 8 months, and 6 hours on 1,000 computers"
        }
    }
}
