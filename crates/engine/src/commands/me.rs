//! ME: `/me waves` in the lobby, as clients with channels send it themselves (CTCP ACTION).

use chat_model::call::Call;
use chat_model::refusal::Refusal;

use super::message;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = call.words().rest()?;
    let lobby = cx.state.settings().lobby.clone().ok_or(Refusal::NoRecipient { verb: "ME".into() })?;
    let action = Call::new("PRIVMSG", &[lobby.as_str(), &format!("\u{1}ACTION {text}\u{1}")]);
    message::privmsg(cx, &action)
}
