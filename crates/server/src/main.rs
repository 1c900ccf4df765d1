//! The entry point; everything is in the library of the same name.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The system's allocator keeps what many threads once needed; this one gives it back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tintero::cli::run()
}
