//! The code that the derive writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, Result};

use crate::options::{Bounds, Container, Field, documentation};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let struct_only = || Error::new(input.ident.span(), "a Terraform object is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(struct_only()) };
    let Fields::Named(fields) = &data.fields else { return Err(struct_only()) };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "a Terraform object has no generic parameters"));
    }

    let container = Container::parse(&input.attrs)?;
    let mut attributes = Vec::new();
    let mut blocks = Vec::new();
    let mut decode = Vec::new();
    let mut encode = Vec::new();
    let mut names = Vec::new();
    let mut errors: Option<Error> = None;
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let result = Field::parse(&field.attrs).and_then(|options| {
            options.check(&container, ident.span())?;
            let description = documentation(&field.attrs).ok_or_else(|| {
                Error::new(ident.span(), "a doc comment describes the attribute: add one above this field")
            })?;
            Ok((options, description))
        });
        let (options, description) = match result {
            Ok(parsed) => parsed,
            Err(error) => {
                match &mut errors {
                    Some(errors) => errors.combine(error),
                    None => errors = Some(error),
                }
                continue;
            }
        };
        let name = ident.unraw().to_string();
        let ty = &field.ty;
        if options.block {
            blocks.push(block(&name, &description, ty, &options));
        } else {
            attributes.push(attribute(&name, &description, ty, &options, &container));
        }
        let read = !container.computed && (!options.computed || options.optional);
        decode.push(if read {
            quote_spanned! { ty.span() => #ident: ::tfplug::derive::take(&mut values, #name)? }
        } else {
            quote_spanned! { ty.span() => #ident: ::core::default::Default::default() }
        });
        encode.push(quote! { (#name.to_owned(), ::tfplug::AttributeValue::into_value(self.#ident)) });
        names.push(name);
    }
    let rules = rules(&container, &names, &mut errors);
    if let Some(errors) = errors {
        return Err(errors);
    }

    let ident = &input.ident;
    let description = documentation(&input.attrs).unwrap_or_default();
    let deprecated = deprecation(container.deprecated.as_ref());
    let values = if decode.is_empty() || container.computed { quote!(_values) } else { quote!(mut values) };
    Ok(quote! {
        #[automatically_derived]
        impl ::tfplug::Object for #ident {
            fn block() -> ::tfplug::schema::Block {
                ::tfplug::schema::Block {
                    attributes: ::std::vec![#(#attributes),*],
                    blocks: ::std::vec![#(#blocks),*],
                    rules: ::std::vec![#(#rules),*],
                    description: #description,
                    deprecated: #deprecated,
                }
            }

            #[allow(unused_mut, unused_variables, reason = "a struct may have computed fields only")]
            fn from_object(
                #values: ::std::collections::BTreeMap<::std::string::String, ::tfplug::Value>,
            ) -> ::core::result::Result<Self, ::tfplug::ValueError> {
                ::core::result::Result::Ok(Self { #(#decode),* })
            }

            fn into_object(self) -> ::std::collections::BTreeMap<::std::string::String, ::tfplug::Value> {
                ::std::collections::BTreeMap::from([#(#encode),*])
            }
        }

        #[automatically_derived]
        impl ::tfplug::AttributeValue for #ident {
            fn shape() -> ::tfplug::Shape {
                ::tfplug::derive::object_shape(<Self as ::tfplug::Object>::block())
            }

            fn from_value(value: ::tfplug::Value) -> ::core::result::Result<Self, ::tfplug::ValueError> {
                ::tfplug::derive::fields(value).and_then(<Self as ::tfplug::Object>::from_object)
            }

            fn into_value(self) -> ::tfplug::Value {
                ::tfplug::Value::Map(<Self as ::tfplug::Object>::into_object(self))
            }
        }
    })
}

fn attribute(
    name: &str,
    description: &str,
    ty: &syn::Type,
    options: &Field,
    container: &Container,
) -> TokenStream {
    let required = options.required || container.arguments;
    let optional = options.optional;
    let computed = options.computed || container.computed;
    let sensitive = options.sensitive.then(|| quote! { attribute.sensitive = true; });
    let deprecated = deprecation(options.deprecated.as_ref());
    let pattern = options.pattern.iter().map(|pattern| quote!(Pattern(#pattern)));
    let length = options.length.iter().map(|Bounds { min, max }| {
        let min = min.as_ref().map_or_else(|| quote!(0), |min| quote!(#min));
        let max = max.as_ref().map_or_else(|| quote!(::core::primitive::usize::MAX), |max| quote!(#max));
        quote!(Length { min: #min, max: #max })
    });
    let range = options.range.iter().map(|Bounds { min, max }| {
        let min = min.as_ref().map_or_else(|| quote!(::core::primitive::i64::MIN), |min| quote!(#min));
        let max = max.as_ref().map_or_else(|| quote!(::core::primitive::i64::MAX), |max| quote!(#max));
        quote!(Range { min: #min, max: #max })
    });
    let values = &options.one_of;
    let one_of = (!values.is_empty()).then(|| quote!(OneOf(&[#(#values),*]))).into_iter();
    let custom = options.validate.iter().map(|check| quote!(Custom(#check)));
    let validators = pattern.chain(length).chain(range).chain(one_of).chain(custom);
    quote_spanned! { ty.span() => {
        let mut attribute = ::tfplug::derive::attribute::<#ty>(#name, #description);
        attribute.required = #required;
        attribute.optional = #optional;
        attribute.computed = #computed;
        attribute.deprecated = #deprecated;
        #sensitive
        #(attribute.validators.push(::tfplug::schema::Validator::#validators);)*
        attribute
    } }
}

fn block(name: &str, description: &str, ty: &syn::Type, options: &Field) -> TokenStream {
    let min_items = options.min_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let max_items = options.max_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let deprecated = deprecation(options.deprecated.as_ref());
    quote_spanned! { ty.span() => {
        let mut block = <#ty as ::tfplug::BlockValue>::block();
        block.description = #description;
        block.deprecated = #deprecated;
        ::tfplug::schema::NestedBlock {
            name: #name,
            nesting: <#ty as ::tfplug::BlockValue>::NESTING,
            block,
            min_items: #min_items,
            max_items: #max_items,
        }
    } }
}

fn deprecation(message: Option<&syn::LitStr>) -> TokenStream {
    match message {
        Some(message) => quote!(::core::option::Option::Some(#message)),
        None => quote!(::core::option::Option::None),
    }
}

fn rules(container: &Container, names: &[String], errors: &mut Option<Error>) -> Vec<TokenStream> {
    let mut rules = Vec::new();
    for (variant, arguments) in &container.rules {
        for argument in arguments {
            if !names.contains(&argument.unraw().to_string()) {
                let error = Error::new(argument.span(), "there is no such field");
                match errors {
                    Some(errors) => errors.combine(error),
                    None => *errors = Some(error),
                }
            }
        }
        let variant = Ident::new(variant, proc_macro2::Span::call_site());
        let arguments = arguments.iter().map(|argument| argument.unraw().to_string());
        rules.push(quote! { ::tfplug::schema::Rule::#variant(&[#(#arguments),*]) });
    }
    rules
}
