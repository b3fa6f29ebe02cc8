//! The engine alone, without faces: what only it decides.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::id::{SessionId, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;

use crate::Engine;
use crate::effect::Effect;
use crate::input::{Answer, Input, Peer, Question, Sent, Settings};

/// An engine, and a clock that goes on with every input.
struct Server {
    engine: Engine,
    now: Time,
}

impl Server {
    fn new() -> Self {
        let settings = Settings {
            server: "chat.test".into(),
            motd: Arc::default(),
            lobby: None,
            password: None,
            registration: Registration::Open,
            guests: true,
            operators: Vec::new(),
            replay: 0,
            chathistory_max: 100,
            limits: Limits::default(),
        };
        let mut server = Self { engine: Engine::new(), now: Time(1_700_000_000_000) };
        server.apply(Input::Loaded(Box::default()));
        server.apply(Input::Configured(Box::new(settings)));
        server
    }

    fn apply(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.now = self.now.plus(1);
        self.engine.apply(self.now, &input, &mut effects);
        effects
    }

    fn call(&mut self, session: SessionId, verb: &str, words: &[&str]) -> Vec<Effect> {
        self.apply(Input::Sent { session, sent: Sent::Call(Call::new(verb, words)) })
    }

    /// Comes in as a guest, who joins `#room`.
    fn enter(&mut self, number: u64, nick: &str) -> SessionId {
        let session = SessionId(number);
        let peer = Peer { client: "irc".into(), address: None, secure: false, administrator: None };
        self.apply(Input::Connected { session, peer });
        self.call(session, "NICK", &[nick]);
        self.call(session, "USER", &[nick, nick]);
        self.call(session, "JOIN", &["#room"]);
        session
    }

    /// Whose lines for ranks CHATHISTORY asks for: the letters of the ranks.
    fn reads(&mut self, session: SessionId) -> String {
        let effects = self.call(session, "CHATHISTORY", &["LATEST", "#room", "*", "10"]);
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Ask { ticket, question: Question::History { query } } => Some((*ticket, query.clone())),
            _ => None,
        });
        let (ticket, query) = asked.expect("history is read by the shell");
        self.apply(Input::Answered { ticket, answer: Answer::Failed });
        query.reads.ranks.reach()
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
