//! The code that `#[derive(Object)]` generates.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Ident, Path, Result};

use crate::documentation::documentation;
use crate::options::{Container, Field};
use crate::validators::validators;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let struct_only = || Error::new(input.ident.span(), "a Terraform object is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(struct_only()) };
    let Fields::Named(fields) = &data.fields else { return Err(struct_only()) };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "generic parameters are not supported"));
    }

    let container = Container::parse(&input.attrs)?;
    let Parts { codecs, options, schema, fields, locals, decode, encode } = Parts::of(fields, &container)?;
    let tfplug = &container.tfplug();
    let rules = container.rules.iter().map(|named| rule(named, tfplug));
    let ident = &input.ident;
    let [block, values, this, error] = ["block", "values", "this", "error"].map(local);
    let description = documentation(&input.attrs).unwrap_or_else(|| quote!(""));
    let deprecated = deprecation(container.deprecated.as_ref());
    Ok(quote! {
        const _: () = {
            #[allow(unused_imports, reason = "a struct may have no fields")]
            use #tfplug::__private as __tfplug_private;

            #(#codecs)*

            #[automatically_derived]
            #[allow(unused_variables, unused_mut, irrefutable_let_patterns, reason = "a struct may have no fields")]
            impl #tfplug::Object for #ident {
                fn block() -> #tfplug::schema::Block {
                    let mut #block = <#tfplug::schema::Block as ::core::default::Default>::default();
                    #block.description = #description;
                    #block.deprecated = #deprecated;
                    #(#schema)*
                    #(#block.rules.push(#rules);)*
                    #block
                }

                fn read_fields(
                    #values: &mut ::std::collections::BTreeMap<::std::string::String, #tfplug::Value>,
                ) -> ::core::result::Result<Self, #tfplug::ValueError> {
                    let mut #error = ::core::option::Option::None;
                    #(#decode)*
                    let (#(::core::option::Option::Some(#locals),)*) = (#(#locals,)*) else {
                        return ::core::result::Result::Err(#tfplug::__private::failed(#error));
                    };
                    ::core::result::Result::Ok(Self { #(#fields: #locals),* })
                }

                fn write_fields(
                    self,
                    #values: &mut ::std::collections::BTreeMap<::std::string::String, #tfplug::Value>,
                ) {
                    let #this = self;
                    #(#encode)*
                }
            }

            #[automatically_derived]
            impl #tfplug::AttributeValue for #ident {
                const FIELDS: #tfplug::__private::Fields =
                    #tfplug::__private::Fields::NONE #(.and(#options))*;

                fn shape() -> #tfplug::Shape {
                    #tfplug::__private::object_shape(<Self as #tfplug::Object>::block())
                }

                fn from_value(
                    value: #tfplug::Value,
                ) -> ::core::result::Result<Self, #tfplug::ValueError> {
                    #tfplug::__private::from_value(value)
                }

                fn into_value(self) -> #tfplug::Value {
                    #tfplug::__private::into_value(self)
                }
            }
        };
    })
}

/// Returns a variable of the generated code. It is hidden from the struct's author, and cannot refer to a name in the
/// author's scope. Constants are visible through its span: the underscores avoid collisions with them.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// The parts of the generated code that come from the fields.
#[derive(Default)]
struct Parts {
    /// Constants: the operations on each field's type. Every requirement on the type is stated here, at the field.
    codecs: Vec<TokenStream>,
    /// Expressions: the options that hosts do not see in every place, of the fields and of their types.
    options: Vec<TokenStream>,
    /// Statements that add to `block`.
    schema: Vec<TokenStream>,
    /// The names of the fields that were added.
    fields: Vec<Ident>,
    /// The variables that hold their values.
    locals: Vec<Ident>,
    /// Statements that take these values from `values`.
    decode: Vec<TokenStream>,
    /// Statements that add to `values`.
    encode: Vec<TokenStream>,
}

