//! The channels that we are on, and who else is there.

use std::collections::BTreeMap;

use super::line::Person;
use super::support::Support;

/// A channel that we are on, or were on when the connection was lost.
#[derive(Debug, Default)]
pub(crate) struct Channel {
    /// Its name, as the server spells it.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) topic: String,
    /// Whether the server says that we are there now.
    pub(crate) joined: bool,
    /// The key that opened it, for the next time.
    pub(crate) key: Option<String>,
    /// Whether the user waits for the answer to `/ls`.
    pub(crate) ls_wanted: bool,
    /// Whether this is a fresh JOIN whose NAMES has not come to its end.
    pub(crate) fresh: bool,
    members: BTreeMap<String, Member>,
    /// The members of a NAMES answer that is still coming in.
    incoming: Option<BTreeMap<String, Member>>,
    /// Counts what was said, so that the latest speakers can be told.
    said: u64,
}

#[derive(Clone, Debug)]
struct Member {
    nick: String,
    prefix: String,
    /// [`Channel::said`] when it last said something.
    spoke: u64,
}

impl Channel {
    /// Takes one line of NAMES.
    pub(crate) fn names(&mut self, entries: &str, support: &Support) {
        let incoming = self.incoming.get_or_insert_default();
        for entry in entries.split(' ').filter(|entry| !entry.is_empty()) {
            let (prefix, source) = support.split_prefix(entry);
            let nick = source.split('!').next().unwrap_or(source).to_owned();
            let key = support.fold(&nick);
            let spoke = self.members.get(&key).map_or(0, |member| member.spoke);
            incoming.insert(key, Member { nick, prefix: prefix.to_owned(), spoke });
        }
    }

    /// NAMES is complete.
    pub(crate) fn names_end(&mut self) {
        if let Some(members) = self.incoming.take() {
            self.members = members;
        }
    }

    /// Nobody is known to be there any more.
    pub(crate) fn clear(&mut self) {
        self.members.clear();
        self.incoming = None;
    }

    /// Somebody came.
    pub(crate) fn add(&mut self, nick: &str, support: &Support) {
        let member = Member { nick: nick.to_owned(), prefix: String::new(), spoke: 0 };
        self.members.insert(support.fold(nick), member);
    }

    /// Somebody left. Whether it was there.
    pub(crate) fn remove(&mut self, nick: &str, support: &Support) -> bool {
        self.members.remove(&support.fold(nick)).is_some()
    }

    /// Somebody is called otherwise now. Whether it was there.
    pub(crate) fn rename(&mut self, old: &str, new: &str, support: &Support) -> bool {
        let Some(mut member) = self.members.remove(&support.fold(old)) else { return false };
        new.clone_into(&mut member.nick);
        self.members.insert(support.fold(new), member);
        true
    }

    /// Somebody has other ranks now.
    pub(crate) fn rank(&mut self, nick: &str, letter: char, on: bool, support: &Support) {
        if let Some(member) = self.members.get_mut(&support.fold(nick)) {
            member.prefix = support.with_rank(&member.prefix, letter, on);
        }
    }

    /// Somebody said something.
    pub(crate) fn spoke(&mut self, nick: &str, support: &Support) {
        self.said += 1;
        if let Some(member) = self.members.get_mut(&support.fold(nick)) {
            member.spoke = self.said;
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Everybody, by name.
    pub(crate) fn people(&self) -> Vec<Person> {
        self.members.values().map(|m| Person { nick: m.nick.clone(), prefix: m.prefix.clone() }).collect()
    }

    /// Everybody's nickname, who spoke last first.
    pub(crate) fn nicks_by_speech(&self) -> Vec<&str> {
        let mut members: Vec<&Member> = self.members.values().collect();
        members.sort_by_key(|member| std::cmp::Reverse(member.spoke));
        members.into_iter().map(|member| member.nick.as_str()).collect()
    }
}
