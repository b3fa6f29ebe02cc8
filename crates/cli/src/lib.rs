//! What the command lines of the three programs share: the language that they are in.
//!
//! The English texts of help stand at the arguments, where clap wants them. A program has a table of what they are in
//! Chinese, and a test that holds it against them; what clap says by itself is in the table here.

mod complaint;
mod help;

use std::ffi::OsString;

use chat_model::language::Language;
use clap::Parser;

pub use help::{Row, unlike};

/// The option by which a program may be told its language.
const OPTION: &str = "--lang";

/// Reads the language behind `--lang`.
///
/// # Errors
/// Which there are.
pub fn read_language(word: &str) -> Result<Language, String> {
    let choices = || Language::ALL.map(|one| format!("{} ({})", one.code(), one.name())).join(", ");
    Language::new(word).ok_or_else(choices)
}

/// The language of the environment, where that speaks one of ours.
pub fn of_environment() -> Option<Language> {
    Language::of_environment(|name| std::env::var(name).ok())
}

/// Reads the command line of this process, and ends the process where it asks for help or makes no sense. Both is
/// said in the language that the command line or the environment asks for; `chinese` has the texts of help.
pub fn parse<C: Parser>(chinese: &[Row]) -> C {
    let words: Vec<OsString> = std::env::args_os().collect();
    let language = asked_for(&words).or_else(of_environment).unwrap_or_default();
    try_parse(words, language, chinese).unwrap_or_else(|error| match language {
        Language::English => error.exit(),
        Language::Chinese => error.apply::<complaint::Chinese>().exit(),
    })
}

fn try_parse<C: Parser>(words: Vec<OsString>, language: Language, chinese: &[Row]) -> Result<C, clap::Error> {
    let mut command = C::command();
    if language == Language::Chinese {
        command = help::in_chinese(command, chinese);
    }
    let matches = command.try_get_matches_from_mut(words)?;
    C::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// What a command line says about its own language, found before the rest of it is understood.
fn asked_for(words: &[OsString]) -> Option<Language> {
    let words: Vec<_> =
        words.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let at = words.iter().position(|word| *word == OPTION || word.starts_with("--lang="))?;
    match words[at].split_once('=') {
        Some((_, value)) => Language::new(value),
        None => Language::new(words.get(at + 1)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &[Row] = &[
        ("Speaks", "说话"),
        ("Say it in this language", "用这个语言说"),
        ("LANGUAGE", "语言"),
        ("To them", "对他们说"),
        ("WHOM", "对象"),
        ("Say this", "说这个"),
        ("TEXT", "内容"),
        ("So often", "说几次"),
        ("COUNT", "次数"),
        ("Whispers", "私聊"),
    ];

    /// Speaks
    #[derive(Debug, Parser)]
    #[command(name = "speak", version)]
    struct Cli {
        /// Say it in this language
        #[arg(long, value_name = "LANGUAGE", value_parser = read_language)]
        lang: Option<Language>,
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Debug, clap::Subcommand)]
    enum Command {
        /// Whispers
        Whisper {
            /// To them
            whom: String,
            /// Say this
            text: String,
            /// So often
            #[arg(short, value_name = "COUNT", default_value_t = 2)]
            n: u8,
        },
    }

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn said(line: &str) -> String {
        let error = try_parse::<Cli>(words(line), Language::Chinese, CHINESE).expect_err(line);
        error.apply::<complaint::Chinese>().render().to_string()
    }

    #[test]
    fn the_language_is_known_before_the_rest_is_understood() {
        let cases = [
            ("chat-admin --lang zh --no-such", Some(Language::Chinese)),
            ("chat-admin user --lang=en list", Some(Language::English)),
            ("chat-admin --lang", None),
            ("chat-admin --lang=tlh", None),
            ("chat-admin --language=zh", None),
            ("chat-admin say x -- --lang zh", None),
            ("chat-admin list", None),
        ];
        for (line, expected) in cases {
            assert_eq!(asked_for(&words(line)), expected, "{line}");
        }
    }

    #[test]
    fn help_is_in_the_reader_s_language_from_top_to_bottom() {
        let whole = "\
说话

用法: speak [选项] <命令>

命令:
  whisper  私聊
  help     显示帮助，或某个命令的帮助

选项:
      --lang <语言>  用这个语言说
  -h, --help         显示帮助
  -V, --version      显示版本
";
        let of_whisper = "\
私聊

用法: speak whisper [选项] <对象> <内容>

参数:
  <对象>  对他们说
  <内容>  说这个

选项:
  -n <次数>   说几次 [默认: 2]
  -h, --help  显示帮助
";
        assert_eq!(said("speak --help"), whole);
        assert_eq!(said("speak help whisper"), of_whisper);
    }

    #[test]
    fn what_is_wrong_is_said_in_the_reader_s_language() {
        let cases = [
            ("speak whisper", "错误: 缺少 <对象>、<内容>\n"),
            ("speak wisper", "错误: 没有 wisper 这个命令\n\n  提示: 是不是 whisper？\n"),
            ("speak --land", "错误: 没有 --land 这个参数\n\n  提示: 是不是 --lang？\n"),
            ("speak --lang", "错误: --lang <语言> 后面要有值\n"),
            ("speak --lang tlh", "错误: --lang <语言> 的值 tlh 不对：en (English), zh (中文)\n"),
            ("speak --lang en --lang zh", "错误: --lang <语言> 只能写一次\n"),
            ("speak whisper a b c", "错误: 没有 c 这个参数\n"),
        ];
        for (line, expected) in cases {
            let said = said(line);
            assert!(said.starts_with(expected), "{line}: {said}");
            assert!(said.ends_with("\n详细说明见 --help。\n"), "{line}: {said}");
        }
    }

    #[test]
    fn a_text_without_a_row_and_a_row_without_a_text_are_found() {
        assert_eq!(unlike::<Cli>(CHINESE), Vec::<String>::new());
        assert_eq!(unlike::<Cli>(&CHINESE[1..]), ["no row: Speaks"]);
        assert_eq!(unlike::<Cli>(&[CHINESE, &[("Gone", "没了")]].concat()), ["no text: Gone"]);
    }
}
