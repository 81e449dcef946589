//! What the derive writes, and what it refuses.

mod compile_fail;
mod described;
mod types;
mod written;
