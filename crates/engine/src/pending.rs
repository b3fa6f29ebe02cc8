//! Calls that wait for an answer of the shell, and how they go on.

use chat_model::Text;
use chat_model::history::{Bound, Select};
use chat_model::id::{MsgId, SessionId, Ticket};
use chat_model::invitation::InvitationCode;
use chat_model::login_name::LoginName;
use chat_model::name::{Account, ChannelName};
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use serde::{Deserialize, Serialize};

use crate::attempts::Tried;
use crate::commands;
use crate::commands::verb::Verb;
use crate::cx::{Cx, Outcome};
use crate::effect::ShownAs;
use crate::input::Answer;
use crate::listing::{self, Listing};
use crate::replay::{Piece, Rest};
use crate::{login, replay};

/// A call that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) session: SessionId,
    pub(crate) verb: Verb,
    pub(crate) label: Option<Text>,
    /// Whether the call is still to be answered, or only something after it.
    pub(crate) deferred: bool,
    /// What the answer begins with, whatever it is.
    pub(crate) begins_with: Option<Reply>,
    pub(crate) what: What,
}

/// How logging in goes on when the password is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LoginMethod {
    /// SASL or LOGIN: the session has an account; nothing else changes by itself.
    Login,
    /// NickServ: who identifies wants the nickname, too.
    NickServ,
    /// PASS account:password: the registration goes on, with or without.
    Pass,
    /// ENTER: the registration goes on with, or is refused.
    Enter,
}

/// What a call waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum What {
    /// Is it the account's password?
    Login { account: Account, device: Option<Text>, method: LoginMethod, tried: Tried },
    /// Is it the operator's password?
    Oper { name: Text, tried: Tried },
    /// The hash for a new account of the user's own.
    Register { account: Account, code: Option<InvitationCode> },
    /// The hash for a new account, made by an administrator.
    AddAccount { account: Account },
    /// The hash of a new password, set by an administrator.
    SetPassword { account: Account, keep_sessions: bool },
    /// The hash of a new password that somebody sets for its own account.
    OwnPassword { account: Account },
    /// Is it the password of the account whose other sessions are to end? Whether it logs in then.
    Ghost { account: Account, logs_in: bool, tried: Tried },
    /// CHATHISTORY of one target.
    History { subcommand: Text, target: Text },
    /// CHATHISTORY TARGETS.
    Targets,
    /// What was missed, a piece at a time.
    Missed { piece: Piece, rest: Rest },
    /// That the session has taken what it was shown of that.
    Shown { rest: Rest },
    /// That the session has taken a piece of a list.
    Listing(Listing),
}

/// One channel of which the past is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Missed {
    pub(crate) channel: ChannelName,
    /// Delivered up to here; `None` where the account (or guest) had nothing yet.
    pub(crate) delivered: Option<MsgId>,
    /// From here on the session sees it as it happens.
    pub(crate) before: MsgId,
    pub(crate) limit: u32,
}

impl Missed {
    /// The newest between the two.
    pub(crate) fn select(&self) -> Select {
        let before = Bound::Id(self.before);
        match self.delivered {
            // Whoever has had it up to later has missed nothing.
            Some(delivered) => Select::Between(before, Bound::Id(delivered.min(self.before))),
            None => Select::Before(before),
        }
    }
}

pub(crate) fn resolve(cx: &mut Cx<'_>, ticket: Ticket, what: What, answer: Answer) {
    if let Err(refusal) = resolve_as(cx, ticket, what, answer) {
        cx.refuse(refusal);
    }
}

fn resolve_as(cx: &mut Cx<'_>, ticket: Ticket, what: What, answer: Answer) -> Outcome {
    match (what, answer) {
        (What::Login { account, device, method, .. }, Answer::Verified(right)) => {
            login::verified(cx, LoginName { account, device }, method, right)
        }
        (What::Login { method, .. }, _) => login::unanswered(cx, method),
        (What::Oper { name, .. }, answer) => {
            commands::oper::verified(cx, &name, answer == Answer::Verified(true))
        }
        (What::Register { account, code }, Answer::Hashed(hash)) => {
            commands::register::hashed(cx, account, code, hash)
        }
        (What::AddAccount { account }, Answer::Hashed(hash)) => commands::useradd::hashed(cx, account, hash),
        (What::SetPassword { account, keep_sessions }, Answer::Hashed(hash)) => {
            commands::passwd::hashed(cx, account, keep_sessions, hash)
        }
        (What::OwnPassword { account }, Answer::Hashed(hash)) => {
            commands::nickserv::set::hashed(cx, account, hash)
        }
        (What::Ghost { account, logs_in, .. }, Answer::Verified(right)) => {
            commands::nickserv::ghost::verified(cx, &account, logs_in, right)
        }
        (What::History { target, .. }, Answer::Read(_)) => {
            cx.show(ticket, ShownAs::History { target });
            Ok(())
        }
        (What::History { subcommand, target }, _) => Err(Refusal::HistoryFailed { subcommand, target }),
        (What::Targets, Answer::Read(_)) => {
            let account = cx.account().cloned();
            cx.show(ticket, ShownAs::Targets { account });
            Ok(())
        }
        (What::Targets, _) => {
            Err(Refusal::HistoryFailed { subcommand: "TARGETS".into(), target: "*".into() })
        }
        (What::Missed { piece, rest }, Answer::Read(extent)) => {
            replay::show(cx, ticket, piece, extent, rest);
            Ok(())
        }
        (What::Shown { rest }, Answer::Drained) => {
            replay::go_on(cx, rest);
            Ok(())
        }
        (What::Listing(listing), Answer::Drained) => {
            listing::go_on(cx, listing);
            Ok(())
        }
        // Nobody is there to be told the rest.
        (What::Listing(_), _) => Ok(()),
        (What::Missed { .. }, _) => {
            replay::cannot_be_read(cx);
            Ok(())
        }
        (What::Shown { .. }, _) => {
            replay::release(cx);
            Ok(())
        }
        (
            What::Register { .. }
            | What::AddAccount { .. }
            | What::SetPassword { .. }
            | What::OwnPassword { .. }
            | What::Ghost { .. },
            _,
        ) => Err(Refusal::StorageUnavailable),
    }
}
