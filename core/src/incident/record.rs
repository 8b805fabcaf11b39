//! How typed fields are read from canonical JSON, written back and described by a schema: one
//! table a record, so that the three cannot drift apart.

use serde_json::json;

use crate::canonical::{Object, Value, push_element, push_member};
use crate::time::{LocalZone, TimeError, When};

use super::error::{FieldError, FieldRule};
use super::schema::Schemas;

/// Largest number of elements of a list, if it has no other. Far more than a person writes down
/// at once; a bound on what one incident can cost.
pub const MAX_LIST: usize = 1000;

/// A value of a field, with the rules of that field.
pub(crate) trait Field: Sized {
    /// Whether a list holds each only once.
    const DISTINCT: bool = false;

    /// Reads it.
    fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError>;

    /// Writes it so that [`Field::decode`] reads the same again.
    fn encode(&self) -> Value;

    /// Describes it in JSON Schema 2020-12.
    fn schema(schemas: &mut Schemas) -> serde_json::Value;

    /// Collects the words in it that are hers: what a search looks through.
    fn words<'a>(&'a self, _out: &mut Vec<&'a str>) {}
}

/// Rules of a record that no single field of it can check.
pub(crate) trait Rules: Sized {
    /// Checks them.
    fn check(&self, _at: &At<'_>) -> Result<(), FieldError> {
        Ok(())
    }

    /// The same rules as keywords of its schema.
    fn keywords() -> serde_json::Value {
        json!({})
    }
}

