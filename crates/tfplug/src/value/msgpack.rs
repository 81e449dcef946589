//! Values in `MessagePack`, as the hosts write and read them.
//!
//! Decoding is driven by the type in the schema. Input may come from anyone who holds the connection: no memory is
//! allocated based on an unverified length, and depth and the number of values are bounded.

use std::collections::BTreeMap;

use rmp::Marker;

use super::{Number, Type, Value, ValueError, under};
use crate::path::Step;

/// Maximum number of values in one message; one byte of input can become a value of 32 bytes.
pub(super) const MAX_VALUES: usize = 4_000_000;
/// Maximum nesting depth. Schemas do not bound it, because dynamic values include their types.
const MAX_DEPTH: usize = 128;
/// Maximum number of elements that are preallocated based on an unverified length.
const MAX_TRUSTED_LENGTH: usize = 1024;
/// Maximum size of the body of a refined unknown value, as in the hosts.
const MAX_REFINEMENT: usize = 1024;

type Result<T> = std::result::Result<T, ValueError>;

pub(super) fn decode(bytes: &[u8], ty: &Type) -> Result<Value> {
    let mut reader = Reader { rest: bytes, values: 0, depth: 0 };
    let value = reader.value(ty)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(malformed("there are bytes after the value")) }
}

pub(super) fn too_many() -> ValueError {
    ValueError::new("malformed value: it holds too many values")
}

fn malformed(what: &str) -> ValueError {
    ValueError::new(format!("malformed MessagePack: {what}"))
}

struct Reader<'a> {
    rest: &'a [u8],
    values: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| malformed("it is truncated"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| malformed("it is truncated"))
    }

    fn marker(&mut self) -> Result<Marker> {
        let [byte] = self.array()?;
        Ok(Marker::from_u8(byte))
    }

    fn unsigned(&mut self, bytes: usize) -> Result<u64> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Reads a length that is written in so many bytes.
    fn length(&mut self, bytes: usize) -> Result<usize> {
        usize::try_from(self.unsigned(bytes)?).map_err(|_| malformed("a length is too large"))
    }

    fn value(&mut self, ty: &Type) -> Result<Value> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(too_many());
        }
        if self.depth >= MAX_DEPTH {
            return Err(malformed("it is nested too deeply"));
        }
        self.depth += 1;
        let value = self.value_within(ty)?;
        self.depth -= 1;
        Ok(value)
    }

    fn value_within(&mut self, ty: &Type) -> Result<Value> {
        let marker = self.marker()?;
        if marker == Marker::Null {
            return Ok(Value::Null);
        }
        if let Some(length) = self.extension(marker)? {
            self.take(1 + length)?;
            return Ok(Value::Unknown);
        }
        let expected = || ValueError::expected(ty);
        match ty {
            Type::Bool => match marker {
                Marker::True => Ok(Value::Bool(true)),
                Marker::False => Ok(Value::Bool(false)),
                _ => Err(expected()),
            },
            Type::Number => self.number(marker)?.map(Value::Number).ok_or_else(expected),
            Type::String => {
                let text = self.text(marker)?.ok_or_else(expected)?;
                Ok(Value::String(text.to_owned()))
            }
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                let length = self.array_length(marker)?.ok_or_else(expected)?;
                let mut values = Vec::with_capacity(length.min(MAX_TRUSTED_LENGTH));
                for (step, ty) in ty.elements(length)? {
                    values.push(self.value(ty).map_err(|error| under(error, step))?);
                }
                Ok(Value::List(values))
            }
            Type::Map(_) | Type::Object(_) => {
                let entries = self.entries(ty, marker)?;
                ty.complete(&entries)?;
                Ok(Value::Map(entries))
            }
            Type::Dynamic => self.dynamic(marker),
        }
    }

    /// Returns the length of an extension's body, if the marker begins an extension. Every extension means "unknown".
    fn extension(&mut self, marker: Marker) -> Result<Option<usize>> {
        let length = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.length(1)?,
            Marker::Ext16 => self.length(2)?,
            Marker::Ext32 => self.length(4)?,
            _ => return Ok(None),
        };
        if length > MAX_REFINEMENT {
            return Err(malformed("an unknown value is too large"));
        }
        Ok(Some(length))
    }

    fn number(&mut self, marker: Marker) -> Result<Option<Number>> {
        Ok(Some(match marker {
            Marker::FixPos(int) => Number::Int(int.into()),
            Marker::FixNeg(int) => Number::Int(int.into()),
            Marker::U8 => self.unsigned(1)?.into(),
            Marker::U16 => self.unsigned(2)?.into(),
            Marker::U32 => self.unsigned(4)?.into(),
            Marker::U64 => self.unsigned(8)?.into(),
            Marker::I8 => Number::Int(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Number::Int(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Number::Int(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Number::Int(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Self::float(f32::from_be_bytes(self.array()?).into())?,
            Marker::F64 => Self::float(f64::from_be_bytes(self.array()?))?,
            marker => match self.text(marker)? {
                Some(text) => Number::parse(text)?,
                None => return Ok(None),
            },
        }))
    }

    fn float(float: f64) -> Result<Number> {
        if float.is_nan() { Err(ValueError::new("NaN is not a number")) } else { Ok(Number::Float(float)) }
    }

    fn text(&mut self, marker: Marker) -> Result<Option<&'a str>> {
        let text = self.text_bytes(marker)?.map(std::str::from_utf8).transpose();
        text.map_err(|_| ValueError::new("the text is not UTF-8"))
    }

    fn text_bytes(&mut self, marker: Marker) -> Result<Option<&'a [u8]>> {
        let length = match marker {
            Marker::FixStr(length) => length.into(),
            Marker::Str8 | Marker::Bin8 => self.length(1)?,
            Marker::Str16 | Marker::Bin16 => self.length(2)?,
            Marker::Str32 | Marker::Bin32 => self.length(4)?,
            _ => return Ok(None),
        };
        self.take(length).map(Some)
    }

    fn array_length(&mut self, marker: Marker) -> Result<Option<usize>> {
        Ok(Some(match marker {
            Marker::FixArray(length) => length.into(),
            Marker::Array16 => self.length(2)?,
            Marker::Array32 => self.length(4)?,
            _ => return Ok(None),
        }))
    }

    fn entries(&mut self, ty: &Type, marker: Marker) -> Result<BTreeMap<String, Value>> {
        let length = match marker {
            Marker::FixMap(length) => length.into(),
            Marker::Map16 => self.length(2)?,
            Marker::Map32 => self.length(4)?,
            _ => return Err(ValueError::expected(ty)),
        };
        let mut entries = BTreeMap::new();
        for _ in 0..length {
            let marker = self.marker()?;
            let key = self.text(marker)?.ok_or_else(|| malformed("a key is not text"))?.to_owned();
            let (step, ty) = ty.entry(&key)?;
            let value = self.value(ty).map_err(|error| error.under(step(key.clone())))?;
            if entries.insert(key, value).is_some() {
                return Err(malformed("a key is repeated"));
            }
        }
        Ok(entries)
    }

    fn dynamic(&mut self, marker: Marker) -> Result<Value> {
        if self.array_length(marker)? != Some(2) {
            return Err(malformed("a dynamic value is a pair of a type and a value"));
        }
        let marker = self.marker()?;
        let json = self.text_bytes(marker)?.ok_or_else(|| malformed("a dynamic value has no type"))?;
        let json =
            serde_json::from_slice(json).map_err(|_| malformed("a dynamic value's type is not JSON"))?;
        let ty = Type::from_json(&json).map_err(|error| malformed(&error))?;
        let value = self.value(&ty)?;
        Ok(Value::Dynamic(Box::new((ty, value))))
    }
}

pub(super) fn encode(value: &Value) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(256);
    write(&mut out, value)?;
    Ok(out)
}

