//! Lines of the product's code, without comments and tests.

use std::{fs, path::Path};

use walkdir::WalkDir;

use crate::dependencies::root;

/// Lines of code with their file and line number.
pub(super) struct Sources(Vec<Line>);

struct Line {
    /// Path from the root folder, with `/`.
    file: String,
    number: usize,
    text: String,
}

impl Sources {
    /// Reads all files in `src` folders below `folders`.
    pub(super) fn of(folders: &[&str]) -> Self {
        let walks = folders
            .iter()
            .flat_map(|folder| WalkDir::new(root().join(folder)));
        let files = walks
            .map(|entry| entry.expect("the folder can be read"))
            .filter(|entry| entry.file_type().is_file());
        let lines: Vec<_> = files.flat_map(|entry| lines(entry.path())).collect();
        assert!(!lines.is_empty(), "{folders:?} contain no code");
        Self(lines)
    }

    /// Each line, with its position as `file:number`.
    pub(super) fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        self.0
            .iter()
            .map(|line| (format!("{}:{}", line.file, line.number), line.text.as_str()))
    }

    /// Fails with `advice` if a line outside `rooms` contains `word`.
    pub(super) fn forbid(&self, word: &str, rooms: &[&str], advice: &str) {
        self.forbid_where(|line| line.contains(word), rooms, advice);
    }

    /// Fails with `advice` if a line outside `rooms` matches.
    pub(super) fn forbid_where(
        &self,
        matches: impl Fn(&str) -> bool,
        rooms: &[&str],
        advice: &str,
    ) {
        for room in rooms {
            assert!(
                root().join(room).exists(),
                "{room} does not exist: remove its exception"
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
        .expect("the walk starts at the root")
        .to_string_lossy()
        .replace('\\', "/");
    let is_code = path.extension().is_some_and(|end| end == "rs") && file.contains("/src/");
    let is_test = file.ends_with("/tests.rs") || file.contains("/tests/");
    if !is_code || is_test {
        return Vec::new();
    }
    let text = fs::read_to_string(path).expect("code is text");
    // Test modules are the last item of a file.
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
