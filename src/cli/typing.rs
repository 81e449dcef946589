//! Tolerance for what people type: Terraform's single dash, and misspelled names.

use std::ffi::OsString;

/// Minimum similarity (Jaro–Winkler) at which a name is suggested.
const SIMILAR: f64 = 0.8;

/// Turns `-name` into `--name` for these options. Those with a check take a value, which is not changed.
pub(super) fn two_dashes<Check>(
    arguments: impl Iterator<Item = OsString>,
    options: &[(&str, Option<Check>)],
) -> impl Iterator<Item = OsString> {
    let mut is_value = false;
    arguments.map(move |argument| {
        if std::mem::take(&mut is_value) {
            return argument;
        }
        let Some(text) = argument.to_str().and_then(|text| text.strip_prefix('-')) else { return argument };
        let text = text.strip_prefix('-').unwrap_or(text);
        let (name, has_value) = text.split_once('=').map_or((text, false), |(name, _)| (name, true));
        let Some((_, check)) = options.iter().find(|(option, _)| *option == name) else {
            return argument;
        };
        is_value = check.is_some() && !has_value;
        format!("--{text}").into()
    })
}

/// Returns the most similar of these names, if one is similar enough.
pub(super) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let similar = names.map(|name| (strsim::jaro_winkler(typed, name), name));
    similar
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_dash_is_accepted_and_values_stay() {
        let options = [("name", Some(())), ("json", None)];
        for (typed, expected) in [
            (&["-name", "-json", "-json"][..], &["--name", "-json", "--json"][..]),
            (&["-name=-json", "--json"], &["--name=-json", "--json"]),
            (&["--name", "-name"], &["--name", "-name"]),
            (&["-h", "-", "--", "-other"], &["-h", "-", "--", "-other"]),
        ] {
            let read: Vec<OsString> = two_dashes(typed.iter().map(OsString::from), &options).collect();
            assert_eq!(read, expected, "{typed:?}");
        }
    }

    #[test]
    fn only_a_similar_name_is_suggested() {
        let names = || ["region", "name", "instance-id"].into_iter();
        for (typed, expected) in [("regoin", Some("region")), ("nme", Some("name")), ("everything", None)] {
            assert_eq!(nearest(typed, names()), expected, "{typed}");
        }
    }
}
