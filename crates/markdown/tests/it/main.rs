//! The work and the output of rendering hostile texts.

mod budgets;
mod linear;
mod shapes;
