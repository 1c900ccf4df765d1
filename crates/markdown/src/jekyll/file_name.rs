//! Reads date, slug and categories from the path of a post.

use jiff::civil::Date;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `markdown`, `mkdown`, `mkdn`, `mkd` or `md`.
    Markdown,
    /// `html`.
    Html,
}

impl Format {
    /// Returns the format of an extension without its dot, in any case.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "markdown" | "mkdown" | "mkdn" | "mkd" | "md" => Some(Self::Markdown),
            "html" => Some(Self::Html),
            _ => None,
        }
    }
}

/// A reason for which Jekyll does not read the file as a dated post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileNameProblem {
    /// The name does not begin with `year-month-day-`.
    #[error("the file name does not begin with a date such as `2018-02-06-`")]
    NoDate,
    /// The date is not in the calendar, such as the 31st of February.
    #[error("the date in the file name is not in the calendar")]
    ImpossibleDate,
    /// The name begins with white space. The date was read anyway.
    #[error("the file name begins with a space, so Jekyll does not read its date")]
    LeadingSpace,
}

/// The parts of the path of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFileName {
    /// The date, in the time zone of the site.
    pub date: Option<Date>,
    /// The rest of the name without extension and trailing dots, with case and accents.
    pub slug: String,
    /// The extension without its dot; empty if there is none.
    pub extension: String,
    /// The directories above `_posts` or `_drafts`, which are the first categories in Jekyll.
    pub categories: Vec<String>,
    /// Whether the file is in `_drafts`.
    pub in_drafts: bool,
    /// The reason if it is not a dated post. A draft does not need a date.
    pub problem: Option<FileNameProblem>,
}

impl PostFileName {
    /// Reads a path relative to the root of the site, with `/` as separator. A path outside the rule of
    /// Jekyll has a [`FileNameProblem`].
    #[must_use]
    pub fn read(path: &str) -> Self {
        let mut parts: Vec<&str> = path.split('/').collect();
        let base = parts.pop().unwrap_or_default();
        let (stem, extension) = match base.rsplit_once('.') {
            Some((stem, extension)) if !extension.is_empty() => (stem, extension),
            _ => (base, ""),
        };
        let (date, rest, problem) = dated(stem);
        Self {
            date,
            slug: rest.trim_end_matches('.').to_owned(),
            extension: extension.to_owned(),
            categories: categories(&parts),
            in_drafts: parts.contains(&"_drafts"),
            problem,
        }
    }

    /// Returns the format, or `None` if the file is not a post.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        Format::of_extension(&self.extension)
    }

    /// Returns a title: the words of the slug, each capitalised.
    #[must_use]
    pub fn title(&self) -> String {
        let words = self.slug.split('-').filter(|word| !word.is_empty());
        words.map(capitalised).collect::<Vec<_>>().join(" ")
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

fn categories(directories: &[&str]) -> Vec<String> {
    let special = directories
        .iter()
        .position(|part| matches!(*part, "_posts" | "_drafts"));
    let above = &directories[..special.unwrap_or(0)];
    above
        .iter()
        .filter(|part| !part.is_empty() && **part != ".")
        .map(|&part| part.to_owned())
        .collect()
}

/// Returns the date of a name, the rest and the problem.
pub(crate) fn dated(stem: &str) -> (Option<Date>, &str, Option<FileNameProblem>) {
    let trimmed = stem.trim_start();
    let Some(([year, month, day], rest)) = numbers(trimmed) else {
        return (None, trimmed, Some(FileNameProblem::NoDate));
    };
    let Some(date) = calendar(year, month, day) else {
        return (None, rest, Some(FileNameProblem::ImpossibleDate));
    };
    let problem = (trimmed.len() < stem.len()).then_some(FileNameProblem::LeadingSpace);
    (Some(date), rest, problem)
}

fn numbers(name: &str) -> Option<([&str; 3], &str)> {
    let (year, rest) = digits(name, 2..=4)?;
    let (month, rest) = digits(rest, 1..=2)?;
    let (day, rest) = digits(rest, 1..=2)?;
    Some(([year, month, day], rest))
}

/// Splits off digits and the hyphen after them.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(&str, &str)> {
    let (number, rest) = text.split_once('-')?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && count.contains(&number.len())).then_some((number, rest))
}

/// Returns the date. A year of two digits is read as in Ruby: 69 is 1969, 68 is 2068.
pub(crate) fn calendar(year: &str, month: &str, day: &str) -> Option<Date> {
    let number: i16 = year.parse().ok()?;
    let full = match number {
        _ if year.len() != 2 => number,
        69.. => 1900 + number,
        _ => 2000 + number,
    };
    Date::new(full, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_post_has_a_date_a_slug_and_a_format() {
        let name = PostFileName::read("_posts/2022-10-10-serverless - Servicios en aws.markdown");
        assert_eq!(name.date, Some(date(2022, 10, 10)));
        assert_eq!(name.slug, "serverless - Servicios en aws");
        assert_eq!(name.format(), Some(Format::Markdown));
        assert_eq!(name.problem, None);
    }

    #[test]
    fn dates_can_lack_zeros_and_years_can_have_two_digits() {
        for (path, expected) in [
            ("_posts/2017-2-5-x.md", date(2017, 2, 5)),
            ("_posts/14-3-3-x.md", date(2014, 3, 3)),
            ("_posts/99-3-3-x.md", date(1999, 3, 3)),
        ] {
            assert_eq!(PostFileName::read(path).date, Some(expected));
        }
    }

    #[test]
    fn directories_above_the_posts_are_categories() {
        let name = PostFileName::read("movies/classic/_posts/2018/es/2018-01-02-Él.md");
        assert_eq!(name.categories, ["movies", "classic"]);
        assert_eq!(name.slug, "Él");
        assert!(
            PostFileName::read("_posts/deep/2018-01-02-x.md")
                .categories
                .is_empty()
        );
    }

    #[test]
    fn a_draft_does_not_need_a_date() {
        let name = PostFileName::read("_drafts/idea.md");
        assert!(name.in_drafts);
        assert_eq!((name.date, name.slug.as_str()), (None, "idea"));
    }

    #[test]
    fn names_outside_the_rule_have_a_problem() {
        for (path, problem) in [
            ("_posts/2019-09-30_newsletter.md", FileNameProblem::NoDate),
            ("_posts/hello.md", FileNameProblem::NoDate),
            ("_posts/2019-02-31-x.md", FileNameProblem::ImpossibleDate),
            ("_posts/ 2020-09-19-x.md", FileNameProblem::LeadingSpace),
            ("", FileNameProblem::NoDate),
        ] {
            assert_eq!(PostFileName::read(path).problem, Some(problem), "{path}");
        }
    }

    #[test]
    fn trailing_dots_are_not_part_of_the_slug() {
        assert_eq!(
            PostFileName::read("_posts/2019-02-01-end....md").slug,
            "end"
        );
        assert_eq!(PostFileName::read("_posts/2019-02-01-v1.2.md").slug, "v1.2");
    }

    #[test]
    fn a_missing_title_is_made_of_the_slug() {
        assert_eq!(
            PostFileName::read("_posts/2019-02-01-hola-MUNDO-ñandú.md").title(),
            "Hola Mundo Ñandú"
        );
    }

    proptest! {
        #[test]
        fn no_path_makes_the_reader_panic(path in ".{0,60}") {
            let _ = PostFileName::read(&path).title();
        }
    }
}
