//! I: mutes the room in both directions, or opens it again. Its half is user mode `d`, which is not to hear it.

use chat_model::call::Call;
use chat_model::id::UserId;
use chat_model::mode::UserMode;
use chat_model::reply::Reply;

use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let me = cx.me()?;
    let muted = !cx.user(me).muted;
    set(cx, me, muted);
    cx.user_mut(me).muted = muted;
    cx.reply_to_user(me, &Reply::Muted { muted });
    Ok(())
}

/// Sets the mode, and takes the user's sessions out of what channels' messages go to. Who hears again may speak again.
pub(super) fn set(cx: &mut Cx<'_>, me: UserId, deaf: bool) {
    if !cx.state.set_user_mode(me, UserMode::Deaf, deaf) {
        return;
    }
    cx.user_mut(me).muted = false;
    let (channel_ids, sessions) = (cx.user(me).channels.clone(), cx.user(me).sessions.clone());
    for channel_id in channel_ids {
        for session in &sessions {
            cx.state.remove_from_audience(channel_id, *session);
            cx.state.add_to_audience(channel_id, *session, deaf);
        }
    }
}
