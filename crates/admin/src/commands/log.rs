//! `log [-n N] [--follow]`: the running server's own log.

use chat_model::phrase;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::console::{Console, DIM, ERROR, HEADING, WARNING};
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::text::visible;
use crate::when;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The newest so many lines first
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    lines: u32,
    /// Go on with what is logged from now on, until ctrl-c
    #[arg(short, long)]
    follow: bool,
}

/// A line as the server sends it and as `--json` prints it.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    time: String,
    level: String,
    text: String,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let mut server = location.server()?;
    let lines = args.lines.to_string();
    if args.follow {
        return server.follow("LOG", &[&lines, "follow"], |line: Line| {
            print(&line, console)?;
            Ok(console.flush()?)
        });
    }
    let rows: Vec<Line> = server.rows("LOG", &[&lines])?;
    if rows.is_empty() && args.lines > 0 && !console.json {
        console.line(phrase!(language(), en = "nothing was logged yet", zh = "还没有日志"))?;
    }
    rows.iter().try_for_each(|line| print(line, console))
}

fn print(line: &Line, console: &mut Console) -> Result<(), Failure> {
    if console.json {
        return console.object(line);
    }
    let time = when::parse_rfc3339(&line.time).map_or_else(|| line.time.clone(), |time| console.time(time));
    let style = match line.level.to_ascii_uppercase().as_str() {
        "ERROR" => ERROR,
        "WARN" => WARNING,
        "INFO" => HEADING,
        _ => DIM,
    };
    let mut text = format!(
        "{} {} {}",
        console.styled(DIM, &visible(&time)),
        console.styled(style, &visible(&format!("{:5}", line.level))),
        visible(&line.text)
    );
    for (name, value) in &line.fields {
        let value = match value {
            Value::Null => "-".to_owned(),
            Value::String(text) if !text.contains([' ', '"']) && !text.is_empty() => text.clone(),
            other => other.to_string(),
        };
        text.push_str(&console.styled(DIM, &visible(&format!(" {name}={value}"))));
    }
    Ok(console.line(&text)?)
}
