//! The binary from outside: what it says and how it ends.

mod cli;
mod keys;
mod serve;
mod support;
