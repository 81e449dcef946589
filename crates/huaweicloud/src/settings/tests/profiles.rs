//! Every mode of a profile, and errors in profiles.

use super::{FILE, first_error, resolve};
use crate::settings::arguments::Arguments;
use crate::settings::{Base, Domain, Settings};

fn named(name: &str) -> impl FnOnce(&mut Arguments) {
    let name = name.to_owned();
    move |arguments| arguments.profile = Some(name)
}

fn agencies(settings: &Settings) -> Vec<(&str, Domain)> {
    settings.sign_in.hops.iter().map(|hop| (hop.agency.as_str(), hop.domain.clone())).collect()
}

#[test]
fn the_agencies_of_a_chain_of_profiles_are_assumed_from_its_end() {
    let settings = resolve(named("twice"), &[]).unwrap();
    let expected = [("ag", Domain::Id("id".into())), ("second", Domain::Name("acc".into()))];
    assert_eq!(agencies(&settings), expected);
    assert!(matches!(settings.sign_in.base, Base::Key { .. }));
    // An agency in addition to a key is assumed too, as by the official provider.
    let settings = resolve(named("agency"), &[]).unwrap();
    assert_eq!(agencies(&settings), [("ag", Domain::Name("acc".into()))]);
}

#[test]
fn a_named_profile_never_falls_through_to_other_credentials() {
    let key = [("HW_ACCESS_KEY", "HW"), ("HW_SECRET_KEY", "s")];
    for (profile, words) in [
        ("bare", "which has no `accessKeyId` and `secretAccessKey`. Set them, set the mode to ecsAgency"),
        ("half", "`accessKeyId` is set, but `secretAccessKey` is not"),
        ("no token", "which has no `xAuthToken`"),
        ("logged out", "which has no key in `ssoAuth.stsToken`. Log in again with KooCLI"),
        (
            "other",
            "The mode \"OAuth2\" of the profile \"other\" in /home/me/.hcloud/config.json is not supported",
        ),
        ("circle", "the profile \"circle\" is based on itself"),
        ("baseless", "is AssumeRole, which also requires `sourceProfile`"),
        ("nobody's", "is AssumeRole, which also requires `agencyName`"),
        (
            "spaced",
            "`accessKeyId` of the profile \"spaced\" in /home/me/.hcloud/config.json contains whitespace",
        ),
        ("cipher", "`accessKeyId` of the profile \"cipher\" in /home/me/.hcloud/config.json is encrypted"),
    ] {
        let error = first_error(named(profile), &key);
        assert!(error.starts_with("profile: ") && error.contains(words), "{profile}: {error}");
        assert!(!error.contains("AB CD") && !error.contains("1b2c"), "{error}");
        // A profile named by the environment comes after the key there, and before the metadata service.
        assert!(first_error(|_| {}, &[("HW_PROFILE", profile)]).contains(words), "{profile}");
    }
    assert!(first_error(named("cipher"), &[]).contains("hcloud configure set --cli-auth-encrypt=false"));
}

#[test]
fn keys_that_were_written_by_hand_beside_the_flag_of_encryption_are_used() {
    assert!(matches!(resolve(named("by hand"), &[]).unwrap().sign_in.base, Base::Key { .. }));
}

#[test]
fn the_file_is_named_by_its_whole_path_and_may_begin_with_a_byte_order_mark() {
    let error = first_error(named("none"), &[]);
    assert!(error.contains(&format!("The file {FILE} has no profile")), "{error}");
    let environment = crate::settings::environment::Environment::fixed(
        [("HW_PROFILE", "p"), ("HOME", "/h")],
        [(
            "/h/.hcloud/config.json",
            "\u{feff}{\"profiles\":[{\"name\":\"p\",\"region\":\"r\",\"mode\":\"ecsagency\"}]}",
        )],
    );
    let settings = Settings::resolve(&Arguments::default(), &environment, &[]).unwrap();
    assert_eq!(settings.region(), "r");
}
