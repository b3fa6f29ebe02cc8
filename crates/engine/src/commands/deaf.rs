//! I: mutes the room, or hears it again. It is user mode `d`.

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::mode::UserMode;
use chat_model::reply::Reply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let me = cx.me()?;
    let muted = !cx.user(me).is_deaf();
    set(cx, me, muted);
    cx.reply_to_user(me, &Reply::UserModeChanged { changes: vec![(UserMode::Deaf, muted)] });
    cx.reply(Reply::Muted { muted });
    Ok(())
}

/// Sets the mode, and takes the user's sessions out of what channels' messages go to.
pub(super) fn set(cx: &mut Cx<'_>, me: UserId, muted: bool) {
    if !cx.user_mut(me).modes.set(UserMode::Deaf, muted) {
        return;
    }
    let (channel_ids, sessions) = (cx.user(me).channels.clone(), cx.user(me).sessions.clone());
    for channel_id in channel_ids {
        for session in &sessions {
            cx.state.remove_from_audience(channel_id, *session);
            cx.state.add_to_audience(channel_id, *session, muted);
        }
    }
}
