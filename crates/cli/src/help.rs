//! Help in Chinese: every text of a command line is put in place of its English one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};

/// A text of help, in English as it stands at its argument, and in Chinese.
pub type Row = (&'static str, &'static str);

/// What clap says by itself.
const OF_CLAP: &[Row] = &[
    ("Print help", "显示帮助"),
    ("Print help (see more with '--help')", "显示帮助（--help 更详细）"),
    ("Print help (see a summary with '-h')", "显示帮助（-h 更简短）"),
    ("Print version", "显示版本"),
    ("Print this message or the help of the given subcommand(s)", "显示帮助，或某个命令的帮助"),
    ("Print help for the subcommand(s)", "要看哪个命令的帮助"),
    ("COMMAND", "命令"),
];

/// The command line in Chinese.
pub(crate) fn in_chinese(mut command: Command, rows: &[Row]) -> Command {
    // Only now are there the arguments and commands that clap makes by itself.
    command.build();
    translated(command, &|text| found(text, rows))
}

fn found(text: &str, rows: &[Row]) -> Option<&'static str> {
    rows.iter().chain(OF_CLAP).find(|(english, _)| *english == text).map(|(_, chinese)| *chinese)
}

/// A translation of a text, if there is one.
type Translate<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

fn translated(command: Command, chinese: Translate<'_>) -> Command {
    let about = styled(chinese, command.get_about());
    let long_about = styled(chinese, command.get_long_about());
    let after_help = styled(chinese, command.get_after_help());
    let after_long_help = styled(chinese, command.get_after_long_help());
    let command = command
        .about(about)
        .long_about(long_about)
        .after_help(after_help)
        .after_long_help(after_long_help)
        .mut_args(|argument| translated_argument(argument, chinese))
        .mut_subcommands(|below| translated(below, chinese));
    with_headings(command)
}

fn translated_argument(argument: Arg, chinese: Translate<'_>) -> Arg {
    let default = match argument.get_default_values() {
        [default] if argument.get_action().takes_values() => format!(" [默认: {}]", default.display()),
        _ => String::new(),
    };
    let help = styled(chinese, argument.get_help()).unwrap_or_default();
    let long_help = styled(chinese, argument.get_long_help());
    let usual = if argument.is_positional() { "参数" } else { "选项" };
    let heading = argument.get_help_heading().map_or(Some(usual), chinese);
    let argument = argument
        .help(format!("{help}{default}"))
        .long_help(long_help)
        .help_heading(heading)
        .hide_default_value(true);
    let argument = match argument.get_index() {
        // Under a heading of ours, clap would sort them by name.
        Some(index) => argument.display_order(index),
        None => argument,
    };
    if !argument.get_action().takes_values() {
        return argument;
    }
    let names: Vec<_> =
        argument.get_value_names().unwrap_or_default().iter().filter_map(|name| chinese(name)).collect();
    argument.value_names(names)
}

fn styled(chinese: Translate<'_>, text: Option<&StyledStr>) -> Option<&'static str> {
    chinese(&text?.to_string())
}

/// The words around the texts. clap takes some of them only as a part of the whole.
fn with_headings(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage =
        usage.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>").replace("[COMMAND]", "[命令]");
    let style = *command.get_styles().get_usage();
    command.override_usage(usage).subcommand_help_heading("命令").help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{style}用法:{style:#} {{usage}}\n\n{{all-args}}{{after-help}}"
    ))
}

/// In what a program's table is not like its command line: texts that have no row, rows that belong to no text. For
/// the test that there are none.
pub fn unlike<C: CommandFactory>(rows: &[Row]) -> Vec<String> {
    let (without, with) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    let note = |text: &str| {
        let chinese = found(text, rows);
        let set = if chinese.is_some() { &with } else { &without };
        set.borrow_mut().insert(text.to_owned());
        chinese
    };
    let mut command = C::command();
    command.build();
    translated(command, &note);
    let (without, with) = (without.into_inner(), with.into_inner());
    let no_row = without.iter().map(|text| format!("no row: {text}"));
    let no_text = rows.iter().filter(|(english, _)| !with.contains(*english));
    no_row.chain(no_text.map(|(english, _)| format!("no text: {english}"))).collect()
}
