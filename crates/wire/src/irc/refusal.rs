//! How IRC says no: a numeric, a standard reply, or a sentence of NickServ. Which of them, the refusal's row says.

use chat_model::refusal::Refusal;

use super::capability::Capability;
use super::pen::Pen;
use crate::Face;
use crate::sentences::{self, Form};

/// Appends a refusal of a call with this verb.
pub(super) fn render(pen: &mut Pen<'_>, verb: &str, refusal: &Refusal) {
    let language = pen.cx.language;
    let row = sentences::refusal(refusal, verb, Face::Irc, language);
    let text = row.open_sentence(language);
    match row.form {
        Form::Numeric(numeric, words) => put(pen.numeric(numeric), &words, &text),
        Form::Fail(words) => put(pen.fail(verb, row.code), &words, &text),
        Form::FailOrNotice(words) if pen.capabilities.has(Capability::StandardReplies) => {
            put(pen.fail(verb, row.code), &words, &text);
        }
        Form::FailOrNotice(_) => pen.notice(&text),
        Form::Account(word)
            if verb == "REGISTER" && pen.capabilities.has(Capability::AccountRegistration) =>
        {
            let word = word.unwrap_or_else(|| "*".to_owned());
            put(pen.fail(verb, register_code(refusal, row.code)), &[word], &text);
        }
        Form::Account(_) => pen.nickserv(&text),
    }
}

fn put(line: super::line::Line<'_>, words: &[String], text: &str) {
    words.iter().fold(line, |line, word| line.word(word)).text(text);
}

/// The codes of draft/account-registration, where they are other than ours.
fn register_code(refusal: &Refusal, code: &'static str) -> &'static str {
    match refusal {
        Refusal::AlreadyLoggedIn { .. } => "ALREADY_AUTHENTICATED",
        Refusal::NickInUse { .. } => "ACCOUNT_EXISTS",
        Refusal::RegistrationClosed | Refusal::StorageUnavailable | Refusal::TooManyAccounts { .. } => {
            "TEMPORARILY_UNAVAILABLE"
        }
        _ => code,
    }
}
