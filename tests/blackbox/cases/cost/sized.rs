//! Posts of the size that the cost table assumes.

use serde_json::{Value, json};

use crate::costs::{BODY, EXCERPT, TITLE};

/// A post of the size that the cost table assumes.
pub(super) fn post(number: usize) -> Value {
    json!({
        "title": title("Title", number),
        "slug": slug(number, "first"),
        "body": text(number),
        "excerpt": words(number).chars().take(EXCERPT).collect::<String>().trim_end(),
        "locale": "en",
        "tags": ["cost", format!("tag-{:06}", number % 100), format!("one-{number:06}")],
        "aliases": [format!("/old/{number:06}.html")],
        "source": { "import": "cost", "path": format!("_posts/{number:06}.md"), "sha256": format!("{number:064x}") },
    })
}

pub(super) fn title(stem: &str, number: usize) -> String {
    format!("{stem:.<width$}{number:06}", width = TITLE - 6)
}

pub(super) fn slug(number: usize, stem: &str) -> String {
    format!("{stem}-{number:06}")
}

pub(super) fn text(number: usize) -> String {
    words(number).chars().take(BODY).collect()
}

/// An endless sequence of words that compresses like prose, different for every seed.
fn words(number: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "tin", "te", "ro", "plu", "ma", "pa", "pel", "le", "tra", "ver", "so", "ca", "pi", "tu",
        "lo", "fin",
    ];
    let mut state = number as u64 + 1;
    let mut syllable = || {
        // Knuth's multiplier for 64-bit linear congruential sequences.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        SYLLABLES[(state >> 60) as usize]
    };
    let pairs = (0..BODY / 4).map(|_| [syllable(), syllable(), " "].concat());
    pairs.collect()
}
