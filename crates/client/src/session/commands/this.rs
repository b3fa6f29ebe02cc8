//! Commands about this program and its connection.

use chat_model::language::Language;
use chat_model::phrase;
use chat_model::sentence;
use chat_wire::sentences::{languages, usage};
use unicode_width::UnicodeWidthStr as _;

use super::super::{Effect, Session};
use super::{COMMANDS, Command, Problem, Words, find, help};

/// Columns for how a command is written, before what it does.
const USAGE_COLUMNS: usize = 34;

/// `/help [command]`
pub(super) fn help(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let l = session.language();
    if let Some(name) = words.next() {
        let name = name.trim_start_matches('/');
        let command = find(name).ok_or_else(|| {
            Problem::Because(sentence!(
                l,
                en = "there is no /{name}; see /help",
                zh = "没有 /{name}，见 /help"
            ))
        })?;
        session.info(row(command, l));
        return Ok(());
    }
    session.info(phrase!(
        l,
        en = "a line is said to the active channel, @nick TEXT is a whisper, and:",
        zh = "直接输入就发到当前聊天，@昵称 内容 是私聊，另外：",
    ));
    for command in COMMANDS {
        session.info(row(command, l));
    }
    session.info(phrase!(
        l,
        en = "tab completes, ctrl-r searches what you typed before, ctrl-d leaves",
        zh = "Tab 补全，Ctrl-R 搜索以前输入的，Ctrl-D 退出",
    ));
    Ok(())
}

fn row(command: &Command, l: Language) -> String {
    let short = command
        .short
        .map_or_else(String::new, |short| sentence!(l, en = " (also /{short})", zh = "（也可用 /{short}）"));
    let (help, usage) =
        (help::help(command.name, l), format!("/{} {}", command.name, usage(command.args, l)));
    let space = " ".repeat(USAGE_COLUMNS.saturating_sub(usage.width()));
    format!("  {usage}{space} {help}{short}")
}

/// `/lang [language]`: from now on this program speaks it, and the server where it can.
pub(super) fn lang(session: &mut Session, words: &mut Words<'_>) -> Result<(), Problem> {
    let l = session.language();
    let choices = languages(l);
    let Some(word) = words.next() else {
        let name = l.name();
        session.info(sentence!(
            l,
            en = "this is {name}; there are {choices}",
            zh = "现在是{name}，可选：{choices}"
        ));
        return Ok(());
    };
    let unknown = || {
        sentence!(
            l,
            en = "{word} is not spoken here; there are {choices}",
            zh = "不支持 {word}，可选：{choices}"
        )
    };
    let language = Language::new(word).ok_or_else(|| Problem::Because(unknown()))?;
    session.options.language = Some(language);
    session.out.push(Effect::Speak(language));
    // What the user chooses here counts for the account, too.
    session.ask_to_speak(&[language.code()]);
    let name = language.name();
    session.info(sentence!(language, en = "from now on in {name}", zh = "从现在起使用{name}"));
    Ok(())
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
