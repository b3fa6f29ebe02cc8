//! The language in which this program speaks: one for the whole run, chosen before anything is said.

use std::borrow::Cow;
use std::sync::OnceLock;

use chat_model::language::Language;
use chat_model::name::NameError;
use chat_model::{phrase, sentence};

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Takes the language of the command line, or else of the environment, where that speaks one of ours.
pub(crate) fn choose(option: Option<Language>) {
    if let Some(language) = option.or_else(chat_cli::of_environment) {
        // Chosen twice it stays what it was.
        let _ = CHOSEN.set(language);
    }
}

/// The language that was chosen, if any.
pub(crate) fn chosen() -> Option<Language> {
    CHOSEN.get().copied()
}

/// The language to speak.
pub(crate) fn language() -> Language {
    chosen().unwrap_or_default()
}

/// How many sessions were closed, behind what it was because of.
pub(crate) fn sessions_closed(count: usize) -> String {
    match count {
        1 => phrase!(language(), en = "; 1 session closed", zh = "；关闭了 1 个连接").to_owned(),
        _ => sentence!(language(), en = "; {count} sessions closed", zh = "；关闭了 {count} 个连接"),
    }
}

/// What a ban is of, by the word that the server has for it.
pub(crate) fn kind_of_ban(word: &'static str) -> &'static str {
    let l = language();
    match word {
        "nick" => phrase!(l, en = "nick", zh = "昵称"),
        "account" => phrase!(l, en = "account", zh = "账号"),
        "address" => phrase!(l, en = "address", zh = "地址"),
        other => other,
    }
}

/// That a name is none for an account, and why.
pub(crate) fn no_account_name(name: &str, why: NameError) -> String {
    sentence!(
        language(),
        en = "{name:?} is no account name: {why}",
        zh = "{name:?} 不能用作账号名：{why}",
        why = in_words(why),
    )
}

/// That a name is none for somebody, and why.
pub(crate) fn no_nickname(name: &str, why: NameError) -> String {
    sentence!(
        language(),
        en = "{name:?} is no nickname: {why}",
        zh = "{name:?} 不能用作昵称：{why}",
        why = in_words(why),
    )
}

/// Why a name is not one.
pub(crate) fn in_words(why: NameError) -> Cow<'static, str> {
    chat_wire::sentences::name_error(why, language())
}
