//! A peer that is let in, and speaks HTTP/2 to do harm: it is refused or bounded, and the host goes on being served.

use tfplug::internals::Raw as _;
use tfplug::testing::{Host, Plugin};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{unruly, within};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, length @ ..] = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header that is not to be remembered.
fn literal(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).unwrap();
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

/// The headers of a call: POST, http, and the rest in full.
fn call(path: &str) -> Vec<u8> {
    let rest = [
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    let rest = rest.into_iter().flat_map(|(name, value)| literal(name, value));
    [0x83, 0x86].into_iter().chain(rest).collect()
}

const READ: &str = "/tfplugin6.Provider/ReadDataSource";
const SCHEMA: &str = "/tfplugin6.Provider/GetProviderSchema";

/// A plugin without TLS, so that anyone can say anything, and the host's own connection to it.
async fn plaintext() -> (Plugin, Host) {
    let plugin = within(unruly().plaintext().start()).await.unwrap();
    let host = within(plugin.connect()).await.unwrap();
    assert!(host.configure(&serde_json::json!({})).await.unwrap().is_empty());
    (plugin, host)
}

async fn still_served(name: &str, plugin: &Plugin, host: &Host) {
    let read = within(host.read("unruly_reading", &serde_json::json!({}))).await.unwrap();
    assert!(read.diagnostics.is_empty(), "{name}");
    let again = within(plugin.connect()).await.unwrap();
    assert!(within(again.schema()).await.is_ok(), "{name}: and on a new connection");
    assert!(!plugin.log().contains("panic"), "{name}: {}", plugin.log());
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", plugin.id().unwrap())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let peak: u64 = peak.trim().strip_suffix(" kB").unwrap().parse().unwrap();
        assert!(peak < 64 << 10, "{name}: {peak} KiB");
    }
}

/// How long to read frames; in any case until the connection ends.
#[derive(Clone, Copy, PartialEq)]
enum Until {
    Closed,
    EndOfStream,
    PingAnswered,
}

/// The frames that come.
async fn frames(mut connection: impl AsyncRead + Unpin, until: Until) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    let mut head = [0; 9];
    while connection.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        if connection.read_exact(&mut payload).await.is_err() {
            break;
        }
        frames.push((head[3], payload));
        let ended = matches!(head[3], RST_STREAM | GOAWAY) || head[3] == HEADERS && head[4] & END_STREAM != 0;
        let answered = head[3] == PING;
        if until == Until::EndOfStream && ended || until == Until::PingAnswered && answered {
            break;
        }
    }
    frames
}

/// Says all that at once, and reads what comes until the plugin closes the connection, or has no more to say.
async fn said(plugin: &Plugin, frames_of_ours: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let connection = within(plugin.open()).await.unwrap();
    let (reading, mut writing) = tokio::io::split(connection);
    let bytes = [PREFACE, &frame(SETTINGS, 0, 0, &[]), frames_of_ours].concat();
    let speak = async {
        // The plugin may close the connection in the middle.
        let _ = writing.write_all(&bytes).await;
        let _ = writing.shutdown().await;
    };
    within(async { tokio::join!(frames(reading, Until::Closed), speak).0 }).await
}

/// Makes a call and reads what comes of it.
async fn asked(plugin: &Plugin, headers: &[u8], message: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let connection = within(plugin.open()).await.unwrap();
    let (reading, mut writing) = tokio::io::split(connection);
    let bytes = [
        PREFACE,
        &frame(SETTINGS, 0, 0, &[]),
        &frame(HEADERS, END_HEADERS, 1, headers),
        &frame(DATA, END_STREAM, 1, message),
    ];
    writing.write_all(&bytes.concat()).await.unwrap();
    within(frames(reading, Until::EndOfStream)).await
}

fn code(frames: &[(u8, Vec<u8>)]) -> Option<u32> {
    let (_, payload) = frames.iter().find(|(kind, _)| *kind == GOAWAY)?;
    Some(u32::from_be_bytes(payload.get(4..8)?.try_into().ok()?))
}

const FRAME_SIZE_ERROR: u32 = 6;
const ENHANCE_YOUR_CALM: u32 = 11;

#[tokio::test]
async fn streams_that_are_opened_and_reset_at_once_end_the_connection() {
    let (plugin, host) = plaintext().await;
    let mut flood = Vec::new();
    for stream in 0..20_000 {
        let stream = stream * 2 + 1;
        flood.extend(frame(HEADERS, END_HEADERS, stream, &call(READ)));
        flood.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    let answer = said(&plugin, &flood).await;
    assert_eq!(code(&answer), Some(ENHANCE_YOUR_CALM), "{:?}", answer.last());
    still_served("rapid reset", &plugin, &host).await;
}

/// Each could hold a message of its own until it is whole.
#[tokio::test]
async fn streams_that_are_opened_and_left_open_are_refused_beyond_a_few_thousand() {
    const REFUSED_STREAM: [u8; 4] = [0, 0, 0, 7];
    let (plugin, host) = plaintext().await;
    let opened = 5000;
    let headers = |stream: u32| frame(HEADERS, END_HEADERS, stream * 2 + 1, &call(READ));
    let flood: Vec<u8> = (0..opened).flat_map(headers).collect();
    let connection = within(plugin.open()).await.unwrap();
    let (reading, mut writing) = tokio::io::split(connection);
    // The response to the ping comes once everything before it has been read.
    let bytes = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &flood, &frame(PING, 0, 0, &[7; 8])].concat();
    writing.write_all(&bytes).await.unwrap();
    let answer = within(frames(reading, Until::PingAnswered)).await;
    let refused =
        answer.iter().filter(|(kind, code)| *kind == RST_STREAM && **code == REFUSED_STREAM).count();
    assert_eq!(refused, opened as usize - 4096);
    still_served("open streams", &plugin, &host).await;
    drop(writing);
}

