//! What is wrong with a command line, in Chinese: clap has its sentences in English alone.

use std::error::Error as _;
use std::fmt::Write as _;

use anstyle::Style;
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind as Kind, ContextValue, Error, ErrorFormatter, ErrorKind};

/// As clap's own formatter has it: what is wrong, what was meant perhaps, how it is written, where there is more.
pub(crate) struct Chinese;

impl ErrorFormatter for Chinese {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let styles = Styles::styled();
        let (red, valid) = (styles.get_error(), styles.get_valid());
        let mut text = format!("{red}错误:{red:#} {}\n", what(error, *styles.get_invalid()));
        for kind in [Kind::SuggestedSubcommand, Kind::SuggestedArg, Kind::SuggestedValue] {
            if let Some(suggested) = error.get(kind) {
                let _ = write!(text, "\n  {valid}提示:{valid:#} 是不是 {}？\n", listed(suggested, *valid));
            }
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(Kind::Usage) {
            let heading = styles.get_usage();
            let usage = usage.to_string();
            let usage = usage.trim_start_matches("Usage:").trim();
            let _ = write!(text, "\n{heading}用法:{heading:#} {usage}\n");
        }
        let literal = styles.get_literal();
        let _ = write!(text, "\n详细说明见 {literal}--help{literal:#}。\n");
        text.into()
    }
}

fn what(error: &Error<Chinese>, invalid: Style) -> String {
    let word = |kind| error.get(kind).map(|value| listed(value, invalid));
    let (argument, value, command) =
        (word(Kind::InvalidArg), word(Kind::InvalidValue), word(Kind::InvalidSubcommand));
    match (error.kind(), argument, value, command) {
        (ErrorKind::UnknownArgument, Some(argument), ..) => format!("没有 {argument} 这个参数"),
        (ErrorKind::MissingRequiredArgument, Some(missing), ..) => format!("缺少 {missing}"),
        (ErrorKind::InvalidSubcommand, .., Some(command)) => format!("没有 {command} 这个命令"),
        (ErrorKind::MissingSubcommand, .., Some(command)) => format!("{command} 后面要有命令"),
        (ErrorKind::InvalidValue, Some(argument), ..) if is_empty(error) => format!("{argument} 后面要有值"),
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(argument), Some(value), _) => {
            let why = error.source().map_or_else(String::new, |why| format!("：{why}"));
            format!("{argument} 的值 {value} 不对{why}")
        }
        (ErrorKind::TooManyValues, Some(argument), Some(value), _) => format!("{argument} 不能再有 {value}"),
        (ErrorKind::ArgumentConflict, Some(argument), ..) => match word(Kind::PriorArg) {
            Some(prior) if prior != argument => format!("{argument} 不能和 {prior} 一起用"),
            _ => format!("{argument} 只能写一次"),
        },
        (ErrorKind::InvalidUtf8, ..) => "命令行里有不是 UTF-8 的字".to_owned(),
        // None that our command lines can come to.
        (other, ..) => other.to_string(),
    }
}

fn is_empty(error: &Error<Chinese>) -> bool {
    matches!(error.get(Kind::InvalidValue), Some(ContextValue::String(value)) if value.is_empty())
}

fn listed(value: &ContextValue, style: Style) -> String {
    let one = |text: &str| format!("{style}{text}{style:#}");
    match value {
        ContextValue::Strings(several) => several.iter().map(|text| one(text)).collect::<Vec<_>>().join("、"),
        other => one(&other.to_string()),
    }
}
