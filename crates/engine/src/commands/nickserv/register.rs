//! `REGISTER password [code]`: makes the nickname that somebody has an account.

use chat_model::invitation::InvitationCode;

use super::super::register;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    let (_, others) = words.split_first()?;
    let code = others.first().and_then(|word| InvitationCode::new(word));
    Some(register::start(cx, "*", code))
}
