//! The chain of sources that the configuration asks for: one at the base, agencies assumed on top.

use std::sync::Arc;

use tokio::time::Instant;

use super::super::cloud::Cloud;
use super::super::error::Error;
use super::super::settings::{Base, Plan};
use super::assume_role::AssumeRole;
use super::fixed::{Key, Token};
use super::metadata::Metadata;
use super::oidc::Oidc;
use super::password::Password;
use super::renewing::Renewing;
use super::{Credential, Source};

/// Who the requests of a client are made as.
pub(crate) struct Identity {
    top: Arc<Renewing>,
    callers_token: bool,
}

impl Identity {
    pub(crate) fn new(plan: Plan) -> Self {
        let Plan { base, hops } = plan;
        let callers_token = hops.is_empty() && matches!(base, Base::Token { .. });
        let base: Box<dyn Source> = match base {
            Base::Key { access_key, secret_key, security_token, name } => {
                Box::new(Key { access_key, secret_key, security_token, name: name.into() })
            }
            Base::Token { token, name } => Box::new(Token { token, name: name.into() }),
            Base::Password(login) => Box::new(Password::new(login, !hops.is_empty())),
            Base::Oidc(federation) => Box::new(Oidc::new(federation)),
            Base::Metadata => Box::new(Metadata::default()),
        };
        let base = Arc::new(Renewing::new(base));
        let assume = |below, hop| Arc::new(Renewing::new(Box::new(AssumeRole::new(below, hop))));
        Self { top: hops.into_iter().fold(base, assume), callers_token }
    }

    /// Whether requests are made with a token that the caller gave.
    pub(crate) fn is_callers_token(&self) -> bool {
        self.callers_token
    }

    /// The credential for requests to `region`, obtained or renewed if need be.
    pub(crate) async fn credential(
        &self,
        cloud: &Cloud,
        region: &str,
        deadline: Option<Instant>,
    ) -> Result<Arc<Credential>, Error> {
        self.top.credential(cloud, region, deadline).await
    }
}
