//! Tests of the whole house, from outside.

mod architecture;
mod dependencies;
mod pages;
