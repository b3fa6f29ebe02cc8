//! Where a call has a password in it, which is taken out before the call goes anywhere: not into an input, not into the
//! state, not into a log that machines share. A [`SecretHandle`] stands for it.

use chat_model::call::Call;
use chat_model::invitation::password_and_code;
use chat_model::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use chat_model::secret::{SecretHandle, SecretId};

use super::{find_any, nickserv};

/// What stands where a password stood.
pub(super) const HIDDEN: &str = "***";

/// In which words of a command there is a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretIn {
    /// In none.
    Nothing,
    /// In this one, counted from 0. Behind it come so many more at the most: what else there is may belong to it.
    Word { index: usize, more: usize },
    /// In the last one, or where people type it, in the first.
    Registration,
    /// In all of them: PASS.
    Pass,
    /// In what NickServ is told.
    NickServ,
    /// In what NickServ is told, if it is told to NickServ.
    Message,
}

/// A call without the password that was in it.
#[derive(Clone, Debug)]
pub struct Concealed {
    /// The call, with stars for what was taken out.
    pub call: Call,
    /// The password as it was typed, where it can be one that somebody is asked for.
    pub secret: Option<Typed>,
}

impl Concealed {
    /// The call with what stands for its password.
    pub fn into_call(self, keep: impl FnOnce(&Typed) -> SecretHandle) -> Call {
        let mut call = self.call;
        call.secret = self.secret.map(|typed| Box::new(keep(&typed)));
        call
    }
}

