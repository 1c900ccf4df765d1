//! Tests of the HTTP API with the real stores, in the process.

mod accounts;
mod api_keys;
mod audit;
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
mod own_keys;
mod people_model;
mod posts;
mod queries;
mod redirects;
mod refusals;
mod site;
mod tags;
mod taxonomy;
mod users;
