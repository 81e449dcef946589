//! Filters, and the values that the API documents for them. The API may have more, so an undocumented value is accepted
//! with a warning: a filter that matches nothing returns an empty list, and resources created from its elements would
//! be destroyed.

use tfplug::Diagnostic;

/// Statuses of instances.
pub(crate) const STATUSES: Documented =
    Documented::Values(&["CREATING", "ACTIVE", "FROZEN", "TRADING", "MODIFYING", "MODIFY_FAILED", "FAILED"]);
/// Types of instances.
pub(crate) const INSTANCE_TYPES: Documented = Documented::Values(&["standard", "enterprise"]);
/// Billing modes.
pub(crate) const CHARGE_MODES: Documented = Documented::Values(&["prePaid", "postPaid"]);
/// Names of flavors. New ones are added; all are in lower case.
pub(crate) const FLAVOR_TYPES: Documented = Documented::LowerCase;
/// Statuses of tasks.
pub(crate) const TASK_STATUSES: Documented = Documented::Values(&["PENDING", "RUNNING", "SUCCESS", "FAILED"]);
/// Types of tasks.
pub(crate) const TASK_TYPES: Documented = Documented::Values(&[
    "CREATE",
    "MODIFY",
    "DELETE",
    "FREEZE",
    "UNFREEZE",
    "UPDATE_ACCESS_CONFIG",
    "UPDATE_ALLOW_LISTS",
    "OPEN_SNAT",
]);

/// What the API documents about the values of a filter.
#[derive(Clone, Copy)]
pub(crate) enum Documented {
    /// All possible values.
    Values(&'static [&'static str]),
    /// Values are in lower case.
    LowerCase,
}

/// Returns the value of a filter; an empty text counts as omitted, as in the official provider.
pub(crate) fn given(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

/// Returns whether a field matches a filter. An omitted filter matches everything.
pub(crate) fn matches(filter: Option<&str>, field: Option<&str>) -> bool {
    filter.is_none() || filter == field
}

/// Returns warnings about filters that probably match nothing. Each has an argument, its value and its documented
/// values.
pub(crate) fn doubts<'a>(
    filters: impl IntoIterator<Item = (&'static str, Option<&'a str>, Documented)>,
) -> impl Iterator<Item = Diagnostic> {
    filters.into_iter().filter_map(|(argument, value, documented)| documented.doubt(argument, value?))
}

impl Documented {
    fn doubt(self, argument: &'static str, value: &str) -> Option<Diagnostic> {
        let meant = match self {
            Self::LowerCase => value.to_ascii_lowercase(),
            Self::Values(known) => match known.iter().find(|known| known.eq_ignore_ascii_case(value)) {
                Some(meant) => (*meant).to_owned(),
                None => {
                    let known = known.join(", ");
                    let detail = format!(
                        "`{argument}` is {value:?}, which the API does not document. The filter matches this exact value only. Documented \
                         values: {known}."
                    );
                    return Some(Diagnostic::warning("Undocumented filter value", detail).at(argument));
                }
            },
        };
        let detail = format!(
            "`{argument}` is {value:?}, and filter values are case-sensitive: {meant:?} does not match. Did you mean {meant:?}?"
        );
        (meant != value).then(|| Diagnostic::warning("Filter value differs in case", detail).at(argument))
    }
}

#[cfg(test)]
mod tests {
    use tfplug::AttributePath;

    use super::*;

    fn doubt(documented: Documented, value: &str) -> Option<Diagnostic> {
        doubts([("status", Some(value), documented)]).next()
    }

    #[test]
    fn documented_values_raise_no_doubt() {
        for (documented, value) in
            [(STATUSES, "ACTIVE"), (CHARGE_MODES, "prePaid"), (FLAVOR_TYPES, "iotda.standard.s9")]
        {
            assert_eq!(doubt(documented, value), None, "{value}");
        }
        assert_eq!(doubts([("status", None, STATUSES)]).next(), None);
    }

    #[test]
    fn another_case_and_an_undocumented_value_are_doubted_with_what_is_documented() {
        for (documented, value, summary, part) in [
            (STATUSES, "active", "Filter value differs in case", "Did you mean \"ACTIVE\"?"),
            (FLAVOR_TYPES, "IoTDA.standard.s1", "Filter value differs in case", "\"iotda.standard.s1\""),
            (STATUSES, "ACTVE", "Undocumented filter value", "`status` is \"ACTVE\""),
            (STATUSES, "ACTVE", "Undocumented filter value", "CREATING, ACTIVE, FROZEN"),
        ] {
            let warning = doubt(documented, value).unwrap();
            assert_eq!(warning.summary, summary);
            assert!(warning.detail.contains(part), "{warning:?}");
            assert_eq!(warning.path, Some(AttributePath::attribute("status")));
        }
    }

    #[test]
    fn an_empty_filter_is_omitted() {
        assert_eq!((given(None), given(Some(&String::new()))), (None, None));
        assert_eq!(given(Some(&"x".to_owned())), Some("x"));
        assert!(matches(None, None) && matches(Some("x"), Some("x")) && !matches(Some("x"), None));
    }
}
