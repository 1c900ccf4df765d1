//! Compression of responses ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).

mod compress;
mod response;

pub(crate) use self::response::{Compression, mark, mark_tag, vary};

use http::{HeaderMap, HeaderValue, header};

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Coding {
    /// Brotli ([RFC 7932](https://www.rfc-editor.org/rfc/rfc7932)).
    Brotli,
    /// gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)).
    Gzip,
}

impl Coding {
    /// Returns the name in headers.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Returns the name as a value of `Content-Encoding`.
    pub(crate) fn field(self) -> HeaderValue {
        HeaderValue::from_static(self.as_str())
    }

    /// Returns the preferred coding that the client accepts, or `None` to send the body as it is.
    ///
    /// Brotli is preferred, unless the client gives gzip a higher weight.
    pub(crate) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let mut weights = AcceptedWeights::default();
        for field in headers.get_all(header::ACCEPT_ENCODING) {
            let field = field.to_str().ok()?;
            field.split(',').for_each(|part| weights.add(part));
        }
        let any = weights.any.unwrap_or(0);
        let brotli = weights.brotli.unwrap_or(any);
        let gzip = weights.gzip.unwrap_or(any);
        match (brotli, gzip) {
            (0, 0) => None,
            (brotli, gzip) if brotli >= gzip => Some(Self::Brotli),
            _ => Some(Self::Gzip),
        }
    }
}

/// The weights of an `Accept-Encoding` field in thousandths.
#[derive(Default)]
struct AcceptedWeights {
    brotli: Option<u16>,
    gzip: Option<u16>,
    any: Option<u16>,
}

impl AcceptedWeights {
    fn add(&mut self, part: &str) {
        let (name, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = match name.trim().to_ascii_lowercase().as_str() {
            "br" => &mut self.brotli,
            "gzip" | "x-gzip" => &mut self.gzip,
            "*" => &mut self.any,
            _ => return,
        };
        *weight = Some(thousandths(parameter).unwrap_or(0));
    }
}

/// Parses a weight, such as `q=0.5`.
fn thousandths(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix(['q', 'Q'])?.trim_start();
    let value: f32 = value.strip_prefix('=')?.trim().parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value is clamped"
    )]
    let thousandths = (value.clamp(0.0, 1.0) * 1000.0) as u16;
    Some(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(fields: &[&'static str]) -> Option<&'static str> {
        let fields = fields.iter();
        let headers =
            fields.map(|field| (header::ACCEPT_ENCODING, HeaderValue::from_static(field)));
        Coding::accepted(&headers.collect()).map(Coding::as_str)
    }

    #[test]
    fn the_best_accepted_coding_is_chosen() {
        for (field, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0.5, gzip;q=0.8", Some("gzip")),
            ("br;q=0, gzip;q=0", None),
            ("gzip;q=0.001", Some("gzip")),
            ("identity", None),
            ("*", Some("br")),
            ("br;q=0, *", Some("gzip")),
            ("GZIP ; Q = 1", Some("gzip")),
            ("gzip;q=nonsense", None),
            ("", None),
        ] {
            assert_eq!(accepted(&[field]), expected, "{field}");
        }
        assert_eq!(accepted(&["gzip", "br"]), Some("br"));
        assert_eq!(accepted(&[]), None);
    }
}
