//! Her refusal, and what it did to her: what article 115-1 turns on.

use crate::time::When;

use super::codes::{HarmKind, RefusalHow};
use super::record::Rules;
use super::text::{Amount, Currency, Text};

record! {
    /// How she told him that she does not want this.
    Refusal in "refusal" {
        /// When.
        optional when: When,
        /// How.
        optional how: RefusalHow,
        /// What she said.
        optional words: Text,
    }
}

record! {
    /// What it did to her life.
    Harm in "harm" {
        /// The kinds of harm.
        many kinds: HarmKind,
        /// In her words.
        optional words: Text,
        /// What it cost.
        optional cost: Cost,
        /// Doctors, psychologists, documents with their numbers.
        many care: Text,
    }
}

record! {
    /// An amount of money.
    Cost in "cost" {
        /// The amount, as a decimal.
        required amount: Amount,
        /// The currency, ISO 4217.
        required currency: Currency,
    }
}

impl Rules for Refusal {}
impl Rules for Harm {}
impl Rules for Cost {}
