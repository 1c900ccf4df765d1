use std::fmt;

/// A text that exceeds a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooComplex {
    /// The limit.
    pub limit: TextLimit,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $code:literal, $max:expr, $what:literal, $advice:literal;)*) => {
        /// The limits of the work on one text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TextLimit {
            $($(#[doc = $doc])+ $name,)*
        }

        impl TextLimit {
            /// All limits.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// A stable name for programs.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The largest permitted amount.
            #[must_use]
            pub fn max(self) -> u64 {
                match self { $(Self::$name => $max,)* }
            }

            fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }

            /// A sentence with advice for the author.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }
        }
    };
}

limits! {
    /// Steps of all passes.
    Steps: "steps", 64 * 1024 * 1024, "steps of work", "Split the text into several posts.";
    /// Bytes that Liquid adds to the source.
    LiquidOutput: "liquid_output", 1024 * 1024, "bytes added by Liquid", "Insert fewer or shorter values.";
    /// Bytes of one input or result of a Liquid filter.
    LiquidValue: "liquid_value", 8 * 1024, "bytes in the value of a Liquid filter", "Write the value into the text instead.";
    /// Iterations of Liquid loops, and inserted snippets.
    LiquidRounds: "liquid_rounds", 10_000, "iterations of Liquid loops and inserted snippets", "Write the text out, or use shorter lists.";
    /// Marks that begin or end a node of the document: line breaks and punctuation of Markdown.
    Marks: "marks", 250_000, "line breaks and marks of Markdown", "Split the text into several posts.";
    /// Cells of all tables, including the missing cells of short rows.
    TableCells: "table_cells", 50_000, "table cells", "Split the tables, or link to a file with the data.";
    /// Levels of nested lists, quotes and other nodes.
    Nesting: "nesting", 100, "levels of nested elements", "Nest fewer lists and quotes.";
    /// Footnotes and references to them.
    Footnotes: "footnotes", 2000, "footnotes and references to them", "Use fewer footnotes.";
    /// Images and links.
    References: "references", 50_000, "images and links", "Split the text into several posts.";
    /// Tags of HTML in the rendered page.
    HtmlTags: "html_tags", 250_000, "HTML tags", "Split the text into several posts.";
    /// Attributes of one HTML tag.
    HtmlAttributes: "html_attributes", 64, "attributes in one HTML tag", "Remove attributes.";
    /// Bytes of the rendered page.
    HtmlBytes: "html_bytes", 3 * 1024 * 1024, "bytes of HTML", "Split the text into several posts.";
    /// Bytes of the rendered page for each byte of a long source.
    HtmlRatio: "html_ratio", 16, "bytes of HTML for each byte of the text", "Use fewer tables and other constructs that make long HTML.";
    /// Lines of the two bodies of a diff between their first and their last difference.
    DiffLines: "diff_lines", 100_000, "different lines", "Read both revisions and compare them locally.";
    /// Bytes of the lines in a diff.
    DiffBytes: "diff_bytes", 2_500_000, "bytes of changed lines", "Read both revisions and compare them locally.";
}

/// The end of a sentence that starts with "The text has".
impl fmt::Display for TooComplex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {} {}", self.limit.max(), self.limit.what())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_another_code() {
        let mut codes: Vec<_> = TextLimit::ALL.iter().map(|limit| limit.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TextLimit::ALL.len());
    }
}
