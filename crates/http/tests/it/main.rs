//! Tests of the HTTP API with the real stores, in the process.

mod accounts;
mod api_keys;
mod bodies;
mod cached;
mod call;
mod coded;
mod contract;
mod docs;
mod document;
mod headers;
mod images;
mod limits;
mod logs;
mod model;
mod operations;
mod posts;
mod queries;
mod redirects;
mod refusals;
mod site;
mod tags;
mod taxonomy;
