//! THE table of help: what each command does, a row each, in one line without a stop.

use std::borrow::Cow;

use chat_model::language::Language;
use chat_model::phrase;

/// What a command does. Nothing for a verb that nobody is told of: whoever may use it reads its own manual.
pub(crate) fn help(verb: &str, l: Language) -> &'static str {
    match verb {
        "ADMIN" => phrase!(l, en = "who runs this server", zh = "谁在管理本服务器"),
        "AWAY" => phrase!(
            l,
            en = "say that you are away, or without a message that you are back",
            zh = "设为暂时离开；不写内容表示回来了",
        ),
        "CHATHISTORY" => phrase!(l, en = "read what was said", zh = "查看历史消息"),
        "ENTER" => phrase!(l, en = "come in under a nickname", zh = "用一个昵称进来"),
        "HELP" => phrase!(l, en = "this help", zh = "显示帮助"),
        "I" => phrase!(
            l,
            en = "mute the room, and again to hear it: whispers still arrive",
            zh = "屏蔽房间，再输一次解除；私聊照常收到",
        ),
        "INFO" => phrase!(l, en = "what this server is", zh = "本服务器的介绍"),
        "INVITE" => phrase!(
            l,
            en = "invite somebody into a channel, or list where you are invited to",
            zh = "邀请别人进频道，或看自己受邀去哪些频道",
        ),
        "ISON" => phrase!(l, en = "which of these are on", zh = "这些人里谁在线"),
        "JOIN" => phrase!(l, en = "come into channels; 0 leaves all", zh = "加入频道；0 表示离开全部"),
        "KICK" => phrase!(l, en = "put somebody out of a channel", zh = "把人踢出频道"),
        "KILL" => phrase!(l, en = "put somebody off the server", zh = "把人踢出服务器"),
        "LANG" => phrase!(l, en = "the language that you are spoken to in", zh = "切换语言"),
        "LIST" => phrase!(l, en = "list channels", zh = "列出频道"),
        "LOGIN" => phrase!(l, en = "log in to an account", zh = "登录账号"),
        "LS" => phrase!(l, en = "who is here", zh = "看谁在"),
        "LUSERS" => phrase!(l, en = "how many are here", zh = "看有多少人"),
        "ME" => phrase!(l, en = "say what you do: * alice waves", zh = "说你在做什么：* alice 挥挥手"),
        "MODE" => phrase!(
            l,
            en = "read or change modes of a channel or of yourself",
            zh = "查看或更改频道或自己的模式"
        ),
        "MOTD" => phrase!(l, en = "the message of the day", zh = "今日公告"),
        "MSG" => phrase!(l, en = "whisper; @nickname text does the same", zh = "私聊；@昵称 内容 也一样"),
        "NAMES" => phrase!(l, en = "who is on a channel", zh = "看谁在频道里"),
        "NICK" => phrase!(l, en = "take another nickname", zh = "换昵称"),
        "NICKSERV" => phrase!(l, en = "talk to NickServ", zh = "找 NickServ"),
        "NOTICE" => phrase!(
            l,
            en = "say something that must not be answered by a machine",
            zh = "发一条机器人不该回应的消息",
        ),
        "OPER" => phrase!(l, en = "become a server operator", zh = "成为服务器管理员"),
        "PART" => phrase!(l, en = "leave channels", zh = "离开频道"),
        "PASS" => phrase!(l, en = "the server's password, or log in", zh = "服务器密码，或登录"),
        "PING" => phrase!(l, en = "is the server there?", zh = "服务器在吗？"),
        "PONG" => phrase!(l, en = "the client is there", zh = "客户端还在"),
        "PRIVMSG" => phrase!(l, en = "say something to a channel or to somebody", zh = "对频道或某人说话"),
        "QUIT" => phrase!(l, en = "leave", zh = "退出"),
        "REGISTER" => phrase!(
            l,
            en = "make your nickname your own, with an invitation code where one is needed",
            zh = "注册你的昵称，需要时带上邀请码",
        ),
        "SETNAME" => phrase!(l, en = "change your real name", zh = "更改真实姓名"),
        "TAGMSG" => phrase!(l, en = "send tags without text", zh = "只发送标签，不带文字"),
        "TIME" => phrase!(l, en = "the server's time", zh = "服务器时间"),
        "TOPIC" => phrase!(l, en = "read or set what a channel is about", zh = "查看或设置频道主题"),
        "USER" => phrase!(l, en = "finish registering", zh = "完成登录"),
        "USERHOST" => phrase!(l, en = "where these are from", zh = "看这些人从哪里来"),
        "VERSION" => phrase!(l, en = "what this server runs", zh = "本服务器的版本"),
        "WHO" => phrase!(l, en = "list users, or operators alone", zh = "列出用户，或只列管理员"),
        "WHOIS" => phrase!(l, en = "about somebody", zh = "查看某人的资料"),
        "WHOWAS" => phrase!(l, en = "about somebody who left", zh = "查看已离开的人的资料"),
        _ => "",
    }
}

