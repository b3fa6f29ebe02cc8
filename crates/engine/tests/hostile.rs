//! What somebody could try in order to break the server, or to get around its owner: each must come to nothing.

use std::sync::Arc;

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Answer, Input, Lookup, Peer, Question, Settings};
use chat_model::call::Call;
use chat_model::change::{Change, Loaded, StoredAccount};
use chat_model::close_reason::CloseReason;
use chat_model::history::Extent;
use chat_model::id::{MsgId, SessionId, Ticket, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::message::Message;
use chat_model::refusal::Refusal;
use chat_model::reply::{CommandReply, Reply};
use chat_model::secret::{PasswordHash, SecretId};
use chat_model::sent::Sent;

const ADMIN: SessionId = SessionId(1);
const ANN: SessionId = SessionId(2);
const BOB: SessionId = SessionId(3);

/// A server with an administrator and the guests ann and bob.
struct Server {
    engine: Engine,
    now: Time,
}

impl Server {
    fn new() -> Self {
        Self::with(Loaded::default())
    }

    fn with(loaded: Loaded) -> Self {
        let settings = Settings {
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
        };
        let mut server = Self { engine: Engine::new(), now: Time(1_700_000_000_000) };
        server.apply(Input::Loaded(Box::new(loaded)));
        server.apply(Input::Configured(Box::new(settings)));
        server.connect(ADMIN, Some("admin"));
        for (session, nick) in [(ANN, "ann"), (BOB, "bob")] {
            server.connect(session, None);
            server.call(session, "ENTER", &[nick]);
        }
        server
    }

    fn connect(&mut self, session: SessionId, administrator: Option<&str>) {
        let administrator = administrator.map(Into::into);
        let peer = Peer {
            client: "irc".into(),
            hears_itself: true,
            address: None,
            secure: false,
            certfp: None,
            administrator,
        };
        self.apply(Input::Connected { session, peer });
    }

    /// Somebody who has not come in yet.
    fn connect_from(&mut self, number: u64, address: &str) -> SessionId {
        let session = SessionId(number);
        let address = Some(address.parse().expect("an address"));
        let peer = Peer {
            client: "irc".into(),
            hears_itself: true,
            address,
            secure: false,
            certfp: None,
            administrator: None,
        };
        self.apply(Input::Connected { session, peer });
        session
    }

    /// Tries a password for an account. What is asked about it, or nothing where that is refused at once.
    fn try_password(&mut self, session: SessionId, account: &str) -> Option<(Ticket, u64)> {
        let effects = self.call(session, "LOGIN", &[account, "guess"]);
        let verify = |(ticket, question)| match question {
            Question::Verify { delay_ms, .. } => Some((ticket, delay_ms)),
            _ => None,
        };
        let found = asked(&effects).into_iter().find_map(verify);
        assert_eq!(found.is_none(), refusals(&effects) == [Refusal::TooManyAttempts], "{effects:?}");
        found
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

    fn answer(&mut self, ticket: Ticket, answer: Answer) -> Vec<Effect> {
        self.apply(Input::Answered { ticket, answer })
    }
}

fn asked(effects: &[Effect]) -> Vec<(Ticket, Question)> {
    let ask = |effect: &Effect| match effect {
        Effect::Ask { ticket, question, .. } => Some((*ticket, question.clone())),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

fn refusals(effects: &[Effect]) -> Vec<Refusal> {
    let refusal = |effect: &Effect| match effect {
        Effect::Reply { reply: Reply::Refused { refusal, .. }, .. } => Some(refusal.clone()),
        _ => None,
    };
    effects.iter().filter_map(refusal).collect()
}

fn count(effects: &[Effect], is: impl Fn(&Effect) -> bool) -> usize {
    effects.iter().filter(|effect| is(effect)).count()
}

/// What the loop makes of a call before the engine gets it: a password in it stays outside.
fn without_password(call: Call) -> Call {
    match chat_engine::conceal(&call) {
        Some(concealed) => concealed.into_call(|typed| typed.handle(SecretId(1))),
        None => call,
    }
}

#[test]
fn an_invitation_into_a_channel_that_has_ended_is_gone() {
    let mut server = Server::new();
    server.call(ANN, "JOIN", &["#den"]);
    server.call(ANN, "INVITE", &["bob", "#den"]);
    server.call(ANN, "PART", &["#den"]);
    let effects = server.call(BOB, "INVITE", &[]);
    let none = |effect: &Effect| matches!(effect, Effect::Reply { reply: Reply::Command(CommandReply::Invitations { channels }), .. } if channels.is_empty());
    assert_eq!(count(&effects, none), 1, "{effects:?}");
}

#[test]
fn only_an_operators_invitation_opens_what_operators_have_shut() {
    let mut server = Server::new();
    server.connect(SessionId(4), None);
    server.call(SessionId(4), "ENTER", &["eve"]);
    server.call(ANN, "JOIN", &["#den"]);
    server.call(BOB, "JOIN", &["#den"]);
    server.call(ANN, "MODE", &["#den", "+b", "eve"]);
    server.call(BOB, "INVITE", &["eve", "#den"]);
    assert_eq!(refusals(&server.call(SessionId(4), "JOIN", &["#den"])).len(), 1);
    server.call(ANN, "INVITE", &["eve", "#den"]);
    assert!(refusals(&server.call(SessionId(4), "JOIN", &["#den"])).is_empty());
}

#[test]
fn one_line_asks_nickserv_once_and_gives_its_place_back_once() {
    let mut server = Server::new();
    let effects = server.call(ANN, "PRIVMSG", &["NickServ,nickserv", "REGISTER secret"]);
    let asked = asked(&effects);
    assert_eq!(asked.len(), 1, "{effects:?}");
    let mut all = effects;
    all.extend(server.answer(asked[0].0, Answer::Hashed(PasswordHash::new("hash"))));
    assert_eq!(count(&all, |effect| matches!(effect, Effect::Handled { .. })), 1);
}

#[test]
fn a_banned_nickname_cannot_be_taken_later_either() {
    let mut server = Server::new();
    server.call(ADMIN, "BAN", &["nick", "mallory*", "0", "no"]);
    assert_eq!(refusals(&server.call(ANN, "NICK", &["Mallory2"])), [Refusal::Banned { reason: "no".into() }]);
}

#[test]
fn a_ban_of_a_mapped_address_covers_the_address() {
    let mut server = Server::new();
    server.call(ADMIN, "BAN", &["address", "::ffff:192.0.2.7", "0", "no"]);
    let address = Some("192.0.2.7".parse().expect("an address"));
    let peer = Peer {
        client: "irc".into(),
        hears_itself: true,
        address,
        secure: false,
        certfp: None,
        administrator: None,
    };
    let effects = server.apply(Input::Connected { session: SessionId(9), peer });
    assert_eq!(count(&effects, |effect| matches!(effect, Effect::Close { .. })), 1, "{effects:?}");
}

#[test]
fn a_whisper_that_comes_while_the_past_is_read_is_shown_once() {
    let account = StoredAccount {
        account: chat_model::name::Account::new("carol").expect("a name"),
        created: Time(0),
        delivered: MsgId(0),
        language: None,
        bot: false,
    };
    let mut server = Server::with(Loaded { accounts: vec![account], ..Loaded::default() });
    let carol = SessionId(4);
    server.connect(carol, None);
    let before = saved(&server.call(ANN, "PRIVMSG", &["carol", "while you were out"]));
    let (login, _) = asked(&server.call(carol, "ENTER", &["carol", "secret"])).remove(0);
    let effects = server.answer(login, Answer::Verified(true));
    let (missed, question) = asked(&effects).remove(0);
    let after = saved(&server.call(ANN, "PRIVMSG", &["carol", "and now that you are here"]));
    let Question::Lookup(Lookup::Whispers { until, .. }) = question else {
        panic!("it asks for {question:?}")
    };
    assert!(before[0].at.id <= until && until < after[0].at.id);
    let extent = Extent { oldest: Some(before[0].at.id), is_cut: false };
    let effects = server.answer(missed, Answer::Read(extent));
    assert_eq!(count(&effects, |effect| matches!(effect, Effect::Show { .. })), 1, "{effects:?}");
}

fn saved(effects: &[Effect]) -> Vec<Arc<Message>> {
    let message = |effect: &Effect| match effect {
        Effect::Save(Change::Message(message)) => Some(message.clone()),
        _ => None,
    };
    effects.iter().filter_map(message).collect()
}

#[test]
fn one_line_gets_one_list_however_often_it_asks() {
    let mut server = Server::new();
    server.call(ANN, "JOIN", &["#den"]);
    let effects = server.call(ANN, "MODE", &["#den", "bbbbbbbbbb"]);
    let is_list = |effect: &Effect| {
        matches!(effect, Effect::Reply { reply: Reply::Command(CommandReply::ChannelBans { .. }), .. })
    };
    assert_eq!(count(&effects, is_list), 1);
    let effects = server.call(ANN, "NAMES", &["#den,#DEN,#den"]);
    let is_names = |effect: &Effect| matches!(effect, Effect::Reply { reply: Reply::Names { .. }, .. });
    assert_eq!(count(&effects, is_names), 1);
}

#[test]
fn a_verb_that_is_no_word_is_not_compared_with_the_commands() {
    let mut server = Server::new();
    let effects = server.call(ANN, &"x".repeat(16_000), &[]);
    let short = |effect: &Effect| matches!(effect, Effect::Reply { reply: Reply::Refused { verb, .. }, .. } if verb.len() <= 64);
    assert_eq!(count(&effects, short), 1, "the answer repeats it all");
}

#[test]
fn a_session_whose_password_is_being_checked_is_there_until_the_answer() {
    let mut server = Server::new();
    let (guesser, account) = (SessionId(5), "nobody");
    server.connect(guesser, None);
    let (ticket, _) = asked(&server.call(guesser, "LOGIN", &[account, "guess"])).remove(0);
    server.apply(Input::Sent { session: guesser, sent: Sent::End(CloseReason::Closed) });
    assert!(server.engine.knows(guesser), "its place is kept");
    server.answer(ticket, Answer::Verified(false));
    assert!(!server.engine.knows(guesser));
}

#[test]
fn a_hundred_guesses_at_once_are_eight() {
    let mut server = Server::new();
    // One /64 is one customer, whatever the address in it.
    let sessions: Vec<_> = (10..110).map(|n| server.connect_from(n, &format!("2001:db8::{n}"))).collect();
    let tries: Vec<_> = sessions.iter().filter_map(|session| server.try_password(*session, "dora")).collect();
    assert_eq!(tries.iter().map(|(_, delay_ms)| *delay_ms).collect::<Vec<_>>(), [0; 8]);
    for (ticket, _) in tries {
        server.answer(ticket, Answer::Verified(false));
    }
    let next: Vec<_> = sessions.iter().filter_map(|session| server.try_password(*session, "dora")).collect();
    assert_eq!(next.iter().map(|(_, delay_ms)| *delay_ms).collect::<Vec<_>>(), [10_000]);
}

#[test]
fn many_accounts_do_not_make_many_guesses() {
    let mut server = Server::new();
    for number in 10..30 {
        let session = server.connect_from(number, "192.0.2.7");
        let (ticket, _) = server.try_password(session, &format!("a{number}")).expect("free");
        server.answer(ticket, Answer::Verified(false));
    }
    let sessions: Vec<_> = (30..40).map(|number| server.connect_from(number, "192.0.2.7")).collect();
    let delays: Vec<_> = sessions
        .iter()
        .filter_map(|session| server.try_password(*session, &format!("b{}", session.0)))
        .map(|(_, delay_ms)| delay_ms)
        .collect();
    assert_eq!(delays, [500, 1000, 2000]);
}

#[test]
fn who_knows_the_password_is_not_kept_waiting() {
    let mut server = Server::with(accounts(50));
    // An office after a restart: everybody at once, from one address.
    let mut tickets = Vec::new();
    for number in 0..50 {
        let session = server.connect_from(100 + number, "192.0.2.7");
        let (ticket, delay_ms) = server.try_password(session, &format!("a{number}")).expect("is tried");
        assert_eq!(delay_ms, 0);
        tickets.push(ticket);
    }
    for ticket in tickets {
        server.answer(ticket, Answer::Verified(true));
    }
    let session = server.connect_from(200, "192.0.2.7");
    assert_eq!(server.try_password(session, "a0").map(|(_, delay_ms)| delay_ms), Some(0));
}

#[test]
fn guessers_elsewhere_do_not_keep_the_owner_out() {
    let mut server = Server::with(accounts(1));
    for number in 0..200 {
        let session = server.connect_from(100 + number, &format!("198.51.100.{number}"));
        server.try_password(session, "a0").expect("is tried");
    }
    let owner = server.connect_from(900, "192.0.2.7");
    let (_, delay_ms) = server.try_password(owner, "a0").expect("the owner is heard");
    assert_eq!(delay_ms, 2000);
}

#[test]
fn a_try_ends_also_when_its_session_is_gone() {
    let mut server = Server::with(accounts(1));
    for round in 0..3 {
        let sessions: Vec<_> =
            (0..3).map(|number| server.connect_from(100 + round * 3 + number, "192.0.2.7")).collect();
        let mut tickets = Vec::new();
        for session in &sessions {
            tickets.push(server.try_password(*session, "a0").expect("is tried"));
        }
        server.call(ADMIN, "BAN", &["address", "192.0.2.7", "0"]);
        server.call(ADMIN, "UNBAN", &["address", "192.0.2.7"]);
        for (ticket, delay_ms) in tickets {
            assert_eq!(delay_ms, 0);
            server.answer(ticket, Answer::Failed);
        }
    }
}

fn accounts(count: usize) -> Loaded {
    let account = |number| StoredAccount {
        account: chat_model::name::Account::new(&format!("a{number}")).expect("valid"),
        created: Time(0),
        delivered: MsgId(0),
        language: None,
        bot: false,
    };
    Loaded { accounts: (0..count).map(account).collect(), ..Loaded::default() }
}
