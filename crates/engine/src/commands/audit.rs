//! AUDIT: what an administrator's tool does by itself, such as reading whispers, goes on record too.

use chat_model::call::Call;
use chat_model::reply::AdminReply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let (action, target) = (words.word()?, words.word()?);
    let detail = words.all_rest().unwrap_or_default();
    cx.audit(action, target, &detail)?;
    cx.reply(AdminReply::Done { count: 1 });
    Ok(())
}
