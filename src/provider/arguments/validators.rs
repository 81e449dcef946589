//! What several arguments have to fulfil, in words that say how to mend them.

use huaweicloud::{duration, endpoints};
use tfplug::Value;

/// The longest instance ID that the API takes.
const MAX_ID: usize = 36;

/// Refuses what is no duration above zero.
pub(crate) fn go_duration(value: &Value) -> Result<(), String> {
    check(
        value,
        |text| duration::parse(text).is_some(),
        "The value must be a duration above zero, such as `30s`, `5m` or `1h30m`; the units are ns, us, ms, s, m and h",
    )
}

/// Refuses what is no instance ID: `^[0-9a-f-]{1,36}$`.
pub(crate) fn instance_id(value: &Value) -> Result<(), String> {
    let is_id = |text: &str| {
        (1..=MAX_ID).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
    };
    check(
        value,
        is_id,
        "The value must be an instance ID: 1 to 36 of the characters 0-9, a-f and -, the letters in lower case",
    )
}

/// Refuses what is no region, before it becomes part of a host name.
pub(crate) fn region(value: &Value) -> Result<(), String> {
    check(
        value,
        endpoints::is_region,
        "The value must be a region: lower-case letters, digits and hyphens, such as `cn-north-4`",
    )
}

fn check(value: &Value, holds: impl Fn(&str) -> bool, rule: &str) -> Result<(), String> {
    match value {
        Value::String(text) if !holds(text) => Err(rule.to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Validate = fn(&Value) -> Result<(), String>;

    #[test]
    fn each_takes_what_it_is_for_and_nothing_else() {
        let long = "a".repeat(37);
        let table: [(Validate, &[&str], &[&str]); 3] = [
            (go_duration, &["30s", "1h30m", "1.5h"], &["", "0s", "-1s", "5", "5 m"]),
            (
                instance_id,
                &["8561675c-d8a3-4956-9884-9cf9cbdd3134", "0", "-"],
                &["", "8561675C", "g", "a/b", " a", &long],
            ),
            (region, &["cn-north-4", "eu-west-101"], &["", "CN-NORTH-4", "a.b", "a/b", "a_b"]),
        ];
        for (validate, good, bad) in table {
            for text in good {
                assert_eq!(validate(&Value::String((*text).to_owned())), Ok(()), "{text}");
            }
            for text in bad {
                assert!(validate(&Value::String((*text).to_owned())).is_err(), "{text}");
            }
            assert_eq!((validate(&Value::Null), validate(&Value::Unknown)), (Ok(()), Ok(())));
        }
    }
}
