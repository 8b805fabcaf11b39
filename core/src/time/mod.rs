//! What the device's clock said and what she claims: never a proof.

mod claimed;
mod clock;
pub mod stamp;
mod zone;

#[cfg(test)]
pub(crate) use self::claimed::test_zone;
pub use self::claimed::{TimeError, TimeRange, When, YEARS};
pub use self::clock::{Clock, LocalZone, Reading, SystemClock};
