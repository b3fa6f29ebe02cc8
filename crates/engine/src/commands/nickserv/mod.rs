//! NickServ, which looks after accounts for clients that have no words of their own for that: `/msg NickServ …`. THE
//! table of what it understands: a row each, and a file each.
//!
//! What it is told is read, obeyed and never kept: there are passwords in it.

mod acc;
pub(crate) mod ghost;
mod identify;
mod info;
mod logout;
mod register;
pub(crate) mod set;
mod status;

use chat_model::call::Call;
use chat_model::invitation::InvitationCode;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::{HelpRow, IrcReply, Notice, Reply};

use super::concealing::HIDDEN;
use crate::cx::{Cx, Outcome};
use crate::effect::Effect;

/// Where in somebody's words there is a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PasswordIn {
    /// Nowhere, and they may be shown as they are.
    Nothing,
    /// In the first one; a code may follow.
    First,
    /// In the last of one or two.
    Last,
    /// In the second one, if there is one: the first is a name.
    Second,
    /// Nowhere where somebody who knows this says it: all of it is taken for a mistake with a password in it.
    Mistake,
}

/// One thing that NickServ understands.
struct Row {
    /// In capitals.
    verb: &'static str,
    /// Other names of it.
    aliases: &'static [&'static str],
    /// Its words, for people.
    words: &'static str,
    password: PasswordIn,
    /// Does it. `None` where the words do not fit, or ask for it: then NickServ tells what it understands.
    run: fn(&mut Cx<'_>, &[&str]) -> Option<Outcome>,
}

#[rustfmt::skip]
static TABLE: &[Row] = &[
    Row { verb: "REGISTER", aliases: &[], words: "password [code]", password: PasswordIn::First, run: register::run },
    Row { verb: "IDENTIFY", aliases: &["LOGIN", "ID"], words: "[account] password", password: PasswordIn::Last, run: identify::run },
    Row { verb: "LOGOUT", aliases: &[], words: "", password: PasswordIn::Mistake, run: logout::run },
    Row { verb: "SET", aliases: &[], words: "PASSWORD password", password: PasswordIn::Last, run: set::run },
    Row { verb: "GHOST", aliases: &[], words: "nickname [password]", password: PasswordIn::Second, run: ghost::ghost },
    Row { verb: "RECOVER", aliases: &["REGAIN", "RELEASE"], words: "nickname [password]", password: PasswordIn::Second, run: ghost::recover },
    Row { verb: "INFO", aliases: &[], words: "[account]", password: PasswordIn::Nothing, run: info::run },
    Row { verb: "STATUS", aliases: &[], words: "nickname…", password: PasswordIn::Nothing, run: status::run },
    Row { verb: "ACC", aliases: &[], words: "[nickname]", password: PasswordIn::Nothing, run: acc::run },
    Row { verb: "HELP", aliases: &[], words: "", password: PasswordIn::Mistake, run: |_, _| None },
];

fn find(verb: &str) -> Option<&'static Row> {
    let is = |name: &&str| name.eq_ignore_ascii_case(verb);
    TABLE.iter().find(|row| is(&row.verb) || row.aliases.iter().any(is))
}

/// Every verb, for the test that there is help on each.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.verb)
}

fn help_rows() -> Vec<HelpRow> {
    let row = |row: &Row| HelpRow { verb: row.verb.into(), words: row.words.into(), for_people: false };
    TABLE.iter().map(row).collect()
}

/// `NICKSERV IDENTIFY …`, which many clients send for `/ns`.
pub(super) fn command(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let text = call.words().all_rest().unwrap_or_default();
    obey(cx, &text)
}

