//! The variables that point a client at the emulator.

use crate::cloud::state::State;

/// Services whose endpoint can be set with a variable.
const ENDPOINTS: [&str; 4] = ["IOTDA_MGMT", "IAM", "STS", "METADATA"];

/// Returns the key and the project of the first account that has both, and the endpoints.
pub(crate) fn variables(state: &State, url: &str) -> Vec<(String, String)> {
    let first = state
        .accounts
        .iter()
        .find_map(|account| Some((account.access_keys.first()?, state.projects_of(&account.id).next()?)));
    let own = first.into_iter().flat_map(|(key, project)| {
        [
            ("HW_ACCESS_KEY", &key.access_key),
            ("HW_SECRET_KEY", &key.secret_key),
            ("HW_REGION_NAME", &project.region),
            ("HW_PROJECT_ID", &project.project_id),
        ]
    });
    let own = own.map(|(name, value)| (name.to_owned(), value.clone()));
    let endpoints = ENDPOINTS.map(|service| (format!("HW_{service}_ENDPOINT"), url.to_owned()));
    own.chain([("HW_AUTH_URL".to_owned(), format!("{url}/v3"))]).chain(endpoints).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Account, Estate, Metadata, Project};

    fn names(estate: Estate) -> Vec<String> {
        let state = State::new(estate, Metadata { account: "b".into(), ..Metadata::default() }).unwrap();
        variables(&state, "http://127.0.0.1:1").into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn credentials_are_of_an_account_that_has_a_project_too() {
        let keyless = Account::new("1", "a").project(Project::new("p", "cn-north-4"));
        let both = Account::new("2", "b").access_key("K", "S").project(Project::new("q", "cn-south-1"));
        let all = names(Estate::empty().account(keyless).account(both));
        assert_eq!(all[..4], ["HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_REGION_NAME", "HW_PROJECT_ID"]);
        assert_eq!((all[4].as_str(), all.len()), ("HW_AUTH_URL", 9));
        assert_eq!(names(Estate::empty())[0], "HW_AUTH_URL");
    }
}
