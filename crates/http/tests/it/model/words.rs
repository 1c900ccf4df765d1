//! The content of posts in the model, and merges of concurrent changes.

use tintero_domain::posts::Set;

use super::operations::Offset;

/// Some differ only in case, which is ignored.
pub(super) const TAGS: [&[&str]; 6] = [
    &[],
    &["aws"],
    &["Rust"],
    &["rust", "AWS"],
    &["gatos"],
    &["Gatos", "Rust"],
];
/// The tags above, in lower case.
pub(super) const TAG_NAMES: [&str; 4] = ["aws", "RUST", "gatos", "Perros"];

/// The content of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: u8,
    pub(super) body: Body,
    pub(super) slug: &'static str,
    pub(super) locale: &'static str,
    pub(super) tags: Vec<&'static str>,
    pub(super) categories: Vec<usize>,
    pub(super) bylines: Vec<usize>,
    pub(super) aliases: &'static [&'static str],
}

/// A patch of the content and of the publication date.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    pub(super) title: Option<u8>,
    /// New paragraphs by their number.
    pub(super) body: Vec<(usize, u8)>,
    pub(super) slug: Option<&'static str>,
    pub(super) locale: Option<&'static str>,
    pub(super) tags: Option<&'static [&'static str]>,
    pub(super) categories: Option<Vec<usize>>,
    pub(super) bylines: Option<Vec<usize>>,
    pub(super) aliases: Option<&'static [&'static str]>,
    pub(super) date: Set<Option<Offset>>,
}

/// A text of paragraphs, separated by constant lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Body(pub(super) [u8; Body::STANZAS]);

impl Body {
    pub(super) const STANZAS: usize = 3;

    fn changed(mut self, changes: &[(usize, u8)]) -> Self {
        for (stanza, verse) in changes {
            self.0[stanza % Self::STANZAS] = *verse;
        }
        self
    }

    pub(super) fn text(self) -> String {
        let stanzas = self.0.into_iter().enumerate();
        let texts = stanzas.map(|(nth, verse)| stanza(nth, verse) + &refrain(nth));
        texts.collect()
    }
}

/// Each variant has different lines and a different number of lines.
fn stanza(nth: usize, verse: u8) -> String {
    match verse {
        0 => String::new(),
        _ if verse.is_multiple_of(3) => format!("Silencio {verse} de {nth}.\n"),
        _ => format!("Verso {verse} de *{nth}*.\n").repeat(usize::from(verse % 3)),
    }
}

fn refrain(nth: usize) -> String {
    format!("Estribillo {nth}.\n")
}

impl Words {
    /// Applies a patch.
    pub(super) fn changed(&self, changes: &Changes) -> Self {
        let categories = changes.categories.as_ref();
        Self {
            title: changes.title.unwrap_or(self.title),
            body: self.body.changed(&changes.body),
            slug: changes.slug.unwrap_or(self.slug),
            locale: changes.locale.unwrap_or(self.locale),
            tags: changes
                .tags
                .map_or_else(|| self.tags.clone(), <[_]>::to_vec),
            categories: categories.unwrap_or(&self.categories).clone(),
            bylines: changes.bylines.as_ref().unwrap_or(&self.bylines).clone(),
            aliases: changes.aliases.unwrap_or(self.aliases),
        }
    }

    /// Merges the changes of two authors. `None` if they conflict.
    pub(super) fn merged(&self, theirs: &Self, yours: &Self) -> Option<Self> {
        let mut body = self.body;
        for (stanza, verse) in body.0.iter_mut().enumerate() {
            let sides = [theirs, yours].map(|words| words.body.0[stanza]);
            *verse = either(verse, sides.each_ref())?;
        }
        macro_rules! either {
            ($member:ident) => {
                either(&self.$member, [&theirs.$member, &yours.$member])?
            };
        }
        Some(Self {
            title: either!(title),
            body,
            slug: either!(slug),
            locale: either!(locale),
            tags: either!(tags),
            categories: either!(categories),
            bylines: either!(bylines),
            aliases: either!(aliases),
        })
    }

    pub(super) fn title(&self) -> String {
        title(self.title)
    }
}

pub(super) fn title(n: u8) -> String {
    format!("Título {n}")
}

/// The changed value. `None` if both changed it differently.
fn either<T: Clone + PartialEq>(before: &T, [theirs, yours]: [&T; 2]) -> Option<T> {
    if theirs == before || theirs == yours {
        Some(yours.clone())
    } else {
        (yours == before).then(|| theirs.clone())
    }
}
