//! The engine alone, without faces: what only it decides.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::change::{Change, Loaded, StoredAccount};
use chat_model::close_reason::CloseReason;
use chat_model::history::Extent;
use chat_model::id::{MsgId, NodeId, SessionId, Ticket, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::mode::UserMode;
use chat_model::name::Account;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::secret::{PasswordHash, SecretId};
use chat_model::sent::Sent;

use crate::Engine;
use crate::commands::names::NAMES_MAX;
use crate::effect::Effect;
use crate::input::{Answer, Envelope, Input, Lookup, Misplaced, Operator, Peer, Question, Settings};
use crate::listing::LOOKED_AT_MAX;

/// An engine, and a clock that goes on with every input.
struct Server {
    engine: Engine,
    now: Time,
}

fn settings() -> Settings {
    Settings {
        server: "chat.test".into(),
        motd: Arc::default(),
        lobby: None,
        has_password: false,
        registration: Registration::Open,
        guests: true,
        operators: Vec::new(),
        replay: 0,
        chathistory_max: 100,
        limits: Limits::default(),
    }
}

impl Server {
    fn new() -> Self {
        let mut server = Self { engine: Engine::new(), now: Time(1_700_000_000_000) };
        server.apply(Input::Loaded(Box::default()));
        server.apply(Input::Configured(Box::new(settings())));
        server
    }

    fn apply(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.now = self.now.plus(1);
        let envelope = self.engine.envelope(self.now, input);
        self.engine.apply(&envelope, &mut effects).expect("it comes next");
        effects
    }

    fn call(&mut self, session: SessionId, verb: &str, words: &[&str]) -> Vec<Effect> {
        let call = without_password(Call::new(verb, words));
        self.apply(Input::Sent { session, sent: Sent::Call(call) })
    }

    fn connect(&mut self, number: u64) -> SessionId {
        let session = SessionId(number);
        let peer = Peer {
            client: "irc".into(),
            hears_itself: true,
            address: None,
            secure: false,
            certfp: None,
            administrator: None,
        };
        self.apply(Input::Connected { session, peer });
        session
    }

    /// The names that a client is told which takes one piece after another.
    fn told_in_pieces(&mut self, mut effects: Vec<Effect>) -> (Vec<String>, Vec<String>) {
        let (mut names, mut ends) = names_in(&effects);
        while let Some(ticket) = effects.iter().find_map(waits_for_the_client) {
            effects = self.apply(Input::Answered { ticket, answer: Answer::Drained });
            let more = names_in(&effects);
            names.extend(more.0);
            ends.extend(more.1);
        }
        (names, ends)
    }

    /// Comes in as a guest, who joins `#room`.
    fn enter(&mut self, number: u64, nick: &str) -> SessionId {
        let session = self.connect(number);
        self.call(session, "NICK", &[nick]);
        self.call(session, "USER", &[nick, nick]);
        self.call(session, "JOIN", &["#room"]);
        session
    }

    /// Whose lines for ranks CHATHISTORY asks for: the letters of the ranks.
    fn reads(&mut self, session: SessionId) -> String {
        let effects = self.call(session, "CHATHISTORY", &["LATEST", "#room", "*", "10"]);
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Ask { ticket, question: Question::Lookup(Lookup::History { query }), .. } => {
                Some((*ticket, query.clone()))
            }
            _ => None,
        });
        let (ticket, query) = asked.expect("history is read by the shell");
        self.apply(Input::Answered { ticket, answer: Answer::Failed });
        query.reads.ranks.reach()
    }
}

/// What the loop makes of a call before the engine gets it: a password in it stays outside.
fn without_password(call: Call) -> Call {
    match crate::conceal(&call) {
        Some(concealed) => concealed.into_call(|typed| typed.handle(SecretId(1))),
        None => call,
    }
}

#[test]
fn history_keeps_what_went_to_operators_from_the_others() {
    let mut server = Server::new();
    let (operator, other) = (server.enter(1, "ann"), server.enter(2, "bob"));
    assert_eq!(server.reads(operator), "ohv");
    assert_eq!(server.reads(other), "");
    server.call(operator, "MODE", &["#room", "+v", "bob"]);
    assert_eq!(server.reads(other), "v");
}

#[test]
fn where_guests_are_forbidden_those_who_are_in_leave() {
    let mut server = Server::new();
    let guest = server.enter(1, "ann");
    let effects = server.apply(Input::Configured(Box::new(Settings { guests: false, ..settings() })));
    let reason = CloseReason::GuestsNotAllowed;
    assert!(effects.contains(&Effect::Close { session: guest, reason }), "{effects:?}");
    assert!(server.engine.view().users.is_empty());
}

