//! Commands that say something, or show what was said.

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
    let target = words.active.clone().ok_or("you are in no channel: /join #channel")?;
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
        return Err("this server keeps no history that can be asked for".into());
    }
    if !(1..=HISTORY_LINES_MAX).contains(&count) {
        return Err(Problem::Because(format!("from 1 to {HISTORY_LINES_MAX} lines")));
    }
    let target = target.ok_or("you are in no channel: /history #channel")?;
    session.ask_history(&target, count);
    Ok(())
}
