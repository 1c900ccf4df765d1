//! Free slugs for whoever asked for one that is taken.

use super::Posts;
use crate::{
    error::{Error, Unique},
    values::{Address, PostId, Slug},
};

/// Suggestions that a refusal carries.
const SHOWN: usize = 3;

/// Slugs that are looked up for them, all at once.
const TRIED: usize = 6;

/// Numbers up to here count posts of one title; larger ones are years and mean something.
const LARGEST_COUNT: u64 = 999;

/// The address of a post belongs to another post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlugTaken {
    /// The address.
    pub address: Address,
    /// The post that holds it, when it is known.
    pub holder: Option<PostId>,
    /// Slugs like it that nobody holds at the moment, at most three.
    pub free: Vec<Slug>,
}

impl Posts {
    /// Adds to the refusal of a slug some that are free. It stays a refusal when they cannot be
    /// looked up.
    pub(super) async fn suggesting(&self, error: Error) -> Error {
        let Error::Taken {
            unique: Unique::Slug(address),
            holder,
        } = error
        else {
            return error;
        };
        let year = self.ports.clock.now().year();
        let tried = candidates(&address.slug, year);
        let store = &self.ports.store;
        let free = match store.find_taken(&address.locale, &tried).await {
            Ok(taken) => tried
                .into_iter()
                .filter(|slug| !taken.contains(slug))
                .take(SHOWN)
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

/// Slugs like one that is taken: numbered on, and with the year.
fn candidates(slug: &Slug, year: i16) -> Vec<Slug> {
    let (stem, count) = numbered(slug.as_str());
    let numbers = (count + 1..).take(TRIED - 1);
    let mut slugs: Vec<_> = numbers.filter_map(|n| slug_with(stem, n)).collect();
    let dated = u64::try_from(year)
        .ok()
        .and_then(|year| slug_with(stem, year));
    let place = slugs.len().min(SHOWN - 1);
    slugs.splice(place..place, dated.filter(|dated| dated != slug));
    slugs
}

/// The slug without the number at its end, and that number; 1 when there is none.
fn numbered(slug: &str) -> (&str, u64) {
    slug.rsplit_once('-')
        .and_then(|(stem, number)| Some((stem, number.parse().ok()?)))
        .filter(|(_, number)| (1..=LARGEST_COUNT).contains(number))
        .unwrap_or((slug, 1))
}

/// The stem with a number behind it, cut between words where both are too long.
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
    fn slugs_are_numbered_on_and_offered_with_the_year() {
        assert_eq!(of("hola")[..4], ["hola-2", "hola-3", "hola-2026", "hola-4"]);
        assert_eq!(of("hola-7")[..3], ["hola-8", "hola-9", "hola-2026"]);
        assert_eq!(of("hola").len(), 6);
    }

    #[test]
    fn a_year_is_no_count() {
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
    fn long_slugs_are_cut_to_make_room() {
        let long = format!("{}-fin", "a".repeat(90));
        assert!(of(&long).iter().all(|slug| slug.len() <= Slug::MAX));
        assert_eq!(of(&long)[0], format!("{}-fin-2", "a".repeat(90)));
        let longest = format!("{}-final", "a".repeat(90));
        assert_eq!(of(&longest)[0], format!("{}-2", "a".repeat(90)));
    }
}
