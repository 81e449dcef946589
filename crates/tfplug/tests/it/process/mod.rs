//! What a process does: how it starts, listens, logs and ends.

mod by_hand;
mod debug;
mod handshake;
mod lifetime;
mod logs;
mod socket;
mod spawning;
