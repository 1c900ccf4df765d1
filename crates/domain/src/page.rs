//! Pages of lists.

/// Maximum number of items of a page: 1 to 100, by default 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// The maximum.
    pub const MAX: u8 = 100;
    /// The largest limit.
    pub const LARGEST: Self = Self(Self::MAX);

    /// Creates a limit. Returns `None` outside of 1 to 100.
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

/// An opaque, signed position in a list, created by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// A request for a page.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// Maximum number of items.
    pub limit: Limit,
    /// Position after which to continue; the start if absent.
    pub cursor: Option<Cursor>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Position of the next page; absent at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Converts the items.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
        }
    }
}
