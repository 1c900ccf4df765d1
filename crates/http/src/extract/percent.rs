use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Decodes percent-encoding. Returns `None` for malformed escapes, invalid UTF-8 and NUL.
pub(crate) fn decode(raw: &str) -> Option<Cow<'_, str>> {
    let broken = raw.split('%').skip(1).any(|after| {
        let digits = after.as_bytes().get(..2);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if broken {
        return None;
    }
    let text = percent_decode_str(raw).decode_utf8().ok()?;
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_escapes_nul_and_invalid_utf8_are_rejected() {
        assert_eq!(decode("/a%20b/%C3%B1").unwrap(), "/a b/ñ");
        for raw in ["/%", "/%2", "/%zz", "/%00", "/%ff", "/a%2"] {
            assert_eq!(decode(raw), None, "{raw}");
        }
    }
}
