//! Values that the API documents. It may know more, so that none is refused; but a filter that nothing can fit because of
//! its case gives an empty list, and whoever makes something for each element would remove it all.

use tfplug::{AttributePath, Diagnostic};

/// Statuses of instances.
pub(crate) const STATUSES: &[&str] =
    &["CREATING", "ACTIVE", "FROZEN", "TRADING", "MODIFYING", "MODIFY_FAILED", "FAILED"];
/// Types of instances.
pub(crate) const INSTANCE_TYPES: &[&str] = &["standard", "enterprise"];
/// Billing modes.
pub(crate) const CHARGE_MODES: &[&str] = &["prePaid", "postPaid"];
/// Statuses of tasks.
pub(crate) const TASK_STATUSES: &[&str] = &["PENDING", "RUNNING", "SUCCESS", "FAILED"];
/// Types of tasks.
pub(crate) const TASK_TYPES: &[&str] = &[
    "CREATE",
    "MODIFY",
    "DELETE",
    "FREEZE",
    "UNFREEZE",
    "UPDATE_ACCESS_CONFIG",
    "UPDATE_ALLOW_LISTS",
    "OPEN_SNAT",
];

/// A warning about a filter whose value is a documented one but for its case.
pub(crate) fn miscased(
    argument: &'static str,
    value: Option<&str>,
    documented: &[&str],
) -> Option<Diagnostic> {
    let value = value.filter(|value| !documented.contains(value))?;
    let meant = documented.iter().find(|known| known.eq_ignore_ascii_case(value))?;
    let detail = format!(
        "`{argument}` is {value:?}, and values are matched exactly: what has the documented value {meant:?} is left out."
    );
    Some(
        Diagnostic::warning("Filter in another case than documented", detail)
            .at(AttributePath::attribute(argument)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_documented_value_in_another_case_is_told() {
        for value in STATUSES.iter().copied().chain(["QUITE_NEW", ""]) {
            assert_eq!(miscased("status", Some(value), STATUSES), None, "{value}");
        }
        assert_eq!(miscased("status", None, STATUSES), None);
        let warning = miscased("status", Some("active"), STATUSES).unwrap();
        assert!(warning.detail.contains("the documented value \"ACTIVE\" is left out"), "{warning:?}");
        assert_eq!(warning.path, Some(AttributePath::attribute("status")));
    }
}
