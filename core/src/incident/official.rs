//! Reports to the authorities and others, and orders that protect her.

use crate::time::When;

use super::codes::{OrderKind, ReportBody, ReportOutcome, YesNo};
use super::error::FieldError;
use super::occurred::in_order;
use super::record::{At, Rules};
use super::text::Text;

record! {
    /// A report that she made.
    Report in "report" {
        /// To whom.
        required body: ReportBody,
        /// When.
        optional on: When,
        /// Registration number.
        optional number: Text,
        /// Name, rank and badge of the officer.
        optional officer: Text,
        /// What came of it.
        optional outcome: ReportOutcome,
        /// What was said.
        optional words: Text,
    }
}

record! {
    /// An order that was in force.
    Order in "order" {
        /// What kind.
        required kind: OrderKind,
        /// Its number.
        optional number: Text,
        /// Since when it holds.
        optional from: When,
        /// Until when it holds, not before `from`.
        optional to: When,
        /// Whether this incident breaches it.
        optional breached: YesNo,
    }
}

impl Rules for Report {}

impl Rules for Order {
    fn check(&self, at: &At<'_>) -> Result<(), FieldError> {
        in_order(self.from.as_ref(), self.to.as_ref(), at)
    }
}
