//! Lists come in pages; a cursor says where the next one starts.

/// How many items a page holds at most: 1 to 100, 20 unless asked otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// The largest page.
    pub const MAX: u8 = 100;
    /// As many items as a page may hold.
    pub const LARGEST: Self = Self(Self::MAX);

    /// A page size; `None` when it lies outside 1 to 100.
    #[must_use]
    pub fn new(limit: u64) -> Option<Self> {
        match u8::try_from(limit) {
            Ok(limit @ 1..=Self::MAX) => Some(Self(limit)),
            _ => None,
        }
    }

    /// The number of items.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

/// An opaque, signed position in one list, as the store made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// Which page of a list is wanted.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// How many items.
    pub limit: Limit,
    /// Where to continue; the start when absent.
    pub cursor: Option<Cursor>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; absent at the end.
    pub next: Option<Cursor>,
}
