//! Tests of the whole workspace: architecture, dependencies, templates and pages.

mod architecture;
mod dependencies;
mod deploy;
mod pages;
