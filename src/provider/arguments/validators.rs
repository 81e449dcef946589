//! Rules for single arguments. Their messages show the rejected value.

use huaweicloud::{duration, endpoints};

/// Maximum length of an instance ID in the API.
const MAX_ID: usize = 36;
/// Maximum length of an instance name in the API, in characters.
const MAX_NAME: usize = 64;
/// Maximum number of characters of a rejected value in a message.
const MAX_SHOWN: usize = 80;

/// Rejects a text that is not a duration above zero.
pub(crate) fn go_duration(text: &str) -> Result<(), String> {
    let complaint =
        "is not a duration above zero, such as `30s`, `5m` or `1h30m`; the units are ns, us, ms, s, m and h";
    check(text, duration::parse(text).is_some(), complaint)
}

/// Rejects a text that is not an instance ID: `^[0-9a-f-]{1,36}$`.
pub(crate) fn instance_id(text: &str) -> Result<(), String> {
    let is_known = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-');
    let is_id = (1..=MAX_ID).contains(&text.len()) && text.bytes().all(is_known);
    let complaint = "is not an instance ID: 1 to 36 of the characters 0-9, a-f and -, in lower case. To look up an \
                     instance by its name, use `name` of `iotda_instance`";
    check(text, is_id, complaint)
}

/// Rejects a text that is not a valid instance name.
pub(crate) fn instance_name(text: &str) -> Result<(), String> {
    let is_name = (1..=MAX_NAME).contains(&text.chars().count());
    check(text, is_name, "is not an instance name: it must have 1 to 64 characters")
}

/// Rejects a text that cannot be part of an instance name. An empty text is an omitted filter.
pub(crate) fn part_of_name(text: &str) -> Result<(), String> {
    let fits = text.chars().count() <= MAX_NAME;
    check(text, fits, "is longer than an instance name, which has at most 64 characters")?;
    filter(text)
}

/// Rejects a filter that matches nothing, because no value of the API begins or ends with white space.
pub(crate) fn filter(text: &str) -> Result<(), String> {
    let complaint = "begins or ends with white space, so it matches nothing: remove the white space";
    check(text, text.trim() == text, complaint)
}

/// Rejects a text that is not a task ID, before it becomes part of a path.
pub(crate) fn task_id(text: &str) -> Result<(), String> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = !text.is_empty() && text.bytes().all(is_known);
    check(text, is_id, "is not a task ID: letters, digits, - and _ only")
}

/// Rejects a text that is not a region, before it becomes part of a host name.
pub(crate) fn region(text: &str) -> Result<(), String> {
    let complaint = "is not a region: lower-case letters, digits and hyphens, such as `cn-north-4`";
    check(text, endpoints::is_region(text), complaint)
}

/// Returns an error if the text is not valid. `complaint` follows the value in the message.
fn check(text: &str, is_valid: bool, complaint: &str) -> Result<(), String> {
    if is_valid {
        return Ok(());
    }
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    Err(format!("{shown:?}{more} {complaint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Validate = fn(&str) -> Result<(), String>;

    #[test]
    fn each_accepts_its_values_and_rejects_others() {
        let long = "a".repeat(37);
        let name = "n".repeat(64);
        let table: [(Validate, &[&str], &[&str]); 7] = [
            (go_duration, &["30s", "1h30m", "1.5h"], &["", "0s", "-1s", "5", "5 m"]),
            (
                instance_id,
                &["8561675c-d8a3-4956-9884-9cf9cbdd3134", "0", "-"],
                &["", "8561675C", "g", "a/b", "a?b", " a", "0a\n", &long],
            ),
            (instance_name, &["line-1", "线", &name], &["", &format!("{name}x")]),
            (part_of_name, &["line-1", "", &name], &[" line", "line\t", &format!("{name}x")]),
            (filter, &["ACTIVE", "", "a b"], &[" ACTIVE", "ACTIVE ", "\n", " "]),
            (task_id, &["8561675c-d8a3", "T_1"], &["", "..", "a/b", "a b", "ß"]),
            (region, &["cn-north-4", "eu-west-101"], &["", "CN-NORTH-4", "a.b", "a/b", "a_b"]),
        ];
        for (validate, good, bad) in table {
            for text in good {
                assert_eq!(validate(text), Ok(()), "{text}");
            }
            for text in bad {
                assert!(validate(text).is_err(), "{text}");
            }
        }
    }
    #[test]
    fn the_rejected_value_is_shown_but_not_all_of_a_long_one() {
        let complaint = |text: &str| region(text).unwrap_err();
        assert!(
            complaint("CN\u{1b}").starts_with("\"CN\\u{1b}\" is not a region"),
            "{}",
            complaint("CN\u{1b}")
        );
        assert!(complaint(&"X".repeat(5000)).len() < 300);
    }
}
