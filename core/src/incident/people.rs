//! Who was there or had to do with it.

use super::codes::{Relationship, Role};
use super::record::Rules;
use super::text::{PersonKey, Text};

/// Largest number of people in one incident.
pub const MAX_PEOPLE: usize = 200;

record! {
    /// A person who had to do with the incident.
    Person in "person" {
        /// The same key is the same person in every incident.
        optional key: PersonKey,
        /// What the person had to do with it.
        required role: Role,
        /// Name or nickname.
        optional name: Text,
        /// What the person is to her.
        optional relationship: Relationship,
        /// Looks, clothing, companions.
        optional description: Text,
        /// Vehicle and number plate.
        optional vehicle: Text,
        /// Address, telephone, accounts. Can be withheld apart from the rest.
        optional contact: Text,
        /// Anything else, such as what a witness saw.
        optional note: Text,
    }
}

impl Rules for Person {}
