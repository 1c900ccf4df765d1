//! An HTTP client between the AWS SDK and DynamoDB that injects faults and measures requests.
//!
//! [`Wire::around`] wraps any HTTP client: the one of the embedded engine, or one that connects to
//! AWS. A script receives each request, including the retries of the SDK, and returns a
//! [`FaultAction`]. Injected responses have the wire format of DynamoDB, so the SDK parses them
//! as usual.
//!
//! ```
//! use tintero_embedded::Engine;
//! use tintero_embedded::faults::{FaultAction, Wire};
//!
//! # fn main() -> Result<(), tintero_embedded::EngineError> {
//! let wire = Wire::around(Engine::memory()?.http_client());
//! // The second transaction fails with a conflict; every other request passes.
//! wire.on(|call| match (call.operation, call.nth) {
//!     ("TransactWriteItems", 2) => FaultAction::TransactionConflict,
//!     _ => FaultAction::Pass,
//! });
//! let http_client = wire.http_client();
//! # Ok(())
//! # }
//! ```

mod batch;
mod call;
mod connector;
mod cost;
mod index_snapshots;
mod responses;
mod wire;
mod wire_state;

pub use call::{Call, FaultAction};
pub use cost::WireCost;
pub use wire::Wire;
