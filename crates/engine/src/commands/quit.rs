//! QUIT (Modern IRC).

use chat_model::call::Call;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;

use crate::cx::{Cx, Outcome};
use crate::departure;
use crate::effect::Effect;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let reason = CloseReason::Quit(call.words().reason());
    // Its own QUIT answers it, also where other sessions of the user stay, and nobody else sees one.
    if let Some(me) = cx.session_row().user {
        let (at, who, session) = (cx.stamp(), cx.who(me), cx.session);
        let event = Event::Quit { at, who, reason: reason.clone() };
        cx.effects.push(Effect::Own { session, event });
    }
    departure::close(cx, cx.session, reason);
    Ok(())
}
