//! Storage on the embedded engine, or on the server that the environment names; see `database`.

mod accounts;
mod api_keys;
mod database;
mod doctor;
mod faults;
mod images;
mod items;
mod merges;
mod migrations;
mod operations;
mod posts;
mod redirects;
mod site;
mod tags;
mod taxonomy;
