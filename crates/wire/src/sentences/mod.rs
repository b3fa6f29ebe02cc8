//! What the server says in words, one row each, in every language: refusals, close reasons, events, notices and help. What a
//! single reply says beside that stands where the reply is written.

mod close_reasons;
mod events;
mod help;
mod notices;
mod refusals;

use std::borrow::Cow;

use chat_model::language::Language;
use chat_model::mode::ChannelModes;
use chat_model::name::{Account, NameError};
use chat_model::refusal::Refusal;
use chat_model::reply::Person;
use chat_model::{phrase, sentence};

pub(crate) use close_reasons::close_reason;
pub(crate) use events::event;
pub(crate) use help::help;
pub use help::{knows_help_on, knows_nickserv_help_on, usage};
pub(crate) use notices::{Speaker, notice};
pub(crate) use refusals::{Form, refusal};

use crate::Face;

/// What a refusal is called in logs.
pub fn code(refused: &Refusal) -> &'static str {
    refusal(refused, "", Face::Admin, Language::English).code
}

/// The code of a close reason, as machines know it.
pub fn close_code(reason: &chat_model::close_reason::CloseReason) -> &'static str {
    close_reason(reason, Language::English).code
}

/// Why somebody left, as others are told: for logs.
pub fn left(reason: &chat_model::close_reason::CloseReason, language: Language) -> String {
    close_reason(reason, language).others
}

/// How many came and went who were not shown one by one.
fn crowd(came: u32, went: u32, l: Language) -> String {
    let people = |count: u32| match count {
        1 => phrase!(l, en = "1 person", zh = "1 人").to_owned(),
        _ => sentence!(l, en = "{count} people", zh = "{count} 人"),
    };
    let (coming, going) = (people(came), people(went));
    match (came, went) {
        (_, 0) => sentence!(l, en = "{coming} came in", zh = "{coming}进来了"),
        (0, _) => sentence!(l, en = "{going} left", zh = "{going}离开了"),
        _ if came == went => sentence!(l, en = "{coming} came and went", zh = "{coming}来了又走了"),
        _ => sentence!(l, en = "{coming} came in and {going} left", zh = "{coming}进来了，{going}离开了"),
    }
}

/// What user mode `d` does.
pub(crate) fn deaf(l: Language) -> &'static str {
    phrase!(
        l,
        en = "You hear no messages of channels now (mode +d), and may speak; -d ends that.",
        zh = "你现在收不到频道消息（模式 +d），但可以发言，用 -d 恢复。",
    )
}

/// What of the room does not reach somebody who is deaf: whoever muted it cannot speak there either.
pub(crate) fn hearing(person: &Person, l: Language) -> &'static str {
    match person.muted {
        true => phrase!(l, en = "muted the room", zh = "已屏蔽房间"),
        false => phrase!(l, en = "does not hear the room", zh = "不收频道消息"),
    }
}

/// An account is yours, and you are logged in to it: a line each.
pub(crate) fn logged_in(account: &Account, made: bool, l: Language) -> String {
    let logged_in = sentence!(l, en = "You are logged in as {account}.", zh = "你已登录账号 {account}。");
    if !made {
        return logged_in;
    }
    sentence!(
        l,
        en = "{account} is yours: from now on this nickname takes your password.\n{logged_in}",
        zh = "{account} 归你了：以后用这个昵称要输入你的密码。\n{logged_in}",
    )
}

/// Why a name is not one.
pub fn name_error(why: NameError, l: Language) -> Cow<'static, str> {
    match why {
        NameError::Empty => phrase!(l, en = "a name needs at least one character", zh = "名字至少要有一个字符").into(),
        NameError::TooLong { max } => {
            sentence!(l, en = "that is too long: at most {max} characters", zh = "太长了，最多 {max} 个字符").into()
        }
        NameError::TooManyBytes { max } => sentence!(
            l,
            en = "that is too long: at most {max} bytes, of which a letter outside of English takes two to four",
            zh = "太长了，最多 {max} 字节，一个汉字占三到四个字节",
        )
        .into(),
        NameError::BadCharacter { found } => sentence!(
            l,
            en = "{character} cannot be part of a name",
            zh = "名字里不能有 {character}",
            character = readable(found, l),
        )
        .into(),
        NameError::BadFirst { found } => {
            sentence!(l, en = "a name cannot begin with {found:?}", zh = "名字不能以 {found:?} 开头").into()
        }
        NameError::NoHash => phrase!(l, en = "a channel name begins with #", zh = "频道名要以 # 开头").into(),
        NameError::NotAllowed => phrase!(
            l,
            en = "letters and digits of any script are fine, and - _ . [ ] { } \\ ^ ` |; this has something else",
            zh = "可以用各种文字、数字和 - _ . [ ] { } \\ ^ ` |，这里有别的符号",
        )
        .into(),
        NameError::Reserved => phrase!(l, en = "that name belongs to the server", zh = "这个名字归服务器所有").into(),
    }
}

/// A character that may be one that no terminal shows.
fn readable(found: char, l: Language) -> String {
    let code = u32::from(found);
    if found.is_control() {
        sentence!(l, en = "the control character U+{code:04X}", zh = "控制字符 U+{code:04X}")
    } else {
        format!("{found:?}")
    }
}

