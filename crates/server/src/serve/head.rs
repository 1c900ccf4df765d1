//! Checks the line ends of request heads, which hyper accepts in both forms.

/// Scans the head of one request.
#[derive(Debug, Default)]
pub(super) struct HeadScan {
    /// The previous byte.
    previous: u8,
    /// Whether a line was not empty. Empty lines before the head are ignored.
    has_lines: bool,
    /// Whether the current line has no byte but its end.
    is_empty_line: bool,
    is_complete: bool,
}

/// A line of a head ends with LF alone. A proxy in front may read such a head in another way
/// ([RFC 9112](https://www.rfc-editor.org/rfc/rfc9112#section-2.2)).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BareLineFeed;

impl HeadScan {
    /// Scans further bytes up to the end of the head.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Result<(), BareLineFeed> {
        for &byte in bytes {
            if self.is_complete {
                break;
            }
            match byte {
                b'\n' if self.previous != b'\r' => return Err(BareLineFeed),
                b'\n' => {
                    self.is_complete = self.has_lines && self.is_empty_line;
                    self.is_empty_line = true;
                }
                b'\r' => {}
                _ => (self.has_lines, self.is_empty_line) = (true, false),
            }
            self.previous = byte;
        }
        Ok(())
    }

    /// Whether the end of the head was scanned.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scans `head` in chunks of each size.
    fn scanned(head: &str) -> Vec<Result<bool, BareLineFeed>> {
        let in_chunks = |size| {
            let mut scan = HeadScan::default();
            for chunk in head.as_bytes().chunks(size) {
                scan.scan(chunk)?;
            }
            Ok(scan.is_complete())
        };
        (1..=head.len()).map(in_chunks).collect()
    }

    #[test]
    fn only_line_ends_of_the_head_are_checked() {
        for (head, expected) in [
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", Ok(true)),
            ("\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n", Ok(true)),
            ("POST / HTTP/1.1\r\nhost: a\r\n\r\na\nb\n\n", Ok(true)),
            ("GET / HTTP/1.1\r\nhost: a\r\n", Ok(false)),
            ("GET / HTTP/1.1\nhost: a\r\n\r\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\nhost: a\n\r\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\nhost: a\r\n\n", Err(BareLineFeed)),
            ("GET / HTTP/1.1\r\na: b\n\n", Err(BareLineFeed)),
        ] {
            for found in scanned(head) {
                assert_eq!(found, expected, "{head:?}");
            }
        }
    }
}
