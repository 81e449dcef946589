//! A user's password, exchanged for a token: of the project that is read, or of the account if the token only assumes
//! an agency.

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Method;
use secrecy::ExposeSecret;

use super::Source;
use super::body::Value;
use super::renewing::Held;
use super::tokens;
use crate::endpoints::IAM;
use crate::error::{Error, Kind};
use crate::request::call::Call;
use crate::request::cloud::ProjectRef;
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
    /// Returns the body of the request for a token of the account, otherwise of `project`.
    fn body(&self, project: ProjectRef<'_>) -> Result<Bytes, Error> {
        let Login { user, password, domain, .. } = &self.login;
        let password = ("password", Value::Text(password.expose_secret()));
        let user = match user {
            User::Name(name, domain) => vec![("name", Value::Text(name)), password, domain.field()],
            User::Id(id) => vec![("id", Value::Text(id)), password],
        };
        let scope = match (&self.account, project) {
            (Some(account), _) => account.field(),
            (None, ProjectRef::Id(id)) => ("project", Value::Object(vec![("id", Value::Text(id))])),
            // The name is unique only within the account.
            (None, ProjectRef::Name(name)) => {
                let fields =
                    [("name", Value::Text(name))].into_iter().chain(domain.as_ref().map(Domain::field));
                ("project", Value::Object(fields.collect()))
            }
        };
        tokens::body("password", Value::Object(vec![("user", Value::Object(user))]), scope)
    }
}

#[async_trait]
impl Source for Password {
    async fn obtain(&self, held: &Held<'_>) -> Result<Credential, Error> {
        let Held { cloud, scope, .. } = *held;
        let region = scope.region_or(&cloud.region);
        let endpoint = cloud.endpoints.identity(&cloud.region);
        let endpoint = endpoint.map_err(|reason| Error::new(Kind::Argument, None, reason))?;
        let call = Call {
            operation: "obtain",
            subject: "a token for the user".into(),
            path: tokens::PATH,
            body: Some(self.body(cloud.project_in(region))?),
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
