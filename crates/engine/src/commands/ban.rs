//! BAN and UNBAN of administrators: keeps nicknames, accounts and addresses off the server.

use chat_model::Text;
use chat_model::address::network;
use chat_model::call::{Call, Cursor};
use chat_model::change::{BanTarget, Change, ServerBan};
use chat_model::close_reason::CloseReason;
use chat_model::id::SessionId;
use chat_model::mask::NickMask;
use chat_model::refusal::{Expected, Refusal};
use chat_model::reply::AdminReply;

use crate::bans;
use crate::cx::{Cx, Outcome};
use crate::departure;

pub(super) fn ban(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let target = target(&mut words)?;
    if covers_everybody(&target) {
        return Err(Refusal::BanTooWide { mask: name(&target) });
    }
    let seconds: i64 = words.number()?;
    let reason: Text = words.all_rest().unwrap_or_default().into();
    let expires = (seconds > 0).then(|| cx.now.plus(seconds.saturating_mul(1000)));
    let setter = cx.session_row().peer.administrator.clone().unwrap_or_else(|| "administrator".into());
    let ban = ServerBan { target: target.clone(), reason: reason.clone(), setter, created: cx.now, expires };
    cx.save(Change::ServerBan(ban.clone()))?;
    cx.audit("ban", &described(&target), &detail(seconds, &reason))?;
    cx.state.put_ban(ban);
    let covered = covered(cx, &target);
    let count = covered.len();
    for session in covered {
        departure::close(cx, session, CloseReason::Banned { reason: reason.clone() });
    }
    cx.reply(AdminReply::Done { count });
    Ok(())
}

pub(super) fn unban(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let target = target(&mut words)?;
    if !cx.state.has_ban(&target) {
        return Err(Refusal::NoSuchBan { mask: name(&target) });
    }
    cx.save(Change::ServerUnban { target: target.clone() })?;
    cx.audit("unban", &described(&target), "")?;
    cx.state.remove_ban(&target);
    cx.reply(AdminReply::Done { count: 1 });
    Ok(())
}

/// A slip of the hand, which would close every connection and let nobody in again.
fn covers_everybody(target: &BanTarget) -> bool {
    match target {
        BanTarget::Nick(mask) => mask.covers_everybody(),
        BanTarget::Account(_) => false,
        BanTarget::Network(network) => network.prefix_len() == 0,
    }
}

fn target(words: &mut Cursor<'_>) -> Result<BanTarget, Refusal> {
    let kind = words.word()?;
    let bad = |word: &str, expected| Refusal::BadWord { word: word.into(), expected };
    match kind.to_ascii_lowercase().as_str() {
        "nick" => {
            let word = words.word()?;
            let mask = NickMask::new(word).map_err(|why| bad(word, Expected::NickMask(why)))?;
            Ok(BanTarget::Nick(mask))
        }
        "account" => Ok(BanTarget::Account(words.account()?)),
        "address" => {
            let word = words.word()?;
            network(word).map(BanTarget::Network).ok_or_else(|| bad(word, Expected::Address))
        }
        _ => Err(bad(kind, Expected::BanKind)),
    }
}

fn name(target: &BanTarget) -> Text {
    match target {
        BanTarget::Nick(mask) => mask.as_str().into(),
        BanTarget::Account(account) => account.as_str().into(),
        BanTarget::Network(net) => net.to_string().into(),
    }
}

/// The kind and the name, for the record.
fn described(target: &BanTarget) -> String {
    let kind = match target {
        BanTarget::Nick(_) => "nick",
        BanTarget::Account(_) => "account",
        BanTarget::Network(_) => "address",
    };
    format!("{kind} {}", name(target))
}

/// For how long, in the largest unit that it is a whole number of, and why, as far as that was said.
fn detail(seconds: i64, reason: &str) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds % unit == 0);
    match whole.map(|(unit, letter)| format!("for {}{letter}", seconds / unit)) {
        None => reason.to_owned(),
        Some(length) if reason.is_empty() => length,
        Some(length) => format!("{length}: {reason}"),
    }
}

fn covered(cx: &Cx<'_>, target: &BanTarget) -> Vec<SessionId> {
    let covers = |session: &SessionId| {
        let row = cx.state.sessions.get(session)?;
        let user = row.user.map(|id| cx.user(id));
        let by_address = match (target, row.peer.address) {
            (BanTarget::Network(net), Some(address)) => net.contains(&address),
            _ => false,
        };
        let by_name =
            user.is_some_and(|user| bans::covers(target, &user.who.nick, user.who.account.as_ref(), None));
        (by_address || by_name).then_some(())
    };
    cx.state
        .sessions
        .iter()
        .map(|(session, _)| *session)
        .filter(|session| covers(session).is_some())
        .collect()
}
