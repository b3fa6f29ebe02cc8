//! `audit`

use chat_model::change::AuditRow;
use chat_model::phrase;
use serde::Serialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::when::{self, End, rfc3339};

/// Lines shown where neither a number nor a time is given.
const LINES_DEFAULT: u32 = 50;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the newest so many lines [default: 50, or all with --since]
    #[arg(short = 'n', long, value_name = "N")]
    lines: Option<u32>,
    /// Only what was done since: "2h", "yesterday", "2026-11-20 14:30"
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
}

/// A line as `--json` prints it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: String,
    time: String,
    by: &'a str,
    kind: &'a str,
    target: &'a str,
    text: &'a str,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let now = console.now();
    let since = args.since.as_ref().map(|text| when::point(text, End::First, &now)).transpose()?;
    let limit = args.lines.unwrap_or(if since.is_some() { u32::MAX } else { LINES_DEFAULT });
    let rows = location.reader()?.audit(since, limit)?;
    if console.json {
        return rows.iter().try_for_each(|row| json_row(row, console));
    }
    let none = match since.is_some() {
        true => phrase!(language(), en = "nothing was done since then", zh = "那以后没有操作"),
        false => phrase!(language(), en = "the audit log is empty", zh = "审计日志是空的"),
    };
    let rows = rows.iter().map(|row| table_row(row, console)).collect();
    let l = language();
    let header = [
        phrase!(l, en = "TIME", zh = "时间"),
        phrase!(l, en = "BY", zh = "执行者"),
        phrase!(l, en = "ACTION", zh = "操作"),
        phrase!(l, en = "TARGET", zh = "对象"),
        phrase!(l, en = "DETAIL", zh = "详情"),
    ];
    Ok(console.table(&header, rows, none)?)
}

fn json_row(row: &AuditRow, console: &mut Console) -> Result<(), Failure> {
    console.object(&Row {
        id: row.at.id.to_string(),
        time: rfc3339(row.at.time),
        by: &row.actor,
        kind: &row.action,
        target: &row.target,
        text: &row.detail,
    })
}

fn table_row(row: &AuditRow, console: &Console) -> Vec<String> {
    vec![
        console.time(row.at.time),
        row.actor.to_string(),
        row.action.to_string(),
        row.target.to_string(),
        row.detail.to_string(),
    ]
}
