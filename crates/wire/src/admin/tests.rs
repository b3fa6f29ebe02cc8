//! Transcripts of the admin socket.

use chat_model::close_reason::CloseReason;
use chat_model::mode::{ChannelModes, Ranks};
use chat_model::refusal::Refusal;
use chat_model::reply::{AdminReply, ChannelRow, OnlineRow, Reply};

use crate::Face;
use crate::testing::Act::{Sees, Sends, Told};
use crate::testing::*;

const HELLO: &str = "{\"type\":\"hello\",\"server\":\"chat.test\",\"version\":\"chat-server-0.1.0\",\"database\":\"/data/chat.db\"}\n";

#[test]
fn requests_are_calls_and_every_answer_ends_in_done_or_refused() {
    let online = OnlineRow {
        nick: nick("bob"),
        account: Some(nick("bob").to_account()),
        address: Some([127, 0, 0, 1].into()),
        client: "plain+json".into(),
        channels: vec![(channel("#lobby"), Ranks::from_letters("o")), (channel("#dev"), Ranks::default())],
        idle_s: 7,
        since: NOW,
    };
    let guest =
        OnlineRow { nick: nick("guest1"), account: None, address: None, channels: vec![], ..online.clone() };
    let mut modes = ChannelModes::initial();
    (modes.key, modes.limit) = (Some("hidden".into()), Some(5));
    let room = ChannelRow {
        channel: channel("#lobby"),
        members: 2,
        modes,
        topic: "tea \"time\"".into(),
        bans: 1,
        created: NOW,
    };
    check(
        Face::Admin,
        false,
        HELLO,
        vec![
            (Sends("{\"verb\":\"KICK\",\"words\":[\"bob\",\"no spam\"]}\n"), "<KICK|bob|no spam>"),
            (Told(AdminReply::Done { count: 1 }.into()), "{\"type\":\"done\",\"count\":1}\n"),
            (
                Told(refused("KICK", Refusal::NoSuchNick { nick: "bob".into() })),
                "{\"type\":\"refused\",\"code\":\"NO_SUCH_NICK\",\"msg\":\"Nobody here is called bob.\"}\n",
            ),
            (Sends("{\"verb\":\"ONLINE\"}\r\n"), "<ONLINE>"),
            (
                Told(AdminReply::Online { rows: vec![online, guest], part: whole(2) }.into()),
                "{\"type\":\"row\",\"nick\":\"bob\",\"account\":\"bob\",\"address\":\"127.0.0.1\",\"client\":\"plain+json\",\
             \"channels\":[\"@#lobby\",\"#dev\"],\"idle_s\":7,\"since\":\"2026-11-21T13:02:05.007Z\"}\n\
             {\"type\":\"row\",\"nick\":\"guest1\",\"account\":null,\"address\":null,\"client\":\"plain+json\",\
             \"channels\":[],\"idle_s\":7,\"since\":\"2026-11-21T13:02:05.007Z\"}\n\
             {\"type\":\"done\",\"count\":2}\n",
            ),
            (
                Told(AdminReply::Channels { rows: vec![room], part: whole(1) }.into()),
                "{\"type\":\"row\",\"channel\":\"#lobby\",\"members\":2,\"modes\":\"+ntkl 5\",\
             \"topic\":\"tea \\\"time\\\"\",\"bans\":1,\"created\":\"2026-11-21T13:02:05.007Z\"}\n\
             {\"type\":\"done\",\"count\":1}\n",
            ),
            (
                Sends("KICK bob\n"),
                "{\"type\":\"refused\",\"code\":\"INVALID_JSON\",\"msg\":\"That was not a JSON object and was not read: \
             expected value at line 1 column 1.\"}\n",
            ),
            (Sees(says("bob", "#lobby", "hi")), ""),
            (
                Told(Reply::Closing(CloseReason::Stopping)),
                "{\"type\":\"farewell\",\"msg\":\"The server is going down; connect again later.\"}\n",
            ),
        ],
    );
}
