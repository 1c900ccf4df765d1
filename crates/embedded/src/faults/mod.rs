//! A wire between the AWS SDK and DynamoDB that tests can cut, delay and
//! measure.
//!
//! [`Wire::around`] wraps any HTTP client: the embedded engine's, or one that
//! reaches AWS. A script looks at each request as it is sent, the SDK's own
//! retries included, and gives a [`Verdict`]; what is injected has the wire
//! form of the real thing, so that the SDK reads it as such.
//!
//! ```
//! use tintero_embedded::Engine;
//! use tintero_embedded::faults::{Verdict, Wire};
//!
//! # fn main() -> Result<(), tintero_embedded::EngineError> {
//! let wire = Wire::around(Engine::memory()?.http_client());
//! // The second transaction conflicts with another one, then all is well.
//! wire.on(|call| match (call.operation, call.nth) {
//!     ("TransactWriteItems", 2) => Verdict::TransactionConflict,
//!     _ => Verdict::Pass,
//! });
//! let client_for_the_sdk = wire.http_client();
//! # Ok(())
//! # }
//! ```

mod call;
mod cost;
mod injected;
mod late;
mod line;
mod partial;
mod script;
mod wire;

pub use call::{Call, Verdict};
pub use cost::Cost;
pub use wire::Wire;
