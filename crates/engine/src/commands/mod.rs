//! THE table of commands: a row each, and a file each. Help, arity, access and completion come from the row; what a
//! command does is said, in every language, by the faces.

mod audit;
mod away;
mod ban;
pub(crate) mod channels;
mod chathistory;
mod clock;
mod concealing;
mod deaf;
mod enter;
mod help;
mod invitation;
mod invite;
mod ison;
mod join;
mod kick;
mod kill;
pub(crate) mod lang;
pub(crate) mod list;
mod ls;
mod me;
mod message;
mod mode;
mod motd;
pub(crate) mod names;
mod nick;
pub(crate) mod nickserv;
pub(crate) mod online;
pub(crate) mod oper;
mod part;
mod pass;
pub(crate) mod passwd;
mod ping;
mod quit;
pub(crate) mod register;
mod remove;
mod say;
mod server;
mod setname;
mod topic;
mod user;
pub(crate) mod useradd;
mod userdel;
mod userhost;
mod usermode;
pub(crate) mod verb;
pub(crate) mod who;
mod whois;
mod whowas;

use chat_model::call::{Call, clip};
use chat_model::refusal::Refusal;
use chat_model::reply::{HelpRow, Reply};
use chat_model::slip::nearest;

use crate::cx::{Cx, Outcome};
use crate::effect::{Effect, Log};

use concealing::SecretIn;
pub use concealing::{Concealed, Typed, conceal};

/// Who may use a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody, also before having a nickname.
    Anyone,
    /// Whoever has a nickname.
    User,
    /// Server operators.
    Operator,
    /// Administrators on the admin socket, who have these commands and no others.
    Administrator,
}

/// One command.
pub(crate) struct Row {
    /// In capitals.
    pub(crate) verb: &'static str,
    /// Its words, for people.
    pub(crate) words: &'static str,
    pub(crate) access: Access,
    /// Whether HELP tells people of it. Those in plain text may type all others as well.
    for_people: bool,
    /// Whether others are shown nothing because of it, but at the most that whoever sends it has come in.
    private: bool,
    /// Where there is a password in it.
    pub(crate) secret: SecretIn,
    pub(crate) run: fn(&mut Cx<'_>, &Call) -> Outcome,
}

impl Row {
    const fn for_people(self) -> Self {
        Self { for_people: true, ..self }
    }

    const fn private(self) -> Self {
        Self { private: true, ..self }
    }

    const fn telling(self, secret: SecretIn) -> Self {
        Self { secret, ..self }
    }
}

const fn row(
    verb: &'static str,
    words: &'static str,
    access: Access,
    run: fn(&mut Cx<'_>, &Call) -> Outcome,
) -> Row {
    Row { verb, words, access, for_people: false, private: false, secret: SecretIn::Nothing, run }
}

use Access::{Administrator, Anyone, Operator, User};

/// Every command there is, by verb. Administrators' stand at the end: they share verbs with those of users.
#[rustfmt::skip]
static TABLE: &[Row] = &[
    row("ADMIN", "", User, server::admin).private(),
    row("AWAY", "[message]", User, away::run).for_people(),
    row("CHATHISTORY", "LATEST|BEFORE|AFTER|AROUND|BETWEEN target selector… limit", User, chathistory::run).private(),
    row("ENTER", "[nickname [password [lines]]]", Anyone, enter::run).telling(SecretIn::Word { index: 1, more: 1 }),
    row("HELP", "[command]", User, help::run).for_people().private(),
    row("I", "", User, deaf::run).for_people(),
    row("INFO", "", User, server::info).private(),
    row("INVITE", "[nickname #channel]", User, invite::run),
    row("ISON", "nickname…", User, ison::run).private(),
    row("JOIN", "#channel[,…] [key[,…]]", User, join::run),
    row("KICK", "#channel nickname[,…] [reason]", User, kick::run),
    row("KILL", "nickname [reason]", Operator, kill::run),
    row("LANG", "[language]", Anyone, lang::run).for_people().private(),
    row("LIST", "[#channel[,…]]", User, list::run).private(),
    row("LOGIN", "account password", Anyone, register::login).telling(SecretIn::Word { index: 1, more: 0 }),
    row("LS", "[#channel]", User, ls::run).for_people().private(),
    row("LUSERS", "", User, server::lusers).private(),
    row("ME", "text", User, me::run).for_people(),
    row("MODE", "target [modes [words…]]", User, mode::run),
    row("MOTD", "", User, motd::run).private(),
    row("MSG", "nickname text", User, message::msg).for_people().telling(SecretIn::Message),
    row("NAMES", "[#channel[,…]]", User, names::run).private(),
    row("NICK", "nickname", Anyone, nick::run).for_people(),
    row("NICKSERV", "command [words…]", User, nickserv::command).telling(SecretIn::NickServ),
    row("NOTICE", "target[,…] text", User, message::notice).telling(SecretIn::Message),
    row("OPER", "name password", User, oper::run).private().telling(SecretIn::Word { index: 1, more: 0 }),
    row("PART", "#channel[,…] [reason]", User, part::run),
    row("PASS", "password | account:password", Anyone, pass::run).private().telling(SecretIn::Pass),
    row("PING", "token", Anyone, ping::ping).private(),
    row("PONG", "token", Anyone, ping::pong).private(),
    row("PRIVMSG", "target[,…] text", User, message::privmsg).telling(SecretIn::Message),
    row("QUIT", "[reason]", Anyone, quit::run).for_people(),
    row("REGISTER", "account|* code|* password", Anyone, register::run).for_people().telling(SecretIn::Registration),
    row("SETNAME", "name", User, setname::run),
    row("TAGMSG", "target[,…]", User, message::tagmsg),
    row("TIME", "", User, server::time).private(),
    row("TOPIC", "[#channel] [text]", User, topic::run).for_people(),
    row("USER", "username realname", Anyone, user::run).private(),
    row("USERHOST", "nickname…", User, userhost::run).private(),
    row("VERSION", "", User, server::version).private(),
    row("WHO", "[mask [o]]", User, who::run).private(),
    row("WHOIS", "nickname", User, whois::run).for_people().private(),
    row("WHOWAS", "nickname [count]", User, whowas::run).private(),

    row("AUDIT", "action target detail", Administrator, audit::run),
    row("BAN", "nick|account|address mask seconds [reason]", Administrator, ban::ban),
    row("CHANNELS", "", Administrator, channels::run),
    row("CLOCK", "", Administrator, clock::run),
    row("INVITATION", "code seconds", Administrator, invitation::run),
    row("KICK", "nickname [reason]", Administrator, remove::run),
    row("LANG", "[language]", Administrator, lang::run),
    row("ONLINE", "", Administrator, online::run),
    row("PASSWD", "account password [keep]", Administrator, passwd::run).telling(SecretIn::Word { index: 1, more: 1 }),
    row("SAY", "target text", Administrator, say::run),
    row("UNBAN", "nick|account|address mask", Administrator, ban::unban),
    row("USERADD", "account password", Administrator, useradd::run).telling(SecretIn::Word { index: 1, more: 0 }),
    row("USERDEL", "account", Administrator, userdel::run),
];

/// Other names that people and clients know commands by.
static ALIASES: &[(&str, &str)] = &[
    ("H", "HELP"),
    ("HELPOP", "HELP"),
    ("LANGUAGE", "LANG"),
    ("NS", "NICKSERV"),
    ("WHISPER", "MSG"),
    ("W", "MSG"),
    ("EXIT", "QUIT"),
];

/// Runs a call, or says why not.
pub(crate) fn run(cx: &mut Cx<'_>, call: &Call) {
    let administrator = cx.session_row().is_administrator();
    let Some(row) = find(call.verb(), administrator) else {
        return unknown(cx, call.verb(), administrator);
    };
    cx.verb = row.verb;
    cx.secret = call.secret.clone();
    let outcome = check_access(cx, row).and_then(|()| (row.run)(cx, call));
    if let Err(refusal) = outcome {
        cx.refuse(refusal);
    }
}

fn check_access(cx: &Cx<'_>, row: &Row) -> Outcome {
    match row.access {
        Access::Anyone | Access::Administrator => Ok(()),
        Access::User => cx.me().map(drop),
        Access::Operator => {
            let me = cx.me()?;
            if cx.user(me).is_operator() { Ok(()) } else { Err(Refusal::NotOperator) }
        }
    }
}

fn is_for(row: &Row, administrator: bool) -> bool {
    (row.access == Access::Administrator) == administrator
}

fn find(verb: &str, administrator: bool) -> Option<&'static Row> {
    named(verb).find(|row| is_for(row, administrator))
}

/// A command of this name, whoever has it.
fn find_any(verb: &str) -> Option<&'static Row> {
    named(verb).next()
}

