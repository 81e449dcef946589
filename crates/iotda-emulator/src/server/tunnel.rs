//! The emulator as an https proxy: it terminates every tunnel itself, whatever host is requested.
//!
//! A client can thus use the cloud's own host names, to test what depends on them, regions above all.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const METHOD: &[u8] = b"CONNECT ";
const LARGEST_HEAD: usize = 16 << 10;

/// Accepts a tunnel, if the client requests one.
pub(super) async fn open(stream: &mut TcpStream) -> io::Result<bool> {
    let mut start = [0; METHOD.len()];
    let seen = stream.peek(&mut start).await?;
    // Clients send their first line at once, so anything shorter than the method is something else.
    if seen < METHOD.len() || start != METHOD {
        return Ok(false);
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // Byte by byte: what follows the head belongs to TLS.
        head.push(stream.read_u8().await?);
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    Ok(true)
}
