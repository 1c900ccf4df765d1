//! Path of the binary under test.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::SystemTime,
};

static BINARY: LazyLock<PathBuf> = LazyLock::new(find);

/// The binary `tintero`, built with the profile of these tests.
pub(crate) fn path() -> &'static Path {
    &BINARY
}

fn find() -> PathBuf {
    let test = std::env::current_exe().expect("a running test knows its own file");
    // target/<profile>/deps/<test>: the binary is one folder up.
    let profile = test.ancestors().nth(2).expect("the test is in deps/");
    let binary = profile.join(format!("tintero{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.exists(),
        "{} is missing: build it with `cargo build -p tintero`, or run ./scripts/test",
        binary.display()
    );
    if let Some(source) = newer_source(&binary) {
        warn(&source);
    }
    binary
}

#[expect(clippy::print_stderr, reason = "developers read it in the test output")]
fn warn(source: &Path) {
    eprintln!(
        "warning: {} is newer than the binary under test; build it again",
        source.display()
    );
}

/// A source file that is newer than the binary. The compiler writes the list of sources to a `.d` file.
fn newer_source(binary: &Path) -> Option<PathBuf> {
    let changed = |path: &Path| -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    let built = changed(binary)?;
    let list = fs::read_to_string(binary.with_extension("d")).ok()?;
    let (_, sources) = list.lines().next()?.split_once(": ")?;
    let sources = sources.replace("\\ ", "\0");
    sources
        .split(' ')
        .map(|source| PathBuf::from(source.replace('\0', " ")))
        .find(|source| changed(source).is_some_and(|moment| moment > built))
}