fn named(verb: &str) -> impl Iterator<Item = &'static Row> {
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(verb));
    let verb = alias.map_or(verb, |(_, verb)| verb);
    TABLE.iter().filter(move |row| row.verb.eq_ignore_ascii_case(verb))
}

/// Bytes of an unknown verb that are repeated: a line of 16 KiB without a space is one verb.
const UNKNOWN_BYTES_MAX: usize = 32;

fn unknown(cx: &mut Cx<'_>, verb: &str, administrator: bool) {
    let typed = clip(verb, UNKNOWN_BYTES_MAX).to_ascii_uppercase();
    let rows = TABLE.iter().filter(|row| is_for(row, administrator) && row.access != Access::Operator);
    let nearest = nearest(verb, rows.map(|row| row.verb)).map(Into::into);
    let refusal = Refusal::UnknownCommand { verb: clip(verb, UNKNOWN_BYTES_MAX).into(), nearest };
    let (nick, address) = ("*".into(), cx.session_row().peer.address);
    cx.effects.push(Effect::Log(Log::Refused { nick, address, verb: "?".into(), refusal: refusal.clone() }));
    cx.reply(Reply::Refused { verb: typed.into(), refusal });
}

/// Whether others are shown nothing because of this verb, but at the most that whoever sends it has come in.
pub fn is_private(verb: &str) -> bool {
    find(verb, false).is_some_and(|row| row.private)
}

/// Every verb that somebody can ask for help on.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|row| is_for(row, false)).map(|row| row.verb)
}

/// The help that somebody with this access may read.
fn help_rows(administrator: bool, operator: bool) -> impl Iterator<Item = HelpRow> {
    let may = move |row: &&Row| is_for(row, administrator) && (operator || row.access != Access::Operator);
    TABLE.iter().filter(may).map(|row| HelpRow {
        verb: row.verb.into(),
        words: row.words.into(),
        for_people: row.for_people,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_has_no_verb_twice() {
        for administrator in [false, true] {
            let verbs: Vec<_> =
                TABLE.iter().filter(|row| is_for(row, administrator)).map(|row| row.verb).collect();
            assert!(verbs.is_sorted_by(|a, b| a < b), "{verbs:?}");
        }
    }

    #[test]
    fn every_alias_leads_to_a_command() {
        for (alias, verb) in ALIASES {
            assert!(find(verb, false).is_some(), "{alias} leads nowhere");
            assert!(TABLE.iter().all(|row| row.verb != *alias), "{alias} is a command itself");
        }
    }
}
