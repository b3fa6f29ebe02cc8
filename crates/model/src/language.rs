//! The languages in which people are spoken to, and the macros with which sentences are written.
//!
//! A sentence is one row: all its languages stand side by side, and a row that lacks one, or whose languages name
//! different parameters, does not compile. That is all that is needed here, so there is no catalogue to load, no key
//! to look up, and nothing that can be missing while the server runs.

use serde::{Deserialize, Serialize};

/// A language that every sentence is there in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All of them, by code.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The code of ISO 639: `"zh"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// Reads a code, with or without a country and an encoding behind it, or a name: `zh`, `zh-CN`, `zh_CN.UTF-8`,
    /// `中文`. `None` for a language that nobody speaks here.
    pub fn new(word: &str) -> Option<Self> {
        let code = word.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| {
            code.eq_ignore_ascii_case(language.code()) || word.eq_ignore_ascii_case(language.name())
        })
    }

    /// The language of the messages of this process, by the variables of POSIX in the order in which they count.
    /// `variable` reads one of them.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set)?;
        Self::new(&value)
    }
}

/// A sentence with parameters, in a language: `sentence!(language, en = "Hello, {nick}", zh = "你好，{nick}")`.
///
/// Parameters are named, and are variables in scope or follow as `name = value`.
#[macro_export]
macro_rules! sentence {
    ($language:expr, en = $en:literal, zh = $zh:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const _: () = assert!(
            $crate::language::same_parameters($en, $zh),
            "the languages of a sentence name the same parameters"
        );
        match $language {
            $crate::language::Language::English => ::std::format!($en $(, $name = $value)*),
            $crate::language::Language::Chinese => ::std::format!($zh $(, $name = $value)*),
        }
    }};
}

/// A sentence without parameters, or a part of one, in a language: `phrase!(language, en = "guest", zh = "访客")`.
#[macro_export]
macro_rules! phrase {
    ($language:expr, en = $en:literal, zh = $zh:literal $(,)?) => {{
        const _: () = assert!(
            !$crate::language::has_parameters($en) && !$crate::language::has_parameters($zh),
            "a phrase has no parameters"
        );
        match $language {
            $crate::language::Language::English => $en,
            $crate::language::Language::Chinese => $zh,
        }
    }};
}

/// Whether two format strings name the same parameters, in whatever order and however often.
#[doc(hidden)]
pub const fn same_parameters(one: &str, other: &str) -> bool {
    all_in(one.as_bytes(), other.as_bytes()) && all_in(other.as_bytes(), one.as_bytes())
}

/// Whether a string looks as if it named parameters.
#[doc(hidden)]
pub const fn has_parameters(text: &str) -> bool {
    next_parameter(text.as_bytes(), 0).is_some()
}

const fn all_in(these: &[u8], those: &[u8]) -> bool {
    let mut from = 0;
    while let Some((start, end)) = next_parameter(these, from) {
        if !is_in(these, start, end, those) {
            return false;
        }
        from = end;
    }
    true
}

const fn is_in(text: &[u8], start: usize, end: usize, those: &[u8]) -> bool {
    let mut from = 0;
    while let Some((other_start, other_end)) = next_parameter(those, from) {
        let mut same = end - start == other_end - other_start;
        let mut at = 0;
        while same && at < end - start {
            same = text[start + at] == those[other_start + at];
            at += 1;
        }
        if same {
            return true;
        }
        from = other_end;
    }
    false
}

/// Where the next parameter's name begins and ends: `nick` in `{nick}` and in `{nick:>8}`. `{{` is a brace, and so is
/// one that no name follows.
const fn next_parameter(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while at + 1 < text.len() {
        if text[at] != b'{' {
            at += 1;
        } else if text[at + 1] == b'{' {
            at += 2;
        } else {
            let start = at + 1;
            let mut end = start;
            while end < text.len() && (text[end].is_ascii_alphanumeric() || text[end] == b'_') {
                end += 1;
            }
            if end > start && end < text.len() && (text[end] == b'}' || text[end] == b':') {
                return Some((start, end));
            }
            at = start;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_read_from_what_people_and_systems_call_it() {
        for word in ["zh", "ZH", "zh-CN", "zh_CN.UTF-8", "zh-Hans", "中文"] {
            assert_eq!(Language::new(word), Some(Language::Chinese), "{word}");
        }
        for word in ["en", "en_GB.UTF-8", "english"] {
            assert_eq!(Language::new(word), Some(Language::English), "{word}");
        }
        for word in ["", "C", "de_DE.UTF-8", "enough", "zhx"] {
            assert_eq!(Language::new(word), None, "{word}");
        }
    }

    #[test]
    fn of_the_variables_the_first_that_says_something_counts() {
        let of = |set: &[(&str, &str)]| {
            let value =
                |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into());
            Language::of_environment(value)
        };
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Some(Language::Chinese));
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), None);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "en_US")]), Some(Language::English));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn languages_of_a_sentence_that_name_different_parameters_are_found() {
        assert!(same_parameters("{a} and {b}", "{b:>5}和{a}{a}"));
        assert!(same_parameters("no {{braces}}", "没有 {{x}}"));
        assert!(!same_parameters("{a} and {b}", "{a}"));
        assert!(!same_parameters("{a}", "{ab}"));
        assert!(has_parameters("x {nick}") && has_parameters("{n:2}"));
        assert!(!has_parameters(r#"{"type":"ls"}"#) && !has_parameters("{{x}}") && !has_parameters("{"));
    }

    #[test]
    fn a_sentence_is_said_in_its_reader_s_language() {
        let say = |language, nick: &str| sentence!(language, en = "Hello, {nick}", zh = "你好，{nick}");
        assert_eq!(say(Language::English, "bob"), "Hello, bob");
        assert_eq!(say(Language::Chinese, "bob"), "你好，bob");
        assert_eq!(phrase!(Language::Chinese, en = "guest", zh = "访客"), "访客");
    }
}
