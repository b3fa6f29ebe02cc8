//! INVITATION of administrators: a code with which somebody may make an account; and what holds when it is used.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::refusal::{Expected, Refusal};
use chat_model::reply::AdminReply;

use crate::cx::{Cx, Outcome};

/// `INVITATION code seconds`; 0 seconds are for ever.
pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let word = words.word()?;
    let expected = Expected::InvitationCode;
    let code = InvitationCode::new(word).ok_or_else(|| Refusal::BadWord { word: word.into(), expected })?;
    let seconds: u32 = words.number()?;
    let expires = (seconds > 0).then(|| cx.now.plus(i64::from(seconds) * 1000));
    let invitation = Invitation { code: code.clone(), created: cx.now, expires };
    cx.save(Change::Invitation(invitation.clone()))?;
    let length = if seconds > 0 { format!("for {seconds} s") } else { "for ever".to_owned() };
    // Who reads the audit log must not be able to use the code.
    cx.audit("user invite", "*", &length)?;
    cx.state.invitations.insert(code, invitation);
    cx.reply(AdminReply::Done { count: 1 });
    Ok(())
}

/// Refuses who has no code that can be used now.
pub(super) fn require(cx: &Cx<'_>, code: Option<&InvitationCode>) -> Outcome {
    let invitation = code.and_then(|code| cx.state.invitations.get(code));
    match invitation {
        Some(invitation) if !cx.state.is_over(invitation.expires, cx.now) => Ok(()),
        _ => Err(Refusal::InvitationNeeded),
    }
}

/// A code makes one account.
pub(super) fn use_up(cx: &mut Cx<'_>, code: InvitationCode) -> Outcome {
    cx.save(Change::InvitationGone { code: code.clone() })?;
    cx.state.invitations.remove(&code);
    Ok(())
}
