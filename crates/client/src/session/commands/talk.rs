//! Commands that say something, or show what was said.

use chat_model::phrase;
use chat_model::sentence;

use super::super::Session;
use super::super::line::Kind;
use super::{Problem, Words};

/// Lines of `/history` unless it is told otherwise.
const HISTORY_LINES: u32 = 20;
/// Lines of `/history` at most.
const HISTORY_LINES_MAX: u32 = 1000;

/// `/msg target text`
pub(super) fn msg(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let target = words.word()?;
    let text = words.text()?;
    session.say(target, Kind::Privmsg, text);
    Ok(())
}

/// `/me text`
pub(super) fn me(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let text = words.text()?;
    let target = words.active.clone().ok_or_else(|| nowhere(session, "/join"))?;
    session.say(&target, Kind::Action, text);
    Ok(())
}

/// `/history [target] [lines]`
pub(super) fn history(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let (mut target, mut count) = (words.active.clone(), HISTORY_LINES);
    while let Some(word) = words.next() {
        match word.parse() {
            Ok(number) => count = number,
            Err(_) => target = Some(word.to_owned()),
        }
    }
    if !session.can_fetch_history() {
        let text = phrase!(
            session.language(),
            en = "this server keeps no history that can be asked for",
            zh = "本服务器没有可查的历史消息",
        );
        return Err(text.into());
    }
    if !(1..=HISTORY_LINES_MAX).contains(&count) {
        let text = sentence!(
            session.language(),
            en = "from 1 to {HISTORY_LINES_MAX} lines",
            zh = "行数要在 1 到 {HISTORY_LINES_MAX} 之间"
        );
        return Err(Problem::Because(text));
    }
    let target = target.ok_or_else(|| nowhere(session, "/history"))?;
    session.ask_history(&target, count);
    Ok(())
}

/// There is no channel that a command could mean.
fn nowhere(session: &Session, command: &str) -> Problem {
    Problem::Because(sentence!(
        session.language(),
        en = "you are in no channel: {command} #channel",
        zh = "你不在任何频道：{command} #频道",
    ))
}
