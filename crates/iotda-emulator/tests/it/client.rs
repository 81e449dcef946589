//! A client of a few lines: HTTP/1.1 on a plain socket, and a signer.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use iotda_emulator::{Emulator, ids};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// Long enough for a busy machine, short enough to fail in.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Why the body ends before its `Content-Length`, if it does.
    pub(crate) cut_short: Option<io::ErrorKind>,
}

/// A key that signs: its id, its secret, and the security token of a temporary one.
#[derive(Clone, Debug)]
pub(crate) struct Key(pub(crate) String, pub(crate) String, pub(crate) Option<String>);

impl Key {
    pub(crate) fn demo() -> Self {
        Self(ids::ACCESS_KEY.into(), ids::SECRET_KEY.into(), None)
    }
}

impl Call {
    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: impl Into<String>, body: &Value) -> Self {
        let call = Self::new("POST", target).header("content-type", "application/json");
        Self { body: body.to_string(), ..call }
    }

    pub(crate) fn new(method: &str, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), ..Self::default() }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn signed(self, key: &Key) -> Self {
        self.signed_at(key, OffsetDateTime::now_utc())
    }

    /// Signs `x-sdk-date`, and `x-domain-id` if that is there; the targets of these tests are in canonical form already, but for the last slash.
    pub(crate) fn signed_at(self, Key(access_key, secret_key, token): &Key, at: OffsetDateTime) -> Self {
        let form = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
        let date = at.format(form).unwrap();
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let hash = |text: &str| hex(&Sha256::digest(text));
        let domain = self.headers.iter().find(|(name, _)| name == "x-domain-id");
        let (line, name) =
            domain.map_or((String::new(), ""), |(name, value)| (format!("{name}:{value}\n"), "x-domain-id;"));
        let canonical = format!(
            "{}\n{path}/\n{query}\n{line}x-sdk-date:{date}\n\n{name}x-sdk-date\n{}",
            self.method,
            hash(&self.body)
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()).unwrap();
        mac.update(format!("SDK-HMAC-SHA256\n{date}\n{}", hash(&canonical)).as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={access_key}, SignedHeaders={name}x-sdk-date, Signature={signature}"
        );
        let mut call = self.header("x-sdk-date", date).header("authorization", authorization);
        if let Some(token) = token {
            call = call.header("x-security-token", token);
        }
        call
    }

    /// Sends it on a connection of its own.
    pub(crate) fn send(&self, cloud: &Emulator) -> Response {
        self.try_send(cloud.address()).unwrap()
    }

    pub(crate) fn try_send(&self, address: SocketAddr) -> io::Result<Response> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        self.write_to(&mut stream)?;
        Response::read_from(&mut stream)
    }

    pub(crate) fn write_to(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut text =
            format!("{} {} HTTP/1.1\r\nhost: {}\r\n", self.method, self.target, stream.peer_addr()?);
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").map_err(io::Error::other)?;
        }
        if !self.body.is_empty() {
            write!(text, "content-length: {}\r\n", self.body.len()).map_err(io::Error::other)?;
        }
        text += "\r\n";
        text += &self.body;
        stream.write_all(text.as_bytes())
    }
}

impl Response {
    pub(crate) fn read_from(stream: &mut TcpStream) -> io::Result<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).map_err(io::Error::other)?;
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut response = Self { status, headers, body: Vec::new(), cut_short: None };
        let length: usize = response.header("content-length").unwrap_or("0").parse().unwrap();
        let mut piece = [0; 16 << 10];
        while response.body.len() < length {
            match stream.read(&mut piece) {
                Ok(0) => response.cut_short = Some(io::ErrorKind::UnexpectedEof),
                Ok(count) => response.body.extend_from_slice(&piece[..count]),
                Err(error) => response.cut_short = Some(error.kind()),
            }
            if response.cut_short.is_some() {
                break;
            }
        }
        Ok(response)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `error_code`, wherever the service that failed puts it.
    pub(crate) fn error_code(&self) -> String {
        let body = self.json();
        body["error_code"].as_str().map_or_else(|| body["error"]["code"].to_string(), str::to_owned)
    }

    pub(crate) fn error_message(&self) -> String {
        let body = self.json();
        let message = body["error_msg"].as_str().or(body["error"]["message"].as_str());
        message.unwrap_or_default().to_owned()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The time by a clock that is off by so many seconds.
pub(crate) fn now_plus(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::now_utc() + time::Duration::seconds(seconds)
}

pub(crate) fn system_time(http_date: &str) -> SystemTime {
    httpdate::parse_http_date(http_date).unwrap()
}
