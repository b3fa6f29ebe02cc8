//! OPER (RFC 1459 section 4.1.5): with the name and password of the configuration.

use chat_model::call::Call;
use chat_model::mode::UserMode;
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, Reply};

use crate::attempts::{self, Name};
use crate::cx::{Cx, Outcome};
use crate::input::Credential;
use crate::pending::What;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let (name, password) = (words.word()?, cx.secret()?.id);
    let settings = cx.settings();
    let operator = settings.operators.iter().find(|operator| &*operator.name == name);
    let hash = operator.map(|operator| operator.password_hash.clone());
    let credential = hash.map_or(Credential::Nobody, Credential::Hash);
    let what = |tried| What::Oper { name: name.into(), tried };
    attempts::verify(cx, Name::Operator(name.into()), credential, password, what)
}

pub(crate) fn verified(cx: &mut Cx<'_>, name: &str, right: bool) -> Outcome {
    if !right {
        return Err(Refusal::OperFailed);
    }
    let me = cx.me()?;
    cx.audit("oper", name, "")?;
    cx.user_mut(me).operator = Some(name.into());
    let changed = cx.state.set_user_mode(me, UserMode::Operator, true);
    cx.reply(CommandReply::YouAreOperator);
    if changed {
        cx.reply_to_user(me, &Reply::UserModeChanged { changes: vec![(UserMode::Operator, true)] });
    }
    Ok(())
}
