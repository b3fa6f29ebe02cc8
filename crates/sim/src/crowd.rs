//! A crowd that does anything at any moment, out of a seed: the same seed does the same things. What goes wrong is
//! made as small as it can be before it is shown.

mod lines;

use std::panic::{AssertUnwindSafe, catch_unwind};

use chat_model::name::Account;
use chat_model::secret::Secret;
use chat_wire::Face;
use fastrand::Rng;

use crate::client::Line;
use crate::outside::Disk;
use crate::script;
use crate::setting::Setting;
use crate::transcript::Ids;
use crate::world::{Joining, World};

const DAY_MS: i64 = 86_400_000;

/// What one crowd does.
const DEEDS: usize = 400;
/// Clients that are connected at once.
const CLIENTS_MAX: usize = 9;
/// How often everybody is waited for at the end.
const ROUNDS_MAX: usize = 100;
/// How often a failure is tried with some deeds left out.
const SHRINKS_MAX: usize = 2000;

/// One thing that happens. Which client it happens to is counted among those that are connected then, so that a crowd
/// still makes sense with deeds left out.
#[derive(Clone, Debug)]
enum Deed {
    Connects(Coming),
    Sends {
        client: usize,
        seed: u64,
        mark: usize,
    },
    HangsUp {
        client: usize,
    },
    /// A client's link is dead from now on; the server is not told.
    Dies {
        client: usize,
    },
    /// The server asks a client whether it is there.
    Asked {
        client: usize,
    },
    Turn {
        items_max: usize,
    },
    Waits {
        milliseconds: i64,
    },
    /// So many seconds go by, in each of which the server looks around.
    Seconds(usize),
    /// Somebody sets the clock, sees it, and sets it right.
    ClockJumps {
        ahead_ms: i64,
    },
    Answer {
        which: usize,
        fails: bool,
    },
    Disk(Disk),
    /// A client's network takes so many bytes more and then none.
    Takes {
        client: usize,
        bytes: Option<usize>,
    },
    Crash,
}

/// Somebody who connects, and what they send first.
#[derive(Clone, Debug)]
struct Coming {
    face: Face,
    guest: bool,
    nick: &'static str,
    password: Option<&'static str>,
    /// Which of its account's devices it says it is.
    device: Option<&'static str>,
    /// How many lines of the past it asks for, where its face lets it.
    history: Option<u32>,
    capabilities: &'static str,
}

/// What IRC clients in a crowd ask for when they come in.
const CAPABILITIES: [&str; 5] = [
    "",
    "",
    "echo-message,server-time,message-tags,batch",
    "echo-message,server-time,message-tags,batch",
    "draft/chathistory",
];

/// All that happens in one world.
#[derive(Clone, Debug)]
struct Crowd {
    deeds: Vec<Deed>,
}

/// What came of a run.
struct Ran {
    /// What was sent to each client, ids made comparable.
    shown: Vec<String>,
    faults: Vec<String>,
}

/// Runs the crowd of a seed.
///
/// # Errors
/// What went wrong, with the fewest deeds that were found to do it.
pub fn run_seed(seed: u64) -> Result<(), String> {
    let crowd = Crowd::new(seed);
    if crowd.faults().is_empty() {
        return Ok(());
    }
    let small = crowd.shrunk();
    let (log, faults) = (small.log().join("\n  "), small.faults().join("\n  "));
    Err(format!("seed {seed}: this goes wrong:\n  {faults}\nwhen this happens:\n  {log}"))
}

impl Crowd {
    /// What the crowd of a seed does.
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut deeds: Vec<Deed> = (0..4).map(|_| connects(&mut rng)).collect();
        deeds.extend((0..DEEDS).map(|mark| deed(&mut rng, mark)));
        Self { deeds }
    }

    /// Runs it in all ways that there are. What went wrong.
    fn faults(&self) -> Vec<String> {
        match catch_unwind(AssertUnwindSafe(|| self.run_twice())) {
            Ok(faults) => faults,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                vec![format!("panic: {}", text.unwrap_or_default())]
            }
        }
    }

    fn run_twice(&self) -> Vec<String> {
        let plain = self.run(false);
        if !plain.faults.is_empty() {
            return plain.faults;
        }
        let doubled = self.run(true);
        let mut faults = doubled.faults;
        for (index, (wanted, found)) in plain.shown.iter().zip(&doubled.shown).enumerate() {
            let differing = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
            if wanted != found {
                faults.push(format!("client {index} noticed a batch that was taken back: {differing:?}"));
            }
        }
        faults
    }

    fn run(&self, doubles: bool) -> Ran {
        let mut world = World::new(setting());
        world.doubles = doubles;
        world.holds_answers = true;
        world.answers_pings = true;
        for deed in &self.deeds {
            deed.happens(&mut world, &mut Vec::new());
        }
        finish(&mut world);
        let mut ids = Ids::default();
        let shown = world.clients().iter().map(|client| ids.hide(&comparable(&client.received()))).collect();
        Ran { shown, faults: world.judge().faults().to_vec() }
    }

    /// What happened, up to where it went wrong.
    fn log(&self) -> Vec<String> {
        let mut world = World::new(setting());
        world.holds_answers = true;
        world.answers_pings = true;
        let mut log = Vec::new();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.deeds.iter().for_each(|deed| deed.happens(&mut world, &mut log));
        }));
        log
    }

    /// The same failure with deeds left out, as long as it still fails.
    fn shrunk(mut self) -> Self {
        let mut piece = self.deeds.len() / 2;
        let mut tries = 0;
        while piece > 0 && tries < SHRINKS_MAX {
            let mut start = 0;
            while start < self.deeds.len() && tries < SHRINKS_MAX {
                tries += 1;
                let mut deeds = self.deeds.clone();
                deeds.drain(start..(start + piece).min(deeds.len()));
                let smaller = Self { deeds };
                if smaller.faults().is_empty() {
                    start += piece;
                } else {
                    self = smaller;
                }
            }
            piece /= 2;
        }
        self
    }
}

