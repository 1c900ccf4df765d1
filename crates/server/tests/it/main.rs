//! Tests of the binary: output, exit codes, signals and backups.

#[cfg(unix)]
mod api_keys;
#[cfg(unix)]
mod backup;
mod cli;
#[cfg(unix)]
mod http;
mod keys;
#[cfg(unix)]
mod s3;
mod serve;
mod support;
