//! Extractors. The signature of a handler declares its caller and its input; invalid requests are
//! rejected before the handler runs.

mod browser;
mod caller;
mod credential;
mod facts;
mod form;
mod idempotency;
mod if_match;
mod paging;
mod path;
pub(crate) mod payload;
mod percent;
mod query;
mod range;
mod upload;
mod write;

pub(crate) use browser::BrowserRequest;
pub(crate) use caller::OptionalCaller;
pub(crate) use facts::{RequestFacts, agent};
pub(crate) use form::{FormField, MultipartForm};
pub(crate) use if_match::IfMatchTag;
pub(crate) use paging::{CURSOR, LIMIT, PageParams, page};
pub(crate) use path::{Path, PathParams};
pub(crate) use percent::decode;
#[cfg(test)]
pub(crate) use query::parse_query;
pub(crate) use query::{
    NoQuery, Parameters, Params, Query, documented_params, form_pairs, parameters,
};
pub(crate) use range::RequestedRange;
pub(crate) use upload::Upload;
pub(crate) use write::{
    Edit, EditSingleton, EditWithQuery, SecretRequest, SecretWrite, Unversioned, Write,
};
