//! No secret reaches a log or a message.

use std::fmt::{self, Debug, Write};
use std::sync::{Arc, Mutex};

use huaweicloud::Arguments;
use iotda_emulator::{Config, ids};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::{agency, arguments, client, emulator, login, nobody, oidc, show};
use crate::support::{found, secrets_sent};

/// Everything that anyone logs, at every level, libraries included.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        writeln!(text, "\n{}", event.metadata().target()).unwrap();
        event.record(&mut Line(&mut text));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

#[tokio::test]
async fn no_secret_is_logged_or_told() {
    let cloud = emulator(Config::https());
    let log = Log::default();
    // As long as there is only one, other threads' tests decide whether anything is logged at all.
    let _another = tracing::Dispatch::new(Log::default());
    let _logging = tracing::subscriber::set_default(log.clone());
    let trusting =
        |arguments: Arguments| Arguments { cacert_file: cloud.ca_pem().map(str::to_owned), ..arguments };
    let mut told = String::new();
    for arguments in [
        arguments(&cloud),
        Arguments { assume_role: vec![agency(ids::PARTNER_AGENCY, ids::PARTNER)], ..arguments(&cloud) },
        Arguments { assume_role_with_oidc: Some(oidc()), ..nobody(&cloud) },
        login(&cloud),
        nobody(&cloud),
        // And those that are refused, whose words repeat what was sent.
        Arguments { secret_key: Some("planted-secret-key".into()), ..arguments(&cloud) },
        Arguments { access_key: Some("PLANTEDACCESSKEY".into()), ..arguments(&cloud) },
        Arguments { security_token: Some("planted-security-token".into()), ..arguments(&cloud) },
        Arguments { token: Some("planted-token".into()), ..nobody(&cloud) },
        Arguments { password: Some("planted-password".into()), ..login(&cloud) },
    ] {
        let client = client(&trusting(arguments));
        if let Err(error) = show(&client).await {
            writeln!(told, "{error}\n{error:?}").unwrap();
        }
        cloud.expire_issued_credentials();
        if let Err(error) = show(&client).await {
            writeln!(told, "{error}\n{error:?}").unwrap();
        }
    }
    let planted = [
        "planted-secret-key",
        "PLANTEDACCESSKEY",
        "planted-security-token",
        "planted-token",
        "planted-password",
    ];
    let given = [ids::ACCESS_KEY, ids::SECRET_KEY, ids::PASSWORD, ids::ID_TOKEN];
    let mut secrets: Vec<String> = planted.iter().chain(&given).map(|secret| (*secret).to_owned()).collect();
    secrets.extend(secrets_sent(&cloud));
    let logged = log.take();
    // The search finds what is there to be found.
    assert!(logged.contains("h2::"), "the libraries are heard too");
    assert!(told.contains("Message: ") && told.contains("***"), "{told}");
    assert!(!found(&["response received".to_owned()], &logged).is_empty());
    assert_eq!(found(&secrets, &told), Vec::<&String>::new());
    assert_eq!(found(&secrets, &logged), Vec::<&String>::new());
}
