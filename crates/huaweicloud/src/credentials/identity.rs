//! The chain of sources that the configuration asks for: one at the base, agencies assumed on top.

use std::sync::Arc;

use super::Source;
use super::assume_role::AssumeRole;
use super::fixed::{Key, Token};
use super::metadata::Metadata;
use super::oidc::Oidc;
use super::password::Password;
use super::renewing::Renewing;
use crate::endpoints::{IAM, METADATA, STS, Service};
use crate::error::{CredentialSource, Error};
use crate::request::cloud::Cloud;
use crate::request::credential::Credential;
use crate::scope::Scope;
use crate::settings::{Base, Domain, SignIn};

/// Who the requests of a client are made as.
pub(crate) struct Identity {
    top: Arc<Renewing>,
    callers_token: bool,
    agencies: Vec<(String, Domain)>,
    logs_in: bool,
    /// What is asked for the credential at the base otherwise than by logging in.
    base_service: Option<Service>,
}

impl Identity {
    pub(crate) fn new(sign_in: SignIn) -> Self {
        let agencies = sign_in.agencies().map(|hop| (hop.agency.clone(), hop.domain.clone())).collect();
        let SignIn { base, hops } = sign_in;
        let base_service = match &base {
            Base::Key { .. } | Base::Token { .. } | Base::Password(_) => None,
            Base::Oidc(_) => Some(IAM),
            Base::Metadata(_) => Some(METADATA),
        };
        let logs_in = matches!(base, Base::Password(_));
        let callers_token = hops.is_empty() && matches!(base, Base::Token { .. });
        let base: Box<dyn Source> = match base {
            Base::Key { access_key, secret_key, security_token, source } => {
                Box::new(Key { access_key, secret_key, security_token, source: source.into() })
            }
            Base::Token { token, source } => Box::new(Token { token, source: source.into() }),
            Base::Password(login) => Box::new(Password::new(login, !hops.is_empty())),
            Base::Oidc(federation) => Box::new(Oidc::new(federation)),
            Base::Metadata(why) => Box::new(Metadata::new(why)),
        };
        let base = Arc::new(Renewing::new(base));
        let assume = |below, hop| Arc::new(Renewing::new(Box::new(AssumeRole::new(below, hop))));
        Self { top: hops.into_iter().fold(base, assume), callers_token, agencies, logs_in, base_service }
    }

    /// Whether requests are made with a token that the caller gave.
    pub(crate) fn is_callers_token(&self) -> bool {
        self.callers_token
    }

    /// Where the credential comes from.
    pub(crate) fn source(&self) -> Arc<CredentialSource> {
        self.top.source()
    }

    /// The agencies that are assumed, in this order, and their accounts.
    pub(crate) fn agencies(&self) -> &[(String, Domain)] {
        &self.agencies
    }

    /// Whether IAM is asked for tokens with a password, where it is asked for projects too.
    pub(crate) fn logs_in(&self) -> bool {
        self.logs_in
    }

    /// The services that are asked for the credential besides: that of the base, then those of the agencies.
    pub(crate) fn services(&self) -> impl Iterator<Item = Service> {
        let agencies = self.agencies.iter().map(|(_, domain)| match domain {
            Domain::Id(_) => STS,
            Domain::Name(_) => IAM,
        });
        self.base_service.into_iter().chain(agencies)
    }

    /// The credential for requests to a region, obtained or renewed if need be.
    pub(crate) async fn credential(&self, cloud: &Cloud, scope: Scope<'_>) -> Result<Arc<Credential>, Error> {
        self.top.credential(cloud, scope).await
    }
}
