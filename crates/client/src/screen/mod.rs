//! What is seen: lines as text for people or as JSON for machines. Nothing from others gets through unclean.

mod clean;
mod colour;
mod json;
mod text;

pub(crate) use clean::clean;
pub(crate) use colour::Look;
pub(crate) use json::json_row;
pub(crate) use text::Text;
