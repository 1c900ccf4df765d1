//! The binary from outside: what it says and how it ends.

#[cfg(unix)]
mod api_keys;
#[cfg(unix)]
mod backup;
mod cli;
#[cfg(unix)]
mod http;
mod keys;
mod serve;
mod support;
