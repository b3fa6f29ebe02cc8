//! How many there are of what. These are indexes, so that nobody who comes in has to wait until everybody is counted:
//! who is invisible, who is a server operator, and which sessions have no nickname yet.

use chat_model::id::{SessionId, UserId};
use chat_model::mode::UserMode;
use chat_model::reply::Counts;

use super::State;
use super::membership::Member;
use super::said::Circle;
use super::session::Session;
use super::user::User;

impl State {
    /// Sets or clears a mode of a user. Whether that changed anything.
    pub(crate) fn set_user_mode(&mut self, id: UserId, mode: UserMode, on: bool) -> bool {
        let changed = self.users.get_mut(&id).is_some_and(|user| user.modes.set(mode, on));
        let index = match mode {
            UserMode::Invisible => &mut self.invisible,
            UserMode::Operator => &mut self.operators,
            UserMode::Bot | UserMode::Deaf => return changed,
        };
        match (changed, on) {
            (true, true) => index.insert(id, ()),
            (true, false) => drop(index.remove(&id)),
            (false, _) => {}
        }
        changed
    }

    pub(crate) fn remove_user(&mut self, id: UserId) -> Option<Box<User>> {
        self.invisible.remove(&id);
        self.operators.remove(&id);
        self.last_said.remove(&Circle::Member(Member::Guest(id)));
        self.users.remove(&id)
    }

    /// A connection, which has no nickname yet. Administrators never have one.
    pub(crate) fn insert_session(&mut self, id: SessionId, session: Session) {
        if session.peer.administrator.is_none() {
            self.nameless.insert(id, ());
        }
        self.sessions.insert(id, Box::new(session));
    }

    /// Notes whose session it is.
    pub(crate) fn bind_session(&mut self, id: SessionId, user: UserId) {
        self.nameless.remove(&id);
        if let Some(session) = self.sessions.get_mut(&id) {
            session.user = Some(user);
        }
    }

    pub(crate) fn remove_session(&mut self, id: SessionId) {
        self.nameless.remove(&id);
        self.sessions.remove(&id);
    }

    pub(crate) fn counts(&self) -> Counts {
        let (users, invisible) = (self.users.len(), self.invisible.len());
        Counts {
            visible: users - invisible,
            invisible,
            operators: self.operators.len(),
            unregistered: self.nameless.len(),
            channels: self.channels.len(),
            most: self.counters.most_online.max(users),
        }
    }
}
