//! What is seen: lines as text for people or as JSON for machines. Nothing from others gets through unclean.

mod colour;
mod json;
mod text;
mod wrap;

pub(crate) use chat_wire::screen::sanitize;
pub(crate) use colour::Look;
pub(crate) use json::json_row;
pub(crate) use text::Text;
