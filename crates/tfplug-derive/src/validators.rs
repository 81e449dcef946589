//! The requirements that the options of a field or of a newtype impose on its value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprUnary, Path, UnOp};

use crate::options::{Bounds, Field};

/// Returns expressions of type `Validator`.
pub(crate) fn validators(options: &Field, tfplug: &Path) -> Vec<TokenStream> {
    let validator = quote!(#tfplug::schema::Validator);
    let pattern = options
        .pattern
        .iter()
        .map(|pattern| quote!(#validator::Pattern(#tfplug::schema::Pattern::new(#pattern))));
    let length = options.length.iter().map(|Bounds { min, max }| {
        let min = min.as_ref().map_or_else(|| quote!(0), |min| quote!(#min));
        let max = max.as_ref().map_or_else(|| quote!(::core::primitive::usize::MAX), |max| quote!(#max));
        quote!(#validator::Length { min: #min, max: #max })
    });
    let range = options.range.iter().map(|Bounds { min, max }| {
        let min = min.as_ref().map_or_else(|| quote!(::core::primitive::i128::MIN), integer);
        let max = max.as_ref().map_or_else(|| quote!(::core::primitive::i128::MAX), integer);
        quote!(#validator::Range { min: #min, max: #max })
    });
    let values = &options.one_of;
    let one_of = (!values.is_empty()).then(|| quote!(#validator::OneOf(&[#(#values),*])));
    // The function's signature decides whether it takes `&str` or `&Value`.
    let custom = options.validate.iter().map(|check| {
        let function = quote!(fn(&_) -> ::core::result::Result<(), ::std::string::String>);
        quote!(<#validator as ::core::convert::From<#function>>::from(#check))
    });
    pattern.chain(length).chain(range).chain(one_of).chain(custom).collect()
}

/// Returns a bound as an `i128`. A literal takes that type itself, so that it may be as large.
fn integer(bound: &Expr) -> TokenStream {
    let unsigned = match bound {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => expr,
        bound => bound,
    };
    match unsigned {
        Expr::Lit(_) => quote!(#bound),
        _ => quote!(::core::convert::Into::<::core::primitive::i128>::into(#bound)),
    }
}
