//! The emulator as a proxy for https: whatever host a tunnel is asked for, the emulator is at its other end.
//!
//! With it a client keeps the cloud's own host names, so that what depends on them, regions above all, can be tried.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const METHOD: &[u8] = b"CONNECT ";
const LARGEST_HEAD: usize = 16 << 10;

/// If what comes next is the request for a tunnel, grants it.
pub(super) async fn open(stream: &mut TcpStream) -> io::Result<bool> {
    let mut start = [0; METHOD.len()];
    let seen = stream.peek(&mut start).await?;
    // Clients send their first line whole, so what is shorter than the method is something else.
    if seen < METHOD.len() || start != METHOD {
        return Ok(false);
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // One by one: what follows the head belongs to TLS.
        head.push(stream.read_u8().await?);
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    Ok(true)
}
