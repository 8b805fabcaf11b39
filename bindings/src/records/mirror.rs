//! Records that go in and come out as the core's canonical values: put together member by member,
//! then read by the core's own parser, so that there is one set of rules.

use diary_core::canonical::{Object, Value};

/// A value as it stands in a list or behind a name.
pub(crate) trait AsValue: Sized {
    /// The canonical value.
    fn into_value(self) -> Value;

    /// `None`: a value of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

/// A member of a record.
pub(crate) trait Member: Sized {
    /// Puts it under its name; what is not set is left out.
    fn put(self, name: &str, object: &mut Object);

    /// Takes it out of an object that the core has read before, so it is of its kind.
    fn take_from(name: &str, object: &mut Object) -> Self;
}

/// Writes a record that is exchanged with the core, and how its members are named there.
macro_rules! mirror {
    (
        $(#[$about:meta])*
        pub struct $record:ident {
            $( $(#[$doc:meta])* pub $name:ident: $type:ty, )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Default, Eq, PartialEq, uniffi::Record)]
        pub struct $record {
            $( $(#[$doc])* pub $name: $type, )+
        }

        impl $record {
            /// The members that are set, by the names that the core gives them.
            pub(crate) fn into_object(self) -> diary_core::canonical::Object {
                let mut object = diary_core::canonical::Object::new();
                $( $crate::records::mirror::Member::put(
                    self.$name, stringify!($name), &mut object,
                ); )+
                object
            }

            /// From an object of the core.
            pub(crate) fn from_object(mut object: diary_core::canonical::Object) -> Self {
                Self {
                    $( $name: $crate::records::mirror::Member::take_from(
                        stringify!($name), &mut object,
                    ), )+
                }
            }
        }

        impl $crate::records::mirror::AsValue for $record {
            fn into_value(self) -> diary_core::canonical::Value {
                diary_core::canonical::Value::Object(self.into_object())
            }

            fn from_value(value: diary_core::canonical::Value) -> Option<Self> {
                match value {
                    diary_core::canonical::Value::Object(object) => Some(Self::from_object(object)),
                    _ => None,
                }
            }
        }
    };
}

impl AsValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl AsValue for u32 {
    fn into_value(self) -> Value {
        self.into()
    }

    fn from_value(value: Value) -> Option<Self> {
        Self::try_from(value.as_integer()?).ok()
    }
}

impl<T: AsValue> AsValue for Vec<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::List(list) => list.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}

impl<T: AsValue> Member for Option<T> {
    fn put(self, name: &str, object: &mut Object) {
        if let Some(value) = self {
            object.insert(name.to_owned(), value.into_value());
        }
    }

    fn take_from(name: &str, object: &mut Object) -> Self {
        T::from_value(object.remove(name)?)
    }
}

/// A list that is empty is not set.
impl<T: AsValue> Member for Vec<T> {
    fn put(self, name: &str, object: &mut Object) {
        Some(self).filter(|list| !list.is_empty()).put(name, object);
    }

    fn take_from(name: &str, object: &mut Object) -> Self {
        Option::take_from(name, object).unwrap_or_default()
    }
}

/// One that must be there; the core refuses it if it is empty.
impl Member for String {
    fn put(self, name: &str, object: &mut Object) {
        Some(self).put(name, object);
    }

    fn take_from(name: &str, object: &mut Object) -> Self {
        Option::take_from(name, object).unwrap_or_default()
    }
}
