//! Stores answers to anonymous reads, ready to be sent. Start at [`AnswerCache`].
//!
//! `key` names what a request asks for, `answer` is a stored answer, `flight` loads each answer once,
//! and `middleware` serves them.

mod answer;
mod flight;
mod key;
mod middleware;
mod store;

pub(crate) use self::middleware::serve;
pub use self::store::{AnswerCache, CacheStatistics};
