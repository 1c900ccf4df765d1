//! The product's own lines of code, without comments and tests.

use std::{fs, path::Path};

use walkdir::WalkDir;

use crate::dependencies::root;

/// Lines of code and where they stand.
pub(super) struct Sources(Vec<Line>);

struct Line {
    /// Path from the root folder, with `/`.
    file: String,
    number: usize,
    text: String,
}

impl Sources {
    /// Everything in `src` folders below `folders`.
    pub(super) fn of(folders: &[&str]) -> Self {
        let walks = folders
            .iter()
            .flat_map(|folder| WalkDir::new(root().join(folder)));
        let files = walks
            .map(|entry| entry.expect("the folder can be read"))
            .filter(|entry| entry.file_type().is_file());
        let lines: Vec<_> = files.flat_map(|entry| lines(entry.path())).collect();
        assert!(!lines.is_empty(), "{folders:?} hold no code");
        Self(lines)
    }

    /// Fails when `word` stands anywhere but in `rooms`, and says `advice`.
    pub(super) fn hold(&self, word: &str, rooms: &[&str], advice: &str) {
        self.hold_where(|line| line.contains(word), rooms, advice);
    }

    /// Fails when a line that `matches` stands anywhere but in `rooms`, and says `advice`.
    pub(super) fn hold_where(&self, matches: impl Fn(&str) -> bool, rooms: &[&str], advice: &str) {
        for room in rooms {
            assert!(
                root().join(room).exists(),
                "{room} is gone: give up its exception"
            );
        }
        let strays: Vec<_> = self
            .0
            .iter()
            .filter(|line| matches(&line.text))
            .filter(|line| {
                !rooms
                    .iter()
                    .any(|room| Path::new(&line.file).starts_with(room))
            })
            .map(|Line { file, number, text }| format!("{file}:{number}: {}", text.trim()))
            .collect();
        assert!(strays.is_empty(), "{advice}:\n{}", strays.join("\n"));
    }
}

fn lines(path: &Path) -> Vec<Line> {
    let file = path
        .strip_prefix(root())
        .expect("the walk begins at the root")
        .to_string_lossy()
        .replace('\\', "/");
    let is_code = path.extension().is_some_and(|end| end == "rs") && file.contains("/src/");
    let is_test = file.ends_with("/tests.rs") || file.contains("/tests/");
    if !is_code || is_test {
        return Vec::new();
    }
    let text = fs::read_to_string(path).expect("code is text");
    // Test modules stand last in a file.
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    code.lines()
        .zip(1..)
        .filter(|(text, _)| !text.trim_start().starts_with("//"))
        .map(|(text, number)| Line {
            file: file.clone(),
            number,
            text: text.to_owned(),
        })
        .collect()
}
