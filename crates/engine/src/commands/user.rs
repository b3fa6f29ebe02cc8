//! USER (Modern IRC): the last step of an IRC registration.

use chat_model::call::{Call, clip};
use chat_model::limits::REALNAME_BYTES_MAX;
use chat_model::refusal::Refusal;
use chat_model::username::username;

use crate::arrival;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    if cx.session_row().username.is_some() {
        return Err(Refusal::AlreadyRegistered);
    }
    let mut words = call.words();
    let (typed, realname) = (words.word()?, words.rest()?);
    let row = cx.session_mut();
    row.username = Some(username(typed));
    row.realname = clip(realname, REALNAME_BYTES_MAX).into();
    arrival::complete(cx)
}
