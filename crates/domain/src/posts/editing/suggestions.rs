//! Suggestions of free slugs in place of a taken one.

use crate::{
    error::{Error, Unique},
    posts::Posts,
    values::{Address, PostId, Slug},
};

/// Most suggestions of one error.
const MAX_SUGGESTIONS: usize = 3;

/// Candidates looked up in one request.
const MAX_CANDIDATES: usize = 6;

/// Numbers up to this one count posts with the same title. Larger ones are years and part of the
/// title.
const LARGEST_COUNT: u64 = 999;

/// An address is already taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlugTaken {
    /// The address.
    pub address: Address,
    /// The post that holds it, if known.
    pub holder: Option<PostId>,
    /// Similar slugs that are free at the moment, at most three.
    pub free: Vec<Slug>,
}

impl Posts {
    /// Adds free slugs to an error about a taken slug. Returns the error without suggestions if the
    /// lookup fails.
    pub(in crate::posts) async fn with_free_slugs(&self, error: Error) -> Error {
        let Error::Taken {
            unique: Unique::Slug(address),
            holder,
        } = error
        else {
            return error;
        };
        let year = self.ports.clock.now().year();
        let candidates = candidates(&address.slug, year);
        let store = &self.ports.store;
        let free = match store.find_taken(&address.locale, &candidates).await {
            Ok(taken) => candidates
                .into_iter()
                .filter(|slug| !taken.contains(slug))
                .take(MAX_SUGGESTIONS)
                .collect(),
            Err(_) => Vec::new(),
        };
        Error::SlugTaken(Box::new(SlugTaken {
            address,
            holder,
            free,
        }))
    }
}

/// Similar slugs: with the next numbers and with the year.
fn candidates(slug: &Slug, year: i16) -> Vec<Slug> {
    let (stem, count) = numbered(slug.as_str());
    let numbers = (count + 1..).take(MAX_CANDIDATES - 1);
    let mut slugs: Vec<_> = numbers.filter_map(|n| slug_with(stem, n)).collect();
    let dated = u64::try_from(year)
        .ok()
        .and_then(|year| slug_with(stem, year));
    let position = slugs.len().min(MAX_SUGGESTIONS - 1);
    slugs.splice(position..position, dated.filter(|dated| dated != slug));
    slugs
}

/// Splits off the number at the end of a slug; 1 if there is none.
fn numbered(slug: &str) -> (&str, u64) {
    slug.rsplit_once('-')
        .and_then(|(stem, number)| Some((stem, number.parse().ok()?)))
        .filter(|(_, number)| (1..=LARGEST_COUNT).contains(number))
        .unwrap_or((slug, 1))
}

/// Appends a number. Shortens the stem at a word boundary if both are too long.
fn slug_with(stem: &str, number: u64) -> Option<Slug> {
    let number = number.to_string();
    let room = Slug::MAX - number.len() - 1;
    let stem = Slug::of_at_most(stem, room)?;
    format!("{stem}-{number}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(slug: &str) -> Vec<String> {
        let slug = slug.parse().unwrap();
        let slugs = candidates(&slug, 2026).into_iter();
        slugs.map(Into::into).collect()
    }

    #[test]
    fn candidates_have_the_next_numbers_and_the_year() {
        assert_eq!(of("hola")[..4], ["hola-2", "hola-3", "hola-2026", "hola-4"]);
        assert_eq!(of("hola-7")[..3], ["hola-8", "hola-9", "hola-2026"]);
        assert_eq!(of("hola").len(), 6);
    }

    #[test]
    fn a_year_is_not_incremented() {
        assert_eq!(
            of("balance-2025")[..2],
            ["balance-2025-2", "balance-2025-3"]
        );
        assert_eq!(
            of("hola-2026")[..3],
            ["hola-2026-2", "hola-2026-3", "hola-2026-2026"]
        );
    }

    #[test]
    fn long_slugs_are_shortened() {
        let long = format!("{}-fin", "a".repeat(90));
        assert!(of(&long).iter().all(|slug| slug.len() <= Slug::MAX));
        assert_eq!(of(&long)[0], format!("{}-fin-2", "a".repeat(90)));
        let longest = format!("{}-final", "a".repeat(90));
        assert_eq!(of(&longest)[0], format!("{}-2", "a".repeat(90)));
    }
}
