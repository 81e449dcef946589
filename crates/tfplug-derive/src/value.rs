//! The code that `#[derive(AttributeValue)]` generates, for an enum of texts or for a newtype.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Fields, Ident, LitStr, Path, Result, Type};

use crate::case::{self, Case};
use crate::options::{self, Field};
use crate::validators::validators;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "generic parameters are not supported"));
    }
    match &input.data {
        Data::Enum(data) => texts(&input.ident, &input.attrs, data),
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let inner = fields.unnamed.iter().map(|field| &field.ty);
                inner.map(|inner| newtype(&input.ident, &input.attrs, inner)).collect()
            }
            _ => Err(Error::new(input.ident.span(), "a struct with named fields derives `Object` instead")),
        },
        Data::Union(_) => Err(Error::new(input.ident.span(), "a union is not the type of an attribute")),
    }
}

fn texts(ident: &Ident, attributes: &[Attribute], data: &DataEnum) -> Result<TokenStream> {
    let mut rename_all: Option<Case> = None;
    let mut tfplug = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename_all") {
                rename_all = Some(case::parse(&meta.value()?.parse()?)?);
            } else if meta.path.is_ident("crate") {
                tfplug = Some(meta.value()?.call(Path::parse_mod_style)?);
            } else {
                return Err(meta.error("an enum takes `rename_all = \"…\"` and `crate = …`"));
            }
            Ok(())
        })?;
    }
    let tfplug = options::tfplug(tfplug.as_ref());
    let mut texts: Vec<LitStr> = Vec::new();
    let mut variants = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(variant.span(), "a variant is a text and cannot hold a value"));
        }
        let name = variant.ident.unraw().to_string();
        let renamed = rename_all.map_or_else(|| name.clone(), |case| case(&name));
        let text = renaming(&variant.attrs)?.unwrap_or_else(|| LitStr::new(&renamed, variant.ident.span()));
        if texts.iter().any(|known| known.value() == text.value()) {
            return Err(Error::new(text.span(), "two variants have the same text"));
        }
        texts.push(text);
        variants.push(&variant.ident);
    }
    if variants.is_empty() {
        return Err(Error::new(ident.span(), "an enum must have at least one variant"));
    }
    Ok(quote! {
        #[automatically_derived]
        impl #tfplug::AttributeValue for #ident {
            fn shape() -> #tfplug::Shape {
                #tfplug::__private::text_shape(&[#(#texts),*])
            }

            fn from_value(value: #tfplug::Value) -> ::core::result::Result<Self, #tfplug::ValueError> {
                let text = <::std::string::String as #tfplug::AttributeValue>::from_value(value)?;
                match text.as_str() {
                    #(#texts => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(#tfplug::__private::no_such_text(&[#(#texts),*])),
                }
            }

            fn into_value(self) -> #tfplug::Value {
                #tfplug::Value::from(match self { #(Self::#variants => #texts,)* })
            }
        }
    })
}

/// `#[tf(rename = "…")]` on a variant.
fn renaming(attributes: &[Attribute]) -> Result<Option<LitStr>> {
    let mut text = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename") {
                return Err(meta.error("a variant takes `rename = \"…\"`"));
            }
            text = Some(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    Ok(text)
}

fn newtype(ident: &Ident, attributes: &[Attribute], inner: &Type) -> Result<TokenStream> {
    let options = Field::parse(attributes)?;
    options.check_newtype(ident.span())?;
    let tfplug = options::tfplug(options.tfplug.as_ref());
    let validators = validators(&options, &tfplug);
    let value = quote_spanned!(inner.span() => <#inner as #tfplug::AttributeValue>);
    Ok(quote! {
        #[automatically_derived]
        impl #tfplug::AttributeValue for #ident {
            const FIELDS: #tfplug::__private::Fields = #value::FIELDS;
            const ELEMENTS: #tfplug::__private::Fields = #value::ELEMENTS;

            fn shape() -> #tfplug::Shape {
                #[allow(unused_mut, reason = "there may be no validators")]
                let mut shape = #value::shape();
                #(#tfplug::__private::must(&mut shape.validators, #validators);)*
                shape
            }

            fn from_value(value: #tfplug::Value) -> ::core::result::Result<Self, #tfplug::ValueError> {
                ::core::result::Result::map(#value::from_value(value), Self)
            }

            fn into_value(self) -> #tfplug::Value {
                #value::into_value(self.0)
            }
        }
    })
}
