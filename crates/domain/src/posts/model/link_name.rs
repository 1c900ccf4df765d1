use super::Post;
use crate::values::{Address, OldPath};

/// A name by which a link refers to a post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkName {
    /// The file that the post was imported from.
    Source {
        /// Name of the import.
        import: String,
        /// Path of the file.
        path: String,
    },
    /// A former path of the post.
    OldPath(OldPath),
    /// A present or former address of the post.
    Address(Address),
}

impl LinkName {
    /// All names of a post.
    pub(in crate::posts) fn of(post: &Post) -> Vec<Self> {
        let content = &post.content;
        let source = content.source.as_ref().map(|source| Self::Source {
            import: source.import.clone(),
            path: source.path.clone(),
        });
        let paths = content.aliases.iter().cloned().map(Self::OldPath);
        let live = post.live().map(|live| &live.address);
        let former = post.state.past_addresses.iter();
        let addresses = live.into_iter().chain(former).cloned().map(Self::Address);
        source.into_iter().chain(paths).chain(addresses).collect()
    }
}
