//! What the device's clock said: a claim, never a proof.

mod clock;

pub use self::clock::{Clock, LocalZone, Reading, SystemClock};
