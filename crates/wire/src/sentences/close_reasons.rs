//! THE table of close reasons: a row each. What machines call it, what its own client is told, what others see.

use std::borrow::Cow;

use chat_model::close_reason::{CloseReason, OtherProtocol};
use chat_model::language::Language;
use chat_model::{phrase, sentence};

use super::{because, in_brackets};

/// A close reason in words.
pub(crate) struct Row {
    /// For programs that speak JSON.
    pub(crate) code: &'static str,
    /// What its own client is told, as a sentence.
    pub(crate) sentence: String,
    /// Behind ERROR, where clients look for words that they know.
    pub(crate) error: String,
    /// Behind QUIT, for others.
    pub(crate) others: String,
}

fn row(
    code: &'static str,
    sentence: impl Into<String>,
    error: impl Into<String>,
    others: impl Into<String>,
) -> Row {
    Row { code, sentence: sentence.into(), error: error.into(), others: others.into() }
}

/// One whose client is told under ERROR what others are.
fn same(code: &'static str, sentence: impl Into<String>, others: impl Into<Cow<'static, str>>) -> Row {
    let others = others.into();
    row(code, sentence, others.clone(), others)
}

/// The row of a close reason.
#[expect(clippy::too_many_lines, reason = "a table: one row for each close reason")]
pub(crate) fn close_reason(reason: &CloseReason, l: Language) -> Row {
    use CloseReason as C;
    match reason {
        C::Quit(None) => {
            same("QUIT", phrase!(l, en = "Goodbye.", zh = "再见。"), phrase!(l, en = "Quit", zh = "退出"))
        }
        C::Quit(Some(words)) => same(
            "QUIT",
            sentence!(l, en = "Goodbye{words}.", zh = "再见{words}。", words = in_brackets(words, l)),
            sentence!(l, en = "Quit: {words}", zh = "退出：{words}"),
        ),
        C::Closed => same(
            "CLOSED",
            phrase!(l, en = "The connection was closed.", zh = "连接已关闭。"),
            phrase!(l, en = "Connection closed", zh = "连接已关闭"),
        ),
        C::Failed(problem) => same(
            "FAILED",
            sentence!(l, en = "The connection failed: {problem}.", zh = "连接出错：{problem}。"),
            sentence!(l, en = "Connection failed: {problem}", zh = "连接出错：{problem}"),
        ),
        C::PingTimeout { seconds } => same(
            "PING_TIMEOUT",
            sentence!(
                l,
                en = "Nothing came for {seconds} seconds; connect again.",
                zh = "{seconds} 秒没有动静，请重新连接。"
            ),
            sentence!(l, en = "Ping timeout: {seconds} seconds", zh = "连接超时：{seconds} 秒"),
        ),
        C::RegisterTimeout => row(
            "LOGIN_TIMEOUT",
            phrase!(
                l,
                en = "That took too long; connect again and choose a nickname.",
                zh = "等太久了，请重新连接并取个昵称。"
            ),
            phrase!(l, en = "No NICK and USER in time", zh = "没有按时发送 NICK 和 USER"),
            phrase!(l, en = "Registration timed out", zh = "登录超时"),
        ),
        C::Flood => row(
            "FLOOD",
            phrase!(
                l,
                en = "You sent far too much at once; connect again and send more slowly.",
                zh = "你一次发得太多，请重新连接并慢点发。"
            ),
            phrase!(l, en = "Too many lines at once (flood)", zh = "发得太快（刷屏）"),
            phrase!(l, en = "Excess flood", zh = "刷屏"),
        ),
        C::SendQueueFull => row(
            "SEND_QUEUE_FULL",
            phrase!(
                l,
                en = "You read too slowly; connect again and read faster.",
                zh = "你接收得太慢，请重新连接。"
            ),
            phrase!(
                l,
                en = "You read more slowly than you are written to (send queue full)",
                zh = "接收太慢（发送队列已满）"
            ),
            phrase!(l, en = "Reads too slowly", zh = "接收太慢"),
        ),
        C::Killed { by, reason } => same(
            "KILLED",
            sentence!(
                l,
                en = "You were put out by {by}{because}",
                zh = "你被 {by} 踢出{because}",
                because = because(reason, l)
            ),
            sentence!(
                l,
                en = "Killed by {by}{because}",
                zh = "被 {by} 踢出{because}",
                because = because(reason, l)
            ),
        ),
        C::Banned { reason } => {
            let sentence = sentence!(
                l,
                en = "You are banned from this server{because}",
                zh = "你已被本服务器封禁{because}",
                because = because(reason, l),
            );
            let others =
                sentence!(l, en = "Banned{because}", zh = "被封禁{because}", because = because(reason, l));
            row("BANNED", sentence.clone(), sentence, others)
        }
        C::ServerPassword => row(
            "SERVER_PASSWORD",
            phrase!(l, en = "That is not the password of this server.", zh = "服务器密码不对。"),
            phrase!(
                l,
                en = "This server needs a password: send PASS before NICK and USER",
                zh = "本服务器需要密码：请在 NICK 和 USER 之前发送 PASS"
            ),
            phrase!(l, en = "Wrong server password", zh = "服务器密码不对"),
        ),
        C::AccountDeleted => same(
            "ACCOUNT_DELETED",
            phrase!(
                l,
                en = "Your account was deleted, and this server has no guests.",
                zh = "你的账号已被删除，而本服务器不接受访客。"
            ),
            phrase!(l, en = "Account deleted", zh = "账号已删除"),
        ),
        C::PasswordChanged => same(
            "PASSWORD_CHANGED",
            phrase!(
                l,
                en = "The password of your account was changed; connect again with the new one.",
                zh = "你的账号密码已更改，请用新密码重新连接。"
            ),
            phrase!(l, en = "Password changed", zh = "密码已更改"),
        ),
        C::GuestsNotAllowed => same(
            "GUESTS_NOT_ALLOWED",
            phrase!(
                l,
                en = "This server has no guests any more; connect again with an account.",
                zh = "本服务器不再接受访客，请用账号重新连接。"
            ),
            phrase!(l, en = "Guests are not allowed any more", zh = "不再接受访客"),
        ),
        C::LineTooLong { bytes_max } => row(
            "LINE_TOO_LONG",
            sentence!(
                l,
                en = "That was longer than {bytes_max} bytes and was not read; connect again and send less at once.",
                zh = "这一行超过 {bytes_max} 字节，没有读取，请重新连接并分几次发。",
            ),
            sentence!(l, en = "A line of more than {bytes_max} bytes", zh = "一行超过 {bytes_max} 字节"),
            phrase!(l, en = "Line too long", zh = "一行太长"),
        ),
        C::WrongProtocol(protocol) => {
            let sentence = wrong_protocol(*protocol, l);
            let stop = phrase!(l, en = ".", zh = "。");
            let others = phrase!(l, en = "Not a chat client", zh = "不是聊天客户端");
            row("WRONG_PROTOCOL", format!("{sentence}{stop}"), sentence, others)
        }
        C::Stopping => row(
            "STOPPING",
            phrase!(
                l,
                en = "The server is going down; connect again later.",
                zh = "服务器即将关闭，请稍后再来。"
            ),
            phrase!(l, en = "The server is going down", zh = "服务器即将关闭"),
            phrase!(l, en = "Server is stopping", zh = "服务器关闭"),
        ),
        C::TooManyConnections => row(
            "TOO_MANY_CONNECTIONS",
            phrase!(
                l,
                en = "There are too many connections; close one or try again later.",
                zh = "连接太多了，请关掉一个或稍后再试。"
            ),
            phrase!(l, en = "Too many connections; try again later", zh = "连接太多，请稍后再试"),
            phrase!(l, en = "Too many connections", zh = "连接太多"),
        ),
        C::ConnectsTooOften => row(
            "CONNECTS_TOO_OFTEN",
            phrase!(
                l,
                en = "There were too many new connections from your address; wait a minute and try again.",
                zh = "你的地址新建连接太频繁，请等一分钟再试。"
            ),
            phrase!(
                l,
                en = "Too many new connections from your address; wait a minute",
                zh = "你的地址新建连接太频繁，请等一分钟"
            ),
            phrase!(l, en = "Connects too often", zh = "连接太频繁"),
        ),
        C::LoggedOut { nick } => same(
            "LOGGED_OUT",
            sentence!(l, en = "You are {nick} now.", zh = "你现在是 {nick}。"),
            sentence!(l, en = "Logged out, and goes on as {nick}", zh = "已退出账号，改用 {nick}"),
        ),
        C::LoggedIn { nick } => same(
            "LOGGED_IN",
            sentence!(l, en = "You are {nick} now.", zh = "你现在是 {nick}。"),
            sentence!(l, en = "Logged in as {nick}", zh = "已登录账号 {nick}"),
        ),
    }
}

/// What somebody is told who takes this server for something else.
fn wrong_protocol(protocol: OtherProtocol, l: Language) -> &'static str {
    match protocol {
        OtherProtocol::Http => phrase!(
            l,
            en = "This is a chat server and not a web server: connect with a chat client",
            zh = "这里是聊天服务器，不是网站，请用聊天客户端连接",
        ),
        OtherProtocol::Tls => phrase!(
            l,
            en = "This port does not speak TLS: turn it off, or use the port that does",
            zh = "这个端口不支持 TLS，请关闭 TLS 或换用支持的端口",
        ),
        OtherProtocol::Ssh => phrase!(
            l,
            en = "This is a chat server and does not speak SSH: connect with a chat client",
            zh = "这里是聊天服务器，不支持 SSH，请用聊天客户端连接",
        ),
        OtherProtocol::Proxy => phrase!(
            l,
            en = "This port does not take the PROXY protocol: turn it off for this server",
            zh = "这个端口不接受 PROXY 协议，请为本服务器关闭它",
        ),
    }
}
