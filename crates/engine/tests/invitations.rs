//! Accounts by invitation, as transcripts: who asks for what, and what is stored and answered, line by line.

use std::collections::VecDeque;
use std::sync::Arc;

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::{Answer, Input, Peer, Question, Settings};
use chat_model::call::Call;
use chat_model::change::{Change, Loaded};
use chat_model::id::{SessionId, Ticket, Time};
use chat_model::invitation::{Invitation, InvitationCode, Registration};
use chat_model::limits::Limits;
use chat_model::refusal::Refusal;
use chat_model::reply::{AdminReply, Reply};
use chat_model::secret::{PasswordHash, SecretId};
use chat_model::sent::Sent;

/// Who takes part; each has the session of its place in this list.
const PEOPLE: [&str; 3] = ["admin", "alice", "bob"];

struct Room {
    engine: Engine,
    now: Time,
    /// Passwords that wait for their hash.
    hashing: VecDeque<Ticket>,
    settings: Settings,
}

impl Room {
    fn new(registration: Registration, invitations: Vec<Invitation>) -> Self {
        let settings = Settings {
            server: "chat.test".into(),
            motd: Arc::default(),
            lobby: None,
            has_password: false,
            registration,
            guests: true,
            operators: Vec::new(),
            replay: 0,
            chathistory_max: 100,
            limits: Limits::default(),
        };
        let (engine, hashing) = (Engine::new(), VecDeque::new());
        let mut room = Self { engine, now: Time(1_000_000), hashing, settings };
        room.apply(&Input::Loaded(Box::new(Loaded { invitations, ..Loaded::default() })));
        room.apply(&Input::Configured(Box::new(room.settings.clone())));
        for (session, name) in (0..).map(SessionId).zip(PEOPLE) {
            let administrator = (name == "admin").then(|| name.into());
            let peer = Peer {
                client: "irc".into(),
                hears_itself: true,
                address: None,
                secure: true,
                certfp: None,
                administrator,
            };
            room.apply(&Input::Connected { session, peer });
            if name != "admin" {
                let sent = Sent::Call(Call::new("ENTER", &[name]));
                room.apply(&Input::Sent { session, sent });
            }
        }
        room.engine.checkpoint();
        room
    }

    fn apply(&mut self, input: &Input) -> Vec<String> {
        let mut effects = Vec::new();
        let envelope = self.engine.envelope(self.now, input.clone());
        self.engine.apply(&envelope, &mut effects).expect("it comes next");
        for effect in &effects {
            if let Effect::Ask { ticket, question: Question::Hash { .. }, .. } = effect {
                self.hashing.push_back(*ticket);
            }
        }
        effects.iter().filter_map(shown).collect()
    }

    /// One line of a transcript: `name: VERB words`, `name/verb typed words`, or something that happens.
    fn step(&mut self, line: &str) -> Vec<String> {
        if let Some((name, rest)) = line.split_once('/') {
            let (verb, rest) = rest.split_once(' ').expect("a verb and its words");
            let sent = Sent::Call(without_password(Call::line(verb, rest)));
            return self.apply(&Input::Sent { session: session(name), sent });
        }
        if let Some((name, rest)) = line.split_once(": ") {
            let words: Vec<_> = rest.split(' ').collect();
            let call = without_password(Call::new(words[0], &words[1..]));
            return self.apply(&Input::Sent { session: session(name), sent: Sent::Call(call) });
        }
        self.happen(line)
    }

    fn happen(&mut self, line: &str) -> Vec<String> {
        match line {
            "a password is hashed" => {
                let ticket = self.hashing.pop_front().expect("a password waits");
                self.apply(&Input::Answered { ticket, answer: Answer::Hashed(PasswordHash::new("hash")) })
            }
            "hashing fails" => {
                let ticket = self.hashing.pop_front().expect("a password waits");
                self.apply(&Input::Answered { ticket, answer: Answer::Failed })
            }
            "a minute goes by" => {
                self.now = self.now.plus(60_000);
                Vec::new()
            }
            "tick" => self.apply(&Input::Tick),
            "it is committed" => {
                self.engine.checkpoint();
                Vec::new()
            }
            "the commit fails" => {
                self.engine.rollback();
                Vec::new()
            }
            "registration is opened" => {
                self.settings.registration = Registration::Open;
                self.apply(&Input::Configured(Box::new(self.settings.clone())))
            }
            other => panic!("no such step: {other}"),
        }
    }
}

/// What the loop makes of a call before the engine gets it: a password in it stays outside.
fn without_password(call: Call) -> Call {
    match chat_engine::conceal(&call) {
        Some(concealed) => concealed.into_call(|typed| typed.handle(SecretId(1))),
        None => call,
    }
}

fn session(name: &str) -> SessionId {
    let place = (0..).zip(PEOPLE).find(|(_, known)| *known == name);
    SessionId(place.expect("one of the people").0)
}

/// What is stored and answered, but for what every newcomer causes.
fn shown(effect: &Effect) -> Option<String> {
    match effect {
        Effect::Save(change) | Effect::SaveWhenPossible(change) => stored(change),
        Effect::Reply { session, reply } => {
            answered(reply).map(|what| format!("{} {what}", PEOPLE[session.0 as usize]))
        }
        _ => None,
    }
}

fn stored(change: &Change) -> Option<String> {
    match change {
        Change::Invitation(row) => Some(format!("+ invitation {}", row.code.expose())),
        Change::InvitationGone { code } => Some(format!("- invitation {}", code.expose())),
        Change::Account { account, .. } => Some(format!("+ account {account}")),
        Change::Audit(row) => Some(format!("+ audit {} {} {}", row.action, row.target, row.detail)),
        _ => None,
    }
}

