//! THE table of notices: what the server and its services tell somebody, a row each.

use chat_model::language::Language;
use chat_model::reply::Notice;
use chat_model::{phrase, sentence};

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
        Notice::NickServHelp => (NickServ, nickserv_help(l)),
        Notice::NickServUnknown { verb } => (
            NickServ,
            match face {
                Face::Irc => sentence!(
                    l,
                    en = "I do not know {verb}; /msg NickServ HELP shows what I do know.",
                    zh = "没有命令 {verb}，用 /msg NickServ HELP 看有哪些。",
                ),
                Face::Plain | Face::Json | Face::Admin => sentence!(
                    l,
                    en = "NickServ does not know \"{verb}\"; @NickServ HELP shows what it does know.",
                    zh = "NickServ 没有命令“{verb}”，用 @NickServ HELP 看有哪些。",
                ),
            },
        ),
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
        Notice::MoreMissed { channel: Some(channel) } => (
            Server,
            sentence!(
                l,
                en = "There is more that you missed on {channel} than is shown here.{how}",
                zh = "你在 {channel} 错过的消息不止这些。{how}",
                how = rest_of_history(face, l),
            ),
        ),
        Notice::MoreMissed { channel: None } => (
            Server,
            sentence!(
                l,
                en = "You have more whispers than are shown here.{how}",
                zh = "你的私聊不止这些。{how}",
                how = rest_of_history(face, l),
            ),
        ),
    }
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

/// A line for each thing that NickServ can do.
fn nickserv_help(l: Language) -> String {
    phrase!(
        l,
        en = "NickServ keeps nicknames for their owners. What it understands:\n\
              REGISTER password [invitation code] - make the nickname that you have yours\n\
              IDENTIFY [nickname] password - log in as its owner\n\
              HELP - this text\n\
              With a client that knows SASL you need none of this: give it your nickname and password.\n\
              Others can log in while they connect, with the server password nickname:password.",
        zh = "NickServ 为昵称的主人保管昵称。它能做：\n\
              REGISTER 密码 [邀请码] - 注册你现在的昵称\n\
              IDENTIFY [昵称] 密码 - 登录\n\
              HELP - 显示这些说明\n\
              客户端支持 SASL 的话都用不着：把昵称和密码填给它即可。\n\
              其他客户端可以在连接时登录，服务器密码填 昵称:密码。",
    )
    .to_owned()
}
