//! The chain of configured sources: a base credential, and the agencies assumed with it.

use std::mem;
use std::sync::Arc;

use super::Source;
use super::account::Account;
use super::account_token::AccountToken;
use super::assume_role::{Agency, AssumeRole};
use super::metadata::Metadata;
use super::oidc::Oidc;
use super::password::Password;
use super::renewing::{Held, Renewing};
use super::temporary_key::KeyOfToken;
use crate::endpoints::{IAM, METADATA, STS, Service};
use crate::error::CredentialSource;
use crate::request::cloud::Cloud;
use crate::request::credential::Form;
use crate::request::guard::Guard;
use crate::scope::Scope;
use crate::settings::{Base, Domain, Federation, SignIn};

/// The identity that a client's requests are made with.
pub(crate) struct Identity {
    top: Renewing,
    /// Whether requests are made with a token that the caller supplied.
    pub(crate) is_callers_token: bool,
    /// The agencies to assume, in this order, and their accounts.
    pub(crate) agencies: Vec<(String, Domain)>,
    /// Whether tokens or accounts may be requested from IAM, at the endpoint that also serves projects.
    pub(crate) asks_iam: bool,
    /// Whether the credential is limited to one project, which is then not looked up.
    pub(crate) is_of_project: bool,
    /// The additional services used to obtain the credential: that of the base, then those of the agencies.
    pub(crate) services: Vec<Service>,
}

impl Identity {
    pub(crate) fn new(sign_in: SignIn) -> Self {
        let agencies: Vec<_> =
            sign_in.agencies().map(|hop| (hop.agency.clone(), hop.domain.clone())).collect();
        let SignIn { base, hops, domain } = sign_in;
        let is_token = matches!(base, Base::Token { .. } | Base::Password(_));
        let base_service = match &base {
            Base::Metadata(_) => Some(METADATA),
            Base::Oidc(_) => Some(IAM),
            // Needed for the key with which an agency is assumed by account ID.
            _ => (is_token && !hops.is_empty()).then_some(IAM),
        };
        let services_of_agencies = agencies.iter().map(|(_, domain)| match domain {
            Domain::Id(_) => STS,
            Domain::Name(_) => IAM,
        });
        let services = base_service.into_iter().chain(services_of_agencies).collect();
        let by_name = agencies.iter().any(|(_, domain)| matches!(domain, Domain::Name(_)));
        let is_of_project = hops.is_empty() && matches!(base, Base::Password(_));
        let asks_iam = by_name || matches!(base, Base::Password(_));
        let is_callers_token = hops.is_empty() && matches!(base, Base::Token { .. });
        let is_first_by_id = hops.first().map(|hop| matches!(hop.domain, Domain::Id(_)));
        let mut account = Account::of_credentials(domain.as_ref());
        let (base, mut described): (Box<dyn Source>, _) = match base {
            Base::Key { access_key, secret_key, security_token, source } => {
                (Box::new(Form::Key { access_key, secret_key, security_token }), Arc::new(source))
            }
            Base::Token { token, source } if is_first_by_id == Some(false) => {
                let account = Account::of_credentials(None);
                (Box::new(AccountToken { token, domain, account }), Arc::new(source))
            }
            Base::Token { token, source } => (Box::new(Form::Token(token)), Arc::new(source)),
            Base::Password(login) => {
                let source = Arc::clone(&login.source);
                let account = login.domain.clone().filter(|_| !hops.is_empty());
                (Box::new(Password { login, account, guard: Guard::default() }), source)
            }
            Base::Oidc(Federation { idp_id, token, hop }) => {
                let source = Arc::new(CredentialSource::IdToken { identity_provider: idp_id.clone() });
                let described = hop.source(&source);
                let account = mem::replace(&mut account, Account::of_agency(&hop.domain));
                (Box::new(Oidc { idp_id, token, source, agency: Agency { hop, account } }), described)
            }
            Base::Metadata(why) => (Box::new(Metadata(why)), Arc::new(CredentialSource::Metadata)),
        };
        let mut top = Renewing::new(base, Arc::clone(&described), is_of_project);
        // Agencies are assumed by account ID with a signature.
        if is_token && is_first_by_id == Some(true) {
            top = Renewing::new(Box::new(KeyOfToken(top)), Arc::clone(&described), false);
        }
        for hop in hops {
            described = hop.source(&described);
            let account = mem::replace(&mut account, Account::of_agency(&hop.domain));
            let agency = Agency { hop, account };
            top = Renewing::new(Box::new(AssumeRole { below: top, agency }), Arc::clone(&described), false);
        }
        Self { top, is_callers_token, agencies, asks_iam, is_of_project, services }
    }

    /// Source of the credential.
    pub(crate) fn source(&self) -> Arc<CredentialSource> {
        Arc::clone(&self.top.described)
    }

    /// Returns what supplies the credential for requests within this scope.
    pub(crate) fn held<'a>(&'a self, cloud: &'a Cloud, scope: Scope<'a>) -> Held<'a> {
        Held { source: &self.top, cloud, scope }
    }
}
