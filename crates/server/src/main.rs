//! The entry point of the binary.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Returns memory to the system after load, which the default allocator does not.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tintero::cli::run()
}
