//! Commands with passwords. Without one in the line they ask for it where nobody can look on.

use chat_model::invitation::{InvitationCode, password_and_code};
use chat_model::secret::Secret;
use chat_model::sentence;

use super::super::{Question, Session};
use super::{Problem, Words};

/// `/register [password [code]]`
pub(super) fn register(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    if let Some(refusal) = session.password_refusal() {
        return Err(Problem::Because(refusal));
    }
    match words.rest() {
        "" => {
            may_ask(session)?;
            let nick = &session.nick;
            let text =
                sentence!(session.language(), en = "a password for {nick}", zh = "给 {nick} 设一个密码");
            session.ask(Question::Register, text);
        }
        text => match password_and_code(text) {
            (password, Some(code)) => register_invited(session, Secret::new(password), &code),
            (password, None) => session.register_account(Secret::new(password)),
        },
    }
    Ok(())
}

/// Makes an account of the nickname where that takes an invitation. IRC's REGISTER has an e-mail address in the
/// code's place, which our server does nothing with.
fn register_invited(session: &mut Session, password: Secret, code: &InvitationCode) {
    if session.has("draft/account-registration") {
        session.call("REGISTER", &["*", code.expose(), password.expose()]);
    } else {
        session.confide(format!("REGISTER {} {}", password.expose(), code.expose()));
    }
    session.registers(password);
}

/// `/password [password]`
pub(super) fn password(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    match words.rest() {
        "" => {
            may_ask(session)?;
            let account = session.account();
            let text = sentence!(session.language(), en = "password of {account}", zh = "{account} 的密码");
            session.ask(Question::Login, text);
        }
        password => session.log_in(Secret::new(password)),
    }
    Ok(())
}

fn may_ask(session: &Session) -> Result<(), Problem> {
    if session.options.interactive { Ok(()) } else { Err(Problem::Usage) }
}
