//! THE table of notices: what the server and its services tell somebody, a row each.

use chat_model::language::Language;
use chat_model::mode::Ranks;
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{HelpRow, Notice};
use chat_model::{phrase, sentence};

use super::help::{self, usage};
use crate::Face;

/// In whose name a notice comes, where a face has names for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The server itself.
    Server,
    /// Who looks after accounts.
    NickServ,
}

/// The sentence of a notice, and who says it.
pub(crate) fn notice(notice: &Notice, face: Face, l: Language) -> (Speaker, String) {
    use Speaker::{NickServ, Server};
    match notice {
        Notice::NickServHelp { rows } => (NickServ, nickserv_help(rows, l)),
        Notice::NickServUnknown => (
            NickServ,
            match face {
                Face::Irc => sentence!(
                    l,
                    en = "I do not know that word; /msg NickServ HELP shows those that I know.",
                    zh = "没有这个命令，用 /msg NickServ HELP 看有哪些。",
                ),
                Face::Plain | Face::Json | Face::Admin => sentence!(
                    l,
                    en = "NickServ does not know that word; @NickServ HELP shows those that it knows.",
                    zh = "NickServ 没有这个命令，用 @NickServ HELP 看有哪些。",
                ),
            },
        ),
        Notice::LoggedOut { account, .. } => (
            NickServ,
            sentence!(
                l,
                en = "You are not logged in to {account} any more.",
                zh = "你已退出账号 {account}。"
            ),
        ),
        Notice::PasswordChanged { account, closed } => (
            NickServ,
            sentence!(
                l,
                en = "{account} has a new password{closed}.",
                zh = "账号 {account} 的密码已更改{closed}。",
                closed = closed_beside(*closed, l),
            ),
        ),
        Notice::GhostsClosed { account, closed: 0 } => (
            NickServ,
            sentence!(
                l,
                en = "{account} has no other connection here.",
                zh = "账号 {account} 没有别的连接。",
            ),
        ),
        Notice::GhostsClosed { account, closed } => (
            NickServ,
            sentence!(
                l,
                en = "Other connections of {account} that were closed: {closed}.",
                zh = "已关闭账号 {account} 的其他 {closed} 个连接。",
            ),
        ),
        Notice::AccountInfo { account, online, channels } => (NickServ, info(account, *online, channels, l)),
        // These are for bots, which read them word by word in any language.
        Notice::Status { nick, level, account: None } => (NickServ, format!("STATUS {nick} {level}")),
        Notice::Status { nick, level, account: Some(account) } => {
            (NickServ, format!("STATUS {nick} {level} {account}"))
        }
        Notice::Acc { nick, level } => (NickServ, format!("{nick} ACC {level}")),
        Notice::NickTakenBack { nick } => (
            NickServ,
            sentence!(
                l,
                en = "The nickname {nick} is registered now by somebody else, so you have another one.",
                zh = "昵称 {nick} 已被别人注册，所以给你换了一个。",
            ),
        ),
        Notice::WhisperStored { nick } => (
            Server,
            sentence!(
                l,
                en = "{nick} is not here; your whisper is kept and delivered when {nick} comes.",
                zh = "{nick} 不在，私聊已保存，{nick} 来了就能看到。",
            ),
        ),
        Notice::ChannelExpired { channel } => (
            Server,
            sentence!(
                l,
                en = "Your channel {channel} has ended, because nobody used it for long; whoever joins it makes it anew.",
                zh = "你的频道 {channel} 长期无人使用，已经结束，谁加入就重新建立。",
            ),
        ),
        Notice::MoreMissed { channel } => (Server, more_missed(channel.as_ref(), face, l)),
        Notice::PastUnavailable { comes_later } => (Server, past_unavailable(*comes_later, l)),
    }
}

fn more_missed(channel: Option<&ChannelName>, face: Face, l: Language) -> String {
    let how = rest_of_history(face, l);
    match channel {
        Some(channel) => sentence!(
            l,
            en = "There is more that you missed on {channel} than is shown here.{how}",
            zh = "你在 {channel} 错过的消息不止这些。{how}",
        ),
        None => sentence!(
            l,
            en = "You have more whispers than are shown here.{how}",
            zh = "你的私聊不止这些。{how}",
        ),
    }
}

fn past_unavailable(comes_later: bool, l: Language) -> String {
    let what = match comes_later {
        true => phrase!(
            l,
            en = "What you missed cannot be read just now; it is shown when you come in again.",
            zh = "暂时读不出你错过的消息，下次进来时再给你看。",
        ),
        false => phrase!(
            l,
            en = "What was said before you came cannot be read just now.",
            zh = "暂时读不出你进来之前的消息。",
        ),
    };
    what.to_owned()
}

/// Who shows the rest of what was missed.
fn rest_of_history(face: Face, l: Language) -> &'static str {
    match face {
        Face::Irc => phrase!(
            l,
            en = " A client with draft/chathistory can fetch the rest.",
            zh = "支持 draft/chathistory 的客户端可以取到其余的。",
        ),
        Face::Plain | Face::Json | Face::Admin => "",
    }
}

/// How many other connections were closed, behind what it was because of.
fn closed_beside(count: usize, l: Language) -> String {
    match count {
        0 => String::new(),
        1 => phrase!(l, en = "; one other connection was closed", zh = "，另一个连接已关闭").to_owned(),
        _ => sentence!(l, en = "; {count} other connections were closed", zh = "，其他 {count} 个连接已关闭"),
    }
}

fn info(account: &Account, online: bool, channels: &[(ChannelName, Ranks)], l: Language) -> String {
    let here = match online {
        true => {
            sentence!(l, en = "{account} is registered, and here now.", zh = "{account} 已注册，现在在线。")
        }
        false => {
            sentence!(l, en = "{account} is registered, and not here.", zh = "{account} 已注册，现在不在。")
        }
    };
    if channels.is_empty() {
        return here;
    }
    let with_ranks = |(name, ranks): &(ChannelName, Ranks)| {
        ranks.prefixes().chain(name.as_str().chars()).collect::<String>()
    };
    let channels = channels.iter().map(with_ranks).collect::<Vec<_>>().join(" ");
    sentence!(l, en = "{here} It is on {channels}.", zh = "{here}所在频道：{channels}。")
}

/// A line for each thing that NickServ can do.
fn nickserv_help(rows: &[HelpRow], l: Language) -> String {
    let mut lines = vec![
        phrase!(
            l,
            en = "NickServ keeps nicknames for their owners. What it understands:",
            zh = "NickServ 为昵称的主人保管昵称。它能做：",
        )
        .to_owned(),
    ];
    for HelpRow { verb, words, .. } in rows {
        let space = if words.is_empty() { "" } else { " " };
        lines.push(format!("{verb}{space}{} - {}", usage(words, l), help::nickserv(verb, l)));
    }
    let hints = phrase!(
        l,
        en = "With a client that knows SASL you need none of this to log in: give it your nickname and password.\n\
              Others can log in while they connect, with the server password nickname:password.",
        zh = "客户端支持 SASL 的话，登录用不着这些：把昵称和密码填给它即可。\n\
              其他客户端可以在连接时登录，服务器密码填 昵称:密码。",
    );
    lines.push(hints.to_owned());
    lines.join("\n")
}
