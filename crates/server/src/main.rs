//! The entry point; everything is in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    tintero::cli::run()
}
