//! The longest names there can be, in every line that has several of them: no parameter is ever cut inside, and texts are
//! as long as ISUPPORT promises.

use std::sync::Arc;

use chat_model::event::Event;
use chat_model::limits::{
    AWAY_BYTES_MAX, CHANNEL_BYTES_MAX, HOST_BYTES_MAX, MASK_BYTES_MAX, NICK_BYTES_MAX, REASON_BYTES_MAX,
    SERVER_BYTES_MAX, TOPIC_BYTES_MAX, USERNAME_BYTES_MAX,
};
use chat_model::mask::Mask;
use chat_model::mode::{ModeChange, Ranks};
use chat_model::name::Account;
use chat_model::reply::{ChannelBan, CommandReply, IrcReply, Member, Part, Reply, Topic, WhoRow};
use chat_model::who::{Source, Who};

use crate::testing::whole;

use super::{Client, In, NOW, ago, channel, nick, who};

fn longest_nick(last: &str) -> String {
    format!("{}{last}", "𠀀".repeat((NICK_BYTES_MAX - last.len()) / 4))
}

fn longest_who() -> Arc<Who> {
    let name = longest_nick("abcd");
    Arc::new(Who {
        nick: nick(&name),
        username: "u".repeat(USERNAME_BYTES_MAX).into(),
        host: "h".repeat(HOST_BYTES_MAX).into(),
        account: Some(Account::new(&name).expect("an account")),
        realname: "r".into(),
        bot: false,
    })
}

fn longest_channel() -> String {
    format!("#abc{}", "𠀀".repeat((CHANNEL_BYTES_MAX - 4) / 4))
}

fn client() -> Client {
    let mut client = Client::with("extended-join multi-prefix userhost-in-names");
    client.cx.server = "s".repeat(SERVER_BYTES_MAX).into();
    client.play(In::Reply(IrcReply::YouAre { who: who(&longest_nick("wxyz")) }.into()));
    client
}

/// The parameters of a line, the last one without its colon.
fn words(line: &str) -> Vec<&str> {
    let (middle, last) = line.split_once(" :").map_or((line, None), |(middle, last)| (middle, Some(last)));
    middle.split(' ').skip(2).chain(last).collect()
}

#[test]
fn what_members_do_is_told_whole() {
    let (who, to) = (longest_who(), longest_channel());
    let (by, reason) = (Source::User(who.clone()), "x".repeat(REASON_BYTES_MAX));
    let topic = "t".repeat(TOPIC_BYTES_MAX);
    let (other, away) = (longest_nick("efgh"), "a".repeat(AWAY_BYTES_MAX));
    let mask = Mask::new(&format!("{}!*@*", longest_nick(""))).expect("a mask");
    let events = [
        (
            Event::Kicked {
                at: ago(1),
                by: by.clone(),
                channel: channel(&to),
                nick: nick(&other),
                reason: reason.as_str().into(),
            },
            vec![to.as_str(), &other, &reason],
        ),
        (
            Event::Parted {
                at: ago(1),
                who: who.clone(),
                channel: channel(&to),
                reason: Some(reason.as_str().into()),
            },
            vec![&to, &reason],
        ),
        (
            Event::Topic { at: ago(1), by: by.clone(), channel: channel(&to), topic: topic.as_str().into() },
            vec![&to, &topic],
        ),
        (
            Event::Joined {
                at: ago(1),
                who: who.clone(),
                channel: channel(&to),
                ranks: Ranks::default(),
                arrived: false,
            },
            vec![&to, who.nick.as_str(), "r"],
        ),
        (
            Event::ChannelMode {
                at: ago(1),
                by,
                channel: channel(&to),
                changes: vec![ModeChange::Ban { on: true, mask: mask.clone() }],
            },
            vec![&to, "+b", mask.as_str()],
        ),
        (Event::Renamed { at: ago(1), who: who.clone(), nick: nick(&other) }, vec![&other]),
    ];
    for (event, parameters) in events {
        let lines = client().play(In::Other(event));
        assert_eq!(words(&lines[0]), parameters, "{lines:?}");
    }
    let away = Event::Away { at: ago(1), who, message: Some(away.as_str().into()) };
    let mut client = Client::with("away-notify");
    assert!(client.play(In::Other(away))[0].ends_with(&"a".repeat(AWAY_BYTES_MAX)));
}

#[test]
fn what_is_asked_for_is_told_whole() {
    let (who, to) = (longest_who(), longest_channel());
    let topic = "t".repeat(TOPIC_BYTES_MAX);
    let set = Topic { text: topic.as_str().into(), setter: who.to_string().into(), time: NOW };
    let lines = client().play(In::Reply(Reply::Topic { channel: channel(&to), topic: Some(set) }));
    assert_eq!(words(&lines[0])[1..], [to.as_str(), &topic]);
    assert_eq!(words(&lines[1])[1..], [to.as_str(), &who.to_string(), "1800000000"]);

    let mask = format!("{}!*@{}", longest_nick(""), "*".repeat(MASK_BYTES_MAX - NICK_BYTES_MAX - 3));
    let ban =
        ChannelBan { mask: Mask::new(&mask).expect("a mask"), setter: who.to_string().into(), time: NOW };
    let lines =
        client().play(In::Reply(CommandReply::ChannelBans { channel: channel(&to), bans: vec![ban] }.into()));
    assert_eq!(words(&lines[0])[1..], [to.as_str(), &mask, &who.to_string(), "1800000000"]);

    let row = WhoRow {
        who: who.clone(),
        channel: Some((channel(&to), Ranks::from_letters("qaohv"))),
        away: false,
        operator: true,
    };
    let lines = client().play(In::Reply(
        CommandReply::Who { mask: to.as_str().into(), rows: vec![row.clone()], part: whole(1) }.into(),
    ));
    let server = "s".repeat(SERVER_BYTES_MAX);
    let expected = [to.as_str(), &who.username, &who.host, &server, who.nick.as_str(), "H*~&@%+", "0 r"];
    assert_eq!(words(&lines[0])[1..], expected);

    let member = Member { who: who.clone(), ranks: Ranks::from_letters("qaohv") };
    let names = Reply::Names {
        channel: to.as_str().into(),
        secret: false,
        members: vec![member; 3],
        part: Part::whole(3),
    };
    let lines = client().play(In::Reply(names));
    let lists: Vec<_> =
        lines.iter().flat_map(|line| words(line).last().map(|last| last.split(' ').count())).collect();
    assert!(
        lists.len() > 1 && lines[..lines.len() - 1].iter().all(|line| line.contains(&format!("~&@%+{who}"))),
        "{lines:?}"
    );
}
