//! THE table of commands: a row each, and a file each. Help, arity, access and completion come from the row.

mod audit;
mod away;
mod ban;
mod channels;
mod chathistory;
mod deaf;
mod enter;
mod help;
mod invitation;
mod invite;
mod ison;
mod join;
mod kick;
mod kill;
mod list;
mod ls;
mod me;
mod message;
mod mode;
mod motd;
mod names;
mod nick;
mod nickserv;
mod online;
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
mod who;
mod whois;
mod whowas;

use chat_model::call::{Call, clip};
use chat_model::refusal::Refusal;
use chat_model::reply::{HelpRow, Reply};

use crate::cx::{Cx, Outcome};
use crate::effect::{Effect, Log};

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
    /// What it does, in one line without a stop.
    pub(crate) help: &'static str,
    pub(crate) access: Access,
    /// Whether people type it, with a slash, in the plain text face.
    pub(crate) typed: bool,
    pub(crate) run: fn(&mut Cx<'_>, &Call) -> Outcome,
}

const fn row(
    verb: &'static str,
    words: &'static str,
    help: &'static str,
    access: Access,
    run: fn(&mut Cx<'_>, &Call) -> Outcome,
) -> Row {
    Row { verb, words, help, access, typed: false, run }
}

const fn typed(
    verb: &'static str,
    words: &'static str,
    help: &'static str,
    run: fn(&mut Cx<'_>, &Call) -> Outcome,
) -> Row {
    Row { verb, words, help, access: Access::User, typed: true, run }
}

use Access::{Administrator, Anyone, Operator, User};

/// Every command there is, by verb. Administrators' stand at the end: they share verbs with those of users.
#[rustfmt::skip]
static TABLE: &[Row] = &[
    row("ADMIN", "", "who runs this server", User, server::admin),
    typed("AWAY", "[message]", "say that you are away, or without a message that you are back", away::run),
    row("CHATHISTORY", "LATEST|BEFORE|AFTER|AROUND|BETWEEN target selector… limit", "read what was said", User, chathistory::run),
    row("ENTER", "[nickname [password [lines]]]", "come in under a nickname", Anyone, enter::run),
    typed("HELP", "[command]", "this help", help::run),
    typed("I", "", "mute the room, and again to hear it: whispers still arrive", deaf::run),
    row("INFO", "", "what this server is", User, server::info),
    row("INVITE", "[nickname #channel]", "invite somebody into a channel, or list where you are invited to", User, invite::run),
    row("ISON", "nickname…", "which of these are on", User, ison::run),
    row("JOIN", "#channel[,…] [key[,…]]", "come into channels; 0 leaves all", User, join::run),
    row("KICK", "#channel nickname[,…] [reason]", "put somebody out of a channel", User, kick::run),
    row("KILL", "nickname [reason]", "put somebody off the server", Operator, kill::run),
    row("LIST", "[#channel[,…]]", "list channels", User, list::run),
    row("LOGIN", "account password", "log in to an account", Anyone, register::login),
    typed("LS", "[#channel]", "who is here", ls::run),
    row("LUSERS", "", "how many are here", User, server::lusers),
    typed("ME", "text", "say what you do: * alice waves", me::run),
    row("MODE", "target [modes [words…]]", "read or change modes of a channel or of yourself", User, mode::run),
    row("MOTD", "", "the message of the day", User, motd::run),
    typed("MSG", "nickname text", "whisper; @nickname text does the same", message::msg),
    row("NAMES", "[#channel[,…]]", "who is on a channel", User, names::run),
    Row { verb: "NICK", words: "nickname", help: "take another nickname", access: Anyone, typed: true, run: nick::run },
    row("NICKSERV", "command [words…]", "talk to NickServ", User, nickserv::command),
    row("NOTICE", "target[,…] text", "say something that must not be answered by a machine", User, message::notice),
    row("OPER", "name password", "become a server operator", User, oper::run),
    row("PART", "#channel[,…] [reason]", "leave channels", User, part::run),
    row("PASS", "password | account:password", "the password of the server, or of an account", Anyone, pass::run),
    row("PING", "token", "is the server there?", Anyone, ping::ping),
    row("PONG", "token", "the client is there", Anyone, ping::pong),
    row("PRIVMSG", "target[,…] text", "say something to a channel or to somebody", User, message::privmsg),
    Row { verb: "QUIT", words: "[reason]", help: "leave", access: Anyone, typed: true, run: quit::run },
    Row { verb: "REGISTER", words: "account|* code|* password", help: "make your nickname your own, with an invitation code where one is needed", access: Anyone, typed: true, run: register::run },
    row("SETNAME", "name", "change your real name", User, setname::run),
    row("TAGMSG", "target[,…]", "send tags without text", User, message::tagmsg),
    row("TIME", "", "the server's time", User, server::time),
    typed("TOPIC", "[#channel] [text]", "read or set what a channel is about", topic::run),
    row("USER", "username realname", "finish registering", Anyone, user::run),
    row("USERHOST", "nickname…", "where these are from", User, userhost::run),
    row("VERSION", "", "what this server runs", User, server::version),
    row("WHO", "[mask [o]]", "list users, or operators alone", User, who::run),
    typed("WHOIS", "nickname", "about somebody", whois::run),
    row("WHOWAS", "nickname [count]", "about somebody who left", User, whowas::run),

    row("AUDIT", "action target detail", "write a line into the audit log", Administrator, audit::run),
    row("BAN", "nick|account|address mask seconds [reason]", "ban from the server", Administrator, ban::ban),
    row("CHANNELS", "", "list channels", Administrator, channels::run),
    row("INVITATION", "code seconds", "let whoever has this code make one account", Administrator, invitation::run),
    row("KICK", "nickname [reason]", "put somebody off the server", Administrator, remove::run),
    row("ONLINE", "", "list who is on", Administrator, online::run),
    row("PASSWD", "account password", "set an account's password", Administrator, passwd::run),
    row("SAY", "target text", "say something in the server's name", Administrator, say::run),
    row("UNBAN", "nick|account|address mask", "lift a ban", Administrator, ban::unban),
    row("USERADD", "account password", "make an account", Administrator, useradd::run),
    row("USERDEL", "account", "delete an account", Administrator, userdel::run),
];

/// Other names that people and clients know commands by.
static ALIASES: &[(&str, &str)] = &[
    ("H", "HELP"),
    ("HELPOP", "HELP"),
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
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(verb));
    let verb = alias.map_or(verb, |(_, verb)| verb);
    TABLE.iter().find(|row| row.verb.eq_ignore_ascii_case(verb) && is_for(row, administrator))
}

/// Bytes of an unknown verb that are looked at and repeated. Comparing costs the product of the lengths, and a line of
/// 16 KiB without a space is one verb.
const UNKNOWN_BYTES_MAX: usize = 32;

fn unknown(cx: &mut Cx<'_>, verb: &str, administrator: bool) {
    let typed = clip(verb, UNKNOWN_BYTES_MAX).to_ascii_uppercase();
    let rows = TABLE.iter().filter(|row| is_for(row, administrator) && row.access != Access::Operator);
    let nearest = rows
        .map(|row| (strsim::damerau_levenshtein(row.verb, &typed), row.verb))
        .min()
        .filter(|(distance, verb)| *distance <= 2.min(verb.len() / 2))
        .map(|(_, verb)| verb.into());
    let refusal = Refusal::UnknownCommand { verb: clip(verb, UNKNOWN_BYTES_MAX).into(), nearest };
    let (nick, address) = ("*".into(), cx.session_row().peer.address);
    cx.effects.push(Effect::Log(Log::Refused {
        nick,
        address,
        verb: "?".into(),
        code: refusal.code().into(),
    }));
    cx.reply(Reply::Refused { verb: typed.into(), refusal });
}

/// The help that somebody with this access may read.
fn help_rows(administrator: bool, operator: bool) -> impl Iterator<Item = HelpRow> {
    let may = move |row: &&Row| is_for(row, administrator) && (operator || row.access != Access::Operator);
    TABLE.iter().filter(may).map(|row| HelpRow {
        verb: row.verb.into(),
        words: row.words.into(),
        help: row.help.into(),
        typed: row.typed,
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
