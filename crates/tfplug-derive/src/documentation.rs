//! Conversion of doc comments to the descriptions that hosts and reference pages show.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit};

/// Returns the doc comment as an expression of type `&'static str`, if there is one.
pub(crate) fn documentation(attributes: &[Attribute]) -> Option<TokenStream> {
    let attributes = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let values = attributes.filter_map(|attribute| Some(&attribute.meta.require_name_value().ok()?.value));
    let mut parts: Vec<TokenStream> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    let mut is_literal = true;
    for value in values {
        match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                lines.extend(text.value().split('\n').map(str::to_owned));
            }
            // A macro, as in `#[doc = include_str!("station.md")]`: only the compiler knows its result.
            value => {
                is_literal = false;
                parts.extend(paragraphs(&std::mem::take(&mut lines)).map(|text| quote!(#text, "\n",)));
                parts.push(quote!(#value, "\n",));
            }
        }
    }
    let text = paragraphs(&lines);
    if is_literal {
        return text.map(|text| quote!(#text));
    }
    parts.extend(text.map(|text| quote!(#text)));
    Some(quote!(::core::concat!(#(#parts)*).trim()))
}

/// Returns the text of these lines, with each paragraph on one line: hosts show a description unchanged.
fn paragraphs(lines: &[String]) -> Option<String> {
    let mut text = String::new();
    let mut fence: Option<&str> = None;
    // Whether the next line continues the paragraph at the end of the text.
    let mut open = false;
    for line in lines {
        // The space after each `///`.
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        let is_prose = fence.is_none() && mark.is_none() && !line.is_empty();
        if !text.is_empty() {
            text.push(if open && is_prose && !starts_anew(line) { ' ' } else { '\n' });
        }
        text.push_str(line);
        open = is_prose && !line.starts_with(['#', '|']) && !line.ends_with('\\');
        fence = match (fence, mark) {
            (None, opened) => opened,
            (Some(open), Some(closed)) if open == closed => None,
            (open, _) => open,
        };
    }
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Returns whether a line is a list item, a table row, a heading, a quotation, or indented on purpose.
fn starts_anew(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=9).contains(&digits)
        && line.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "));
    numbered || line.starts_with(['*', '-', '+', '|', '#', '>', ' '])
}

#[cfg(test)]
mod tests {
    use syn::{Attribute, parse_quote};

    use super::documentation;

    fn described(lines: &[&str]) -> Option<String> {
        let attributes: Vec<Attribute> = lines.iter().map(|line| parse_quote!(#[doc = #line])).collect();
        let tokens = documentation(&attributes)?;
        Some(syn::parse2::<syn::LitStr>(tokens).unwrap().value())
    }

    #[test]
    fn a_paragraph_is_one_line() {
        for (lines, text) in [
            (&[" One", " two.", "", " Three."][..], "One two.\n\nThree."),
            (&[" Names of", " `a` and", " `b`."], "Names of `a` and `b`."),
            (
                &[" Of:", " - a, which", "   goes on", " - b", " 2024 it was"],
                "Of:\n- a, which\n  goes on\n- b 2024 it was",
            ),
            (&[" # Title", " Text.", " | a |", " |---|", " | b |"], "# Title\nText.\n| a |\n|---|\n| b |"),
            (&[" * a * line of a block", " * comment"], "* a * line of a block\n* comment"),
        ] {
            assert_eq!(described(lines).unwrap(), text, "{lines:?}");
        }
        assert_eq!(described(&["", " "]), None);
        assert_eq!(described(&[]), None);
    }

    #[test]
    fn numbers_of_a_list_begin_a_line() {
        let lines = [" Do", " 1. this,", "    slowly", " 2. that", " 10) and the rest:", " 3.5 is no item"];
        let text = "Do\n1. this,\n   slowly\n2. that\n10) and the rest: 3.5 is no item";
        assert_eq!(described(&lines).unwrap(), text);
    }

    #[test]
    fn code_passes_as_it_is() {
        let lines = [" As in:", " ```hcl", " a {", "   b = 1", "", " }", " ~~~", " ```", " and", " more."];
        let text = "As in:\n```hcl\na {\n  b = 1\n\n}\n~~~\n```\nand more.";
        assert_eq!(described(&lines).unwrap(), text);
        assert_eq!(described(&[" ~~~", " open", " end"]).unwrap(), "~~~\nopen\nend");
    }

    #[test]
    fn a_file_that_is_included_is_documentation() {
        let attributes: [Attribute; 3] = [
            parse_quote!(#[doc = " First."]),
            parse_quote!(#[doc = include_str!("station.md")]),
            parse_quote!(#[doc = " Last."]),
        ];
        let expected = r#":: core :: concat ! ("First." , "\n" , include_str ! ("station.md") , "\n" , "Last.") . trim ()"#;
        assert_eq!(documentation(&attributes).unwrap().to_string(), expected);
    }
}
