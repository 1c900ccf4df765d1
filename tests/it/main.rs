//! Tests of the whole workspace: architecture, dependencies and pages.

mod architecture;
mod dependencies;
mod pages;
