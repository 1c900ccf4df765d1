//! Evaluates the shortcodes of Hugo and Zola that need no template of the site: images, players, code,
//! links between pages and parameters. Other shortcodes are kept with a warning. In code only the marks
//! of escaped shortcodes are removed.

mod arguments;
mod builtin;
mod evaluator;
mod html;
mod syntax;
mod token;

pub(crate) use evaluator::evaluate;

#[cfg(test)]
mod tests;