impl Parts {
    /// Collects the errors of all fields, each at its field, before it fails.
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
                errors.push(Error::new(argument.span(), "the struct has no field of this name"));
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
        let tfplug = &container.tfplug();
        let [block, values, this, error] = ["block", "values", "this", "error"].map(local);
        let local = &local(&format!("field_{}", self.codecs.len()));
        let codec = &format_ident!("__TFPLUG_FIELD_{}", self.codecs.len());
        let private = quote!(#tfplug::__private);
        let (kind, make) = if options.flatten {
            ("FlatCodec", "flat_codec")
        } else if options.block {
            ("BlockCodec", "block_codec")
        } else if container.computed || options.computed && !options.optional {
            ("Codec", "computed_codec")
        } else {
            ("Codec", "codec")
        };
        let kind = Ident::new(kind, Span::call_site());
        // Every token has the span of the type, so that an error of the evaluation is at the field too.
        let make = Ident::new(make, ty.span());
        let operations = quote_spanned!(ty.span() => __tfplug_private::#make::<#ty>());
        self.codecs.push(quote!(const #codec: #private::#kind<#ty> = #operations;));
        self.options.push(quote!(#codec.fields));
        self.fields.push(ident.clone());
        self.locals.push(local.clone());
        if options.flatten {
            self.schema.push(quote!(#block.absorb((#codec.block)());));
            self.decode.push(quote!(let #local = #private::kept((#codec.read)(#values), &mut #error);));
            self.encode.push(quote!((#codec.write)(#this.#ident, #values);));
            return Ok(());
        }
        self.options.push(field_options(&options, container));
        let missing = "the description is missing: add a doc comment above this field";
        let description = documentation(&field.attrs).ok_or_else(|| Error::new(ident.span(), missing))?;
        let name = ident.unraw().to_string();
        self.schema.push(if options.block {
            nested_block(&name, &description, codec, &options, tfplug)
        } else {
            attribute(&name, &description, codec, &options, container)
        });
        self.decode.push(quote!(let #local = #private::take(#values, #name, #codec.read, &mut #error);));
        self.encode.push(quote!(#private::put(#values, #name, (#codec.write)(#this.#ident));));
        Ok(())
    }
}

/// Returns what the type of the struct says of this field to the fields that hold such structs.
fn field_options(options: &Field, container: &Container) -> TokenStream {
    let tfplug = container.tfplug();
    let required = options.required || container.arguments;
    let given = required || options.optional;
    let options = [
        ("GIVEN", given),
        ("OMITTED", !required),
        ("DEPRECATED", options.deprecated.is_some()),
        ("COMPLETED", options.env.is_some() || options.default.is_some()),
        ("BLOCK", options.block),
    ];
    let set =
        options.into_iter().filter(|(_, has)| *has).map(|(name, _)| Ident::new(name, Span::call_site()));
    quote!(#tfplug::__private::Fields::NONE #(.and(#tfplug::__private::Fields::#set))*)
}

fn attribute(
    name: &str,
    description: &TokenStream,
    codec: &Ident,
    options: &Field,
    container: &Container,
) -> TokenStream {
    let tfplug = &container.tfplug();
    let [block, attribute] = ["block", "attribute"].map(local);
    let required = options.required || container.arguments;
    let optional = options.optional;
    let computed = options.computed || container.computed;
    let sensitive = options.sensitive.then(|| quote! { #attribute.sensitive = true; });
    let variadic = options.variadic.then(|| quote! { #attribute.variadic = true; });
    let deprecated = deprecation(options.deprecated.as_ref());
    let env = options.env.iter().map(|name| quote! { #attribute.env = ::core::option::Option::Some(#name); });
    let default = options.default.iter().map(|value| {
        let value = quote_spanned!(value.span() => __tfplug_private::default_value(#value));
        quote! { #attribute.default = ::core::option::Option::Some(#value); }
    });
    let validators = validators(options, tfplug);
    quote! { {
        let mut #attribute = #tfplug::__private::attribute_of(#codec.shape, #name, #description);
        #attribute.required = #required;
        #attribute.optional = #optional;
        #attribute.computed = #computed;
        #attribute.deprecated = #deprecated;
        #sensitive
        #variadic
        #(#env)*
        #(#default)*
        #(#tfplug::__private::must(&mut #attribute.validators, #validators);)*
        #block.attributes.push(#attribute);
    } }
}

fn nested_block(
    name: &str,
    description: &TokenStream,
    codec: &Ident,
    options: &Field,
    tfplug: &Path,
) -> TokenStream {
    let [block, inner] = ["block", "inner"].map(local);
    let min_items = options.min_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let max_items = options.max_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let deprecated = deprecation(options.deprecated.as_ref());
    quote! { {
        let mut #inner = (#codec.block)();
        #inner.description = #description;
        #inner.deprecated = #deprecated;
        let mut #inner = #tfplug::schema::NestedBlock::new(#name, #codec.nesting, #inner);
        #inner.min_items = #min_items;
        #inner.max_items = #max_items;
        #block.blocks.push(#inner);
    } }
}

fn deprecation(message: Option<&syn::LitStr>) -> TokenStream {
    match message {
        Some(message) => quote!(::core::option::Option::Some(#message)),
        None => quote!(::core::option::Option::None),
    }
}

fn rule((variant, arguments): &(&'static str, Vec<Ident>), tfplug: &Path) -> TokenStream {
    let variant = Ident::new(variant, Span::call_site());
    let arguments = arguments.iter().map(|argument| argument.unraw().to_string());
    quote! { #tfplug::schema::Rule::#variant(&[#(#arguments),*]) }
}
