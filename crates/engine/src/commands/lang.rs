//! LANG: the language in which a session is spoken to. It is kept for the account, unless it is for the session alone:
//! programs ask so for the language of their environment, of which the account's other devices know nothing.

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::language::Language;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;

use crate::cx::{Cx, Outcome};

/// `LANG [language [session]]`
pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let Some(word) = words.next_word().filter(|word| !word.is_empty()) else {
        cx.reply(Reply::Language { changed: false });
        return Ok(());
    };
    let unknown = || Refusal::UnknownLanguage { language: word.into() };
    let language = Language::new(word).ok_or_else(unknown)?;
    let session_only = words.next_word().is_some_and(|word| word.eq_ignore_ascii_case("session"));
    cx.speak(language);
    if let Some(account) = cx.account().cloned().filter(|_| !session_only) {
        keep(cx, &account, language);
    }
    cx.reply(Reply::Language { changed: true });
    Ok(())
}

/// The session has just logged in: it is spoken to in the account's language, unless it chose one itself.
pub(crate) fn logged_in(cx: &mut Cx<'_>, account: &Account) {
    let kept = cx.state.accounts.get(account).and_then(|row| row.language);
    if let (None, Some(language)) = (cx.session_row().language, kept) {
        cx.speak(language);
    }
}

/// The session has just made an account, which is spoken to from now on as the session is.
pub(crate) fn registered(cx: &mut Cx<'_>, account: &Account) {
    if let Some(language) = cx.session_row().language {
        keep(cx, account, language);
    }
}

fn keep(cx: &mut Cx<'_>, account: &Account, language: Language) {
    let Some(row) = cx.state.accounts.get_mut(account) else { return };
    if row.language.replace(language) != Some(language) {
        // Nobody is shown anything because of it, so it may wait for a disk that is full.
        cx.save_when_possible(Change::Language { account: account.clone(), language });
    }
}
