//! THE table of help: what each command does, a row each, in one line.

use chat_model::language::Language;
use chat_model::phrase;

/// What a command does.
pub(crate) fn help(name: &str, l: Language) -> &'static str {
    match name {
        "ls" => phrase!(l, en = "who is here", zh = "看谁在"),
        "help" => phrase!(l, en = "this list, or one line of it", zh = "这份帮助，或其中一行"),
        "i" => phrase!(
            l,
            en = "mute the room, and unmute it; whispers still arrive",
            zh = "屏蔽房间，再输一次解除；私聊照常收到"
        ),
        "join" => phrase!(l, en = "go to a channel and talk there", zh = "加入频道，并切换到那里"),
        "part" => phrase!(l, en = "leave a channel", zh = "离开频道"),
        "to" => phrase!(l, en = "let lines go there from now on", zh = "切换当前聊天"),
        "msg" => phrase!(
            l,
            en = "say something to somebody or somewhere else; @nick text does it too",
            zh = "对某人或别的频道说话；@昵称 内容 也一样"
        ),
        "me" => phrase!(l, en = "/me waves", zh = "/me 挥挥手"),
        "topic" => phrase!(
            l,
            en = "what the channel is about; with a text, change it",
            zh = "查看频道主题；写上内容则更改"
        ),
        "who" => phrase!(l, en = "who is there, with addresses and names", zh = "看谁在，附地址和姓名"),
        "whois" => phrase!(l, en = "who somebody is", zh = "查看某人的资料"),
        "nick" => phrase!(l, en = "be called otherwise", zh = "换昵称"),
        "away" => phrase!(
            l,
            en = "tell who whispers to you why you do not answer; without a text, you are back",
            zh = "告诉私聊你的人为什么不回；不写内容表示回来了"
        ),
        "history" => phrase!(l, en = "what was said before", zh = "看以前说过的话"),
        "register" => phrase!(
            l,
            en = "make your nickname your own; without the password you are asked for it",
            zh = "注册你的昵称；不写密码会问你"
        ),
        "password" => {
            phrase!(l, en = "log in; without the password you are asked for it", zh = "登录；不写密码会问你")
        }
        "raw" => phrase!(l, en = "send a line of IRC as it is", zh = "原样发送一行 IRC"),
        "quit" => phrase!(l, en = "leave", zh = "退出"),
        "lang" => phrase!(l, en = "the language that you are told everything in", zh = "切换语言"),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::COMMANDS;
    use super::*;

    #[test]
    fn there_is_help_on_every_command_in_every_language() {
        for command in COMMANDS {
            assert!(Language::ALL.into_iter().all(|l| !help(command.name, l).is_empty()), "{}", command.name);
        }
    }
}
