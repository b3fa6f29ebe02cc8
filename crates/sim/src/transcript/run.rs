//! Runs transcripts.

use chat_wire::Face;

use super::parse::{Act, Scenario, Step, act, scenarios};
use super::shown::{Ids, bytes, lines};
use crate::client::Line;
use crate::outside::Disk;
use crate::script;
use crate::setting::Setting;
use crate::world::{Joining, World};

/// What came of a file.
#[derive(Debug)]
pub struct Outcome {
    /// The file as it would be if all that was seen were right.
    pub text: String,
    /// What differs, or is otherwise wrong, to be read by people.
    pub problems: Vec<String>,
}

/// Runs all scenarios of a file. With `doubles` every batch is applied, taken back and applied again.
pub fn check(text: &str, doubles: bool) -> Outcome {
    let mut outcome = Outcome { text: String::new(), problems: Vec::new() };
    for scenario in scenarios(text) {
        Run::new(doubles).scenario(&scenario, &mut outcome);
    }
    outcome
}

struct Run {
    setting: Option<Setting>,
    world: Option<World>,
    ids: Ids,
    doubles: bool,
    /// What is done waits, to become one batch.
    together: bool,
    /// Clients that were seen to be closed.
    closed: Vec<usize>,
}

impl Run {
    fn new(doubles: bool) -> Self {
        Self {
            setting: Some(Setting::default()),
            world: None,
            ids: Ids::default(),
            doubles,
            together: false,
            closed: Vec::new(),
        }
    }

    fn scenario(mut self, scenario: &Scenario, outcome: &mut Outcome) {
        for step in &scenario.steps {
            let seen = match self.step(&step.line) {
                Ok(seen) => seen,
                Err(problem) => {
                    outcome.problems.push(format!("line {}: {problem}", step.number));
                    step.seen.clone()
                }
            };
            outcome.text.push_str(&format!("{}\n", step.line));
            seen.iter().for_each(|line| outcome.text.push_str(&format!("    {line}\n")));
            if seen != step.seen {
                outcome.problems.push(difference(step, &seen));
            }
        }
        let Some(world) = &self.world else { return };
        let title = scenario.steps.first().map_or("", |step| &step.line);
        let outside = world.outside();
        outcome.problems.extend(outside.judge.faults().iter().map(|fault| format!("{title}: {fault}")));
        if let Err(fault) = world.check_recording() {
            outcome.problems.push(format!("{title}: {fault}"));
        }
    }

    fn step(&mut self, line: &str) -> Result<Vec<String>, String> {
        let mut unseen = false;
        match act(line)? {
            Act::Nothing => return Ok(Vec::new()),
            Act::Setting(setting) => {
                let setting_at_hand = self.setting.as_mut().ok_or("settings come before everything else")?;
                setting_at_hand.set(setting)?;
                return Ok(Vec::new());
            }
            Act::World("audit") => return Ok(self.audit()),
            Act::World(words) => self.act_of_world(words)?,
            Act::Comes { name, how, enters } => {
                self.comes(name, how, enters)?;
                unseen = enters;
            }
            Act::Sends { name, text, whole } => {
                let client = self.client(name)?;
                let end = if whole { self.line_end(client) } else { "" };
                let sent = bytes(&(self.ids.name(text) + end));
                self.world().send(client, &sent);
            }
            Act::HangsUp { name } => {
                let client = self.client(name)?;
                self.world().hang_up(client);
            }
        }
        if !self.together {
            self.world().settle();
        }
        let seen = self.seen(unseen);
        Ok(if unseen { Vec::new() } else { seen })
    }

    fn world(&mut self) -> &mut World {
        let (setting, doubles) = (&mut self.setting, self.doubles);
        self.world.get_or_insert_with(|| {
            let mut world = World::new(setting.take().unwrap_or_default());
            world.doubles = doubles;
            world
        })
    }

    /// The newest client of that name.
    fn client(&mut self, name: &str) -> Result<usize, String> {
        let found = self.world().clients().iter().rposition(|client| client.name == name);
        found.ok_or_else(|| format!("{name} has not come yet"))
    }

