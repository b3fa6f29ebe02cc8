//! PASS (RFC 1459 section 4.1.1): the server's password, or an account's, with or without the account before it. It
//! counts when the registration is complete.

use chat_model::call::Call;
use chat_model::refusal::Refusal;
use chat_model::secret::Secret;

use crate::arrival;
use crate::cx::{Cx, Outcome};
use crate::login;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let row = cx.session_row();
    if row.user.is_some() {
        return Err(Refusal::AlreadyRegistered);
    }
    let pass = Secret::password(call.words().rest()?);
    cx.session_mut().pass = Some(pass);
    // Who was refused without a password need not say the rest again.
    if login::in_pass(cx).is_some() { arrival::resume(cx) } else { Ok(()) }
}