#[test]
fn an_operator_who_is_not_in_the_configuration_any_more_is_none() {
    let mut server = Server::new();
    let operator = Operator { name: "root".into(), password_hash: PasswordHash::new("hash") };
    let configured = Settings { operators: vec![operator], ..settings() };
    server.apply(Input::Configured(Box::new(configured.clone())));
    let ann = server.enter(1, "ann");
    let effects = server.call(ann, "OPER", &["root", "secret"]);
    let ask = effects.iter().find_map(|effect| match effect {
        Effect::Ask { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let ticket = ask.expect("passwords are looked at by the shell");
    server.apply(Input::Answered { ticket, answer: Answer::Verified(true) });
    let changes = vec![(UserMode::Operator, false)];
    let dismissed = Effect::Reply { session: ann, reply: Reply::UserModeChanged { changes } };
    assert!(!server.apply(Input::Configured(Box::new(configured))).contains(&dismissed));
    assert!(server.apply(Input::Configured(Box::new(settings()))).contains(&dismissed));
    assert_eq!(server.engine.counts().operators, 0);
}

#[test]
fn everybody_is_counted_once_as_what_they_are() {
    let mut server = Server::new();
    let counted = |server: &Server| {
        let counts = server.engine.counts();
        (counts.visible, counts.invisible, counts.unregistered)
    };
    let leaves = |session| Input::Sent { session, sent: Sent::End(CloseReason::Closed) };
    let (ann, bob) = (server.enter(1, "ann"), server.enter(2, "bob"));
    let nameless = server.connect(3);
    assert_eq!(counted(&server), (2, 0, 1));
    for _ in 0..2 {
        server.call(ann, "MODE", &["ann", "+i"]);
        assert_eq!(counted(&server), (1, 1, 1));
    }
    server.engine.checkpoint();
    for session in [nameless, bob, ann] {
        server.apply(leaves(session));
    }
    assert_eq!(counted(&server), (0, 0, 0));
    server.engine.rollback();
    assert_eq!(counted(&server), (1, 1, 1));
    server.call(ann, "MODE", &["ann", "-i"]);
    assert_eq!(counted(&server), (2, 0, 1));
}

#[test]
fn an_envelope_is_applied_once_in_its_order_and_for_sessions_of_its_own_machine() {
    let mut server = Server::new();
    let session = server.enter(1, "ann");
    let now = server.now;
    let next = server.engine.envelope(now, Input::Tick).sequence;
    let sent = |node, sequence, session, verb| {
        let input = Input::Sent { session, sent: Sent::Call(Call::new(verb, &["#x"])) };
        Envelope { sequence, node: NodeId(node), time: now, input }
    };
    let theirs = session.on(NodeId(1));
    let cases = [
        (sent(0, next - 1, session, "JOIN"), Err(Misplaced::Sequence { expected: next })),
        (sent(0, next + 1, session, "JOIN"), Err(Misplaced::Sequence { expected: next })),
        (sent(0, next, theirs, "JOIN"), Err(Misplaced::Session(theirs))),
        (sent(1, next, session, "JOIN"), Err(Misplaced::Session(session))),
        (sent(0, next, session, "JOIN"), Ok(())),
        (sent(0, next, session, "PART"), Err(Misplaced::Sequence { expected: next + 1 })),
    ];
    for (envelope, expected) in cases {
        let mut effects = Vec::new();
        assert_eq!(server.engine.apply(&envelope, &mut effects), expected, "{envelope:?}");
        assert_eq!(effects.is_empty(), expected.is_err(), "{effects:?}");
    }
}

#[test]
fn a_piece_of_who_looks_at_few_also_where_it_shows_nobody() {
    let mut server = Server::new();
    let people = 3 * LOOKED_AT_MAX;
    for number in 1..=people {
        let nick = format!("n{number}");
        let session = server.enter(number as u64, &nick);
        server.call(session, "MODE", &[&nick, "+i"]);
    }
    let outsider = server.connect(0);
    server.call(outsider, "NICK", &["outsider"]);
    server.call(outsider, "USER", &["outsider", "outsider"]);
    let mut effects = server.call(outsider, "WHO", &["#room"]);
    let mut pieces = 1;
    while let Some(ticket) = effects.iter().find_map(waits_for_the_client) {
        effects = server.apply(Input::Answered { ticket, answer: Answer::Drained });
        pieces += 1;
    }
    assert_eq!(pieces, people / LOOKED_AT_MAX);
}

#[test]
fn names_of_many_come_in_pieces_as_the_client_takes_them() {
    let mut server = Server::new();
    let people = 2 * NAMES_MAX + 7;
    for number in 1..people {
        // Guests who come in numbers would not be shown.
        server.now = server.now.plus(60_000);
        server.enter(number as u64, &format!("n{number}"));
    }
    let last = server.connect(0);
    server.call(last, "NICK", &["last"]);
    server.call(last, "USER", &["last", "last"]);
    server.now = server.now.plus(60_000);
    let joined = server.call(last, "JOIN", &["#room"]);
    assert!(names_in(&joined).0.is_empty(), "they come when all else is told: {joined:?}");
    assert!(joined.contains(&Effect::Hold { session: last }), "what happens meanwhile comes after them");
    let told_on_joining = server.told_in_pieces(joined);
    let asked_for = server.call(last, "NAMES", &["#room,#nowhere"]);
    let told_when_asked = server.told_in_pieces(asked_for);
    for (mut names, ends) in [told_on_joining, told_when_asked] {
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), ends.as_slice()), (people, ["#room".to_owned()].as_slice()));
    }
}

