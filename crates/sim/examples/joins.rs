//! How long joins take: of a channel with a hundred thousand members who are away, of one that ten thousand guests come
//! into one after the other, and of one that ten thousand of its members come back to, who are all shown to each other.
//! `cargo run --release -p chat-sim --example joins`

use std::time::{Duration, Instant};

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Answer, Input, Peer, Settings};
use chat_model::call::Call;
use chat_model::change::{Loaded, StoredAccount, StoredChannel, StoredMember};
use chat_model::id::{MsgId, SessionId, Ticket, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::mode::{ChannelModes, Ranks};
use chat_model::name::{Account, ChannelName};
use chat_model::sent::Sent;

const AWAY_MEMBERS: usize = 100_000;
const ROUNDS: usize = 500;
const CROWD: u64 = 10_000;

fn main() {
    let mut server = Server::new(AWAY_MEMBERS);
    for number in 0..100 {
        server.enter(number);
    }
    let mut spent = Spent::default();
    for _ in 0..ROUNDS {
        spent.add(|| server.call(0, "PART", &["#crowd"]));
        spent.add(|| server.call(0, "JOIN", &["#crowd"]));
    }
    spent.report(&format!("leaving or joining a channel with {AWAY_MEMBERS} members who are away"));

    let mut server = Server::new(0);
    let mut spent = Spent::default();
    for number in 0..CROWD {
        server.connect(number);
        spent.add(|| server.call(number, "JOIN", &["#crowd"]));
    }
    spent.report(&format!("one of {CROWD} joins of one channel"));

    let mut server = Server::new(CROWD as usize);
    let mut spent = Spent::default();
    for number in 0..CROWD {
        let ticket = server.log_in(number);
        let verified = Input::Answered { ticket, answer: Answer::Verified(true) };
        spent.add(|| server.apply(verified));
    }
    spent.report(&format!("one of {CROWD} members who come back to one channel"));
}

#[derive(Default)]
struct Spent {
    all: Duration,
    longest: Duration,
    count: u32,
}

impl Spent {
    fn add<T>(&mut self, run: impl FnOnce() -> T) {
        let start = Instant::now();
        run();
        let spent = start.elapsed();
        self.all += spent;
        self.longest = self.longest.max(spent);
        self.count += 1;
    }

    fn report(&self, what: &str) {
        println!(
            "{what}: {:?} on average, {:?} at most, {:?} in all",
            self.all / self.count,
            self.longest,
            self.all
        );
    }
}

struct Server {
    engine: Engine,
    now: Time,
}

impl Server {
    fn new(members: usize) -> Self {
        let mut server = Self { engine: Engine::new(), now: Time(1_700_000_000_000) };
        server.apply(Input::Loaded(Box::new(loaded(members))));
        server.apply(Input::Configured(Box::new(settings())));
        server
    }

    /// A batch of one input.
    fn apply(&mut self, input: Input) -> Vec<Effect> {
        self.engine.checkpoint();
        let mut effects: Vec<Effect> = Vec::new();
        self.now = self.now.plus(1);
        let envelope = self.engine.envelope(self.now, input);
        self.engine.apply(&envelope, &mut effects).expect("it comes next");
        effects
    }

    fn call(&mut self, number: u64, verb: &str, words: &[&str]) -> Vec<Effect> {
        self.apply(Input::Sent { session: SessionId(number), sent: Sent::Call(Call::new(verb, words)) })
    }

    fn connect(&mut self, number: u64) {
        self.open(number);
        let nick = format!("guest{number}");
        self.call(number, "NICK", &[&nick]);
        self.call(number, "USER", &[&nick, &nick]);
    }

    /// Gives the password of an account. The question whether it is right.
    fn log_in(&mut self, number: u64) -> Ticket {
        self.open(number);
        let nick = member(number as usize);
        self.call(number, "PASS", &["password"]);
        self.call(number, "NICK", &[&nick]);
        let effects = self.call(number, "USER", &[&nick, &nick]);
        let ticket = effects.iter().find_map(|effect| match effect {
            Effect::Ask { ticket, .. } => Some(*ticket),
            _ => None,
        });
        ticket.expect("a password is looked at elsewhere")
    }

    fn open(&mut self, number: u64) {
        let peer = Peer {
            client: "irc".into(),
            hears_itself: true,
            address: None,
            secure: false,
            certfp: None,
            administrator: None,
        };
        self.apply(Input::Connected { session: SessionId(number), peer });
    }

    fn enter(&mut self, number: u64) {
        self.connect(number);
        self.call(number, "JOIN", &["#crowd"]);
    }
}

fn member(number: usize) -> String {
    format!("member{number}")
}

fn loaded(members: usize) -> Loaded {
    let channel = ChannelName::new("#crowd").expect("valid");
    let accounts: Vec<_> = (0..members).map(|number| Account::new(&member(number)).expect("valid")).collect();
    let stored = |account: &Account| StoredAccount {
        account: account.clone(),
        created: Time(0),
        delivered: MsgId(1),
        language: None,
        bot: false,
    };
    let member = |account: &Account| StoredMember {
        channel: channel.clone(),
        account: account.clone(),
        joined: true,
        ranks: Ranks::default(),
        delivered: MsgId(1),
    };
    Loaded {
        accounts: accounts.iter().map(stored).collect(),
        members: accounts.iter().map(member).collect(),
        channels: vec![StoredChannel {
            name: channel.clone(),
            created: Time(0),
            modes: ChannelModes::initial(),
            topic: None,
            last_used: Time(0),
        }],
        ..Loaded::default()
    }
}

fn settings() -> Settings {
    Settings {
        server: "chat.test".into(),
        motd: Vec::new().into(),
        lobby: None,
        has_password: false,
        registration: Registration::Open,
        guests: true,
        operators: Vec::new(),
        replay: 0,
        chathistory_max: 100,
        limits: Limits { channels_max: 100, ..Limits::default() },
    }
}
