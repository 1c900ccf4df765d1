//! The binary from outside: what it says and how it ends.

#[cfg(unix)]
mod api_keys;
mod cli;
mod keys;
mod serve;
mod support;