/// What a word to NickServ does.
pub(super) fn nickserv(verb: &str, l: Language) -> &'static str {
    match verb {
        "REGISTER" => phrase!(l, en = "make the nickname that you have yours", zh = "注册你现在的昵称"),
        "IDENTIFY" => phrase!(l, en = "log in as its owner", zh = "登录"),
        "LOGOUT" => phrase!(l, en = "go on as a guest", zh = "退出账号，以访客身份继续"),
        "SET" => phrase!(
            l,
            en = "set another password; your other connections end",
            zh = "更改密码，你的其他连接会断开",
        ),
        "GHOST" => phrase!(l, en = "end the other connections of your account", zh = "断开你账号的其他连接"),
        "RECOVER" => phrase!(l, en = "the same, and log in", zh = "同上，并登录"),
        "INFO" => phrase!(l, en = "about an account", zh = "查看账号"),
        "STATUS" => phrase!(l, en = "who is logged in, for bots", zh = "谁已登录（供机器人用）"),
        "ACC" => phrase!(l, en = "the same, as other bots ask it", zh = "同上，另一种问法"),
        "HELP" => phrase!(l, en = "this text", zh = "显示这些说明"),
        _ => "",
    }
}

/// The words of a command, as the table of commands names them, for people: `nickname text` is `昵称 内容`.
pub fn usage(words: &str, l: Language) -> Cow<'_, str> {
    if l == Language::English {
        return Cow::Borrowed(words);
    }
    let is_letter = |c: char| c.is_ascii_lowercase();
    let (mut usage, mut rest) = (String::new(), words);
    while let Some(start) = rest.find(is_letter) {
        let end = rest[start..].find(|c| !is_letter(c)).map_or(rest.len(), |length| start + length);
        usage.push_str(&rest[..start]);
        usage.push_str(placeholder(&rest[start..end], l));
        rest = &rest[end..];
    }
    (usage + rest).into()
}

/// A word that stands for what somebody types.
fn placeholder(word: &str, l: Language) -> &str {
    match word {
        "account" => phrase!(l, en = "account", zh = "账号"),
        "channel" => phrase!(l, en = "channel", zh = "频道"),
        "code" => phrase!(l, en = "code", zh = "邀请码"),
        "command" => phrase!(l, en = "command", zh = "命令"),
        "count" => phrase!(l, en = "count", zh = "条数"),
        "key" => phrase!(l, en = "key", zh = "密码"),
        "language" => phrase!(l, en = "language", zh = "语言"),
        "limit" => phrase!(l, en = "limit", zh = "条数"),
        "line" => phrase!(l, en = "line", zh = "一行"),
        "lines" => phrase!(l, en = "lines", zh = "行数"),
        "mask" => phrase!(l, en = "mask", zh = "掩码"),
        "message" => phrase!(l, en = "message", zh = "留言"),
        "modes" => phrase!(l, en = "modes", zh = "模式"),
        "name" => phrase!(l, en = "name", zh = "名字"),
        "nick" => phrase!(l, en = "nick", zh = "昵称"),
        "nickname" => phrase!(l, en = "nickname", zh = "昵称"),
        "password" => phrase!(l, en = "password", zh = "密码"),
        "realname" => phrase!(l, en = "realname", zh = "姓名"),
        "reason" => phrase!(l, en = "reason", zh = "理由"),
        "selector" => phrase!(l, en = "selector", zh = "位置"),
        "target" => phrase!(l, en = "target", zh = "目标"),
        "text" => phrase!(l, en = "text", zh = "内容"),
        "token" => phrase!(l, en = "token", zh = "词"),
        "username" => phrase!(l, en = "username", zh = "用户名"),
        "words" => phrase!(l, en = "words", zh = "参数"),
        other => other,
    }
}

/// Whether there is help on a verb, for the test that holds the table of commands against this one.
pub fn knows_help_on(verb: &str) -> bool {
    Language::ALL.into_iter().all(|language| !help(verb, language).is_empty())
}

/// The same of what NickServ understands.
pub fn knows_nickserv_help_on(verb: &str) -> bool {
    Language::ALL.into_iter().all(|language| !nickserv(verb, language).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_word_is_in_the_readers_language() {
        assert_eq!(usage("[#channel] [text]", Language::English), "[#channel] [text]");
        assert_eq!(usage("[#channel] [text]", Language::Chinese), "[#频道] [内容]");
        assert_eq!(usage("LATEST|BEFORE target… limit", Language::Chinese), "LATEST|BEFORE 目标… 条数");
    }
}
