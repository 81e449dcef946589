//! The code that the derive writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Ident, Result};

use crate::options::{Bounds, Container, Field, documentation};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let struct_only = || Error::new(input.ident.span(), "a Terraform object is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(struct_only()) };
    let Fields::Named(fields) = &data.fields else { return Err(struct_only()) };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "a Terraform object has no generic parameters"));
    }

    let container = Container::parse(&input.attrs)?;
    let Parts { schema, decode, encode } = Parts::of(fields, &container)?;
    let rules = container.rules.iter().map(rule);
    let ident = &input.ident;
    let description = documentation(&input.attrs).unwrap_or_default();
    let deprecated = deprecation(container.deprecated.as_ref());
    Ok(quote! {
        #[automatically_derived]
        impl ::tfplug::Object for #ident {
            fn block() -> ::tfplug::schema::Block {
                let mut block = ::tfplug::schema::Block {
                    description: #description,
                    deprecated: #deprecated,
                    ..::core::default::Default::default()
                };
                #(#schema)*
                #(block.rules.push(#rules);)*
                block
            }

            #[allow(unused_variables, reason = "a struct may have computed fields only")]
            fn read_fields(
                values: &mut ::std::collections::BTreeMap<::std::string::String, ::tfplug::Value>,
            ) -> ::core::result::Result<Self, ::tfplug::ValueError> {
                ::core::result::Result::Ok(Self { #(#decode),* })
            }

            fn write_fields(
                self,
                values: &mut ::std::collections::BTreeMap<::std::string::String, ::tfplug::Value>,
            ) {
                #(#encode)*
            }
        }

        #[automatically_derived]
        impl ::tfplug::AttributeValue for #ident {
            fn shape() -> ::tfplug::Shape {
                ::tfplug::derive::object_shape(<Self as ::tfplug::Object>::block())
            }

            fn from_value(value: ::tfplug::Value) -> ::core::result::Result<Self, ::tfplug::ValueError> {
                ::tfplug::derive::from_value(value)
            }

            fn into_value(self) -> ::tfplug::Value {
                ::tfplug::derive::into_value(self)
            }
        }
    })
}

/// What the fields contribute.
#[derive(Default)]
struct Parts {
    /// Statements that add to `block`.
    schema: Vec<TokenStream>,
    /// Field initialisers that take from `values`.
    decode: Vec<TokenStream>,
    /// Statements that add to `values`.
    encode: Vec<TokenStream>,
}

impl Parts {
    /// Collects all errors before it gives up, each at its field.
    fn of(fields: &FieldsNamed, container: &Container) -> Result<Self> {
        let mut parts = Self::default();
        let mut names = Vec::new();
        let mut errors = Vec::new();
        for field in &fields.named {
            let Some(ident) = &field.ident else { continue };
            names.push(ident.unraw().to_string());
            if let Err(error) = parts.add(field, ident, container) {
                errors.push(error);
            }
        }
        for argument in container.rules.iter().flat_map(|(_, arguments)| arguments) {
            if !names.contains(&argument.unraw().to_string()) {
                errors.push(Error::new(argument.span(), "there is no such field"));
            }
        }
        let combined = errors.into_iter().reduce(|mut all, error| {
            all.combine(error);
            all
        });
        combined.map_or(Ok(parts), Err)
    }

    fn add(&mut self, field: &syn::Field, ident: &Ident, container: &Container) -> Result<()> {
        let options = Field::parse(&field.attrs)?;
        options.check(container, ident.span())?;
        let ty = &field.ty;
        if options.flatten {
            self.schema
                .push(quote_spanned! { ty.span() => block.absorb(<#ty as ::tfplug::Object>::block()); });
            self.decode.push(quote_spanned! {
                ty.span() => #ident: <#ty as ::tfplug::Object>::read_fields(values)?
            });
            self.encode.push(quote_spanned! {
                ty.span() => ::tfplug::Object::write_fields(self.#ident, values);
            });
            return Ok(());
        }
        let missing = "a doc comment describes the attribute: add one above this field";
        let description = documentation(&field.attrs).ok_or_else(|| Error::new(ident.span(), missing))?;
        let name = ident.unraw().to_string();
        self.schema.push(if options.block {
            block(&name, &description, ty, &options)
        } else {
            attribute(&name, &description, ty, &options, container)
        });
        let read = !container.computed && (!options.computed || options.optional);
        self.decode.push(if read {
            quote_spanned! { ty.span() => #ident: ::tfplug::derive::take(values, #name)? }
        } else {
            quote_spanned! { ty.span() => #ident: ::core::default::Default::default() }
        });
        self.encode.push(quote_spanned! {
            ty.span() => values.insert(#name.to_owned(), ::tfplug::AttributeValue::into_value(self.#ident));
        });
        Ok(())
    }
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
        block.attributes.push(attribute);
    } }
}

fn block(name: &str, description: &str, ty: &syn::Type, options: &Field) -> TokenStream {
    let min_items = options.min_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let max_items = options.max_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let deprecated = deprecation(options.deprecated.as_ref());
    quote_spanned! { ty.span() => {
        let mut inner = <#ty as ::tfplug::BlockValue>::block();
        inner.description = #description;
        inner.deprecated = #deprecated;
        block.blocks.push(::tfplug::schema::NestedBlock {
            name: #name,
            nesting: <#ty as ::tfplug::BlockValue>::NESTING,
            block: inner,
            min_items: #min_items,
            max_items: #max_items,
        });
    } }
}

fn deprecation(message: Option<&syn::LitStr>) -> TokenStream {
    match message {
        Some(message) => quote!(::core::option::Option::Some(#message)),
        None => quote!(::core::option::Option::None),
    }
}

fn rule((variant, arguments): &(&'static str, Vec<Ident>)) -> TokenStream {
    let variant = Ident::new(variant, proc_macro2::Span::call_site());
    let arguments = arguments.iter().map(|argument| argument.unraw().to_string());
    quote! { ::tfplug::schema::Rule::#variant(&[#(#arguments),*]) }
}
