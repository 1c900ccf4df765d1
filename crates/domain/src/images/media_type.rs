use serde::{Deserialize, Serialize};

/// Supported image types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// [PNG](https://www.w3.org/TR/png-3/).
    #[serde(rename = "image/png")]
    Png,
    /// [JPEG](https://www.w3.org/Graphics/JPEG/itu-t81.pdf).
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// [GIF](https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
    #[serde(rename = "image/gif")]
    Gif,
    /// [WebP](https://www.rfc-editor.org/rfc/rfc9649).
    #[serde(rename = "image/webp")]
    Webp,
    /// [AVIF](https://aomediacodec.github.io/av1-avif/).
    #[serde(rename = "image/avif")]
    Avif,
    /// [SVG](https://www.w3.org/TR/SVG2/) without scripts.
    #[serde(rename = "image/svg+xml")]
    Svg,
}

impl MediaType {
    /// All types.
    pub const ALL: [Self; 6] = [
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::Webp,
        Self::Avif,
        Self::Svg,
    ];

    /// Media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }

    /// File name extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
        }
    }
}
