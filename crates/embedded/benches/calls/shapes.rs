//! The sizes of the items that Tintero reads and writes for a post of 4 KB.

/// An item of a transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Bytes of its attributes besides the keys.
    pub(crate) bytes: usize,
    /// Whether the item is in the index.
    pub(crate) indexed: bool,
}

const fn row(bytes: usize) -> Row {
    Row {
        bytes,
        indexed: false,
    }
}

const fn indexed(bytes: usize) -> Row {
    Row {
        bytes,
        indexed: true,
    }
}

/// Creating a draft: its record, revision, text and audit record.
pub(crate) const CREATE: &[Row] = &[indexed(850), row(400), row(1700), row(450)];

/// Publishing a post: its record, address, revision, four rows of lists, two counters and the audit
/// record.
pub(crate) const PUBLISH: &[Row] = &[
    indexed(950),
    row(3600),
    row(450),
    row(700),
    row(700),
    row(700),
    row(700),
    row(60),
    row(60),
    row(450),
];

/// Bytes of the item by which an address is read: the live post with its compressed text.
pub(crate) const ADDRESS: usize = 3600;

/// Bytes of a row of a list.
pub(crate) const LIST_ROW: usize = 700;

/// Text of this length with little repetition, because items hold compressed text and identifiers.
pub(crate) fn text(length: usize, seed: usize) -> String {
    let mut state = seed as u64 | 1;
    let mut text = String::with_capacity(length);
    while text.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let letter = u8::try_from(state >> 59).unwrap_or_default() % 26;
        text.push(char::from(b'a' + letter));
    }
    text
}
