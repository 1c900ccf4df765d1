//! Jekyll's `slugify` in all its modes, for old URLs. Slugs of the product are in
//! [`crate::transliterate`].

use finl_unicode::categories::CharacterCategories;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The characters that a slug keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlugifyMode {
    /// Everything, unchanged.
    None,
    /// Everything except white space.
    Raw,
    /// Letters, marks and decimal digits of any script.
    Default,
    /// Those of the default, and `._~!$&'()+,;=@`.
    Pretty,
    /// ASCII letters and digits.
    Ascii,
    /// Those of the default, after removing accents and letters of other scripts.
    Latin,
}

impl SlugifyMode {
    /// Returns the mode with this name. An unknown name is `none`, as in Jekyll.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "raw" => Self::Raw,
            "default" => Self::Default,
            "pretty" => Self::Pretty,
            "ascii" => Self::Ascii,
            "latin" => Self::Latin,
            _ => Self::None,
        }
    }

    fn keeps(self, letter: char) -> bool {
        let is_word = || letter.is_letter() || letter.is_mark() || letter.is_number_decimal();
        match self {
            Self::None => true,
            Self::Raw => !matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'),
            Self::Default | Self::Latin => is_word(),
            Self::Pretty => is_word() || "._~!$&'()+,;=@".contains(letter),
            Self::Ascii => letter.is_ascii_alphanumeric(),
        }
    }
}

/// Returns a slug. Runs of other characters become one hyphen, hyphens at the ends are removed, and
/// letters become lower case unless `cased`.
#[must_use]
pub fn slugify(text: &str, mode: SlugifyMode, cased: bool) -> String {
    let text = if mode == SlugifyMode::Latin {
        unaccented(text)
    } else {
        text.to_owned()
    };
    let hyphenated = hyphenate(&text, mode);
    let slug = match mode {
        SlugifyMode::None => hyphenated.as_str(),
        _ => trim_hyphens(&hyphenated),
    };
    if cased {
        slug.to_owned()
    } else {
        slug.to_lowercase()
    }
}

fn hyphenate(text: &str, mode: SlugifyMode) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut in_gap = false;
    for letter in text.chars() {
        let kept = mode.keeps(letter);
        if kept {
            slug.push(letter);
        } else if !in_gap {
            slug.push('-');
        }
        in_gap = !kept;
    }
    slug
}

fn trim_hyphens(slug: &str) -> &str {
    let slug = slug.strip_prefix('-').unwrap_or(slug);
    slug.strip_suffix('-').unwrap_or(slug)
}

/// Removes accents. Other letters outside ASCII become `?`.
fn unaccented(text: &str) -> String {
    text.nfc()
        .fold(String::with_capacity(text.len()), |mut plain, letter| {
            match ligature(letter) {
                Some(letters) => plain.push_str(letters),
                None => plain.push(base(letter)),
            }
            plain
        })
}

fn base(letter: char) -> char {
    let mut first = None;
    decompose_canonical(letter, |part| {
        first.get_or_insert(part);
    });
    first.filter(char::is_ascii).unwrap_or('?')
}

/// Replaces Latin letters that do not decompose into a letter and an accent.
fn ligature(letter: char) -> Option<&'static str> {
    Some(match letter {
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'Ø' => "O",
        'ø' => "o",
        'Đ' | 'Ð' => "D",
        'đ' | 'ð' => "d",
        'Þ' => "Th",
        'þ' => "th",
        'ß' => "ss",
        'Ł' => "L",
        'ł' => "l",
        'Ħ' => "H",
        'ħ' => "h",
        'ı' => "i",
        'Ŋ' => "NG",
        'ŋ' => "ng",
        'Ŧ' => "T",
        'ŧ' => "t",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_keeps_what_jekyll_keeps() {
        let text = " The _config.yml file: ¿Ñandú? ٣ ";
        let slug = |mode| slugify(text, mode, false);
        assert_eq!(slug(SlugifyMode::Default), "the-config-yml-file-ñandú-٣");
        assert_eq!(slug(SlugifyMode::Pretty), "the-_config.yml-file-ñandú-٣");
        assert_eq!(slug(SlugifyMode::Ascii), "the-config-yml-file-and");
        assert_eq!(slug(SlugifyMode::Latin), "the-config-yml-file-nandu");
        assert_eq!(slug(SlugifyMode::Raw), "the-_config.yml-file:-¿ñandú?-٣");
        assert_eq!(slug(SlugifyMode::None), text.to_lowercase());
    }

    #[test]
    fn cased_slugs_keep_upper_case() {
        let slug = slugify("serverless - Servicios en aws", SlugifyMode::Pretty, true);
        assert_eq!(slug, "serverless-Servicios-en-aws");
    }

    #[test]
    fn ligatures_become_letters_in_latin_mode() {
        assert_eq!(
            slugify("Straße Łódź Œuvre", SlugifyMode::Latin, false),
            "strasse-lodz-oeuvre"
        );
    }
}