/// A password as it was typed.
#[derive(Clone)]
pub struct Typed {
    /// Itself.
    pub text: String,
    /// Whether it may become the password of an account.
    pub is_fit: bool,
    /// Whether the name of an account and a colon may stand before it.
    pub may_name_account: bool,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl Typed {
    /// What stands for it alone, and not for the password of the server.
    pub fn handle(&self, id: SecretId) -> SecretHandle {
        SecretHandle { id, login: None, is_fit: self.is_fit, is_servers: false }
    }

    fn new(text: &str) -> Option<Self> {
        let is_fit = text.len() <= PASSWORD_BYTES_MAX && text.chars().count() >= PASSWORD_CHARS_MIN;
        (!text.is_empty()).then(|| Self { text: text.to_owned(), is_fit, may_name_account: false })
    }
}

/// Takes the password out of a call; `None` where there is none in it. Of a command that nobody knows no word is needed,
/// and each may be a mistyped LOGIN's.
pub fn conceal(call: &Call) -> Option<Concealed> {
    let words: Vec<&str> = match find_any(call.verb()) {
        Some(row) if row.secret == SecretIn::Nothing => return None,
        Some(row) if row.secret == SecretIn::Message && !is_for_nickserv(call) => return None,
        _ => words(call),
    };
    let Some(row) = find_any(call.verb()) else {
        return (!words.is_empty()).then(|| Concealed { call: call.with_words(&[]), secret: None });
    };
    match row.secret {
        SecretIn::Nothing => None,
        SecretIn::Word { index, more } => word(call, &words, index, more),
        SecretIn::Registration if call.is_typed() => registration(call),
        SecretIn::Registration => word(call, &words, 2, 0),
        SecretIn::Pass => pass(call),
        SecretIn::NickServ => text(call, &[], &words.join(" ")),
        SecretIn::Message => {
            let mut cursor = call.words();
            let target = cursor.next_word()?;
            text(call, &[target], cursor.next_rest()?)
        }
    }
}

fn words(call: &Call) -> Vec<&str> {
    let mut cursor = call.words();
    std::iter::from_fn(|| cursor.next_word()).collect()
}

fn is_for_nickserv(call: &Call) -> bool {
    call.words().peek().is_some_and(|targets| targets.split(',').any(nickserv::is_name))
}

fn word(call: &Call, words: &[&str], index: usize, more: usize) -> Option<Concealed> {
    let secret = Typed::new(words.get(index)?)?;
    let mut shown = words[..words.len().min(index + 1 + more)].to_vec();
    shown[index] = HIDDEN;
    Some(Concealed { call: call.with_words(&shown), secret: Some(secret) })
}

/// `/register password [code]`
fn registration(call: &Call) -> Option<Concealed> {
    let (password, code) = password_and_code(call.words().next_rest()?);
    let secret = Typed::new(password)?;
    let code = code.as_ref().map(|code| code.expose());
    let shown: Vec<&str> = [HIDDEN].into_iter().chain(code).collect();
    Some(Concealed { call: call.with_words(&shown), secret: Some(secret) })
}

fn pass(call: &Call) -> Option<Concealed> {
    let secret = Typed::new(call.words().next_rest()?)?;
    let secret = Some(Typed { may_name_account: true, ..secret });
    Some(Concealed { call: call.with_words(&[HIDDEN]), secret })
}

fn text(call: &Call, before: &[&str], text: &str) -> Option<Concealed> {
    let (shown, secret) = nickserv::conceal(text);
    let words: Vec<&str> = before.iter().copied().chain([shown.as_str()]).collect();
    Some(Concealed { call: call.with_words(&words), secret: secret.and_then(Typed::new) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a call, and the password in it.
    fn concealed(call: &Call) -> (String, Option<String>) {
        let concealed = conceal(call);
        let shown = concealed.as_ref().map_or(call, |concealed| &concealed.call);
        let all: Vec<&str> = std::iter::once(shown.verb()).chain(words(shown)).collect();
        let secret = concealed.clone().and_then(|concealed| concealed.secret);
        (all.join("|"), secret.map(|secret| secret.text))
    }

    #[test]
    fn a_password_is_taken_out_of_every_call_that_has_one() {
        let cases: &[(&[&str], &str, Option<&str>)] = &[
            (&["login", "ann", "hunter2"], "login|ann|***", Some("hunter2")),
            (&["LOGIN", "ann", "hunter2", "3"], "LOGIN|ann|***", Some("hunter2")),
            (&["LOGIN", "ann", ""], "LOGIN|ann|", None),
            (&["ENTER", "ann", "hunter2", "50"], "ENTER|ann|***|50", Some("hunter2")),
            (&["ENTER", "ann", "", "50"], "ENTER|ann||50", None),
            (&["OPER", "boss", "hunter2"], "OPER|boss|***", Some("hunter2")),
            (&["REGISTER", "*", "CODE", "hunter2"], "REGISTER|*|CODE|***", Some("hunter2")),
            (&["PASS", "ann:hunter2"], "PASS|***", Some("ann:hunter2")),
            (&["USERADD", "ann", "hunter2"], "USERADD|ann|***", Some("hunter2")),
            (&["PASSWD", "ann", "hunter2", "keep"], "PASSWD|ann|***|keep", Some("hunter2")),
            (&["NS", "IDENTIFY", "ann", "hunter2"], "NS|IDENTIFY ann ***", Some("hunter2")),
            (&["PRIVMSG", "nickserv", "id hunter2"], "PRIVMSG|nickserv|id ***", Some("hunter2")),
            (&["PRIVMSG", "#a,NickServ", "id hunter2"], "PRIVMSG|#a,NickServ|id ***", Some("hunter2")),
            (&["PRIVMSG", "#a", "identify hunter2"], "PRIVMSG|#a|identify hunter2", None),
            (&["JOIN", "#a", "key"], "JOIN|#a|key", None),
            (&["LOGN", "ann", "hunter2"], "LOGN", None),
        ];
        for (words, shown, secret) in cases {
            let call = Call::new(words[0], &words[1..]);
            assert_eq!(concealed(&call), ((*shown).to_owned(), secret.map(str::to_owned)), "{words:?}");
        }
    }

    #[test]
    fn what_people_type_is_concealed_as_well() {
        let cases = [
            (("register", "two words"), "register|***", Some("two words")),
            (("register", "two words 7k3m-9qxa-20c1"), "register|***|7K3M-9QXA-20C1", Some("two words")),
            (("login", "ann hunter2"), "login|ann|***", Some("hunter2")),
            (("oper", "boss two words"), "oper|boss|***", Some("two")),
            (("msg", "NickServ identify ann hunter2"), "msg|NickServ|identify|ann|***", Some("hunter2")),
            (("msg", "bob identify ann hunter2"), "msg|bob|identify|ann|hunter2", None),
            (("lgoin", "ann hunter2"), "lgoin", None),
        ];
        for ((verb, rest), shown, secret) in cases {
            let call = Call::line(verb, rest);
            assert_eq!(concealed(&call), (shown.to_owned(), secret.map(str::to_owned)), "{rest}");
        }
    }
}