    fn line_end(&mut self, client: usize) -> &'static str {
        match self.world().clients()[client].face {
            Face::Irc => "\r\n",
            Face::Plain | Face::Json | Face::Admin => "\n",
        }
    }

    fn comes(&mut self, name: &str, how: &str, enters: bool) -> Result<(), String> {
        let mut words = how.split(' ');
        let face = match words.next() {
            Some("irc") => Face::Irc,
            Some("plain") => Face::Plain,
            Some("json") => Face::Json,
            Some("admin") => Face::Admin,
            other => return Err(format!("nobody speaks {other:?}")),
        };
        let mut joining = Joining { face, guest: false, address: None, certfp: None };
        let (mut nick, mut password, mut capabilities) = (name, None, "");
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} of what?"));
            match word {
                "guest" => joining.guest = true,
                "from" => joining.address = value()?.parse().ok(),
                "certfp" => joining.certfp = Some(value()?.into()),
                "account" => password = Some(value()?),
                "nick" => nick = value()?,
                "caps" => capabilities = value()?,
                _ => return Err(format!("{word} is no way to come")),
            }
        }
        let client = self.world().connect(name, &joining);
        if enters && !joining.guest {
            let sent = script::entry(face, nick, password, None, capabilities);
            self.world().settle();
            self.world().send(client, sent.as_bytes());
        }
        Ok(())
    }

    fn act_of_world(&mut self, words: &str) -> Result<(), String> {
        let (verb, word) = words.split_once(' ').unwrap_or((words, ""));
        match (verb, word) {
            ("wait", time) => {
                let time = milliseconds(time).ok_or(format!("{time} is no time: 50ms, 5s, 3m, 2h, 1d"))?;
                self.world().wait(time);
            }
            ("clock", "right") => self.world().set_clock_ahead(0),
            ("clock", ahead) => {
                let ahead = milliseconds(ahead).ok_or(format!("{ahead} is no time: 50ms, 5s, 3m, 2h, 1d"))?;
                self.world().set_clock_ahead(ahead);
            }
            ("disk", "works") => self.world().set_disk(Disk::Works),
            ("disk", "full") => self.world().set_disk(Disk::Full),
            ("disk", "fails") => self.world().set_disk(Disk::Fails),
            ("hold", _) => self.world().holds_answers = true,
            ("free", _) => self.world().holds_answers = false,
            ("answer", which) => {
                let which = number(which);
                self.world().answer_one(which);
            }
            ("fail", which) => {
                let which = number(which);
                self.world().fail_one(which);
            }
            ("ping", name) => {
                let client = self.client(name)?;
                self.world().ping(client);
            }
            ("slow", words) => {
                let (name, bytes) = words.split_once(' ').unwrap_or((words, "0"));
                let client = self.client(name)?;
                let bytes = bytes.parse().map_err(|_| format!("{bytes} is no number of bytes"))?;
                self.world().takes(client, Some(bytes));
            }
            ("fast", name) => {
                let client = self.client(name)?;
                self.world().takes(client, None);
            }
            ("together", _) => self.together = true,
            ("apart", _) => self.together = false,
            ("crash", _) => self.world().crash(),
            ("stop", _) => self.world().stop(),
            _ => return Err(format!("the world cannot {words}")),
        }
        Ok(())
    }

    fn audit(&mut self) -> Vec<String> {
        let rows = self.world().audit();
        rows.iter()
            .map(|row| format!("{} | {} | {} | {}", row.actor, row.action, row.target, row.detail))
            .collect()
    }

    fn seen(&mut self, unseen: bool) -> Vec<String> {
        let mut all = Vec::new();
        let Some(world) = &mut self.world else { return all };
        for (index, client) in world.outside_mut().clients.iter_mut().enumerate() {
            let name = client.name.clone();
            let bytes = client.look();
            if !unseen {
                all.extend(without_welcome(lines(&name, &bytes, &mut self.ids)));
            }
            if client.line != Line::Open && !self.closed.contains(&index) {
                self.closed.push(index);
                all.push(format!("{name} x"));
            }
        }
        all
    }
}

/// The numerics after RPL_WELCOME are the same for everybody; a test of `chat-wire` reads them.
fn without_welcome(lines: Vec<String>) -> Vec<String> {
    let numeric = |line: &str| line.split(' ').nth(3).and_then(|word| word.parse::<u32>().ok());
    let mut kept = Vec::new();
    let mut welcomed = false;
    for line in lines {
        let number = numeric(&line);
        if welcomed && matches!(number, Some(2..=5 | 251..=266 | 372 | 375 | 376)) {
            welcomed = number != Some(376);
            continue;
        }
        welcomed |= number == Some(1);
        kept.push(line);
    }
    kept
}

/// Which question, counted from one; the oldest where none is named.
fn number(text: &str) -> usize {
    text.parse::<usize>().unwrap_or(1).saturating_sub(1)
}

fn milliseconds(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    digits.parse::<i64>().ok().map(|count| count * unit)
}

/// What was seen and should not have been, and the other way round.
fn difference(step: &Step, seen: &[String]) -> String {
    let mut text = format!("line {}: {}\n", step.number, step.line);
    let same = step.seen.iter().zip(seen).take_while(|(wanted, found)| wanted == found).count();
    step.seen[..same].iter().for_each(|line| text.push_str(&format!("      {line}\n")));
    step.seen[same..].iter().for_each(|line| text.push_str(&format!("    - {line}\n")));
    seen[same..].iter().for_each(|line| text.push_str(&format!("    + {line}\n")));
    text
}