/// `PRIVMSG NickServ :…`. Its echo comes before the answer, as with any message.
pub(super) fn message(cx: &mut Cx<'_>, text: &str) -> Outcome {
    let (who, start) = (cx.who(cx.me()?), cx.effects.len());
    let echo = IrcReply::NickServEcho { who, text: text.into() }.into();
    let outcome = obey(cx, text);
    if cx.deferred {
        cx.answer_begins_with(echo);
    } else {
        cx.effects.insert(start, Effect::Reply { session: cx.session, reply: echo });
    }
    outcome
}

/// What may be shown of something that somebody tells NickServ, or kept of it; and the password that was in it.
pub(super) fn conceal(text: &str) -> (String, Option<&str>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((verb, rest)) = words.split_first() else { return (String::new(), None) };
    let Some(row) = find(verb) else { return (HIDDEN.to_owned(), None) };
    match (row.password, rest) {
        (PasswordIn::Nothing, _) => (words.join(" "), None),
        (_, []) => ((*verb).to_owned(), None),
        (PasswordIn::Mistake, _) => (format!("{verb} {HIDDEN}"), None),
        (PasswordIn::First, [password, others @ ..]) => {
            let code = others.first().and_then(|word| InvitationCode::new(word));
            let code = code.map(|code| format!(" {}", code.expose())).unwrap_or_default();
            (format!("{verb} {HIDDEN}{code}"), Some(password))
        }
        (PasswordIn::Last, [password]) => (format!("{verb} {HIDDEN}"), Some(password)),
        (PasswordIn::Second, [name]) => (format!("{verb} {name}"), None),
        (PasswordIn::Last | PasswordIn::Second, [first, password, ..]) => {
            (format!("{verb} {first} {HIDDEN}"), Some(password))
        }
    }
}

/// Whether this is how one calls it.
pub(super) fn is_name(text: &str) -> bool {
    text.eq_ignore_ascii_case("NickServ")
}

fn obey(cx: &mut Cx<'_>, text: &str) -> Outcome {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (verb, rest) = words.split_first().map_or(("HELP", [].as_slice()), |(verb, rest)| (*verb, rest));
    let Some(row) = find(verb) else {
        cx.reply(Reply::Notice(Notice::NickServUnknown));
        return Ok(());
    };
    (row.run)(cx, rest).unwrap_or_else(|| {
        cx.reply(Reply::Notice(Notice::NickServHelp { rows: help_rows() }));
        Ok(())
    })
}

/// The account that the asking session is logged in to.
fn my_account(cx: &Cx<'_>) -> Result<Account, Refusal> {
    cx.account().cloned().ok_or(Refusal::NotLoggedIn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_secret_is_shown_again() {
        let cases = [
            ("HELP", "HELP", None),
            ("help me", "help ***", None),
            ("IDENTIFY hunter2", "IDENTIFY ***", Some("hunter2")),
            ("id dora hunter2", "id dora ***", Some("hunter2")),
            ("Identify dora hunter2 again", "Identify dora ***", Some("hunter2")),
            ("REGISTER hunter2", "REGISTER ***", Some("hunter2")),
            ("REGISTER hunter2 again", "REGISTER ***", Some("hunter2")),
            ("REGISTER hunter2 7k3m-9qxa-20c1", "REGISTER *** 7K3M-9QXA-20C1", Some("hunter2")),
            ("SET PASSWORD hunter2", "SET PASSWORD ***", Some("hunter2")),
            ("SET hunter2", "SET ***", Some("hunter2")),
            ("GHOST dora", "GHOST dora", None),
            ("GHOST dora hunter2", "GHOST dora ***", Some("hunter2")),
            ("STATUS dora eve", "STATUS dora eve", None),
            ("LOGOUT hunter2", "LOGOUT ***", None),
            ("hunter2", "***", None),
            ("IDENTFY dora hunter2", "***", None),
        ];
        for (text, shown, password) in cases {
            assert_eq!(conceal(text), (shown.to_owned(), password), "{text:?}");
        }
    }

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<_> =
            TABLE.iter().flat_map(|row| row.aliases.iter().copied().chain([row.verb])).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
