//! A running emulator, from its owner's view.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::cloud::credentials::Key;
use crate::cloud::environment;
use crate::cloud::estate::account::StatusStep;
use crate::cloud::estate::fleet::Fleet;
use crate::cloud::estate::instance::Instance;
use crate::cloud::metadata::MetadataMode;
use crate::cloud::state::State;
use crate::config::Config;
use crate::faults::rule::{Faults, Rule};
use crate::http::journal::{Journal, Recorded};
use crate::lock::lock;
use crate::server;
use crate::server::Backend;
use crate::server::tls::{ClientIdentity, Tls};

/// A running emulator. It listens as soon as it is created, on a separate thread, until it is dropped.
pub struct Emulator {
    address: SocketAddr,
    https: bool,
    tls: Tls,
    backend: Arc<Backend>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts an emulator.
    ///
    /// # Errors
    /// If the estate contradicts itself, or the emulator cannot listen on the address.
    pub fn start(config: Config) -> anyhow::Result<Self> {
        let regions = config.estate.regions();
        let state = State::new(config.estate, config.metadata)?;
        let backend = Arc::new(Backend {
            state: Mutex::new(state),
            journal: Arc::new(Journal::new(config.kept_requests)),
            faults: Mutex::new(Faults::new(config.faults, config.seed)),
        });
        let tls = Tls::generate(config.certificate, config.client_certificates, &regions)?;
        let acceptor = tls.acceptor.clone();

        let listener = std::net::TcpListener::bind(config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&backend);
        let thread = thread::Builder::new().name("iotda-emulator".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    // Sent or dropped, both end the emulator.
                    _ = stopped => {}
                    () = server::serve(listener, acceptor, config.tls, served) => {}
                }
            });
        })?;
        Ok(Self { address, https: config.tls, tls, backend, stop: Some(stop), thread: Some(thread) })
    }

    /// Returns the address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of every service, without a trailing slash.
    pub fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Returns the variables that point a client at the emulator: key, region, project and endpoints. Over https, the
    /// client needs [`Emulator::ca_pem`] as well.
    pub fn environment(&self) -> Vec<(String, String)> {
        environment::variables(&lock(&self.backend.state), &self.url())
    }

    /// Returns the certificate authority behind the server's certificate; `None` over http.
    pub fn ca_pem(&self) -> Option<&str> {
        self.https.then_some(self.tls.ca_pem.as_str())
    }

    /// Returns the server's own certificate; `None` over http.
    pub fn server_certificate_pem(&self) -> Option<&str> {
        self.https.then_some(self.tls.server_pem.as_str())
    }

    /// Returns the client certificate to present if one is required; otherwise `None`.
    pub fn client_identity(&self) -> Option<&ClientIdentity> {
        self.tls.client.as_ref()
    }

    /// Returns the URL of an https proxy behind which the emulator serves every requested host, so that a client reads
    /// from `iotda-mgmt.cn-north-4.myhuaweicloud.com` without a custom endpoint. Only over http.
    pub fn proxy_url(&self) -> Option<String> {
        (!self.https).then(|| self.url())
    }

    /// Returns the certificate authority behind the certificates of the hosts that the proxy serves.
    pub fn proxy_ca_pem(&self) -> Option<&str> {
        (!self.https).then_some(self.tls.ca_pem.as_str())
    }

    /// Returns the requests so far, in the order in which they arrived.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.backend.journal.counts).requests.iter().cloned().collect()
    }

    /// Returns the requests to the instance API so far.
    pub fn instance_requests(&self) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.path.starts_with("/v5/iot/"));
        requests
    }

    /// Returns the number of requests so far.
    pub fn request_count(&self) -> usize {
        lock(&self.backend.journal.counts).requests.len()
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> u64 {
        lock(&self.backend.journal.counts).connections
    }

    /// Returns the number of TLS handshakes that failed so far. A client may notice a failure before it is counted.
    pub fn failed_handshakes(&self) -> u64 {
        lock(&self.backend.journal.counts).failed_handshakes
    }

    /// Returns the maximum number of requests that were in flight at the same time.
    pub fn max_in_flight(&self) -> usize {
        lock(&self.backend.journal.counts).max_in_flight
    }

    /// Clears the requests so far and the maximum number in flight; the count of connections continues.
    pub fn clear_requests(&self) {
        self.backend.journal.clear();
    }

    /// Adds a fault. Rules are evaluated in the order in which they were added.
    pub fn fail(&self, rule: Rule) {
        lock(&self.backend.faults).add(rule);
    }

    /// Removes all faults.
    pub fn heal(&self) {
        lock(&self.backend.faults).active.clear();
    }

    /// Sets the emulator's clock to the system's plus this many seconds.
    pub fn set_clock_offset(&self, seconds: i64) {
        lock(&self.backend.state).clock_offset = time::Duration::seconds(seconds);
    }

    /// Moves the emulator's clock forward.
    pub fn advance_clock(&self, by: Duration) {
        let mut state = lock(&self.backend.state);
        state.clock_offset = state.clock_offset.saturating_add(saturating(by));
    }

    /// Sets the lifetime of all tokens and temporary keys issued from now on; `None` restores the usual one.
    pub fn set_lifetime(&self, life: Option<Duration>) {
        lock(&self.backend.state).credentials.lifetime = life.map(saturating);
    }

    /// Makes all tokens and temporary keys issued so far expire at once.
    pub fn expire_issued_credentials(&self) {
        let mut state = lock(&self.backend.state);
        let now = state.now();
        state.credentials.expire_issued(now);
    }

    /// Sets how the metadata service responds to requests.
    pub fn set_metadata_mode(&self, mode: MetadataMode) {
        lock(&self.backend.state).metadata.mode = mode;
    }

    /// Removes an access key, permanent or temporary; returns false if no key has this id.
    pub fn remove_access_key(&self, access_key: &str) -> bool {
        lock(&self.backend.state).credentials.keys.remove(access_key).is_some()
    }

    /// Adds a permanent access key to an account, or changes its secret.
    ///
    /// # Errors
    /// If the account does not exist.
    pub fn put_access_key(&self, account_id: &str, access_key: &str, secret_key: &str) -> anyhow::Result<()> {
        let mut state = lock(&self.backend.state);
        state.account(account_id).with_context(|| format!("there is no account `{account_id}`"))?;
        state.credentials.keys.insert(access_key.to_owned(), Key::permanent(secret_key, account_id));
        Ok(())
    }

    /// Adds an instance to a project, or replaces the one that has its id. Text is returned byte for byte; a [`Value`]
    /// becomes text by `to_string`.
    ///
    /// # Errors
    /// If the project does not exist, or the text is not a JSON object with an `instance_id`.
    pub fn put_instance(&self, project_id: &str, json: impl AsRef<str>) -> anyhow::Result<()> {
        let instance = Instance::new(json.as_ref())?;
        self.in_project(project_id, |fleet| fleet.put(instance))
    }

    /// Removes an instance.
    ///
    /// # Errors
    /// If the project or the instance does not exist.
    pub fn remove_instance(&self, project_id: &str, instance_id: &str) -> anyhow::Result<()> {
        let removed = self.in_project(project_id, |fleet| fleet.remove(instance_id))?;
        anyhow::ensure!(removed, "there is no instance `{instance_id}`");
        Ok(())
    }

    /// Changes the status of an instance as it is read, step by step; the last status remains.
    ///
    /// # Errors
    /// If the project or the instance does not exist.
    pub fn script_status(
        &self,
        project_id: &str,
        instance_id: &str,
        steps: impl IntoIterator<Item = StatusStep>,
    ) -> anyhow::Result<()> {
        self.in_instance(project_id, instance_id, |it| it.script = steps.into_iter().collect())
    }

    /// Sets the tasks of an instance, oldest first, each as `ShowInstanceTask` returns it.
    ///
    /// # Errors
    /// If the project or the instance does not exist.
    pub fn set_tasks(
        &self,
        project_id: &str,
        instance_id: &str,
        tasks: impl IntoIterator<Item = Value>,
    ) -> anyhow::Result<()> {
        self.in_instance(project_id, instance_id, |it| it.tasks = tasks.into_iter().collect())
    }

    fn in_instance(
        &self,
        project_id: &str,
        id: &str,
        change: impl FnOnce(&mut Instance),
    ) -> anyhow::Result<()> {
        let changed = self.in_project(project_id, |fleet| fleet.get_mut(id).map(change))?;
        changed.with_context(|| format!("there is no instance `{id}`"))
    }

    fn in_project<T>(&self, id: &str, change: impl FnOnce(&mut Fleet) -> T) -> anyhow::Result<T> {
        let mut state = lock(&self.backend.state);
        let fleet = state.fleets.iter_mut().find(|fleet| fleet.project_id == id);
        Ok(change(fleet.with_context(|| format!("there is no project `{id}`"))?))
    }
}

fn saturating(duration: Duration) -> time::Duration {
    time::Duration::try_from(duration).unwrap_or(time::Duration::MAX)
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        // If the thread panicked, it has printed its own message, and it has stopped, as required here.
        self.thread.take().map(JoinHandle::join);
    }
}