/// In which language somebody is told this: asked for, or new.
pub(crate) fn language(changed: bool, face: Face, l: Language) -> String {
    let command = match face {
        Face::Irc => "/quote LANG",
        Face::Plain | Face::Json | Face::Admin => "/lang",
    };
    let (name, choices) = (l.name(), languages(l));
    match changed {
        true => {
            sentence!(l, en = "From now on you are told everything in {name}.", zh = "从现在起使用{name}。")
        }
        false => sentence!(
            l,
            en = "You are told everything in {name}; {command} CODE changes that: {choices}.",
            zh = "现在使用{name}，输入 {command} 代码 可以更换：{choices}。",
        ),
    }
}

/// All languages by code and name, for people.
pub fn languages(l: Language) -> String {
    let one = |language: Language| {
        let (code, name) = (language.code(), language.name());
        sentence!(l, en = "{code} ({name})", zh = "{code}（{name}）")
    };
    listed(Language::ALL.map(one), l)
}

/// A reason behind what it is the reason for; nothing where nobody gave one.
pub(crate) fn because(reason: &str, l: Language) -> String {
    match reason {
        "" => String::new(),
        reason => sentence!(l, en = ": {reason}", zh = "：{reason}"),
    }
}

/// A reason in brackets; nothing where nobody gave one.
pub fn in_brackets(reason: &str, l: Language) -> String {
    match reason {
        "" => String::new(),
        reason => sentence!(l, en = " ({reason})", zh = "（{reason}）"),
    }
}

/// A verb as people type it in this face.
fn typed(verb: &str, face: Face) -> String {
    match face {
        Face::Plain => format!("/{}", verb.to_lowercase()),
        Face::Irc | Face::Json | Face::Admin => verb.to_owned(),
    }
}

/// Several things in a row, as people write them.
pub(crate) fn listed<T: ToString>(items: impl IntoIterator<Item = T>, l: Language) -> String {
    let items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(phrase!(l, en = ", ", zh = "、"))
}

/// A channel's modes with what they need, `nt`, `kl 5`; the key itself is not told.
pub(crate) fn channel_modes(modes: &ChannelModes) -> String {
    let key = if modes.key.is_some() { "k" } else { "" };
    match modes.limit {
        Some(limit) => format!("{}{key}l {limit}", modes.letters()),
        None => format!("{}{key}", modes.letters()),
    }
}

#[cfg(test)]
mod tests {
    use chat_model::mask::MaskError;
    use chat_model::refusal::Expected;

    use super::*;

    fn said(what: &Refusal, face: Face, language: Language) -> String {
        refusal(what, "", face, language).sentence(language)
    }

    #[test]
    fn each_face_is_told_the_way_out_in_its_own_words() {
        let lobby = chat_model::name::ChannelName::new("#lobby").expect("valid");
        let muted = Refusal::CannotSendMuted { channel: lobby };
        let unknown = Refusal::UnknownCommand { verb: "lss".into(), nearest: Some("LS".into()) };
        let no_type = Refusal::UnknownCommand { verb: "lss".into(), nearest: None };
        let nobody = Refusal::NoSuchNick { nick: "x".into() };
        let cases = [
            (&muted, Face::Plain, "/i opens"),
            (&muted, Face::Json, "/i opens"),
            (&unknown, Face::Plain, "did you mean /ls?"),
            (&no_type, Face::Json, "the types are login, broadcast, sendto, ls, help, ignore, lang, quit."),
            (&unknown, Face::Admin, "did you mean LS?"),
            (&nobody, Face::Irc, "/names lists"),
            (&nobody, Face::Json, "/ls shows"),
            (&Refusal::InvitationNeeded, Face::Plain, "/register PASSWORD CODE"),
        ];
        for (what, face, part) in cases {
            let sentence = said(what, face, Language::English);
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn a_sentence_is_whole_in_every_language() {
        let taken = Refusal::NickInUse { nick: chat_model::name::Nick::new("bob").expect("valid") };
        let cases = [
            (Language::English, "The nickname bob is taken at the moment; choose another one."),
            (Language::Chinese, "昵称 bob 目前有人在用，请换一个。"),
        ];
        for (language, sentence) in cases {
            assert_eq!(said(&taken, Face::Plain, language), sentence);
        }
    }

    #[test]
    fn in_chinese_what_a_word_should_be_begins_in_chinese() {
        let masks = [MaskError::Length, MaskError::Nick(NameError::Empty), MaskError::User, MaskError::Host];
        let others = [Expected::BanKind, Expected::Address, Expected::InvitationCode];
        for expected in masks.map(Expected::Mask).into_iter().chain(others) {
            let sentence =
                said(&Refusal::BadWord { word: "x".into(), expected }, Face::Irc, Language::Chinese);
            let (_, then) = sentence.split_once("应为").expect(&sentence);
            assert!(!then.starts_with(|first: char| first.is_ascii()), "{sentence}");
        }
    }

    #[test]
    fn a_character_that_cannot_be_shown_is_named() {
        let why = |found| name_error(NameError::BadCharacter { found }, Language::English);
        assert_eq!(why('\u{7}'), "the control character U+0007 cannot be part of a name");
        assert_eq!(why('!'), "'!' cannot be part of a name");
    }
}
