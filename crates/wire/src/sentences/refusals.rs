//! THE table of refusals: a row each. What it is called, what IRC makes of it, what went wrong, and what to do about
//! it in this face. A refusal without a row does not compile, nor does a row without one of the languages.

use std::borrow::Cow;

use chat_model::invitation::Registration;
use chat_model::language::Language;
use chat_model::limits::{
    KEY_BYTES_MAX, MASK_BYTES_MAX, MODES_MAX, PASSWORD_BYTES_MAX, REALNAME_BYTES_MAX, USERNAME_BYTES_MAX,
};
use chat_model::mask::MaskError;
use chat_model::mode::{ChannelFlag, Rank};
use chat_model::name::{ChannelName, NameError};
use chat_model::refusal::{ChannelLimit, Expected, HistoryProblem, JsonProblem, Refusal};
use chat_model::{phrase, sentence};

use super::{because, languages, listed, name_error, typed};
use crate::Face;
use crate::irc::numerics as n;

/// A refusal as one face says it.
pub(crate) struct Row {
    /// A stable name for machines and logs, in the manner of IRCv3 standard replies: `"NO_SUCH_NICK"`.
    pub(crate) code: &'static str,
    /// What IRC makes of it.
    pub(crate) form: Form,
    /// What went wrong, without a stop.
    what: Cow<'static, str>,
    /// What to do about it, without a stop; empty where there is nothing to do.
    way_out: Cow<'static, str>,
    /// For programs that speak JSON: the object that helps.
    pub(crate) hint: Option<&'static str>,
}

/// In what form IRC tells a refusal, with the parameters before the sentence.
pub(crate) enum Form {
    /// A numeric.
    Numeric(&'static str, Vec<String>),
    /// FAIL, for whatever has no numeric, to all: what it is about came with standard replies.
    Fail(Vec<String>),
    /// FAIL for those who know standard replies, else a sentence of the server.
    FailOrNotice(Vec<String>),
    /// About accounts: FAIL REGISTER to those who know it, else a sentence of NickServ.
    Account(Option<String>),
}

impl Row {
    /// What went wrong and what to do about it, as a sentence without a stop.
    pub(crate) fn open_sentence(&self, language: Language) -> String {
        let (what, way_out) = (&self.what, &self.way_out);
        match way_out.is_empty() {
            true => what.to_string(),
            false => sentence!(language, en = "{what}; {way_out}", zh = "{what}，{way_out}"),
        }
    }

