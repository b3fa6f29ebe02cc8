//! Commands about this program and its connection.

use super::super::Session;
use super::{COMMANDS, Command, Problem, Words, find};

/// `/help [command]`
pub(super) fn help(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    if let Some(name) = words.next() {
        let name = name.trim_start_matches('/');
        let command =
            find(name).ok_or_else(|| Problem::Because(format!("there is no /{name}; see /help")))?;
        session.info(row(command));
        return Ok(());
    }
    session.info("a line is said to the active channel, @nick TEXT is a whisper, and:");
    for command in COMMANDS {
        session.info(row(command));
    }
    session.info("tab completes, ctrl-r searches what you typed before, ctrl-d leaves");
    Ok(())
}

fn row(command: &Command) -> String {
    let short = command.short.map_or_else(String::new, |short| format!(" (also /{short})"));
    let usage = format!("/{} {}", command.name, command.args);
    format!("  {usage:<34} {}{short}", command.help)
}

/// `/raw line`
pub(super) fn raw(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let line = words.text()?;
    session.send(format!("{line}\r\n"));
    Ok(())
}

/// `/quit [reason]`
pub(super) fn quit(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let reason = words.rest();
    session.kept.clear();
    session.leave((!reason.is_empty()).then(|| reason.to_owned()));
    Ok(())
}
