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
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::{HelpRow, IrcReply, Notice, Reply};

use crate::cx::{Cx, Outcome};
use crate::effect::Effect;

/// What of somebody's words may be shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// No word behind the verb.
    Nothing,
    /// The first one, where another one follows: alone it would be the password.
    First,
    /// All of them.
    All,
}

/// One thing that NickServ understands.
struct Row {
    /// In capitals.
    verb: &'static str,
    /// Other names of it.
    aliases: &'static [&'static str],
    /// Its words, for people.
    words: &'static str,
    shows: Shows,
    /// Does it. `None` where the words do not fit, or ask for it: then NickServ tells what it understands.
    run: fn(&mut Cx<'_>, &[&str]) -> Option<Outcome>,
}

#[rustfmt::skip]
static TABLE: &[Row] = &[
    Row { verb: "REGISTER", aliases: &[], words: "password [code]", shows: Shows::Nothing, run: register::run },
    Row { verb: "IDENTIFY", aliases: &["LOGIN", "ID"], words: "[account] password", shows: Shows::First, run: identify::run },
    Row { verb: "LOGOUT", aliases: &[], words: "", shows: Shows::Nothing, run: logout::run },
    Row { verb: "SET", aliases: &[], words: "PASSWORD password", shows: Shows::First, run: set::run },
    Row { verb: "GHOST", aliases: &[], words: "nickname [password]", shows: Shows::First, run: ghost::ghost },
    Row { verb: "RECOVER", aliases: &["REGAIN", "RELEASE"], words: "nickname [password]", shows: Shows::First, run: ghost::recover },
    Row { verb: "INFO", aliases: &[], words: "[account]", shows: Shows::All, run: info::run },
    Row { verb: "STATUS", aliases: &[], words: "nickname…", shows: Shows::All, run: status::run },
    Row { verb: "ACC", aliases: &[], words: "[nickname]", shows: Shows::All, run: acc::run },
    Row { verb: "HELP", aliases: &[], words: "", shows: Shows::Nothing, run: |_, _| None },
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
    let row = |row: &Row| HelpRow { verb: row.verb.into(), words: row.words.into(), typed: false };
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
    let echo = IrcReply::NickServEcho { who, text: without_secrets(text).into() }.into();
    let outcome = obey(cx, text);
    if cx.deferred {
        cx.answer_begins_with(echo);
    } else {
        cx.effects.insert(start, Effect::Reply { session: cx.session, reply: echo });
    }
    outcome
}

/// What may be shown again of something that may be a password, or have one in it.
fn without_secrets(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((verb, rest)) = words.split_first() else { return String::new() };
    match (find(verb).map(|row| row.shows), rest) {
        (Some(Shows::All), _) => words.join(" "),
        (Some(_), []) => (*verb).to_owned(),
        (Some(Shows::First), [first, _, ..]) => format!("{verb} {first} ***"),
        (Some(_), _) => format!("{verb} ***"),
        (None, _) => "***".to_owned(),
    }
}

fn obey(cx: &mut Cx<'_>, text: &str) -> Outcome {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (verb, rest) = words.split_first().map_or(("HELP", [].as_slice()), |(verb, rest)| (*verb, rest));
    let Some(row) = find(verb) else {
        cx.reply(Reply::Notice(Notice::NickServUnknown { verb: verb.into() }));
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
            ("HELP", "HELP"),
            ("help me", "help ***"),
            ("IDENTIFY hunter2", "IDENTIFY ***"),
            ("id dora hunter2", "id dora ***"),
            ("Identify dora hunter2 again", "Identify dora ***"),
            ("REGISTER hunter2", "REGISTER ***"),
            ("REGISTER hunter2 CODE", "REGISTER ***"),
            ("SET PASSWORD hunter2", "SET PASSWORD ***"),
            ("SET hunter2", "SET ***"),
            ("GHOST dora hunter2", "GHOST dora ***"),
            ("STATUS dora eve", "STATUS dora eve"),
            ("LOGOUT hunter2", "LOGOUT ***"),
            ("hunter2", "***"),
            ("IDENTFY dora hunter2", "***"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_secrets(text), shown, "{text:?}");
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