#[test]
fn what_an_account_says_to_another_is_later_also_when_it_has_come_again() {
    let account = |name| StoredAccount {
        account: Account::new(name).expect("a name"),
        created: Time(0),
        delivered: MsgId::MIN,
        language: None,
        bot: false,
    };
    let mut server = Server::new();
    let loaded = Loaded { accounts: vec![account("alice"), account("bob")], ..Loaded::default() };
    server.apply(Input::Loaded(Box::new(loaded)));
    let mut times = Vec::new();
    let now = server.now;
    for number in [1, 2] {
        let session = server.connect(number);
        for (verb, words) in
            [("ENTER", &["alice", "secret"][..]), ("PRIVMSG", &["bob", "hello"]), ("QUIT", &[])]
        {
            // The clock stands.
            server.now = now;
            let mut effects = server.call(session, verb, words);
            times.extend(effects.iter().filter_map(time_of_stored));
            while let Some((ticket, answer)) = effects.iter().find_map(answered) {
                server.now = now;
                effects = server.apply(Input::Answered { ticket, answer });
            }
        }
    }
    assert!(times.len() == 2 && times[0] < times[1], "{times:?}");
}

fn time_of_stored(effect: &Effect) -> Option<Time> {
    match effect {
        Effect::Save(Change::Message(message)) => Some(message.at.time),
        _ => None,
    }
}

/// A question, and what is true and has nothing in it.
fn answered(effect: &Effect) -> Option<(Ticket, Answer)> {
    match effect {
        Effect::Ask { ticket, question: Question::Verify { .. }, .. } => {
            Some((*ticket, Answer::Verified(true)))
        }
        Effect::Ask { ticket, question: Question::Lookup(_), .. } => {
            Some((*ticket, Answer::Read(Extent::default())))
        }
        _ => None,
    }
}

/// The names in some effects, and the channels whose names end there.
fn names_in(effects: &[Effect]) -> (Vec<String>, Vec<String>) {
    let (mut names, mut ends) = (Vec::new(), Vec::new());
    for effect in effects {
        let (Effect::Reply { reply, .. } | Effect::Past { reply, .. }) = effect else { continue };
        if let Reply::Names { channel, members, part, .. } = reply
            && &**channel == "#room"
        {
            assert!(members.len() <= NAMES_MAX, "{}", members.len());
            names.extend(members.iter().map(|member| member.who.nick.to_string()));
            ends.extend(part.total.map(|_| channel.to_string()));
        }
    }
    (names, ends)
}

/// The ticket of the question whether the client has taken what it was told.
fn waits_for_the_client(effect: &Effect) -> Option<Ticket> {
    match effect {
        Effect::Ask { ticket, question: Question::Drained, .. } => Some(*ticket),
        _ => None,
    }
}

#[test]
fn nobody_takes_the_name_of_the_server() {
    let mut server = Server::new();
    let session = server.enter(1, "ann");
    for nick in ["chat.test", "Chat.Test", "сhat.test"] {
        let effects = server.call(session, "NICK", &[nick]);
        let is_refused = |effect: &Effect| {
            matches!(
                effect,
                Effect::Reply { reply: Reply::Refused { refusal: Refusal::BadNick { .. }, .. }, .. }
            )
        };
        assert!(effects.iter().any(is_refused), "{nick}: {effects:?}");
    }
}

#[test]
fn others_are_shown_nothing_of_what_is_private() {
    let words: [&[&str]; 6] =
        [&[], &["bob"], &["#room"], &["bob", "#room"], &["#room", "bob"], &["LATEST", "#room", "*", "10"]];
    for verb in crate::verbs().filter(|verb| crate::is_private(verb)) {
        for words in words {
            let mut server = Server::new();
            let (ann, bob) = (server.enter(1, "ann"), server.enter(2, "bob"));
            let effects = server.call(ann, verb, words);
            assert!(!effects.iter().any(|effect| reaches(effect, bob)), "{verb} {words:?}: {effects:?}");
        }
    }
    assert!(crate::is_private("ls") && !crate::is_private("JOIN") && !crate::is_private("CAP"));
}

fn reaches(effect: &Effect, other: SessionId) -> bool {
    match effect {
        Effect::Publish { to, except, .. } => to.contains(&other) && *except != Some(other),
        Effect::Reply { session, .. } | Effect::Own { session, .. } => *session == other,
        _ => false,
    }
}