/// The name of a refusal, without what it is about.
fn variant(refusal: &Refusal) -> String {
    format!("{refusal:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

fn answered(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Refused { verb, refusal } => Some(format!("{verb} {}", variant(refusal))),
        Reply::LoggedIn { made: true, .. } => Some("has an account".to_owned()),
        Reply::Administrator(AdminReply::Done { .. }) => Some("done".to_owned()),
        _ => None,
    }
}

/// Plays the lines that do not begin with `=`, and expects those that do.
#[track_caller]
fn check_room(mut room: Room, script: &str) {
    let mut played = String::new();
    let lines = || script.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines().filter(|line| !line.starts_with('=')) {
        played += &format!("{line}\n");
        for what in room.step(line) {
            played += &format!("= {what}\n");
        }
    }
    let expected: String = lines().map(|line| format!("{line}\n")).collect();
    assert_eq!(played, expected);
}

#[track_caller]
fn check(script: &str) {
    check_room(Room::new(Registration::Invite, Vec::new()), script);
}

#[test]
fn a_code_makes_one_account_in_whatever_case_it_is_typed() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 600
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for 600 s
        = admin done
        alice/register two words 7k3m-9qxa-2bcd
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account alice
        = alice has an account
        bob/register secret 7K3M-9QXA-2BCD
        = bob REGISTER InvitationNeeded
        ",
    );
}

#[test]
fn a_code_goes_where_irc_has_the_address_and_behind_the_password_for_nickserv() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 0
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for ever
        = admin done
        admin: INVITATION 2222-2222-2222 0
        = + invitation 2222-2222-2222
        = + audit user invite * for ever
        = admin done
        alice: REGISTER * 7K3M-9QXA-2BCD secret
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account alice
        = alice has an account
        bob: NICKSERV REGISTER secret 2222-2222-2222
        a password is hashed
        = - invitation 2222-2222-2222
        = + account bob
        = bob has an account
        ",
    );
}

#[test]
fn without_a_code_that_is_known_nothing_is_hashed() {
    check(
        "
        alice/register secret
        = alice REGISTER InvitationNeeded
        alice/register 7K3M-9QXA-2BCD
        = alice REGISTER InvitationNeeded
        alice/register secret 7K3M-9QXA-2BCD
        = alice REGISTER InvitationNeeded
        alice: REGISTER * * secret
        = alice REGISTER InvitationNeeded
        alice: REGISTER * alice@example.org secret
        = alice REGISTER InvitationNeeded
        alice: NICKSERV REGISTER secret
        = alice NICKSERV InvitationNeeded
        ",
    );
}

#[test]
fn of_two_with_one_code_the_first_to_be_hashed_gets_the_account() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 600
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for 600 s
        = admin done
        alice/register secret 7K3M-9QXA-2BCD
        bob/register secret 7K3M-9QXA-2BCD
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account alice
        = alice has an account
        a password is hashed
        = bob REGISTER InvitationNeeded
        ",
    );
}

#[test]
fn a_registration_that_comes_to_nothing_leaves_the_code_unused() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 600
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for 600 s
        = admin done
        alice: REGISTER carol 7K3M-9QXA-2BCD secret
        = alice REGISTER AccountNameMustBeNick
        alice: REGISTER * 7K3M-9QXA-2BCD
        = alice REGISTER BadPassword
        alice/register secret 7K3M-9QXA-2BCD
        hashing fails
        = alice REGISTER StorageUnavailable
        alice/register secret 7K3M-9QXA-2BCD
        it is committed
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account alice
        = alice has an account
        the commit fails
        bob/register secret 7K3M-9QXA-2BCD
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account bob
        = bob has an account
        ",
    );
}

#[test]
fn an_invitation_runs_out_also_while_a_password_is_hashed() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 60
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for 60 s
        = admin done
        tick
        alice/register secret 7K3M-9QXA-2BCD
        a minute goes by
        a password is hashed
        = alice REGISTER InvitationNeeded
        tick
        = - invitation 7K3M-9QXA-2BCD
        ",
    );
}

#[test]
fn invitations_outlive_a_restart() {
    let code = InvitationCode::new("7K3M-9QXA-2BCD").expect("a code");
    let stored = Invitation { code, created: Time(0), expires: None };
    check_room(
        Room::new(Registration::Invite, vec![stored]),
        "
        alice/register secret 7K3M-9QXA-2BCD
        a password is hashed
        = - invitation 7K3M-9QXA-2BCD
        = + account alice
        = alice has an account
        ",
    );
}

#[test]
fn a_code_is_neither_needed_nor_used_where_everybody_may_register_and_no_help_where_nobody_may() {
    check(
        "
        admin: INVITATION 7K3M-9QXA-2BCD 600
        = + invitation 7K3M-9QXA-2BCD
        = + audit user invite * for 600 s
        = admin done
        alice/register secret 7K3M-9QXA-2BCD
        registration is opened
        a password is hashed
        = + account alice
        = alice has an account
        ",
    );
    check_room(
        Room::new(Registration::Closed, Vec::new()),
        "
        alice/register secret 7K3M-9QXA-2BCD
        = alice REGISTER RegistrationClosed
        ",
    );
}

#[test]
fn only_administrators_invite_and_only_with_a_code_in_its_form() {
    check(
        "
        alice: INVITATION 7K3M-9QXA-2BCD 600
        = alice INVITATION UnknownCommand
        admin: INVITATION
        = admin INVITATION NeedMoreWords
        admin: INVITATION letmein 600
        = admin INVITATION BadWord
        admin: INVITATION 7K3M-9QXA-2BCD -1
        = admin INVITATION BadWord
        ",
    );
}
