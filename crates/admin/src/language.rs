//! The language in which this program speaks: one for the whole run, chosen before anything is said.

use std::borrow::Cow;
use std::sync::OnceLock;

use chat_model::language::Language;
use chat_model::name::NameError;

static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Takes the language of the command line, or else of the environment.
pub(crate) fn choose(chosen: Option<Language>) {
    let language = chosen.or_else(|| Language::of_environment(|name| std::env::var(name).ok()));
    // Chosen twice it stays what it was.
    let _ = LANGUAGE.set(language.unwrap_or_default());
}

/// The language that was chosen.
pub(crate) fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or_default()
}

/// Why a name is not one.
pub(crate) fn in_words(why: NameError) -> Cow<'static, str> {
    chat_wire::sentences::name_error(why, language())
}
