//! The bytes of images: reads types and sizes, removes private metadata, reads how images look, and makes smaller copies.
//!
//! Start at [`MediaWorkers`], which does this work beside the threads that answer requests.

mod color;
mod decode;
mod defect;
mod header;
mod jpeg;
mod look;
mod pixels;
mod prepare;
mod reduce;
mod strip;
mod workers;

pub use header::MAX_PIXELS;
pub use workers::{MediaLimits, MediaWorkers};
