//! Values that describe how an image looks.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{Code, ValueError};

/// A colour in sRGB, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RgbColor([u8; 3]);

impl RgbColor {
    /// A colour of red, green and blue.
    #[must_use]
    pub fn new(parts: [u8; 3]) -> Self {
        Self(parts)
    }
}

impl fmt::Display for RgbColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

impl TryFrom<String> for RgbColor {
    type Error = ValueError;

    fn try_from(raw: String) -> Result<Self, ValueError> {
        let mut parts = [0; 3];
        let digits = raw.strip_prefix('#').unwrap_or_default();
        hex::decode_to_slice(digits, &mut parts)
            .map(|()| Self(parts))
            .map_err(|_| ValueError::new(Code::Format, "must be a colour such as #aabbcc"))
    }
}

impl From<RgbColor> for String {
    fn from(color: RgbColor) -> Self {
        color.to_string()
    }
}

/// A [ThumbHash](https://evanw.github.io/thumbhash/), written in Base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThumbHash(Vec<u8>);

impl ThumbHash {
    /// Wraps the output of the hash function.
    #[must_use]
    pub fn new(hash: Vec<u8>) -> Self {
        Self(hash)
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for ThumbHash {
    type Error = ValueError;

    fn try_from(raw: String) -> Result<Self, ValueError> {
        STANDARD
            .decode(raw)
            .map(Self)
            .map_err(|_| ValueError::new(Code::Format, "must be Base64"))
    }
}

impl From<ThumbHash> for String {
    fn from(hash: ThumbHash) -> Self {
        STANDARD.encode(hash.0)
    }
}

/// The point of an image that crops keep visible, as parts of its width and height from the left and the
/// top, each from 0 to 1 with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FocalPoint {
    /// In thousandths of the width.
    x: u16,
    /// In thousandths of the height.
    y: u16,
}

impl FocalPoint {
    /// A point; `None` if a part is not between 0 and 1.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Option<Self> {
        Some(Self {
            x: thousandths(x)?,
            y: thousandths(y)?,
        })
    }

    /// A point in thousandths of width and height; `None` if one exceeds 1000.
    #[must_use]
    pub fn from_thousandths(x: u16, y: u16) -> Option<Self> {
        (x.max(y) <= 1000).then_some(Self { x, y })
    }

    /// Thousandths of width and height.
    #[must_use]
    pub fn thousandths(self) -> (u16, u16) {
        (self.x, self.y)
    }

    /// Parts of width and height.
    #[must_use]
    pub fn parts(self) -> (f64, f64) {
        (f64::from(self.x) / 1000.0, f64::from(self.y) / 1000.0)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is between 0 and 1000"
)]
fn thousandths(part: f64) -> Option<u16> {
    (0.0..=1.0)
        .contains(&part)
        .then(|| (part * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_digits() {
        let color = RgbColor::try_from("#0a80ff".to_owned()).unwrap();
        assert_eq!(color, RgbColor::new([10, 128, 255]));
        assert_eq!(color.to_string(), "#0a80ff");
        for other in ["0a80ff", "#0a80f", "#0a80fg", ""] {
            assert!(RgbColor::try_from(other.to_owned()).is_err(), "{other}");
        }
    }

    #[test]
    fn a_focal_point_is_inside_of_the_image() {
        assert_eq!(FocalPoint::new(0.1234, 1.0).unwrap().parts(), (0.123, 1.0));
        for (x, y) in [(-0.1, 0.5), (0.5, 1.001), (f64::NAN, 0.5)] {
            assert_eq!(FocalPoint::new(x, y), None);
        }
    }
}
