//! One closed list: an enum, its codes, and how JSON and its schema say them.

use std::fmt;

/// A word that is no code of the list. Holds the list, never the word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnknownCode {
    /// The codes that are allowed.
    pub known: &'static [&'static str],
}

impl std::error::Error for UnknownCode {}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of the known codes: ")?;
        f.write_str(&self.known.join(", "))
    }
}

/// Writes the enum of a closed list from its one table of codes.
macro_rules! codes {
    (
        $(#[doc = $about:literal])+
        $list:ident in $name:literal {
            $( $(#[doc = $doc:literal])+ $variant:ident = $code:literal, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum $list {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $list {
            /// The whole list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its codes, in the same order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The code, as it stands in JSON.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// Reads a code.
            ///
            /// # Errors
            /// [`UnknownCode`](crate::incident::UnknownCode) with the codes that are allowed.
            pub fn parse(code: &str) -> Result<Self, $crate::incident::UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::incident::UnknownCode { known: Self::CODES }),
                }
            }
        }

        impl std::str::FromStr for $list {
            type Err = $crate::incident::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::parse(code)
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl $crate::incident::record::Field for $list {
            const DISTINCT: bool = true;

            fn decode(
                value: $crate::canonical::Value,
                at: &$crate::incident::record::At<'_>,
            ) -> Result<Self, $crate::incident::FieldError> {
                let code = $crate::incident::record::text(value, at)?;
                Self::parse(&code).map_err(|unknown| at.error(unknown.into()))
            }

            fn encode(&self) -> $crate::canonical::Value {
                self.code().into()
            }

            fn schema(schemas: &mut $crate::incident::schema::Schemas) -> serde_json::Value {
                schemas.define($name, |_| serde_json::json!({
                    "description": concat!($($about),+).trim(),
                    "enum": Self::CODES,
                }))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::incident::{Behaviour, UnknownCode};

    #[test]
    fn a_code_is_read_as_it_is_written() {
        for behaviour in Behaviour::ALL {
            assert_eq!(behaviour.code().parse(), Ok(*behaviour));
            assert_eq!(behaviour.to_string(), behaviour.code());
        }
        assert_eq!(Behaviour::ALL.len(), Behaviour::CODES.len());
    }

    #[test]
    fn another_word_is_refused_with_the_list() {
        for word in ["", "Threat", "threat ", "threats"] {
            let unknown = Behaviour::parse(word);
            assert_eq!(
                unknown,
                Err(UnknownCode {
                    known: Behaviour::CODES
                })
            );
        }
        let message = Behaviour::parse("she wrote this").unwrap_err().to_string();
        assert!(message.starts_with("not one of the known codes: calls, messages, "));
        assert!(message.ends_with("order_breach, other"));
    }
}