/// Where in the incident a value stands, and the zone for times typed without an offset.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// `None` where something stored is read back: then every time has its offset.
    zone: Option<&'a dyn LocalZone>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Whole,
    Member(&'a At<'a>, &'a str),
    Element(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    /// The whole of something typed in.
    pub(crate) fn entered(zone: &'a dyn LocalZone) -> Self {
        Self {
            zone: Some(zone),
            step: Step::Whole,
        }
    }

    /// The whole of something stored.
    pub(crate) fn stored() -> Self {
        Self {
            zone: None,
            step: Step::Whole,
        }
    }

    /// A member of the object that stands here.
    pub(crate) fn member(&'a self, name: &'a str) -> Self {
        Self {
            zone: self.zone,
            step: Step::Member(self, name),
        }
    }

    /// An element of the list that stands here.
    pub(crate) fn element(&'a self, index: usize) -> Self {
        Self {
            zone: self.zone,
            step: Step::Element(self, index),
        }
    }

    /// The error that what stands here breaks this rule.
    pub(crate) fn error(&self, rule: FieldRule) -> FieldError {
        let mut path = String::new();
        self.write(&mut path);
        FieldError::new(path, rule)
    }

    fn write(&self, path: &mut String) {
        match self.step {
            Step::Whole => {}
            Step::Member(parent, name) => {
                parent.write(path);
                push_member(path, name);
            }
            Step::Element(parent, index) => {
                parent.write(path);
                push_element(path, index);
            }
        }
    }
}

/// Writes a record from its one table of members, each `required`, `optional` or a list: `many`,
/// or `many[limit]`. The record then has a getter for each member and implements [`Field`].
macro_rules! record {
    (
        $(#[doc = $about:literal])+
        $record:ident in $defined:literal {
            $( $(#[doc = $doc:literal])+ $kind:ident $([$limit:expr])? $name:ident: $type:ty, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $record {
            $( $name: record!(@stored $kind $type), )+
        }

        impl $record {
            /// The names of its members, in order.
            pub const MEMBERS: &'static [&'static str] = &[$(stringify!($name)),+];

            $(
                $(#[doc = $doc])+
                #[must_use]
                pub fn $name(&self) -> record!(@seen $kind $type) {
                    record!(@see $kind self.$name)
                }
            )+
        }

        impl $crate::incident::record::Field for $record {
            fn decode(
                value: $crate::canonical::Value,
                at: &$crate::incident::record::At<'_>,
            ) -> Result<Self, $crate::incident::FieldError> {
                let mut object = $crate::incident::record::object(value, Self::MEMBERS, at)?;
                let is_empty = object.is_empty();
                let record = Self {
                    $( $name: record!(@take $kind $([$limit])? object, stringify!($name), at), )+
                };
                // One that needs a member has said so already.
                if is_empty {
                    return Err(at.error($crate::incident::FieldRule::Empty));
                }
                $crate::incident::record::Rules::check(&record, at)?;
                Ok(record)
            }

            fn encode(&self) -> $crate::canonical::Value {
                let mut object = $crate::canonical::Object::new();
                $( record!(@put $kind object, stringify!($name), self.$name); )+
                $crate::canonical::Value::Object(object)
            }

            fn schema(schemas: &mut $crate::incident::schema::Schemas) -> serde_json::Value {
                schemas.define($defined, |schemas| {
                    let mut record = $crate::incident::schema::Record::new(
                        concat!($($about),+).trim(),
                    );
                    $( record!(@describe $kind $([$limit])? record, schemas, $name, $type,
                        concat!($($doc),+).trim()); )+
                    record.finish(<Self as $crate::incident::record::Rules>::keywords())
                })
            }

            fn words<'a>(&'a self, out: &mut Vec<&'a str>) {
                $( record!(@words $kind self.$name, out); )+
            }
        }
    };

    (@stored required $type:ty) => { $type };
    (@stored optional $type:ty) => { Option<$type> };
    (@stored many $type:ty) => { Vec<$type> };

    (@seen required $type:ty) => { &$type };
    (@seen optional $type:ty) => { Option<&$type> };
    (@seen many $type:ty) => { &[$type] };

    (@see required $self:ident.$name:ident) => { &$self.$name };
    (@see optional $self:ident.$name:ident) => { $self.$name.as_ref() };
    (@see many $self:ident.$name:ident) => { &$self.$name };

    (@take required $object:ident, $name:expr, $at:ident) => {
        $crate::incident::record::required(&mut $object, $name, $at)?
    };
    (@take optional $object:ident, $name:expr, $at:ident) => {
        $crate::incident::record::optional(&mut $object, $name, $at)?
    };
    (@take many $object:ident, $name:expr, $at:ident) => {
        record!(@take many [$crate::incident::record::MAX_LIST] $object, $name, $at)
    };
    (@take many [$limit:expr] $object:ident, $name:expr, $at:ident) => {
        $crate::incident::record::many(&mut $object, $name, $limit, $at)?
    };

    (@put required $object:ident, $name:expr, $self:ident.$field:ident) => {
        $object.insert(
            $name.to_owned(),
            $crate::incident::record::Field::encode(&$self.$field),
        );
    };
    (@put optional $object:ident, $name:expr, $self:ident.$field:ident) => {
        if let Some(field) = &$self.$field {
            $object.insert($name.to_owned(), $crate::incident::record::Field::encode(field));
        }
    };
    (@put many $object:ident, $name:expr, $self:ident.$field:ident) => {
        if !$self.$field.is_empty() {
            let list = $self.$field.iter();
            let list = list.map($crate::incident::record::Field::encode).collect();
            $object.insert($name.to_owned(), $crate::canonical::Value::List(list));
        }
    };

    (@describe required $record:ident, $schemas:ident, $name:ident, $type:ty, $doc:expr) => {
        $record.require(stringify!($name));
        record!(@describe optional $record, $schemas, $name, $type, $doc)
    };
    (@describe optional $record:ident, $schemas:ident, $name:ident, $type:ty, $doc:expr) => {
        $record.member(
            stringify!($name),
            $doc,
            <$type as $crate::incident::record::Field>::schema($schemas),
        )
    };
    (@describe many $record:ident, $schemas:ident, $name:ident, $type:ty, $doc:expr) => {
        record!(@describe many [$crate::incident::record::MAX_LIST]
            $record, $schemas, $name, $type, $doc)
    };
    (@describe many [$limit:expr]
        $record:ident, $schemas:ident, $name:ident, $type:ty, $doc:expr) => {
        $record.member(
            stringify!($name),
            $doc,
            $crate::incident::record::list_schema::<$type>($limit, $schemas),
        )
    };

    (@words required $self:ident.$name:ident, $out:ident) => {
        $crate::incident::record::Field::words(&$self.$name, $out)
    };
    (@words optional $self:ident.$name:ident, $out:ident) => {
        for field in $self.$name.iter() {
            $crate::incident::record::Field::words(field, $out);
        }
    };
    (@words many $self:ident.$name:ident, $out:ident) => {
        record!(@words optional $self.$name, $out)
    };
}

/// The members of an object, none of them unknown.
pub(crate) fn object(
    value: Value,
    known: &'static [&'static str],
    at: &At<'_>,
) -> Result<Object, FieldError> {
    let Value::Object(object) = value else {
        return Err(wrong_kind(&value, "an object", at));
    };
    for name in object.keys() {
        if !known.contains(&name.as_str()) {
            let rule = FieldRule::UnknownField { known };
            return Err(at.member(name).error(rule));
        }
    }
    Ok(object)
}

/// A string.
pub(crate) fn text(value: Value, at: &At<'_>) -> Result<String, FieldError> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(wrong_kind(&other, "a text in quotes", at)),
    }
}

/// An integer.
pub(crate) fn integer(value: &Value, at: &At<'_>) -> Result<u64, FieldError> {
    let number = value.as_integer();
    number.ok_or_else(|| wrong_kind(value, "a whole number without quotes", at))
}

/// Takes a member that must be there.
pub(crate) fn required<T: Field>(
    object: &mut Object,
    name: &str,
    at: &At<'_>,
) -> Result<T, FieldError> {
    let member = optional(object, name, at)?;
    member.ok_or_else(|| at.member(name).error(FieldRule::Missing))
}

/// Takes a member that may be there.
pub(crate) fn optional<T: Field>(
    object: &mut Object,
    name: &str,
    at: &At<'_>,
) -> Result<Option<T>, FieldError> {
    let Some(value) = object.remove(name) else {
        return Ok(None);
    };
    T::decode(value, &at.member(name)).map(Some)
}

/// Takes a list that may be there, but not be empty.
pub(crate) fn many<T: Field>(
    object: &mut Object,
    name: &str,
    limit: usize,
    at: &At<'_>,
) -> Result<Vec<T>, FieldError> {
    let Some(value) = object.remove(name) else {
        return Ok(Vec::new());
    };
    let at = at.member(name);
    let Value::List(values) = value else {
        return Err(wrong_kind(&value, "a list", &at));
    };
    if values.is_empty() {
        return Err(at.error(FieldRule::Empty));
    }
    if values.len() > limit {
        return Err(at.error(FieldRule::TooMany { limit }));
    }
    let mut list = Vec::with_capacity(values.len());
    let mut seen = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let at = at.element(index);
        let field = T::decode(value, &at)?;
        if T::DISTINCT {
            let value = field.encode();
            if seen.contains(&value) {
                return Err(at.error(FieldRule::Twice));
            }
            seen.push(value);
        }
        list.push(field);
    }
    Ok(list)
}

/// The schema of a list.
pub(crate) fn list_schema<T: Field>(limit: usize, schemas: &mut Schemas) -> serde_json::Value {
    let mut list = json!({
        "type": "array",
        "items": T::schema(schemas),
        "minItems": 1,
        "maxItems": limit,
    });
    if T::DISTINCT
        && let Some(list) = list.as_object_mut()
    {
        list.insert("uniqueItems".to_owned(), true.into());
    }
    list
}

/// `null` is told apart from other wrong kinds, because other programs write it for "not set".
pub(crate) fn wrong_kind(value: &Value, expected: &'static str, at: &At<'_>) -> FieldError {
    at.error(match value {
        Value::Null => FieldRule::Null,
        _ => FieldRule::Kind { expected },
    })
}

impl Field for When {
    fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError> {
        let text = text(value, at)?;
        if text.is_empty() {
            return Err(at.error(FieldRule::Empty));
        }
        let when: Result<_, TimeError> = match at.zone {
            Some(zone) => Self::parse(&text, zone),
            None => Self::parse_stored(&text),
        };
        when.map_err(|error| at.error(error.into()))
    }

    fn encode(&self) -> Value {
        self.as_str().into()
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        schemas.time()
    }
}
