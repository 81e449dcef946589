//! A user's password, exchanged for a token: of the project that is read, or of the account if the token only assumes
//! an agency.

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;

use super::Source;
use super::body::Value;
use super::renewing::Held;
use super::tokens::{self, Target};
use crate::endpoints::IAM;
use crate::error::{Error, Kind};
use crate::request::call::Call;
use crate::request::credential::Credential;
use crate::request::guard::Guard;
use crate::settings::{Domain, Login, User};

pub(super) struct Password {
    pub(super) login: Login,
    /// The account of the token, if the token only assumes an agency; without one, tokens are for projects.
    pub(super) account: Option<Domain>,
    /// Guards the password, for all regions: users can be locked too.
    pub(super) guard: Guard,
}

impl Password {
    fn body(&self, target: &Target<'_>) -> Result<bytes::Bytes, Error> {
        let password = ("password", Value::Text(self.login.password.expose_secret()));
        let account;
        let user: &[_] = match &self.login.user {
            User::Name(name, domain) => {
                account = [domain.field()];
                &[("name", Value::Text(name)), password, ("domain", Value::Object(&account))]
            }
            User::Id(id) => &[("id", Value::Text(id)), password],
        };
        tokens::body("password", Value::Object(&[("user", Value::Object(user))]), target)
    }
}

#[async_trait]
impl Source for Password {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let Held { cloud, scope, .. } = *held;
        let region = scope.region_or(&cloud.region);
        let endpoint = cloud.endpoints.identity(&cloud.region);
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        let of_project = || Target::Project(cloud.project_in(region), self.login.domain.as_ref());
        let target = self.account.as_ref().map_or_else(of_project, Target::Account);
        let call = Call {
            operation: "obtain",
            subject: "a token for the user".into(),
            path: tokens::PATH,
            body: Some(self.body(&target)?),
            secrets: vec![&self.login.password],
            source: Some(held.described()),
            deadline: scope.deadline,
            ..Call::new(Method::POST, IAM, &endpoint, region)
        };
        let turn = self.guard.enter().await?;
        let response = cloud.sender.send(call).await.map_err(|error| match (error.kind(), &self.account) {
            (Kind::Unauthorized, None) => error.and("Also check that the user may use the project."),
            _ => error,
        });
        turn.report(&response);
        tokens::credential(held, &response?)
    }
}
