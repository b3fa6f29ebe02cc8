//! The lines of a transcript, read.

/// A line that is done, and what was seen because of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) number: usize,
    pub(super) line: String,
    pub(super) seen: Vec<String>,
}

/// Steps of one world.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) steps: Vec<Step>,
}

/// What a line that is done means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act<'a> {
    /// Nothing: a title, a comment, an empty line.
    Nothing,
    Setting(&'a str),
    World(&'a str),
    Comes {
        name: &'a str,
        how: &'a str,
        enters: bool,
    },
    Sends {
        name: &'a str,
        text: &'a str,
        whole: bool,
    },
    HangsUp {
        name: &'a str,
    },
}

/// Cuts a file into scenarios. What stands before the first title is one, too.
pub(super) fn scenarios(text: &str) -> Vec<Scenario> {
    let mut all = vec![Scenario { steps: Vec::new() }];
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("== ") {
            all.push(Scenario { steps: Vec::new() });
        }
        let steps = &mut all.last_mut().expect("there is one from the start").steps;
        match (line.strip_prefix("    "), steps.last_mut()) {
            (Some(seen), Some(step)) => step.seen.push(seen.to_owned()),
            _ => steps.push(Step { number: index + 1, line: line.to_owned(), seen: Vec::new() }),
        }
    }
    all
}

/// Reads a line that is done.
pub(super) fn act(line: &str) -> Result<Act<'_>, String> {
    if line.is_empty() || line.starts_with('#') || line.starts_with("== ") {
        return Ok(Act::Nothing);
    }
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (sign, text) = rest.split_once(' ').unwrap_or((rest, ""));
    Ok(match (first, sign) {
        ("@", _) => Act::Setting(rest),
        ("*", _) => Act::World(rest),
        (name, "+") => Act::Comes { name, how: text, enters: false },
        (name, "!") => Act::Comes { name, how: text, enters: true },
        (name, ">") => Act::Sends { name, text, whole: true },
        (name, ">>") => Act::Sends { name, text, whole: false },
        (name, "-") => Act::HangsUp { name },
        _ => return Err(format!("nothing is known that begins so: {line}")),
    })
}
