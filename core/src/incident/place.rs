//! Where it happened.

use serde_json::json;

use super::codes::PlaceClass;
use super::error::{FieldError, FieldRule};
use super::record::{At, Rules};
use super::text::{Latitude, Longitude, Text};

record! {
    /// Where it happened.
    Place in "place" {
        /// What kind of place.
        optional class: PlaceClass,
        /// The place in her words.
        optional text: Text,
        /// North of the equator, if she wants it kept; with the longitude.
        optional latitude: Latitude,
        /// East of Greenwich, with the latitude.
        optional longitude: Longitude,
    }
}

impl Rules for Place {
    fn check(&self, at: &At<'_>) -> Result<(), FieldError> {
        let missing = match (&self.latitude, &self.longitude) {
            (Some(_), None) => "longitude",
            (None, Some(_)) => "latitude",
            _ => return Ok(()),
        };
        Err(at.member(missing).error(FieldRule::Missing))
    }

    fn keywords() -> serde_json::Value {
        json!({"dependentRequired": {"latitude": ["longitude"], "longitude": ["latitude"]}})
    }
}