fn length(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| ValueError::new("the value is too large"))
}

fn write(out: &mut Vec<u8>, value: &Value) -> Result<()> {
    // Writing to a Vec cannot fail; rmp returns an error for writers that can.
    let infallible = |_| ValueError::new("the value could not be encoded");
    match value {
        Value::Null => out.push(Marker::Null.to_u8()),
        Value::Unknown => out.extend([Marker::FixExt1.to_u8(), 0, 0]),
        Value::Bool(value) => out.push(if *value { Marker::True } else { Marker::False }.to_u8()),
        Value::Number(Number::Int(int)) => {
            rmp::encode::write_sint(out, *int).map_err(infallible)?;
        }
        Value::Number(Number::Unsigned(unsigned)) => {
            rmp::encode::write_uint(out, *unsigned).map_err(infallible)?;
        }
        Value::Number(Number::Float(float)) if float.is_nan() => {
            return Err(ValueError::new("NaN is not a number"));
        }
        Value::Number(Number::Float(float)) => rmp::encode::write_f64(out, *float).map_err(infallible)?,
        Value::String(text) | Value::Number(Number::Decimal(text)) => write_text(out, text)?,
        Value::List(elements) => {
            rmp::encode::write_array_len(out, length(elements.len())?).map_err(infallible)?;
            for (index, element) in elements.iter().enumerate() {
                write(out, element).map_err(|error| error.under(Step::Index(index)))?;
            }
        }
        Value::Map(entries) => {
            rmp::encode::write_map_len(out, length(entries.len())?).map_err(infallible)?;
            for (key, element) in entries {
                write_text(out, key)?;
                write(out, element).map_err(|error| error.under(Step::Attribute(key.clone())))?;
            }
        }
        Value::Dynamic(typed) => {
            let (ty, value) = &**typed;
            rmp::encode::write_array_len(out, 2).map_err(infallible)?;
            let json = ty.to_json().to_string();
            rmp::encode::write_bin(out, json.as_bytes()).map_err(infallible)?;
            write(out, value)?;
        }
    }
    Ok(())
}

fn write_text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    length(text.len())?;
    rmp::encode::write_str(out, text).map_err(|_| ValueError::new("the value could not be encoded"))
}

#[cfg(test)]
#[path = "msgpack_tests.rs"]
mod tests;
