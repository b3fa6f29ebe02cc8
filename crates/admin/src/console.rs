//! What a command prints on and asks: sentences, tables and colours for people, JSON Lines for machines.

use std::io::{self, BufRead, BufWriter, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use chat_model::id::Time;
use chat_model::secret::Secret;
use chat_model::{phrase, sentence};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use crate::failure::Failure;
use crate::language::language;
use crate::text::visible;

pub(crate) const HEADING: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();

/// A last column that is narrower is harder to read than lines that the terminal breaks.
const LAST_COLUMN_WIDTH_MIN: u16 = 32;

/// Where the output goes and the passwords come from.
pub(crate) struct Console {
    pub(crate) out: Box<dyn Write>,
    /// Where remarks go that are not what was asked for.
    pub(crate) err: Box<dyn Write>,
    /// Where passwords are read from; `None` is the terminal.
    pub(crate) input: Option<Box<dyn BufRead>>,
    pub(crate) json: bool,
    pub(crate) colour: bool,
    /// Columns of the terminal that tables must fit; `None` is no limit.
    pub(crate) width: Option<u16>,
    pub(crate) zone: TimeZone,
}

impl Console {
    /// The process's own: colours only on a terminal, and none with NO_COLOR or TERM=dumb.
    pub(crate) fn of_process(json: bool) -> Self {
        let stdout = io::stdout();
        let stdin = io::stdin();
        Self {
            json,
            colour: anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
            width: terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0),
            out: Box::new(BufWriter::new(stdout)),
            err: Box::new(io::stderr()),
            input: if stdin.is_terminal() { None } else { Some(Box::new(stdin.lock())) },
            zone: TimeZone::system(),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// A line for people, ready to print.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A remark beside the output, at once.
    pub(crate) fn remark(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.err, "chat-admin: {text}")?;
        self.err.flush()
    }

    /// A row for machines.
    pub(crate) fn object(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, row).map_err(io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// That something was done: a sentence for people, how many it concerned for machines.
    pub(crate) fn done(&mut self, sentence: &str, count: usize) -> Result<(), Failure> {
        if self.json {
            return self.object(&serde_json::json!({ "done": true, "count": count }));
        }
        Ok(self.line(&visible(sentence))?)
    }

    /// Rows in columns, of which the last may be long, or a sentence where there are none.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>, none: &str) -> io::Result<()> {
        if rows.is_empty() {
            return self.line(none);
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(header.iter().copied());
        for row in rows {
            table.add_row(row.iter().map(|cell| visible(cell).into_owned()));
        }
        let last = header.len() - 1;
        let readable = table.column_max_content_widths()[last].min(LAST_COLUMN_WIDTH_MIN);
        for (number, column) in table.column_iter_mut().enumerate() {
            // Names and times are only of use in one piece; the last column takes what room is left.
            if number == last {
                let constraint = ColumnConstraint::LowerBoundary(Width::Fixed(readable));
                column.set_padding((0, 0)).set_constraint(constraint);
            } else {
                column.set_padding((0, 2)).set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        if let Some(width) = self.width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        for (number, line) in table.lines().enumerate() {
            let style = if number == 0 { HEADING } else { Style::new() };
            let line = self.styled(style, line.trim_end());
            self.line(&line)?;
        }
        Ok(())
    }

    /// The text in this style, where there are styles.
    pub(crate) fn styled(&self, style: Style, text: &str) -> String {
        if self.colour && style != Style::new() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The time now, where the operator is.
    pub(crate) fn now(&self) -> Zoned {
        Timestamp::now().to_zoned(self.zone.clone())
    }

    /// A time as people read it, where the operator is.
    pub(crate) fn time(&self, time: Time) -> String {
        match Timestamp::from_millisecond(time.0) {
            Ok(time) => time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Err(_) => time.0.to_string(),
        }
    }

    /// A new password: typed twice without echo, or the first line of what is piped in.
    pub(crate) fn new_password(&mut self, account: &str) -> Result<Secret, Failure> {
        let password = match &mut self.input {
            Some(input) => {
                let mut line = String::new();
                input.read_line(&mut line)?;
                line.trim_end_matches(['\r', '\n']).to_owned()
            }
            None => prompt_twice(account)?,
        };
        if password.is_empty() {
            let reason = phrase!(
                language(),
                en = "a password needs at least one character; nothing was changed",
                zh = "密码至少要有一个字符，没有更改",
            );
            return Err(Failure::refused("UNACCEPTABLE_PASSWORD", reason));
        }
        Ok(Secret::new(password))
    }
}

fn prompt_twice(account: &str) -> Result<String, Failure> {
    let (l, account) = (language(), visible(account));
    let first = sentence!(l, en = "New password for {account}: ", zh = "{account} 的新密码：");
    let password = rpassword::prompt_password(first)?;
    if rpassword::prompt_password(phrase!(l, en = "Once more: ", zh = "再输一次："))? != password {
        let reason =
            phrase!(l, en = "the two are not the same; nothing was changed", zh = "两次输入不一样，没有更改");
        return Err(Failure::refused("UNACCEPTABLE_PASSWORD", reason));
    }
    Ok(password)
}
