//! One message, as people read it and as machines do.

use chat_model::ctcp::{Body, body};
use chat_model::message::{Message, MessageKind, Target};
use chat_model::who::Source;
use chat_model::{phrase, sentence};
use chat_store::StoredRow;
use serde::Serialize;

use crate::console::{Console, DIM, HEADING};
use crate::failure::Failure;
use crate::language::language;
use crate::text::visible;
use crate::when::rfc3339;

/// A message as `--json` prints it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    /// The msgid. In quotes, because it has more digits than JSON's numbers can be trusted with.
    id: String,
    time: String,
    kind: MessageKind,
    /// Where it was said; `null` for a direct message.
    channel: Option<&'a str>,
    /// Who said it; `null` is the server.
    nick: Option<&'a str>,
    account: Option<&'a str>,
    address: Option<&'a str>,
    /// Whom it was addressed to: a channel, the higher ranks of one (`@#dev`), or a nickname.
    to: String,
    to_account: Option<&'a str>,
    text: &'a str,
    /// Whether the channel ended since, or an account of the two was deleted.
    ended: bool,
}

pub(crate) fn print(row: &StoredRow, console: &mut Console) -> Result<(), Failure> {
    if console.json {
        return console.object(&object(row));
    }
    let message = &row.message;
    let time = console.styled(DIM, &console.time(message.at.time));
    let target = console.styled(DIM, &visible(&target(row)));
    let said = said(message, console);
    Ok(console.line(&format!("{time}  {target}  {said}"))?)
}

fn object(row: &StoredRow) -> Row<'_> {
    let message = &*row.message;
    let who = match &message.from {
        Source::User(who) => Some(who),
        Source::Server => None,
    };
    let (channel, to_account) = match &message.target {
        Target::Channel { name, .. } => (Some(name.as_str()), None),
        Target::User(party) => (None, party.account.as_ref().map(|account| account.as_str())),
    };
    Row {
        id: message.at.id.to_string(),
        time: rfc3339(message.at.time),
        kind: message.kind,
        channel,
        nick: who.map(|who| who.nick.as_str()),
        account: who.and_then(|who| who.account.as_ref()).map(|account| account.as_str()),
        address: who.map(|who| &*who.host),
        to: addressed(&message.target),
        to_account,
        text: &message.text,
        ended: row.ended,
    }
}

fn addressed(target: &Target) -> String {
    match target {
        Target::Channel { name, rank } => {
            format!("{}{name}", rank.map(|rank| rank.prefix().to_string()).unwrap_or_default())
        }
        Target::User(party) => party.nick.to_string(),
    }
}

/// Where it was said: `#lobby`, `alice -> bob`.
fn target(row: &StoredRow) -> String {
    let ended = if row.ended { phrase!(language(), en = " (ended)", zh = "（已结束）") } else { "" };
    let to = addressed(&row.message.target);
    match &row.message.target {
        Target::Channel { .. } => format!("{to}{ended}"),
        Target::User(_) => {
            let from = row.message.from.nick().map_or(server(), |nick| nick.as_str());
            format!("{from} -> {to}{ended}")
        }
    }
}

/// Who says what nobody else does.
fn server() -> &'static str {
    phrase!(language(), en = "(server)", zh = "（服务器）")
}

/// Who and what: `<alice> hi`, `-alice- a notice`, `* alice waves`, `* alice asks for VERSION`.
fn said(message: &Message, console: &Console) -> String {
    let nick = message.from.nick().map_or(server(), |nick| nick.as_str());
    let nick = console.styled(HEADING, &visible(nick));
    let (text, is_notice) = (&*message.text, message.kind == MessageKind::Notice);
    match body(text) {
        Body::Action(action) => format!("* {nick} {}", visible(action)),
        Body::Ctcp(answer) if is_notice => {
            let answer = visible(answer);
            sentence!(language(), en = "* {nick} answers {answer}", zh = "* {nick} 回应 {answer}")
        }
        Body::Ctcp(request) => {
            let request = visible(request);
            sentence!(language(), en = "* {nick} asks for {request}", zh = "* {nick} 查询 {request}")
        }
        Body::Text(text) if is_notice => format!("-{nick}- {}", visible(text)),
        Body::Text(text) => format!("<{nick}> {}", visible(text)),
    }
}
