//! USER (Modern IRC): the last step of an IRC registration.

use chat_model::call::{Call, clip};
use chat_model::limits::{REALNAME_BYTES_MAX, USERNAME_BYTES_MAX};
use chat_model::refusal::Refusal;

use crate::arrival;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    if cx.session_row().username.is_some() {
        return Err(Refusal::AlreadyRegistered);
    }
    let mut words = call.words();
    let (username, realname) = (words.word()?, words.rest()?);
    // What would make a mask ambiguous, or a line two, is left out.
    let username: String = username.chars().filter(|c| !"!@:*? ".contains(*c) && !c.is_control()).collect();
    let username = if username.is_empty() { "user" } else { &username };
    let row = cx.session_mut();
    row.username = Some(clip(username, USERNAME_BYTES_MAX).into());
    row.realname = clip(realname, REALNAME_BYTES_MAX).into();
    arrival::complete(cx)
}