#[tokio::test]
async fn headers_without_end_end_the_connection() {
    let (plugin, host) = plaintext().await;
    let mut flood = frame(HEADERS, 0, 1, &call(READ));
    let piece: Vec<u8> = (0..60).flat_map(|_| literal("x", &"y".repeat(120))).collect();
    for _ in 0..10_000 {
        flood.extend(frame(CONTINUATION, 0, 1, &piece));
    }
    let answer = said(&plugin, &flood).await;
    assert_eq!(code(&answer), Some(ENHANCE_YOUR_CALM), "{:?}", answer.last());
    still_served("continuations", &plugin, &host).await;
    // A header that is remembered, and then named again and again by one byte.
    let remembered = [&[0x40, 1, b'x', 0x7f, 0xe1, 0x1e][..], &[b'y'; 4_000]].concat();
    let bomb = [call(READ), remembered, vec![0xbe; 10_000]].concat();
    let answer = asked(&plugin, &bomb, &[]).await;
    let last = answer.last().map(|(kind, _)| *kind);
    assert!(matches!(last, Some(HEADERS | RST_STREAM | GOAWAY)), "{answer:?}");
    still_served("a header bomb", &plugin, &host).await;
}

#[tokio::test]
async fn settings_and_pings_are_no_way_to_fill_the_memory() {
    let (plugin, host) = plaintext().await;
    for (name, one) in
        [("settings", frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 1])), ("pings", frame(PING, 0, 0, &[7; 8]))]
    {
        // Read as fast as they come, or not read at all: then the plugin stops reading, or closes the connection.
        said(&plugin, &one.repeat(20_000)).await;
        still_served(name, &plugin, &host).await;
        let mut deaf = within(plugin.open()).await.unwrap();
        let flood = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &one.repeat(200_000)].concat();
        let heard = tokio::time::timeout(std::time::Duration::from_secs(2), deaf.write_all(&flood)).await;
        still_served(name, &plugin, &host).await;
        drop((deaf, heard));
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_its_announcement() {
    let (plugin, host) = plaintext().await;
    let large = [&[0xff, 0xff, 0xff, DATA, 0][..], &1_u32.to_be_bytes()].concat();
    let answer = said(&plugin, &[frame(HEADERS, END_HEADERS, 1, &call(READ)), large].concat()).await;
    assert_eq!(code(&answer), Some(FRAME_SIZE_ERROR), "{answer:?}");
    still_served("a frame", &plugin, &host).await;
    for (name, message) in [
        ("a message of 4 GiB", [0, 0xff, 0xff, 0xff, 0xff]),
        ("a message of 256 MiB and a byte", [0, 0x10, 0, 0, 1]),
        ("a compressed message", [1, 0, 0, 0, 1]),
        ("a flag that is none", [7, 0, 0, 0, 1]),
    ] {
        let answer = asked(&plugin, &call(READ), &message).await;
        // A response without data is not that of a read: a status, or the end of the stream.
        let of = |wanted: u8| answer.iter().any(|(kind, payload)| *kind == wanted && !payload.is_empty());
        assert!(!of(DATA) && (of(HEADERS) || of(RST_STREAM)), "{name}: {answer:?}");
        still_served(name, &plugin, &host).await;
    }
}

#[tokio::test]
async fn what_is_no_http_2_is_hung_up_on() {
    let (plugin, host) = plaintext().await;
    for (name, bytes) in [
        ("HTTP/1.1", b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec()),
        ("TLS", vec![22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
        ("zeros", vec![0; 100_000]),
        ("another preface", [PREFACE, &[0xff; 1_000]].concat()),
        (
            "a frame of a stream that is the plugin's",
            [PREFACE, &frame(HEADERS, END_HEADERS, 2, &call(READ))].concat(),
        ),
    ] {
        let mut connection = within(plugin.open()).await.unwrap();
        let _ = connection.write_all(&bytes).await;
        let _ = connection.shutdown().await;
        let mut answer = Vec::new();
        let _ = within(connection.read_to_end(&mut answer)).await;
        assert!(answer.len() < 1_000, "{name}: {answer:?}");
        still_served(name, &plugin, &host).await;
    }
}

/// A newer host may send what this plugin does not know.
#[tokio::test]
async fn fields_that_are_not_known_do_not_matter() {
    let (plugin, host) = plaintext().await;
    // Field 536870911 as text, field 1000 as a number, and field 3 as eight bytes.
    let fields = [&[0xfa, 0xff, 0xff, 0xff, 0x0f, 2, b'h', b'i', 0xc0, 0x3e, 1, 0x19][..], &[1; 8]].concat();
    let message = [&[0, 0, 0, 0, u8::try_from(fields.len()).unwrap()][..], &fields].concat();
    let answer = asked(&plugin, &call(SCHEMA), &message).await;
    let data: usize = answer.iter().filter(|(kind, _)| *kind == DATA).map(|(_, payload)| payload.len()).sum();
    assert!(data > 100, "the schema is returned: {answer:?}");
    still_served("unknown fields", &plugin, &host).await;
}
