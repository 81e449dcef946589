//! The KooCLI profile file, on the way to settings. Input: a byte that says how the profile is named, then the file.
#![no_main]

use huaweicloud::{Arguments, Environment, Settings};
use iotda_provider::iotda::SERVICE;
use libfuzzer_sys::{Corpus, fuzz_target};

const FILE: &str = "/profile.json";

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((how, file)) = input.split_first() else { return Corpus::Reject };
    let named = (how & 1 == 1).then(|| "default".to_owned());
    let region = (how & 2 == 2).then(|| "cn-north-4".to_owned());
    let (mut arguments, mut variables) = (Arguments { region, ..Arguments::default() }, Vec::new());
    if how & 4 == 4 {
        arguments.shared_config_file = Some(FILE.to_owned());
        arguments.profile = named;
    } else {
        variables.push(("HW_SHARED_CONFIG_FILE", FILE.to_owned()));
        variables.push(("HW_PROFILE", named.unwrap_or_default()));
    }
    let environment = Environment::fixed(variables, [(FILE, file)]);
    if let Err(errors) = Settings::resolve(&arguments, &environment, &[SERVICE]) {
        assert!(!errors.is_empty());
    }
    Corpus::Keep
});