    /// The same with a stop.
    ///
    /// It repeats what the client typed, so it needs [`crate::screen::sanitize`] before it is shown.
    pub(crate) fn sentence(&self, language: Language) -> String {
        let mut sentence = self.open_sentence(language);
        if !sentence.ends_with(['?', '？']) {
            sentence.push_str(phrase!(language, en = ".", zh = "。"));
        }
        sentence
    }
}

fn row(
    code: &'static str,
    form: Form,
    what: impl Into<Cow<'static, str>>,
    way_out: impl Into<Cow<'static, str>>,
) -> Row {
    Row { code, form, what: what.into(), way_out: way_out.into(), hint: None }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn numeric(code: &'static str, words: &[&str]) -> Form {
    Form::Numeric(code, owned(words))
}

fn account(word: &str) -> Form {
    Form::Account(Some(word.to_owned()))
}

/// The row of a refusal of a call with this verb.
#[expect(clippy::too_many_lines, reason = "a table: one row for each refusal")]
pub(crate) fn refusal(refusal: &Refusal, verb: &str, face: Face, l: Language) -> Row {
    use Refusal as R;
    match refusal {
        R::NeedMoreWords { verb } => row(
            "NEED_MORE_PARAMS",
            numeric(n::ERR_NEEDMOREPARAMS, &[verb]),
            sentence!(
                l,
                en = "{command} needs more words",
                zh = "{command} 缺少参数",
                command = typed(verb, face)
            ),
            match face {
                Face::Irc => {
                    sentence!(l, en = "/quote HELP {verb} shows them", zh = "用法见 /quote HELP {verb}")
                }
                Face::Plain | Face::Json => {
                    let verb = verb.to_lowercase();
                    sentence!(l, en = "/help {verb} shows them", zh = "用法见 /help {verb}")
                }
                Face::Admin => String::new(),
            },
        ),
        R::UnknownCommand { verb, nearest } => row(
            "UNKNOWN_COMMAND",
            numeric(n::ERR_UNKNOWNCOMMAND, &[verb]),
            unknown_command(verb, face, l),
            instead_of_unknown(nearest.as_deref(), face, l),
        ),
        R::BadWord { word, expected } => row(
            "INVALID_PARAMS",
            numeric(n::ERR_UNKNOWNERROR, &[verb]),
            sentence!(l, en = "\"{word}\" does not fit there", zh = "“{word}”不合适"),
            should_be(*expected, l),
        ),
        R::NotRegistered => Row {
            hint: Some(r#"{"type":"login","msg":"NICKNAME"}"#),
            ..row(
                "NOT_LOGGED_IN",
                numeric(n::ERR_NOTREGISTERED, &[]),
                phrase!(l, en = "You have no nickname yet", zh = "你还没有昵称"),
                match face {
                    Face::Irc => phrase!(l, en = "send NICK and USER first", zh = "请先发送 NICK 和 USER"),
                    Face::Json => phrase!(l, en = "log in first", zh = "请先登录"),
                    Face::Plain | Face::Admin => phrase!(l, en = "choose one first", zh = "请先取一个"),
                },
            )
        },
        R::AlreadyRegistered => row(
            "ALREADY_REGISTERED",
            numeric(n::ERR_ALREADYREGISTERED, &[]),
            phrase!(l, en = "You are logged in already", zh = "你已经登录了"),
            phrase!(l, en = "that is possible only once on a connection", zh = "一次连接只能登录一次"),
        ),
        R::NoNicknameGiven => row(
            "NO_NICKNAME_GIVEN",
            numeric(n::ERR_NONICKNAMEGIVEN, &[]),
            phrase!(
                l,
                en = "A nickname is needed: one word, beginning with a letter",
                zh = "需要一个昵称：中间不能有空格，以文字或字母开头"
            ),
            "",
        ),
        R::BadNick { nick, why } => row(
            "BAD_NICK",
            match why {
                // irssi, run by root, calls itself `root`. It hangs up where it is told that this is no nickname, and
                // tries the next one where it is told that this one is taken.
                NameError::Reserved => numeric(n::ERR_NICKNAMEINUSE, &[nick]),
                _ => numeric(n::ERR_ERRONEUSNICKNAME, &[nick]),
            },
            sentence!(
                l,
                en = "\"{nick}\" cannot be a nickname: {why}",
                zh = "“{nick}”不能用作昵称：{why}",
                why = name_error(*why, l)
            ),
            "",
        ),
        R::NickInUse { nick } => row(
            "NICK_IN_USE",
            if verb == "REGISTER" {
                account(nick.as_str())
            } else {
                numeric(n::ERR_NICKNAMEINUSE, &[nick.as_str()])
            },
            sentence!(l, en = "The nickname {nick} is taken at the moment", zh = "昵称 {nick} 目前有人在用"),
            phrase!(l, en = "choose another one", zh = "请换一个"),
        ),
        R::NickOwned { nick } => row(
            "NICK_OWNED",
            numeric(n::ERR_NICKNAMEINUSE, &[nick.as_str()]),
            sentence!(l, en = "The nickname {nick} is registered", zh = "昵称 {nick} 已被注册"),
            match face {
                Face::Irc => phrase!(
                    l,
                    en = "log in (SASL, or PASS nickname:password), or choose another one",
                    zh = "请登录（SASL 或 PASS 昵称:密码），或换一个昵称",
                ),
                Face::Plain | Face::Json | Face::Admin => {
                    phrase!(
                        l,
                        en = "give its password, or choose another one",
                        zh = "请输入它的密码，或换一个昵称"
                    )
                }
            },
        ),
        R::NickLooksLike { nick, other } => row(
            "NICK_LOOKS_LIKE",
            numeric(n::ERR_NICKNAMEINUSE, &[nick.as_str()]),
            sentence!(
                l,
                en = "The nickname {nick} looks just like {other}, who is known here",
                zh = "昵称 {nick} 和这里已有的 {other} 看起来一样"
            ),
            phrase!(l, en = "choose another one", zh = "请换一个"),
        ),
        R::ServerPassword => Row {
            hint: Some(r#"{"type":"login","msg":"NICKNAME","server_password":"PASSWORD"}"#),
            ..row(
                "SERVER_PASSWORD",
                numeric(n::ERR_PASSWDMISMATCH, &[]),
                phrase!(l, en = "This server has a password of its own", zh = "本服务器需要密码"),
                match face {
                    Face::Irc => phrase!(
                        l,
                        en = "send PASS before NICK and USER",
                        zh = "请在 NICK 和 USER 之前发送 PASS"
                    ),
                    Face::Plain | Face::Json | Face::Admin => {
                        phrase!(l, en = "give it first", zh = "请先输入")
                    }
                },
            )
        },
        R::GuestsNotAllowed { registration } => row(
            "GUESTS_NOT_ALLOWED",
            numeric(n::ERR_PASSWDMISMATCH, &[]),
            phrase!(l, en = "This server has no guests", zh = "本服务器不接受访客"),
            into_without_guests(*registration, face, l),
        ),
        R::Banned { reason } => row(
            "BANNED",
            numeric(n::ERR_YOUREBANNEDCREEP, &[]),
            sentence!(
                l,
                en = "You are banned from this server{because}",
                zh = "你已被本服务器封禁{because}",
                because = because(reason, l)
            ),
            phrase!(l, en = "its operator can lift that", zh = "解封请联系管理员"),
        ),
        R::LoginFailed => row(
            "LOGIN_FAILED",
            if verb == "PASS" { numeric(n::ERR_PASSWDMISMATCH, &[]) } else { Form::Account(None) },
            phrase!(l, en = "The nickname and the password do not fit together", zh = "昵称或密码不对"),
            phrase!(l, en = "try again", zh = "请再试一次"),
        ),
        R::TooManyAttempts => row(
            "TOO_MANY_ATTEMPTS",
            if matches!(verb, "PASS" | "OPER") {
                numeric(n::ERR_PASSWDMISMATCH, &[])
            } else {
                Form::Account(None)
            },
            phrase!(
                l,
                en = "Too many passwords are being tried from your address",
                zh = "你的地址试密码太频繁"
            ),
            phrase!(l, en = "try again in some seconds", zh = "请过几秒再试"),
        ),
        R::NotLoggedIn => row(
            "ACCOUNT_REQUIRED",
            Form::Account(None),
            phrase!(l, en = "You are not logged in to an account", zh = "你没有登录账号"),
            match face {
                Face::Irc => phrase!(
                    l,
                    en = "/msg NickServ IDENTIFY PASSWORD logs in",
                    zh = "用 /msg NickServ IDENTIFY 密码 登录",
                ),
                Face::Plain | Face::Json => {
                    phrase!(
                        l,
                        en = "@NickServ IDENTIFY PASSWORD logs in",
                        zh = "用 @NickServ IDENTIFY 密码 登录"
                    )
                }
                Face::Admin => "",
            },
        ),
        R::AlreadyLoggedIn { account: name } => row(
            "ALREADY_LOGGED_IN",
            account(name.as_str()),
            sentence!(l, en = "You are logged in as {name} already", zh = "你已登录账号 {name}"),
            "",
        ),
        R::AccountExists { account: name } => row(
            "ACCOUNT_EXISTS",
            account(name.as_str()),
            sentence!(l, en = "The account {name} exists already", zh = "账号 {name} 已存在"),
            match face {
                Face::Irc => phrase!(l, en = "log in to it", zh = "请直接登录"),
                Face::Plain | Face::Json | Face::Admin => {
                    phrase!(l, en = "choose another name", zh = "请换一个名字")
                }
            },
        ),
        R::NoSuchAccount { account: name } => row(
            "NO_SUCH_ACCOUNT",
            account(name),
            sentence!(l, en = "There is no account {name}", zh = "没有账号 {name}"),
            phrase!(l, en = "check the spelling", zh = "请检查拼写"),
        ),
        R::AccountNameMustBeNick { account: name } => row(
            "ACCOUNT_NAME_MUST_BE_NICK",
            account(name),
            sentence!(
                l,
                en = "You can register only the nickname that you have, and that is not {name}",
                zh = "只能注册你现在用的昵称，不能注册 {name}"
            ),
            match face {
                Face::Irc | Face::Plain => phrase!(l, en = "/nick changes it", zh = "可用 /nick 更换"),
                Face::Json | Face::Admin => "",
            },
        ),
        R::BadAccountName { name, why } => row(
            "BAD_ACCOUNT_NAME",
            account(name),
            sentence!(
                l,
                en = "\"{name}\" cannot be the name of an account: {why}",
                zh = "“{name}”不能用作账号名：{why}",
                why = name_error(*why, l)
            ),
            "",
        ),
        R::RegistrationClosed => row(
            "REGISTRATION_CLOSED",
            Form::Account(None),
            phrase!(l, en = "This server takes no new accounts", zh = "本服务器不开放注册"),
            phrase!(l, en = "ask its operator for one", zh = "可向管理员申请账号"),
        ),
        R::TooManyAccounts { everywhere } => row(
            "TOO_MANY_ACCOUNTS",
            Form::Account(None),
            match everywhere {
                true => phrase!(
                    l,
                    en = "Too many accounts are being made on this server",
                    zh = "本服务器近期注册的账号太多"
                ),
                false => phrase!(
                    l,
                    en = "Too many accounts were made from your address",
                    zh = "你的地址近期注册的账号太多"
                ),
            },
            phrase!(
                l,
                en = "try again in an hour, or ask the operator for one",
                zh = "请一小时后再试，或向管理员申请账号"
            ),
        ),
        R::InvitationNeeded => row(
            "INVITATION_REQUIRED",
            Form::Account(None),
            phrase!(
                l,
                en = "A new account needs an invitation code that is unused and in time",
                zh = "注册账号需要一个没用过且没过期的邀请码"
            ),
            match face {
                Face::Irc => phrase!(
                    l,
                    en = "ask an administrator for one, then /msg NickServ REGISTER PASSWORD CODE",
                    zh = "请向管理员索取，然后 /msg NickServ REGISTER 密码 邀请码",
                ),
                Face::Plain => phrase!(
                    l,
                    en = "ask an administrator for one, then /register PASSWORD CODE",
                    zh = "请向管理员索取，然后 /register 密码 邀请码",
                ),
                Face::Json => phrase!(
                    l,
                    en = "ask an administrator for one, then @NickServ REGISTER PASSWORD CODE",
                    zh = "请向管理员索取，然后 @NickServ REGISTER 密码 邀请码",
                ),
                Face::Admin => "",
            },
        ),
        R::CompleteConnectionRequired => row(
            "COMPLETE_CONNECTION_REQUIRED",
            Form::Account(None),
            phrase!(l, en = "Choose a nickname first, then register it", zh = "请先取昵称，再注册"),
            "",
        ),
        R::BadPassword => row(
            "UNACCEPTABLE_PASSWORD",
            Form::Account(None),
            sentence!(
                l,
                en = "That cannot be a password: it must not be empty, and not longer than {PASSWORD_BYTES_MAX} bytes",
                zh = "密码不能为空，也不能超过 {PASSWORD_BYTES_MAX} 字节",
            ),
            "",
        ),
        R::NoSuchNick { nick } => Row {
            hint: Some(r#"{"type":"ls","msg":null}"#),
            ..row(
                "NO_SUCH_NICK",
                numeric(n::ERR_NOSUCHNICK, &[nick]),
                sentence!(l, en = "Nobody here is called {nick}", zh = "这里没有叫 {nick} 的人"),
                match face {
                    Face::Irc => phrase!(l, en = "/names lists who is here", zh = "用 /names 看谁在"),
                    Face::Plain | Face::Json => {
                        phrase!(l, en = "/ls shows who is here", zh = "用 /ls 看谁在")
                    }
                    Face::Admin => "",
                },
            )
        },
        R::NoSuchChannel { channel } => row(
            "NO_SUCH_CHANNEL",
            numeric(n::ERR_NOSUCHCHANNEL, &[channel]),
            sentence!(l, en = "There is no channel {channel}", zh = "没有频道 {channel}"),
            match face {
                Face::Irc | Face::Plain => {
                    phrase!(l, en = "/list shows which there are", zh = "用 /list 看有哪些频道")
                }
                Face::Json | Face::Admin => phrase!(l, en = "check the spelling", zh = "请检查拼写"),
            },
        ),
        R::BadChannelName { channel, why } => row(
            "BAD_CHANNEL_NAME",
            numeric(n::ERR_BADCHANMASK, &[channel]),
            sentence!(
                l,
                en = "\"{channel}\" cannot be a channel: {why}",
                zh = "“{channel}”不能用作频道名：{why}",
                why = name_error(*why, l)
            ),
            "",
        ),
        R::NotOnChannel { channel } => row(
            "NOT_ON_CHANNEL",
            numeric(n::ERR_NOTONCHANNEL, &[channel.as_str()]),
            sentence!(l, en = "You are not on {channel}", zh = "你不在 {channel}"),
            phrase!(l, en = "join it first", zh = "请先加入"),
        ),
        R::TheyAreNotOnChannel { nick, channel } => row(
            "THEY_ARE_NOT_ON_CHANNEL",
            numeric(n::ERR_USERNOTINCHANNEL, &[nick.as_str(), channel.as_str()]),
            sentence!(l, en = "{nick} is not on {channel}", zh = "{nick} 不在 {channel}"),
            "",
        ),
        R::AlreadyOnChannel { nick, channel } => row(
            "ALREADY_ON_CHANNEL",
            numeric(n::ERR_USERONCHANNEL, &[nick.as_str(), channel.as_str()]),
            sentence!(l, en = "{nick} is on {channel} already", zh = "{nick} 已经在 {channel}"),
            "",
        ),
        R::NotChannelOperator { channel, needs, anybody } => {
            let (what, way_out) = not_channel_operator(channel, *needs, *anybody, face, l);
            row("NOT_CHANNEL_OPERATOR", numeric(n::ERR_CHANOPRIVSNEEDED, &[channel.as_str()]), what, way_out)
        }
        R::NotOperator => row(
            "NOT_OPERATOR",
            numeric(n::ERR_NOPRIVILEGES, &[]),
            phrase!(l, en = "Only an operator of the server can do that", zh = "只有服务器管理员可以这样做"),
            "",
        ),
        R::OperFailed => row(
            "OPER_FAILED",
            numeric(n::ERR_PASSWDMISMATCH, &[]),
            phrase!(l, en = "That is no operator's name and password", zh = "管理员的名称或密码不对"),
            "",
        ),
        R::InviteOnly { channel } => row(
            "INVITE_ONLY",
            numeric(n::ERR_INVITEONLYCHAN, &[channel.as_str()]),
            sentence!(l, en = "{channel} is for the invited", zh = "{channel} 只有受邀的人能进"),
            phrase!(l, en = "ask one of its operators", zh = "请找它的频道管理员邀请"),
        ),
        R::BannedFromChannel { channel } => row(
            "BANNED_FROM_CHANNEL",
            numeric(n::ERR_BANNEDFROMCHAN, &[channel.as_str()]),
            sentence!(l, en = "You are banned from {channel}", zh = "你已被 {channel} 封禁"),
            phrase!(l, en = "ask one of its operators", zh = "可以找它的频道管理员"),
        ),
        R::BadChannelKey { channel } => row(
            "BAD_CHANNEL_KEY",
            numeric(n::ERR_BADCHANNELKEY, &[channel.as_str()]),
            sentence!(
                l,
                en = "{channel} needs its key after its name, and this is not it",
                zh = "进入 {channel} 需要密码，没有写或不对"
            ),
            match face {
                Face::Irc | Face::Plain => {
                    sentence!(l, en = "/join {channel} KEY", zh = "请输入 /join {channel} 密码")
                }
                Face::Json | Face::Admin => String::new(),
            },
        ),
        R::ChannelFull { channel } => row(
            "CHANNEL_FULL",
            numeric(n::ERR_CHANNELISFULL, &[channel.as_str()]),
            sentence!(l, en = "{channel} is full", zh = "{channel} 人满了"),
            phrase!(l, en = "try again later", zh = "请稍后再试"),
        ),
        R::TooManyChannels { channel, limit } => row(
            "TOO_MANY_CHANNELS",
            numeric(n::ERR_TOOMANYCHANNELS, &[channel.as_str()]),
            sentence!(l, en = "There is no room for {channel}", zh = "无法加入 {channel}"),
            match limit {
                ChannelLimit::Joined => {
                    phrase!(l, en = "leave another channel first", zh = "请先离开别的频道")
                }
                ChannelLimit::Made => phrase!(
                    l,
                    en = "you have made as many as one may; use one of those, or join one of others",
                    zh = "你建的频道已到上限，请用已有的频道或加入别人的"
                ),
                ChannelLimit::MadeInDay => phrase!(
                    l,
                    en = "as many were made from your address as may be in a day; join one that there is, or try tomorrow",
                    zh = "你的地址今天建的频道已到上限，请加入已有的频道，或明天再试"
                ),
                ChannelLimit::All => phrase!(
                    l,
                    en = "the server has as many as it may; join one that there is",
                    zh = "服务器的频道已到上限，请加入已有的频道"
                ),
            },
        ),
        R::CannotSendOutside { channel } => row(
            "CANNOT_SEND_OUTSIDE",
            numeric(n::ERR_CANNOTSENDTOCHAN, &[channel.as_str()]),
            sentence!(l, en = "Only members can speak on {channel}", zh = "只有成员能在 {channel} 发言"),
            match face {
                Face::Irc | Face::Plain => {
                    sentence!(
                        l,
                        en = "/join {channel} first. Nothing was sent",
                        zh = "请先 /join {channel}。消息没有发出"
                    )
                }
                Face::Json | Face::Admin => phrase!(
                    l,
                    en = "connect again to come back into it. Nothing was sent",
                    zh = "重新连接即可回去。消息没有发出"
                )
                .into(),
            },
        ),
        R::CannotSendModerated { channel } => row(
            "CANNOT_SEND_MODERATED",
            numeric(n::ERR_CANNOTSENDTOCHAN, &[channel.as_str()]),
            sentence!(
                l,
                en = "On {channel} only those with a voice can speak",
                zh = "{channel} 只有有发言权的人能说话"
            ),
            phrase!(l, en = "ask one of its operators", zh = "可以找它的频道管理员"),
        ),
        R::CannotSendBanned { channel } => row(
            "CANNOT_SEND_BANNED",
            numeric(n::ERR_CANNOTSENDTOCHAN, &[channel.as_str()]),
            sentence!(l, en = "You are banned from speaking on {channel}", zh = "你在 {channel} 被禁言"),
            "",
        ),
        R::CannotRenameBanned { nick, channel } => row(
            "CANNOT_RENAME_BANNED",
            numeric(n::ERR_BANNICKCHANGE, &[nick.as_str(), channel.as_str()]),
            sentence!(
                l,
                en = "You are banned on {channel}, and cannot change your nickname there",
                zh = "你在 {channel} 被封禁，不能在那里换昵称"
            ),
            phrase!(l, en = "leave it first", zh = "请先离开"),
        ),
        R::CannotSendMuted { channel } => Row {
            hint: Some(r#"{"type":"ignore","msg":null}"#),
            ..row(
                "MUTED",
                numeric(n::ERR_CANNOTSENDTOCHAN, &[channel.as_str()]),
                phrase!(
                    l,
                    en = "You muted the room, so you cannot send to it",
                    zh = "你屏蔽了房间，所以不能发言"
                ),
                match face {
                    Face::Irc => phrase!(
                        l,
                        en = "/i or, where that is unknown, /quote i opens it again. Nothing was sent",
                        zh = "用 /i（客户端不支持时用 /quote i）解除屏蔽。消息没有发出",
                    ),
                    Face::Plain | Face::Json | Face::Admin => {
                        phrase!(
                            l,
                            en = "/i opens it again. Nothing was sent",
                            zh = "用 /i 解除屏蔽。消息没有发出"
                        )
                    }
                },
            )
        },
        R::NoRecipient { .. } => row(
            "NO_RECIPIENT",
            numeric(n::ERR_NORECIPIENT, &[]),
            phrase!(l, en = "It does not say to whom", zh = "没有写发给谁"),
            phrase!(l, en = "name a channel or a nickname", zh = "请写上频道或昵称"),
        ),
        R::NoText => row(
            "NO_TEXT",
            numeric(n::ERR_NOTEXTTOSEND, &[]),
            phrase!(l, en = "There is no text to send", zh = "没有要发的内容"),
            phrase!(l, en = "write something after it", zh = "请在后面写点什么"),
        ),
        R::NoOrigin => row(
            "NO_ORIGIN",
            numeric(n::ERR_NOORIGIN, &[]),
            phrase!(l, en = "PING needs a word to send back", zh = "PING 后面要带一个词"),
            "",
        ),
        R::TooManyTargets { target } => row(
            "TOO_MANY_TARGETS",
            numeric(n::ERR_TOOMANYTARGETS, &[target]),
            sentence!(
                l,
                en = "Those are too many at once, so {target} was left out",
                zh = "一次写的对象太多，{target} 没有处理"
            ),
            phrase!(l, en = "send that again", zh = "请再发一次"),
        ),
        R::UnknownMode { letter, channel } => row(
            "UNKNOWN_MODE",
            numeric(n::ERR_UNKNOWNMODE, &[&letter.to_string()]),
            sentence!(l, en = "{channel} has no mode {letter}", zh = "{channel} 没有模式 {letter}"),
            {
                let flags: String = ChannelFlag::ALL.iter().map(|flag| flag.letter()).collect();
                let ranks: String = Rank::ALL.iter().map(|rank| rank.letter()).collect();
                sentence!(
                    l,
                    en = "there are {flags}kl, {ranks} and b",
                    zh = "可用的是 {flags}kl、{ranks} 和 b"
                )
            },
        ),
        R::TooManyModes { letter, channel } => row(
            "TOO_MANY_MODES",
            Form::FailOrNotice(owned(&[channel.as_str(), &letter.to_string()])),
            sentence!(
                l,
                en = "At most {MODES_MAX} mode changes go into one command, so nothing was done from {letter} on",
                zh = "一条命令最多改 {MODES_MAX} 个模式，从 {letter} 起没有执行",
            ),
            phrase!(l, en = "send that again", zh = "请把其余的再发一次"),
        ),
        R::UnknownUserMode => row(
            "UNKNOWN_USER_MODE",
            numeric(n::ERR_UMODEUNKNOWNFLAG, &[]),
            phrase!(l, en = "There is no such mode", zh = "没有这个模式"),
            phrase!(l, en = "you can set i, d and B, and drop o", zh = "可以设置 i、d、B，可以取消 o"),
        ),
        R::BadModeParameter { channel, letter, parameter, expected } => row(
            "BAD_MODE_PARAMETER",
            numeric(
                n::ERR_INVALIDMODEPARAM,
                &[channel.as_str(), &letter.to_string(), as_parameter(parameter)],
            ),
            sentence!(
                l,
                en = "\"{parameter}\" does not fit mode {letter} of {channel}",
                zh = "“{parameter}”不适用于 {channel} 的模式 {letter}"
            ),
            should_be(*expected, l),
        ),
        R::BanListFull { channel, mask } => row(
            "BAN_LIST_FULL",
            numeric(n::ERR_BANLISTFULL, &[channel.as_str(), mask]),
            sentence!(l, en = "{channel} has as many bans as it can", zh = "{channel} 的封禁列表已满"),
            sentence!(l, en = "lift one before you set {mask}", zh = "请先解除一条，再设 {mask}"),
        ),
        R::UsersDontMatch => row(
            "USERS_DONT_MATCH",
            numeric(n::ERR_USERSDONTMATCH, &[]),
            phrase!(l, en = "You can do that for yourself only", zh = "只能对自己这样做"),
            "",
        ),
        R::NoHelp { subject } => row(
            "NO_HELP",
            numeric(n::ERR_HELPNOTFOUND, &[subject]),
            sentence!(l, en = "There is no help on \"{subject}\"", zh = "没有“{subject}”的帮助"),
            phrase!(l, en = "leave the word out to see all there is", zh = "不写这个词就会列出全部"),
        ),
        R::HistoryTarget { subcommand, target } => row(
            "INVALID_TARGET",
            Form::Fail(owned(&[subcommand, target])),
            sentence!(l, en = "You cannot read the history of {target}", zh = "你不能看 {target} 的历史消息"),
            phrase!(l, en = "join it first", zh = "请先加入"),
        ),
        R::HistoryWords { subcommand, problem } => row(
            "INVALID_PARAMS",
            Form::Fail(owned(&[subcommand])),
            sentence!(
                l,
                en = "That question for the history does not work: {problem}",
                zh = "历史消息查询有误：{problem}",
                problem = history_problem(subcommand, problem, l),
            ),
            "",
        ),
        R::HistoryFailed { subcommand, target } => row(
            "MESSAGE_ERROR",
            Form::Fail(owned(&[subcommand, target])),
            sentence!(
                l,
                en = "The history of {target} cannot be read at the moment",
                zh = "暂时读不了 {target} 的历史消息"
            ),
            phrase!(l, en = "try again later", zh = "请稍后再试"),
        ),
        R::BanTooWide { mask } => row(
            "BAN_TOO_WIDE",
            Form::FailOrNotice(Vec::new()),
            sentence!(l, en = "{mask} covers everybody", zh = "{mask} 会封禁所有人"),
            match face {
                Face::Admin => phrase!(
                    l,
                    en = "ban fewer, or say guests = false under [accounts] to let in accounts only",
                    zh = "请缩小范围，或在 [accounts] 下设 guests = false，只让有账号的人进来",
                ),
                Face::Irc | Face::Plain | Face::Json => phrase!(l, en = "name fewer", zh = "请缩小范围"),
            },
        ),
        R::UnknownLanguage { language } => row(
            "UNKNOWN_LANGUAGE",
            Form::FailOrNotice(Vec::new()),
            sentence!(l, en = "\"{language}\" is not spoken here", zh = "不支持语言“{language}”"),
            sentence!(l, en = "there are {choices}", zh = "可用的是 {choices}", choices = languages(l)),
        ),
        R::NoSuchBan { mask } => row(
            "NO_SUCH_BAN",
            Form::FailOrNotice(Vec::new()),
            sentence!(l, en = "There is no ban of {mask}", zh = "{mask} 没有被封禁"),
            phrase!(l, en = "see the list for the spelling", zh = "请按列表里的写法"),
        ),
        R::BadRealname => row(
            "INVALID_REALNAME",
            Form::Fail(Vec::new()),
            sentence!(
                l,
                en = "That cannot be a real name: it must not be empty, nor longer than {REALNAME_BYTES_MAX} bytes",
                zh = "真实姓名不能为空，也不能超过 {REALNAME_BYTES_MAX} 字节",
            ),
            "",
        ),
        R::StorageUnavailable => row(
            "STORAGE_UNAVAILABLE",
            if verb == "REGISTER" { Form::Account(None) } else { Form::FailOrNotice(Vec::new()) },
            phrase!(
                l,
                en = "The server cannot store anything at the moment, so nothing was sent or changed",
                zh = "服务器暂时无法保存数据，什么都没有发出或更改",
            ),
            phrase!(l, en = "try again later", zh = "请稍后再试"),
        ),
        R::TooMuchStored => row(
            "TOO_MUCH_STORED",
            Form::FailOrNotice(Vec::new()),
            phrase!(
                l,
                en = "So much was said from your address or with your account that no more is kept at the moment, and this \
                      was not sent",
                zh = "你的地址或账号近期发送的内容太多，暂时不再保存，这一条没有发出",
            ),
            phrase!(l, en = "wait a few minutes and send it again", zh = "请过几分钟再发"),
        ),
        R::LineTooLong { bytes_max } => row(
            "LINE_TOO_LONG",
            numeric(n::ERR_INPUTTOOLONG, &[]),
            sentence!(
                l,
                en = "That was longer than {bytes_max} bytes and was not read",
                zh = "这一行超过 {bytes_max} 字节，没有读取"
            ),
            phrase!(l, en = "send less at once", zh = "请分几次发"),
        ),
        R::TextTooLong { bytes_max } => row(
            "TEXT_TOO_LONG",
            numeric(n::ERR_INPUTTOOLONG, &[]),
            sentence!(
                l,
                en = "With your name before it that is too long for one line, so nothing was sent",
                zh = "加上你的名字后一行放不下，没有发出"
            ),
            sentence!(l, en = "send at most {bytes_max} bytes at once", zh = "一次最多发 {bytes_max} 字节"),
        ),
        R::BadCharacter { character } => row(
            "INVALID_CHARACTER",
            numeric(n::ERR_UNKNOWNERROR, &[verb]),
            sentence!(
                l,
                en = "There was a {character} in that, so it was not read",
                zh = "其中有 {character} 字符，所以没有读取"
            ),
            phrase!(l, en = "leave it out", zh = "请去掉它"),
        ),
        R::NotUtf8 => row(
            "INVALID_UTF8",
            Form::Fail(Vec::new()),
            phrase!(l, en = "That was not UTF-8 and was not read", zh = "编码不是 UTF-8，没有读取"),
            phrase!(l, en = "set your terminal or program to UTF-8", zh = "请把终端或程序设为 UTF-8"),
        ),
        R::NotJson { problem } => row(
            "INVALID_JSON",
            Form::Fail(Vec::new()),
            sentence!(
                l,
                en = "That was not a JSON object and was not read: {problem}",
                zh = "这不是 JSON 对象，没有读取：{problem}",
                problem = json_problem(problem, l),
            ),
            "",
        ),
    }
}

fn unknown_command(verb: &str, face: Face, l: Language) -> String {
    match face {
        Face::Irc => sentence!(l, en = "There is no command {verb}", zh = "没有命令 {verb}"),
        Face::Plain => sentence!(l, en = "There is no /{verb}", zh = "没有 /{verb} 这个命令"),
        Face::Json => sentence!(l, en = "There is no type \"{verb}\"", zh = "没有“{verb}”这个类型"),
        Face::Admin => sentence!(l, en = "There is no verb {verb}", zh = "没有命令 {verb}"),
    }
}

fn instead_of_unknown(nearest: Option<&str>, face: Face, l: Language) -> String {
    match (face, nearest.map(|nearest| typed(nearest, face))) {
        (Face::Plain, Some(nearest)) => {
            sentence!(
                l,
                en = "did you mean {nearest}? Nothing was sent",
                zh = "是不是想用 {nearest}？消息没有发出"
            )
        }
        (Face::Plain, None) => phrase!(
            l,
            en = "/help shows what there is. Nothing was sent",
            zh = "用 /help 看有哪些。消息没有发出"
        )
        .into(),
        (Face::Irc | Face::Json | Face::Admin, Some(nearest)) => {
            sentence!(l, en = "did you mean {nearest}?", zh = "是不是想用 {nearest}？")
        }
        (Face::Irc, None) => {
            phrase!(l, en = "/quote HELP shows what there is", zh = "用 /quote HELP 看有哪些").into()
        }
        (Face::Json, None) => {
            sentence!(
                l,
                en = "the types are {types}",
                zh = "可用的有 {types}",
                types = listed(crate::json::TYPES, l)
            )
        }
        (Face::Admin, None) => String::new(),
    }
}

fn not_channel_operator(
    channel: &ChannelName,
    needs: Rank,
    anybody: bool,
    face: Face,
    l: Language,
) -> (String, &'static str) {
    let for_founder = matches!(needs, Rank::Founder | Rank::Protected);
    let what = match for_founder {
        true => sentence!(
            l,
            en = "Only the founder of {channel} can do that",
            zh = "只有 {channel} 的频道主可以这样做"
        ),
        false => {
            sentence!(
                l,
                en = "Only an operator of {channel} can do that",
                zh = "只有 {channel} 的频道管理员可以这样做"
            )
        }
    };
    let way_out = match (anybody, for_founder, face) {
        (false, ..) => phrase!(
            l,
            en = "it has none, so ask those who run this server",
            zh = "目前没有这样的人，可以找服务器管理员",
        ),
        (true, true, Face::Irc) => phrase!(l, en = "ask one of those with ~", zh = "可以找带 ~ 的人"),
        (true, false, Face::Irc) => {
            phrase!(l, en = "ask one of those with ~, & or @", zh = "可以找带 ~、& 或 @ 的人")
        }
        (true, ..) => phrase!(l, en = "ask one", zh = "可以找他们帮忙"),
    };
    (what, way_out)
}

fn into_without_guests(registration: Registration, face: Face, l: Language) -> &'static str {
    match (face, registration) {
        (Face::Irc, Registration::Closed) => phrase!(
            l,
            en = "log in with SASL, or PASS nickname:password",
            zh = "请用 SASL 或 PASS 昵称:密码 登录",
        ),
        (Face::Irc, Registration::Open) => phrase!(
            l,
            en = "log in with SASL or PASS nickname:password, or make an account with REGISTER nickname * password",
            zh = "请用 SASL 或 PASS 昵称:密码 登录，或用 REGISTER 昵称 * 密码 注册",
        ),
        (Face::Irc, Registration::Invite) => phrase!(
            l,
            en = "log in with SASL or PASS nickname:password, or make an account with REGISTER nickname \
                  invitation-code password",
            zh = "请用 SASL 或 PASS 昵称:密码 登录，或用 REGISTER 昵称 邀请码 密码 注册",
        ),
        (Face::Plain | Face::Json | Face::Admin, _) => {
            phrase!(l, en = "log in with an account and its password", zh = "请用账号和密码登录")
        }
    }
}

fn should_be(expected: Expected, l: Language) -> String {
    let expected: Cow<'static, str> = match expected {
        Expected::Number => phrase!(l, en = "a number", zh = "数字").into(),
        Expected::Lines => phrase!(l, en = "a number of lines", zh = "行数").into(),
        Expected::Members => phrase!(l, en = "a number of members above zero", zh = "大于零的人数").into(),
        Expected::LoggedInNick => {
            phrase!(l, en = "the nickname of somebody who is logged in", zh = "已登录账号的人的昵称").into()
        }
        Expected::ChannelKey => sentence!(
            l,
            en = "up to {KEY_BYTES_MAX} bytes without spaces, commas and colons",
            zh = "最多 {KEY_BYTES_MAX} 字节，不含空格、逗号和冒号",
        )
        .into(),
        Expected::Mask(why) => mask(why, l),
        Expected::NickMask(why) => sentence!(
            l,
            en = "a nickname or a mask of some: {why}",
            zh = "昵称或能匹配昵称的掩码：{why}",
            why = name_error(why, l),
        )
        .into(),
        Expected::BanKind => {
            phrase!(l, en = "nick, account or address", zh = "三者之一：nick、account、address").into()
        }
        Expected::Address => phrase!(
            l,
            en = "an address such as 192.0.2.7 or a network such as 192.0.2.0/24",
            zh = "形如 192.0.2.7 的地址或形如 192.0.2.0/24 的网段",
        )
        .into(),
        Expected::InvitationCode => {
            phrase!(l, en = "a code like 7K3M-9QXA-2BCD", zh = "形如 7K3M-9QXA-2BCD 的邀请码").into()
        }
        Expected::OneLine => phrase!(l, en = "one line of text", zh = "一行文字").into(),
        Expected::JsonString => phrase!(l, en = "a string", zh = "字符串").into(),
        Expected::JsonCount => phrase!(l, en = "a whole number from 0 on", zh = "不小于 0 的整数").into(),
    };
    sentence!(l, en = "it should be {expected}", zh = "应为{expected}")
}

fn mask(why: MaskError, l: Language) -> Cow<'static, str> {
    match why {
        MaskError::Length => sentence!(
            l,
            en = "a mask such as nick!user@host, of at most {MASK_BYTES_MAX} bytes",
            zh = "形如 nick!user@host 的掩码，最多 {MASK_BYTES_MAX} 字节",
        )
        .into(),
        MaskError::Nick(why) => sentence!(
            l,
            en = "a mask such as nick!user@host with a nickname that somebody can have: {why}",
            zh = "形如 nick!user@host 的掩码，其中的昵称要有人能用：{why}",
            why = name_error(why, l),
        )
        .into(),
        MaskError::User => sentence!(
            l,
            en = "a mask such as nick!user@host whose user has at most {USERNAME_BYTES_MAX} bytes, and no ! @ : in it",
            zh = "形如 nick!user@host 的掩码，其中的 user 最多 {USERNAME_BYTES_MAX} 字节，不含 ! @ :",
        )
        .into(),
        MaskError::Host => phrase!(
            l,
            en = "a mask whose host is an address (192.0.2.7), a network (192.0.2.0/24) or part of one (192.0.2.*)",
            zh = "掩码，其中的 host 是地址（192.0.2.7）、网段（192.0.2.0/24）或其一部分（192.0.2.*）",
        )
        .into(),
    }
}

fn history_problem(subcommand: &str, problem: &HistoryProblem, l: Language) -> String {
    use HistoryProblem as P;
    match problem {
        P::Subcommand => sentence!(
            l,
            en = "{subcommand} is not LATEST, BEFORE, AFTER, AROUND, BETWEEN or TARGETS",
            zh = "{subcommand} 不是 LATEST、BEFORE、AFTER、AROUND、BETWEEN 或 TARGETS",
        ),
        P::NoTarget => phrase!(l, en = "the target is missing", zh = "缺少目标").into(),
        P::NoReference => {
            phrase!(l, en = "the timestamp= or msgid= is missing", zh = "缺少 timestamp= 或 msgid=").into()
        }
        P::NoTimestamp => phrase!(l, en = "the timestamp= is missing", zh = "缺少 timestamp=").into(),
        P::NoLimit => phrase!(l, en = "the limit is missing", zh = "缺少条数").into(),
        P::NotAReference { word } => sentence!(
            l,
            en = "{word} is not msgid=ID or timestamp=YYYY-MM-DDThh:mm:ss.sssZ",
            zh = "{word} 不是 msgid=ID 或 timestamp=YYYY-MM-DDThh:mm:ss.sssZ",
        ),
        P::NotATimestamp { word } => sentence!(
            l,
            en = "{word} is not timestamp=YYYY-MM-DDThh:mm:ss.sssZ",
            zh = "{word} 不是 timestamp=YYYY-MM-DDThh:mm:ss.sssZ",
        ),
        P::NotALimit { word } => {
            sentence!(l, en = "{word} is not a number of messages", zh = "{word} 不是消息条数")
        }
        P::OneWordTooMany { word } => sentence!(
            l,
            en = "{word} is one word too many: nothing comes after the limit",
            zh = "{word} 是多余的：条数后面不能再有别的",
        ),
    }
}

fn json_problem(problem: &JsonProblem, l: Language) -> Cow<'_, str> {
    match problem {
        JsonProblem::NoBrace => {
            phrase!(l, en = "it begins with something else than {", zh = "它不是以 { 开头").into()
        }
        JsonProblem::OpenString => {
            phrase!(l, en = "a string in it has no closing quote", zh = "其中有字符串没有右引号").into()
        }
        JsonProblem::Reader(words) => Cow::Borrowed(words),
    }
}

/// A parameter with a space in it cannot be given back in the middle of a line.
fn as_parameter(word: &str) -> &str {
    if word.is_empty() || word.contains(' ') { "*" } else { word }
}
