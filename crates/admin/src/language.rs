//! The language in which this program speaks: one for the whole run, chosen before anything is said.

use std::borrow::Cow;
use std::sync::OnceLock;

use chat_model::language::Language;
use chat_model::name::NameError;

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Takes the language of the command line, or else of the environment, where that speaks one of ours.
pub(crate) fn choose(option: Option<Language>) {
    if let Some(language) = option.or_else(|| Language::of_environment(|name| std::env::var(name).ok())) {
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

/// Why a name is not one.
pub(crate) fn in_words(why: NameError) -> Cow<'static, str> {
    chat_wire::sentences::name_error(why, language())
}
