//! Text that is parsed to a separate type.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use super::{AttributeValue, Shape};
use crate::schema::Validator;
use crate::value::{Type, Value, ValueError};

/// A value of a type that is written as text, such as an `IpAddr` or a `Url`. It keeps the text from which it was
/// parsed, because hosts report a changed argument as an error of the provider.
///
/// As the type of a field it is a text, which is checked when the configuration is validated. The error of the type is
/// shown.
///
/// ```
/// use std::net::IpAddr;
/// use tfplug::Parsed;
///
/// let address: Parsed<IpAddr> = "::0001".parse()?;
/// assert!(address.is_ipv6());
/// assert_eq!(address.to_string(), "::0001");
/// assert_eq!(Parsed::new(IpAddr::from([127, 0, 0, 1])).to_string(), "127.0.0.1");
/// # Ok::<_, std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parsed<T> {
    value: T,
    text: String,
}

impl<T: fmt::Display> Parsed<T> {
    /// Creates it from a value, with the text that the value displays.
    pub fn new(value: T) -> Self {
        Self { text: value.to_string(), value }
    }
}

impl<T> Parsed<T> {
    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Parsed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: FromStr> FromStr for Parsed<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        Ok(Self { value: text.parse()?, text: text.to_owned() })
    }
}

/// Writes the text from which it was parsed.
impl<T> fmt::Display for Parsed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: fmt::Display> From<T> for Parsed<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: FromStr<Err: fmt::Display>> AttributeValue for Parsed<T> {
    fn shape() -> Shape {
        let check = |text: &str| text.parse::<T>().map(drop).map_err(complaint);
        Shape { validators: vec![Validator::Text(check)], ..Shape::of(Type::String) }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        String::from_value(value)?.parse().map_err(|error| ValueError::new(complaint(error)))
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

fn complaint(error: impl fmt::Display) -> String {
    format!("the value is not valid: {error}")
}
