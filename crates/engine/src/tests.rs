//! The engine alone, without faces: what only it decides.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::change::Change;
use chat_model::id::{SessionId, Time};
use chat_model::invitation::Registration;
use chat_model::limits::Limits;
use chat_model::message::Message;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;

use crate::Engine;
use crate::effect::Effect;
use crate::input::{Answer, Input, Peer, Sent, Settings};

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

    /// What CHATHISTORY shows, where this is stored.
    fn history(&mut self, session: SessionId, stored: &[Arc<Message>]) -> Vec<String> {
        let effects = self.call(session, "CHATHISTORY", &["LATEST", "#room", "*", "10"]);
        let ask = effects.iter().find_map(|effect| match effect {
            Effect::Ask { ticket, .. } => Some(*ticket),
            _ => None,
        });
        let ticket = ask.expect("history is read by the shell");
        let answer = Answer::History(vec![stored.to_vec()]);
        let effects = self.apply(Input::Answered { ticket, answer });
        let shown = effects.into_iter().find_map(|effect| match effect {
            Effect::Reply { reply: Reply::History { messages, .. }, .. } => Some(messages),
            _ => None,
        });
        shown.expect("an answer").iter().map(|message| message.text.to_string()).collect()
    }
}

fn saved(effects: Vec<Effect>) -> Vec<Arc<Message>> {
    let message = |effect| match effect {
        Effect::Save(Change::Message(message)) => Some(message),
        _ => None,
    };
    effects.into_iter().filter_map(message).collect()
}

#[test]
fn history_keeps_what_went_to_operators_from_the_others() {
    let mut server = Server::new();
    let (operator, other) = (server.enter(1, "ann"), server.enter(2, "bob"));
    let mut stored = saved(server.call(operator, "PRIVMSG", &["@#room", "among us"]));
    stored.extend(saved(server.call(operator, "PRIVMSG", &["#room", "to all"])));
    assert_eq!(server.history(operator, &stored), ["among us", "to all"]);
    assert_eq!(server.history(other, &stored), ["to all"]);
    server.call(operator, "MODE", &["#room", "+o", "bob"]);
    assert_eq!(server.history(other, &stored), ["among us", "to all"]);
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
