//! SETNAME (IRCv3 setname).

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::limits::REALNAME_BYTES_MAX;
use chat_model::refusal::Refusal;
use chat_model::who::Who;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let me = cx.me()?;
    let name = call.words().next_rest().unwrap_or_default();
    if name.is_empty() || name.len() > REALNAME_BYTES_MAX {
        return Err(Refusal::BadRealname);
    }
    let who = Arc::new(Who { realname: name.into(), ..(*cx.who(me)).clone() });
    cx.state.set_who(me, &who);
    let event = Event::RealnameChanged { at: cx.stamp(), who };
    let to = cx.peers(me);
    cx.publish(to, event);
    Ok(())
}
