//! Events, by what the viewer understands.

use std::sync::Arc;

use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::mask::Mask;
use chat_model::message::{ClientTags, Message, MessageKind, Target};
use chat_model::mode::{ChannelFlag, ModeChange, Rank, Ranks};
use chat_model::who::{Source, Who};

use super::{Client, In, ago, channel, nick, owner, said, who};

const TIME: &str = "time=2027-01-15T08:00:00.000Z";

/// What others are shown of an event, by the capabilities that they have.
fn check(event: Event, rows: &[(&str, &[&str])]) {
    for (capabilities, expected) in rows {
        let mut client = Client::with(capabilities);
        assert_eq!(client.play(In::Other(event.clone())), *expected, "{capabilities:?}");
    }
}

fn message(change: impl FnOnce(&mut Message)) -> Event {
    let mut message = said(owner("bob"), "#a", "hi there");
    change(&mut message);
    Event::Message(Arc::new(message))
}

#[test]
fn each_capability_brings_its_tag_and_no_other() {
    let event = message(|message| message.tags = Some(ClientTags("+a=b;+c".into())));
    let line = ":bob!u@h PRIVMSG #a :hi there";
    let msgid = ago(0).id;
    check(
        event,
        &[
            ("", &[line]),
            ("server-time", &[&format!("@{TIME} {line}")]),
            ("account-tag", &[&format!("@account=bob {line}")]),
            ("message-tags", &[&format!("@msgid={msgid};+a=b;+c {line}")]),
            (
                "message-tags server-time account-tag",
                &[&format!("@{TIME};msgid={msgid};account=bob;+a=b;+c {line}")],
            ),
        ],
    );
    let bot = Arc::new(Who { bot: true, ..(*who("bob")).clone() });
    let event = Event::Message(Arc::new(said(bot, "me", "beep")));
    check(
        event,
        &[
            ("account-tag", &[":bob!u@h PRIVMSG me :beep"]),
            ("message-tags", &[&format!("@msgid={msgid};bot :bob!u@h PRIVMSG me :beep")]),
        ],
    );
}

#[test]
fn kinds_targets_and_sources_of_messages() {
    let notice = message(|message| {
        message.kind = MessageKind::Notice;
        message.target = Target::Channel { name: channel("#a"), rank: Some(Rank::Operator) };
    });
    check(notice, &[("", &[":bob!u@h NOTICE @#a :hi there"])]);
    check(message(|message| message.from = Source::Server), &[("", &[":chat.test PRIVMSG #a :hi there"])]);
    let tags = message(|message| {
        message.kind = MessageKind::Tagmsg;
        message.tags = Some(ClientTags("+typing=active".into()));
    });
    let line = format!("@msgid={};+typing=active :bob!u@h TAGMSG #a", ago(0).id);
    check(tags, &[("server-time", &[]), ("message-tags", &[&line])]);
}

#[test]
fn a_text_is_shown_in_as_many_lines_as_it_takes() {
    let text = "😃".repeat(125);
    let mut client = Client::with("");
    let lines = client.play(In::Other(message(|message| message.text = text.as_str().into())));
    let shown: String = lines.iter().map(|line| line.split_once(" :").expect("a text").1).collect();
    assert_eq!((lines.len(), shown), (2, text));

    let text: String = (0..400).map(|n| format!("{n:03} ")).collect();
    let mut client = Client::with("message-tags");
    let pieces = client.play(In::Other(message(|message| message.text = text.as_str().into())));
    let shown: Vec<_> = pieces.iter().map(|piece| piece.split_once(" :").expect("a text").1).collect();
    assert_eq!(
        shown.iter().map(|text| text.split_once(" :").map_or(*text, |it| it.1)).collect::<String>(),
        text
    );
    assert_eq!(pieces.iter().filter(|piece| piece.contains("msgid=")).count(), 1);

    let action = format!("\x01ACTION {}\x01", "x".repeat(1000));
    let pieces = client.play(In::Other(message(|message| message.text = action.into())));
    assert!(pieces.iter().all(|piece| piece.contains(":\x01ACTION x") && piece.ends_with("x\x01")));
}

#[test]
fn lines_inside_a_text_do_not_become_lines() {
    let event = message(|message| message.text = "a\r\nQUIT :b\0".into());
    check(event, &[("", &[":bob!u@h PRIVMSG #a :a  QUIT :b "])]);
}

