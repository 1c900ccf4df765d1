//! The bytes of images: reads types and sizes, removes private metadata, and reads how images look.
//!
//! Start at [`MediaWorkers`], which does this work beside the threads that answer requests.

mod defect;
mod header;
mod look;
mod prepare;
mod strip;
mod workers;

pub use header::MAX_PIXELS;
pub use workers::{MediaLimits, MediaWorkers};
