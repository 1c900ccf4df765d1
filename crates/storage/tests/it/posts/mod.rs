//! Posts: the use cases over DynamoDB.

mod faults;
mod idempotency;
mod life;
mod lists;
mod races;
