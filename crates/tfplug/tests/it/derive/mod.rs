//! What the derive writes, and what it refuses.

mod described;
mod types;
mod written;
