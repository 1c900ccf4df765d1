//! Takes requests apart. A handler's signature says who may call and what goes in; whatever
//! does not fit is refused here, before the handler runs.

mod caller;
mod credential;
mod facts;
mod form;
mod idempotency;
mod if_match;
mod paging;
mod path;
mod payload;
mod percent;
mod query;
mod range;
mod upload;
mod write;

pub(crate) use caller::Visitor;
pub(crate) use facts::Facts;
pub(crate) use form::{Field, Form};
pub(crate) use if_match::BasedOn;
pub(crate) use paging::page;
pub(crate) use path::{Path, Place};
pub(crate) use percent::decode;
pub(crate) use query::{NoQuery, Parameters, Params, Query, parameters};
pub(crate) use range::Wanted;
pub(crate) use upload::Upload;
pub(crate) use write::{Asked, Edit, Json, Unversioned, Write};
