//! Commands with passwords. Without one in the line they ask for it where nobody can look on.

use chat_model::secret::Secret;

use super::super::{Question, Session};
use super::{Problem, Words};

/// `/register [password]`
pub(super) fn register(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    if let Some(refusal) = session.password_refusal() {
        return Err(Problem::Because(refusal));
    }
    match words.rest() {
        "" => {
            may_ask(session)?;
            let text = format!("a password for {}", session.nick);
            session.ask(Question::Register, text);
        }
        password => session.register_account(Secret::new(password)),
    }
    Ok(())
}

/// `/password [password]`
pub(super) fn password(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    match words.rest() {
        "" => {
            may_ask(session)?;
            let text = format!("password of {}", session.account());
            session.ask(Question::Login, text);
        }
        password => session.log_in(Secret::new(password)),
    }
    Ok(())
}

fn may_ask(session: &Session) -> Result<(), Problem> {
    if session.options.interactive { Ok(()) } else { Err(Problem::Usage) }
}
