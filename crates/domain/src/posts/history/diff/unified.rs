//! Writes a diff in the format of `diff -u`.

use std::fmt::Write as _;

use similar::{ChangeTag, DiffOp, udiff::UnifiedHunkHeader};

/// The names of both sides.
pub(super) fn header([old, new]: &[String; 2]) -> String {
    format!("--- {old}\n+++ {new}\n")
}

/// Appends a hunk, which must have an operation.
pub(super) fn push_hunk(unified: &mut String, ops: &[DiffOp], lines: &[(ChangeTag, &str)]) {
    writeln!(unified, "{}", UnifiedHunkHeader::new(ops))
        .expect("writing to a string does not fail");
    for (tag, line) in lines {
        unified.push(match tag {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        });
        unified.push_str(line);
        if !line.ends_with('\n') {
            unified.push_str("\n\\ No newline at end of file\n");
        }
    }
}
