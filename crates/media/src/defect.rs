use tintero_domain::{Error, FieldErrors, values::Code};

/// Why a file is not accepted as an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Defect {
    /// The file is empty.
    #[error("must not be empty")]
    Empty,
    /// The type is unknown or not supported.
    #[error("must be a PNG, JPEG, GIF, WebP, AVIF or SVG image")]
    UnknownType,
    /// The file is markup other than SVG.
    #[error("must not be HTML or other markup")]
    Markup,
    /// The header has no size.
    #[error("must be an image with a readable size")]
    NoSize,
    /// The image has too many pixels.
    #[error("must have at most {most} pixels, and has {width} × {height}")]
    TooManyPixels {
        /// The limit.
        most: u64,
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The end is missing.
    #[error("must be complete: its end is missing")]
    Truncated,
    /// The structure is invalid.
    #[error("must be a valid image: {0}")]
    Malformed(&'static str),
}

impl Defect {
    fn code(&self) -> Code {
        match self {
            Self::Empty => Code::TooShort,
            Self::TooManyPixels { .. } => Code::OutOfRange,
            Self::UnknownType
            | Self::Markup
            | Self::NoSize
            | Self::Truncated
            | Self::Malformed(_) => Code::Format,
        }
    }
}

impl From<Defect> for Error {
    fn from(defect: Defect) -> Self {
        FieldErrors::one("/file", defect.code(), defect.to_string()).into()
    }
}

impl From<img_parts::Error> for Defect {
    fn from(error: img_parts::Error) -> Self {
        match error {
            img_parts::Error::Truncated => Self::Truncated,
            img_parts::Error::BadCRC => Self::Malformed("a checksum is wrong"),
            img_parts::Error::WrongSignature => Self::Malformed("its structure cannot be read"),
        }
    }
}
