//! Who is away: each session says so for itself, and a user is away when all of its sessions are.

use chat_model::event::Event;
use chat_model::id::UserId;

use crate::cx::Cx;

/// Works out anew whether a user is away, and tells the others when that has changed.
pub(crate) fn update(cx: &mut Cx<'_>, id: UserId) {
    let user = cx.user(id);
    let mut messages = Vec::new();
    for session in &user.sessions {
        let away = cx.state.sessions.get(session).and_then(|row| row.away.clone());
        // Its own word counts before that of the others.
        if *session == cx.session { messages.insert(0, away) } else { messages.push(away) }
    }
    let is_away = !messages.is_empty() && messages.iter().all(Option::is_some);
    let message = if is_away { messages.into_iter().flatten().next() } else { None };
    if user.away == message {
        return;
    }
    cx.user_mut(id).away.clone_from(&message);
    let event = Event::Away { at: cx.stamp(), who: cx.who(id), message };
    let to = cx.peers(id);
    cx.publish_to_others(to, event);
}