/// How long somebody has been idle is not taken back with a batch: they were there, whatever came of it.
fn comparable(out: &[u8]) -> String {
    let text = String::from_utf8_lossy(out);
    let tells_idle =
        |line: &&str| ["\"idle_s\":", " 317 ", " said nothing for "].iter().any(|part| line.contains(part));
    // Of the last line, the end may still be on its way, and of an id in it some digits.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter(|line| !tells_idle(line)).collect::<Vec<_>>().join("\n")
}

fn setting() -> Setting {
    let mut setting = Setting::default();
    for line in ["replay 0", "operator boss secret", "channels_per_user_max 4", "retention_days 30"] {
        setting.set(line).expect("these settings are there");
    }
    for name in ["alice", "bob"] {
        setting.accounts.push((Account::new(name).expect("a name"), Secret::new("pw")));
    }
    setting
}

fn connects(rng: &mut Rng) -> Deed {
    let faces =
        [Face::Irc, Face::Irc, Face::Irc, Face::Plain, Face::Plain, Face::Json, Face::Json, Face::Admin];
    let face = faces[rng.usize(..faces.len())];
    let nick = match rng.u8(..6) {
        0 | 1 => lines::stranger(rng),
        2 | 3 => lines::nick(rng),
        _ => ["alice", "bob"][rng.usize(..2)],
    };
    let password = (rng.u8(..6) > 0 && ["alice", "bob"].contains(&nick)).then_some("pw");
    let guest = matches!(face, Face::Plain | Face::Json) && rng.u8(..8) == 0;
    let device = [None, Some("phone"), Some("laptop")][rng.usize(..3)];
    let history = [None, None, Some(0), Some(3)][rng.usize(..4)];
    let capabilities = CAPABILITIES[rng.usize(..CAPABILITIES.len())];
    Deed::Connects(Coming { face, guest, nick, password, device, history, capabilities })
}

fn deed(rng: &mut Rng, mark: usize) -> Deed {
    let client = rng.usize(..CLIENTS_MAX);
    match rng.u8(..100) {
        0..=5 => connects(rng),
        6..=49 => Deed::Sends { client, seed: rng.u64(..), mark },
        50..=74 => Deed::Turn { items_max: rng.usize(1..6) },
        75..=89 => Deed::Answer { which: rng.usize(..4), fails: rng.u8(..20) == 0 },
        90..=92 => Deed::Waits { milliseconds: [10, 60, 1000, 5000, 700_000, -3000][rng.usize(..6)] },
        93 => Deed::Seconds([2, 4, 40, 130][rng.usize(..4)]),
        94 if rng.u8(..3) == 0 => Deed::Asked { client },
        94 => Deed::Dies { client },
        95 if rng.u8(..3) == 0 => Deed::ClockJumps { ahead_ms: [100, 4000, -10][rng.usize(..3)] * DAY_MS },
        95 => Deed::HangsUp { client },
        96 => Deed::Disk([Disk::Fails, Disk::Full][rng.usize(..2)]),
        97 => Deed::Disk(Disk::Works),
        98 => Deed::Takes { client, bytes: [Some(0), Some(700), Some(20_000), None][rng.usize(..4)] },
        _ if rng.u8(..3) == 0 => Deed::Crash,
        _ => Deed::Turn { items_max: usize::MAX },
    }
}

