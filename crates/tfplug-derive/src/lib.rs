//! `#[derive(Object)]`, the derive macro of the `tfplug` crate: one Rust struct as a Terraform schema object.
//!
//! The attributes that it understands are documented with the re-export in `tfplug`.

mod documentation;
mod expand;
mod options;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `tfplug::Object` and `tfplug::AttributeValue`: wire schema, decoding, encoding and validation.
#[proc_macro_derive(Object, attributes(tf))]
pub fn derive_object(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
