//! PASS (RFC 1459 section 4.1.1): the server's password, or an account's, with or without the account before it. It
//! counts when the registration is complete.

use chat_model::call::Call;
use chat_model::refusal::Refusal;

use crate::arrival;
use crate::cx::{Cx, Outcome};
use crate::login;

pub(super) fn run(cx: &mut Cx<'_>, _: &Call) -> Outcome {
    let row = cx.session_row();
    if row.user.is_some() {
        return Err(Refusal::AlreadyRegistered);
    }
    let pass = cx.secret()?.clone();
    cx.session_mut().pass = Some(Box::new(pass));
    // Who was refused without a password need not say the rest again.
    if login::in_pass(cx).is_some() { arrival::resume(cx) } else { Ok(()) }
}
