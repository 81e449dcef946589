//! The code that the derive writes.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Ident, Result};

use crate::documentation::documentation;
use crate::options::{Bounds, Container, Field};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let struct_only = || Error::new(input.ident.span(), "a Terraform object is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(struct_only()) };
    let Fields::Named(fields) = &data.fields else { return Err(struct_only()) };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "a Terraform object has no generic parameters"));
    }

    let container = Container::parse(&input.attrs)?;
    let Parts { schema, decode, encode } = Parts::of(fields, &container)?;
    let tfplug = &container.tfplug();
    let rules = container.rules.iter().map(|named| rule(named, tfplug));
    let ident = &input.ident;
    let Locals { block, values, this, .. } = Locals::new();
    let description = documentation(&input.attrs).unwrap_or_else(|| quote!(""));
    let deprecated = deprecation(container.deprecated.as_ref());
    Ok(quote! {
        #[automatically_derived]
        impl #tfplug::Object for #ident {
            fn block() -> #tfplug::schema::Block {
                let mut #block = <#tfplug::schema::Block as ::core::default::Default>::default();
                #block.description = #description;
                #block.deprecated = #deprecated;
                #(#schema)*
                #(#block.rules.push(#rules);)*
                #block
            }

            #[allow(unused_variables, reason = "a struct may have computed fields only")]
            fn read_fields(
                #values: &mut ::std::collections::BTreeMap<::std::string::String, #tfplug::Value>,
            ) -> ::core::result::Result<Self, #tfplug::ValueError> {
                ::core::result::Result::Ok(Self { #(#decode),* })
            }

            #[allow(unused_variables, reason = "a struct may have no fields")]
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
            fn shape() -> #tfplug::Shape {
                #tfplug::__private::object_shape(<Self as #tfplug::Object>::block())
            }

            fn from_value(value: #tfplug::Value) -> ::core::result::Result<Self, #tfplug::ValueError> {
                #tfplug::__private::from_value(value)
            }

            fn into_value(self) -> #tfplug::Value {
                #tfplug::__private::into_value(self)
            }
        }
    })
}

/// The names of the written code's own variables. The struct's author sees none of them, and they see none of its scope.
struct Locals {
    block: Ident,
    values: Ident,
    this: Ident,
    attribute: Ident,
    inner: Ident,
}

impl Locals {
    fn new() -> Self {
        // Constants are seen through the span of a local variable: the underscores are against those.
        let local = |name: &str| Ident::new(&format!("__{name}"), Span::mixed_site());
        Self {
            block: local("block"),
            values: local("values"),
            this: local("this"),
            attribute: local("attribute"),
            inner: local("inner"),
        }
    }
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
        let tfplug = &container.tfplug();
        let Locals { block, values, this, .. } = Locals::new();
        if options.flatten {
            self.schema
                .push(quote_spanned! { ty.span() => #block.absorb(<#ty as #tfplug::Object>::block()); });
            self.decode.push(quote_spanned! {
                ty.span() => #ident: <#ty as #tfplug::Object>::read_fields(#values)?
            });
            self.encode.push(quote_spanned! {
                ty.span() => <#ty as #tfplug::Object>::write_fields(#this.#ident, #values);
            });
            return Ok(());
        }
        let missing = "a doc comment describes the attribute: add one above this field";
        let description = documentation(&field.attrs).ok_or_else(|| Error::new(ident.span(), missing))?;
        let name = ident.unraw().to_string();
        self.schema.push(if options.block {
            nested_block(&name, &description, ty, &options, tfplug)
        } else {
            attribute(&name, &description, ty, &options, container)
        });
        let read = !container.computed && (!options.computed || options.optional);
        self.decode.push(if read {
            quote_spanned! { ty.span() => #ident: #tfplug::__private::take(#values, #name)? }
        } else {
            quote_spanned! { ty.span() => #ident: ::core::default::Default::default() }
        });
        self.encode.push(quote_spanned! {
            ty.span() => #values.insert(
                ::std::string::String::from(#name),
                <#ty as #tfplug::AttributeValue>::into_value(#this.#ident),
            );
        });
        Ok(())
    }
}

fn attribute(
    name: &str,
    description: &TokenStream,
    ty: &syn::Type,
    options: &Field,
    container: &Container,
) -> TokenStream {
    let tfplug = &container.tfplug();
    let Locals { block, attribute, .. } = Locals::new();
    let required = options.required || container.arguments;
    let optional = options.optional;
    let computed = options.computed || container.computed;
    let sensitive = options.sensitive.then(|| quote! { #attribute.sensitive = true; });
    let deprecated = deprecation(options.deprecated.as_ref());
    let pattern =
        options.pattern.iter().map(|pattern| quote!(Pattern(#tfplug::schema::Pattern::new(#pattern))));
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
    let validator = quote!(#tfplug::schema::Validator);
    let validators = pattern.chain(length).chain(range).chain(one_of).map(|known| quote!(#validator::#known));
    // What it takes, its signature says: `&str` or `&Value`.
    let custom = options.validate.iter().map(|check| {
        let function = quote!(fn(&_) -> ::core::result::Result<(), ::std::string::String>);
        quote!(<#validator as ::core::convert::From<#function>>::from(#check))
    });
    let validators = validators.chain(custom);
    quote_spanned! { ty.span() => {
        let mut #attribute = #tfplug::__private::attribute::<#ty>(#name, #description);
        #attribute.required = #required;
        #attribute.optional = #optional;
        #attribute.computed = #computed;
        #attribute.deprecated = #deprecated;
        #sensitive
        #(#tfplug::__private::must(&mut #attribute, #validators);)*
        #block.attributes.push(#attribute);
    } }
}

fn nested_block(
    name: &str,
    description: &TokenStream,
    ty: &syn::Type,
    options: &Field,
    tfplug: &syn::Path,
) -> TokenStream {
    let Locals { block, inner, .. } = Locals::new();
    let min_items = options.min_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let max_items = options.max_items.as_ref().map_or_else(|| quote!(0), |items| quote!(#items));
    let deprecated = deprecation(options.deprecated.as_ref());
    quote_spanned! { ty.span() => {
        let mut #inner = <#ty as #tfplug::BlockValue>::block();
        #inner.description = #description;
        #inner.deprecated = #deprecated;
        let mut #inner = #tfplug::schema::NestedBlock::new(
            #name,
            <#ty as #tfplug::BlockValue>::NESTING,
            #inner,
        );
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

fn rule((variant, arguments): &(&'static str, Vec<Ident>), tfplug: &syn::Path) -> TokenStream {
    let variant = Ident::new(variant, Span::call_site());
    let arguments = arguments.iter().map(|argument| argument.unraw().to_string());
    quote! { #tfplug::schema::Rule::#variant(&[#(#arguments),*]) }
}