impl Coming {
    fn happens(&self, world: &mut World, log: &mut Vec<String>) {
        if open_clients(world).len() >= CLIENTS_MAX {
            return;
        }
        let Self { face, guest, nick, password, device, history, capabilities } = *self;
        let name = format!("{nick}#{}", world.clients().len());
        let client = world.connect(&name, &Joining { face, guest, address: None, certfp: None });
        log.push(format!(
            "{name} connects: {face:?}, guest: {guest}, password: {password:?}, on {device:?}, lines: {history:?}, {capabilities}"
        ));
        if !guest {
            let entry = match (face, history, password) {
                (Face::Json, Some(lines), Some(password)) => script::entry_with_lines(nick, password, lines),
                _ => script::entry(face, nick, password, device, capabilities),
            };
            world.send(client, entry.as_bytes());
        }
    }
}

impl Deed {
    fn happens(&self, world: &mut World, log: &mut Vec<String>) {
        match self {
            Self::Connects(coming) => coming.happens(world, log),
            Self::Sends { client, seed, mark } => {
                let Some(client) = pick(world, *client) else { return };
                let text = lines::line(&mut Rng::with_seed(*seed), world.clients()[client].face, *mark);
                log.push(format!("{} > {}", world.clients()[client].name, text.trim_end()));
                world.send(client, text.as_bytes());
            }
            Self::HangsUp { client } => {
                let Some(client) = pick(world, *client) else { return };
                log.push(format!("{} hangs up", world.clients()[client].name));
                world.hang_up(client);
            }
            Self::Dies { client } => {
                let Some(client) = pick(world, *client) else { return };
                log.push(format!("the link of {} is dead", world.clients()[client].name));
                world.dies(client);
            }
            Self::Asked { client } => {
                let Some(client) = pick(world, *client) else { return };
                log.push(format!("{} is asked whether it is there", world.clients()[client].name));
                world.ping(client);
            }
            Self::Turn { items_max } => {
                if !world.is_idle() {
                    log.push(format!("a batch of at most {items_max}"));
                    world.turn(*items_max);
                }
            }
            Self::Waits { milliseconds } => {
                log.push(format!("{milliseconds} ms go by"));
                world.wait(*milliseconds);
            }
            Self::Seconds(seconds) => {
                log.push(format!("{seconds} seconds go by"));
                seconds_go_by(world, *seconds);
            }
            Self::ClockJumps { ahead_ms } => {
                log.push(format!("the clock is {ahead_ms} ms ahead for two seconds"));
                world.set_clock_ahead(*ahead_ms);
                seconds_go_by(world, 2);
                world.set_clock_ahead(0);
            }
            Self::Answer { which, fails } => {
                let Some(which) = which.checked_rem(world.questions()) else { return };
                if *fails {
                    log.push(format!("question {which} cannot be answered"));
                    world.fail_one(which);
                } else {
                    log.push(format!("question {which} is answered"));
                    world.answer_one(which);
                }
            }
            Self::Disk(disk) => {
                log.push(format!("the disk: {disk:?}"));
                world.set_disk(*disk);
            }
            Self::Takes { client, bytes } => {
                let Some(client) = pick(world, *client) else { return };
                log.push(format!("{} takes {bytes:?} bytes more", world.clients()[client].name));
                world.takes(client, *bytes);
            }
            Self::Crash => {
                check_recording(world);
                log.push("the server crashes and starts again".to_owned());
                world.crash();
            }
        }
    }
}

fn seconds_go_by(world: &mut World, seconds: usize) {
    for _ in 0..seconds {
        world.wait(1000);
        world.turn(usize::MAX);
    }
}

/// Those who are connected and there.
fn open_clients(world: &World) -> Vec<usize> {
    let clients = world.clients().iter().enumerate();
    clients.filter(|(_, client)| client.is_alive()).map(|(index, _)| index).collect()
}

fn pick(world: &World, client: usize) -> Option<usize> {
    let open = open_clients(world);
    client.checked_rem(open.len()).map(|index| open[index])
}

/// Lets everything come to rest, and then looks at what everybody has seen.
fn finish(world: &mut World) {
    world.set_disk(Disk::Works);
    world.holds_answers = false;
    for client in 0..world.clients().len() {
        world.takes(client, None);
    }
    for _ in 0..ROUNDS_MAX {
        // Longer than any wrong password is slowed down.
        world.wait(60_000);
        world.settle();
        if world.questions() == 0 {
            break;
        }
    }
    let open = world.clients().iter().filter(|client| client.line == Line::Open);
    let waits_for_ever: Vec<_> = open
        .filter(|client| {
            client.network.in_flight.calls() > 0 || !client.frames.is_empty() || world.holds(client)
        })
        .map(|client| {
            format!("{} waits for ever: {} in flight", client.name, client.network.in_flight.calls())
        })
        .collect();
    waits_for_ever.into_iter().for_each(|fault| world.judge().fault(fault));
    world.judge_at_the_end();
    check_recording(world);
}

fn check_recording(world: &mut World) {
    if let Err(fault) = world.check_recording() {
        world.judge().fault(fault);
    }
}
