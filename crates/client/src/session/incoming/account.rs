//! Capabilities and accounts.

use chat_model::sentence;

use super::super::Session;
use super::Incoming;

/// CAP
pub(super) fn cap(session: &mut Session, incoming: &Incoming<'_>) {
    // `CAP * LS * :names` has more to come, `CAP * LS :names` is the last.
    let more = incoming.param(2) == "*" && incoming.message.params.len() > 3;
    let names = incoming.message.params.get(2..).and_then(<[&str]>::last).copied().unwrap_or_default();
    session.capability(&incoming.param(1).to_ascii_uppercase(), more, names);
}

/// AUTHENTICATE
pub(super) fn authenticate(session: &mut Session, incoming: &Incoming<'_>) {
    session.authenticate_challenge(incoming.param(0));
}

/// Logged in (numeric 900).
pub(super) fn logged_in(session: &mut Session, incoming: &Incoming<'_>) {
    session.logins.taken();
    let account = incoming.param(2);
    session.info(sentence!(session.language(), en = "logged in as {account}", zh = "已登录账号 {account}"));
    session.identified();
}

/// The login is complete (numeric 903).
pub(super) fn login_done(session: &mut Session, _: &Incoming<'_>) {
    session.logins.taken();
    session.authenticated();
}

/// We were logged in already, so nothing was said about the password (numeric 907).
pub(super) fn login_needless(session: &mut Session, incoming: &Incoming<'_>) {
    if session.logins.refused() {
        session.info(incoming.message.params.last().copied().unwrap_or_default());
    }
    session.authenticated();
}

/// The login is refused (numerics 902, 904, 905, 906).
pub(super) fn login_failed(session: &mut Session, incoming: &Incoming<'_>) {
    session.authentication_failed(incoming.message.params.last().copied().unwrap_or_default());
}

/// The server's answer to REGISTER.
pub(super) fn registered(session: &mut Session, incoming: &Incoming<'_>) {
    if incoming.param(0) == "SUCCESS" {
        session.logins.taken();
    }
    session.info(incoming.sentence(1));
}
