//! The embedded engine as the AWS SDK sees it: what the design rests on.

mod capacity;
mod conditions;
mod faults;
mod files;
mod limits;
mod queries;
mod stage;
mod transactions;