#[test]
fn coming_and_going() {
    let (at, bob, a) = (ago(0), owner("bob"), channel("#a"));
    let joined =
        Event::Joined { at, who: bob.clone(), channel: a.clone(), ranks: Ranks::default(), arrived: true };
    check(joined, &[("", &[":bob!u@h JOIN #a"]), ("extended-join", &[":bob!u@h JOIN #a bob :Real Name"])]);
    let ranks = Ranks::from_letters("qo");
    let joined = Event::Joined { at, who: who("bob"), channel: a.clone(), ranks, arrived: false };
    check(joined, &[("extended-join", &[":bob!u@h JOIN #a * :Real Name", ":chat.test MODE #a +qo bob bob"])]);
    let parted = |reason| Event::Parted { at, who: bob.clone(), channel: a.clone(), reason };
    check(parted(None), &[("", &[":bob!u@h PART #a"])]);
    check(parted(Some("bye all".into())), &[("", &[":bob!u@h PART #a :bye all"])]);
    let quit = Event::Quit { at, who: bob.clone(), reason: CloseReason::Quit(Some("x".into())) };
    check(quit, &[("server-time", &[&format!("@{TIME} :bob!u@h QUIT :Quit: x")])]);
    let kicked =
        |by| Event::Kicked { at, by, channel: a.clone(), nick: nick("eve"), reason: "no spam".into() };
    check(kicked(Source::User(bob.clone())), &[("", &[":bob!u@h KICK #a eve :no spam"])]);
    check(kicked(Source::Server), &[("account-tag", &[":chat.test KICK #a eve :no spam"])]);
    let renamed = Event::Renamed { at, who: bob.clone(), nick: nick("Bobby") };
    check(renamed, &[("", &[":bob!u@h NICK Bobby"])]);
}

#[test]
fn notifications_go_to_those_who_asked() {
    let (at, bob) = (ago(0), owner("bob"));
    let away = |message| Event::Away { at, who: bob.clone(), message };
    check(away(Some("at tea".into())), &[("", &[]), ("away-notify", &[":bob!u@h AWAY :at tea"])]);
    check(away(None), &[("away-notify", &[":bob!u@h AWAY"])]);
    let account = |account| Event::AccountChanged { at, who: bob.clone(), account };
    check(account(bob.account.clone()), &[("", &[]), ("account-notify", &[":bob!u@h ACCOUNT bob"])]);
    check(account(None), &[("account-notify", &[":bob!u@h ACCOUNT *"])]);
    let realname = Event::RealnameChanged { at, who: bob.clone() };
    check(realname, &[("", &[]), ("setname", &[":bob!u@h SETNAME :Real Name"])]);
    let invited = |to_members| Event::Invited {
        at,
        by: bob.clone(),
        channel: channel("#a"),
        nick: nick("eve"),
        to_members,
    };
    let line = ":bob!u@h INVITE eve #a";
    check(invited(false), &[("", &[line]), ("invite-notify", &[line])]);
    check(invited(true), &[("", &[]), ("invite-notify", &[line])]);
}

#[test]
fn topics_and_modes() {
    let (at, by, a) = (ago(0), Source::User(who("bob")), channel("#a"));
    let topic = |text: &str| Event::Topic { at, by: by.clone(), channel: a.clone(), topic: text.into() };
    check(topic("on tea"), &[("", &[":bob!u@h TOPIC #a :on tea"])]);
    check(topic(""), &[("", &[":bob!u@h TOPIC #a :"])]);
    let mode = |changes| Event::ChannelMode { at, by: by.clone(), channel: a.clone(), changes };
    let changes = vec![
        ModeChange::Flag { flag: ChannelFlag::Moderated, on: true },
        ModeChange::Key(Some("word".into())),
        ModeChange::Limit(None),
        ModeChange::Key(None),
        ModeChange::Rank { rank: Rank::Operator, on: true, nick: nick("eve") },
        ModeChange::Limit(Some(5)),
    ];
    check(mode(changes), &[("", &[":bob!u@h MODE #a +mk-lk+ol word * eve 5"])]);
    let mask = |n: usize| Mask::new(&format!("{}{n}", "*x".repeat(31))).expect("a mask");
    let bans: Vec<_> = (0..10).map(|n| ModeChange::Ban { on: true, mask: mask(n) }).collect();
    let lines = Client::with("").play(In::Other(mode(bans)));
    assert_eq!(lines.len(), 2);
    let shown: Vec<_> = lines.iter().flat_map(|line| line.split(' ').skip(4)).collect();
    assert_eq!(shown, (0..10).map(|n| mask(n).to_string()).collect::<Vec<_>>());
}

#[test]
fn one_sees_ones_own_messages_only_where_one_asked_for_the_echo() {
    let own = || In::Own(Event::Message(Arc::new(said(who("me"), "#a", "hi"))));
    assert_eq!(Client::with("server-time").play(own()), [""; 0]);
    assert_eq!(Client::with("echo-message").play(own()), [":me!u@h PRIVMSG #a :hi"]);
    let away = Event::Away { at: ago(0), who: who("me"), message: None };
    assert_eq!(Client::with("away-notify").play(In::Own(away)), [""; 0]);
    let (ranks, arrived) = (Ranks::default(), false);
    let joined = Event::Joined { at: ago(0), who: who("me"), channel: channel("#a"), ranks, arrived };
    assert_eq!(Client::with("extended-join").play(In::Own(joined)), [":me!u@h JOIN #a * :Real Name"]);
}

#[test]
fn those_who_are_shown_the_same_look_alike() {
    let of = |capabilities| Client::with(capabilities).session.capabilities();
    assert_eq!(of("batch echo-message labeled-response sasl multi-prefix"), of(""));
    assert_ne!(of("server-time"), of(""));
}
