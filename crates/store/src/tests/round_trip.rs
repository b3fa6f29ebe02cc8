//! Everything that is saved is loaded again, as it was.

use std::sync::Arc;

use chat_model::change::{
    AuditRow, BanTarget, Change, Loaded, ServerBan, StoredAccount, StoredChannel, StoredDevice, StoredMember,
};
use chat_model::history::{Query, Reads, Select};
use chat_model::id::{MsgId, Time};
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::language::Language;
use chat_model::mask::Mask;
use chat_model::message::{ClientTags, Conversation, Message, MessageKind, Target};
use chat_model::mode::{ChannelFlag, ChannelModes, Rank, Ranks};
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::reply::{ChannelBan, Topic};
use chat_model::secret::PasswordHash;
use chat_model::who::{Source, Who};

use crate::load::IDS_OF_ONE_SERVER;

use super::{Room, account, at, channel, new_account, new_channel, party, query, who};
use crate::Store;

/// Saves each batch and loads after a restart.
#[track_caller]
fn check(batches: &[&[Change]], expected: &Loaded) {
    let mut room = Room::new();
    for batch in batches {
        room.save(batch);
    }
    room.store.close().expect("closed");
    let mut store = Store::open(&room.directory.path().join("chat.db")).expect("opened again");
    let mut loaded = store.load().expect("loaded");
    loaded.last_id.0 -= IDS_OF_ONE_SERVER;
    // What the clock showed has tests of its own.
    loaded.last_time = expected.last_time;
    assert_eq!(loaded, *expected);
    // Names are equal whatever their case; they must also be spelled as they were.
    assert_eq!(format!("{loaded:?}"), format!("{expected:?}"));
}

fn stored_account(name: &str, delivered: MsgId) -> StoredAccount {
    StoredAccount { account: account(name), created: Time(5), delivered, language: None, bot: false }
}

/// All that is loaded where there is this account, and eve's.
fn beside_eve(bob: StoredAccount) -> Loaded {
    let accounts = vec![bob, stored_account("eve", MsgId(5))];
    Loaded { last_id: MsgId(5), accounts, ..Loaded::default() }
}

fn stored_channel() -> StoredChannel {
    let mut modes = ChannelModes::initial();
    modes.set(ChannelFlag::Secret, true);
    modes.key = Some("sésame".into());
    modes.limit = Some(u32::MAX);
    let topic = Topic { text: "Of cats; 'and' \"dogs\"".into(), setter: "bob!b@h".into(), time: Time(9) };
    StoredChannel {
        name: channel("#Lobby"),
        created: Time(8),
        modes,
        topic: Some(topic),
        last_used: Time(10),
    }
}

fn member(name: &str, joined: bool, ranks: &str) -> StoredMember {
    StoredMember {
        channel: channel("#Lobby"),
        account: account(name),
        joined,
        ranks: Ranks::from_letters(ranks),
        delivered: MsgId(11),
    }
}

fn channel_ban(mask: &str, time: i64) -> ChannelBan {
    ChannelBan { mask: Mask::new(mask).expect("a mask"), setter: "op!o@h".into(), time: Time(time) }
}

fn ban(target: BanTarget, created: i64, expires: Option<i64>) -> ServerBan {
    ServerBan {
        target,
        reason: "spam".into(),
        setter: "admin root".into(),
        created: Time(created),
        expires: expires.map(Time),
    }
}

#[test]
fn a_new_database_is_empty() {
    check(&[], &Loaded::default());
}

#[test]
fn channels_keep_modes_and_topic_and_the_last_state_wins() {
    let bare = StoredChannel { topic: None, ..stored_channel() };
    let expected = Loaded { channels: vec![stored_channel()], ..Loaded::default() };
    check(&[&[Change::Channel(bare), Change::Channel(stored_channel())]], &expected);
}

#[test]
fn when_a_channel_was_used_last_comes_back_also_where_nothing_else_of_it_was_stored_since() {
    let used = |time| Change::ChannelUsed { channel: channel("#lobby"), last_used: Time(time) };
    let channels = vec![StoredChannel { last_used: Time(12), ..stored_channel() }];
    let expected = Loaded { channels, ..Loaded::default() };
    // One that ended meanwhile is not made anew by it.
    let gone = Change::ChannelUsed { channel: channel("#gone"), last_used: Time(12) };
    check(&[&[Change::Channel(stored_channel()), used(11)], &[used(12), gone]], &expected);
}

#[test]
fn founders_are_remembered_of_channels_that_expired_until_they_are_told() {
    let named = channel("#Lobby");
    let batch = [
        new_account("Alice"),
        new_account("bob"),
        new_account("carl"),
        new_account("dora"),
        Change::Channel(stored_channel()),
        Change::Member(member("alice", true, "qo")),
        Change::Member(member("bob", false, "q")),
        Change::Member(member("carl", true, "o")),
        Change::Member(member("dora", true, "q")),
        Change::ChannelExpired { channel: named.clone() },
        Change::ChannelEnded { channel: named.clone() },
        Change::ToldOfExpired { account: account("BOB") },
        Change::AccountDeleted { account: account("dora") },
    ];
    let expected = Loaded {
        last_id: MsgId(11),
        accounts: ["Alice", "bob", "carl"].map(|name| stored_account(name, MsgId(5))).into(),
        expired_channels: vec![(account("Alice"), named)],
        ..Loaded::default()
    };
    check(&[&batch], &expected);
}

#[test]
fn members_come_back_with_ranks_and_what_they_saw() {
    let batch = [
        new_account("Alice"),
        new_account("bob"),
        new_channel("#Lobby"),
        Change::Member(member("alice", true, "")),
        Change::Member(member("bob", false, "v")),
        Change::Member(member("alice", true, "ov")),
    ];
    let expected = Loaded {
        last_id: MsgId(11),
        accounts: vec![stored_account("Alice", MsgId(5)), stored_account("bob", MsgId(5))],
        channels: vec![StoredChannel {
            name: channel("#Lobby"),
            created: Time(7),
            modes: ChannelModes::initial(),
            topic: None,
            last_used: Time(7),
        }],
        members: vec![member("Alice", true, "ov"), member("bob", false, "v")],
        ..Loaded::default()
    };
    check(&[&batch], &expected);
}

#[test]
fn a_channel_that_ended_takes_its_members_and_bans_along() {
    let lobby = channel("#lobby");
    let first = [
        new_account("alice"),
        new_channel("#lobby"),
        Change::Member(member("alice", true, "o")),
        Change::ChannelBan { channel: lobby.clone(), ban: channel_ban("spam", 1) },
    ];
    let expected =
        Loaded { last_id: MsgId(11), accounts: vec![stored_account("alice", MsgId(5))], ..Loaded::default() };
    check(&[&first, &[Change::ChannelEnded { channel: lobby }]], &expected);
}

#[test]
fn channel_bans_come_back_oldest_first_and_are_lifted_whatever_the_case() {
    let lobby = channel("#Lobby");
    let set = |mask: &str, time| Change::ChannelBan { channel: lobby.clone(), ban: channel_ban(mask, time) };
    let lift =
        |mask: &str| Change::ChannelUnban { channel: lobby.clone(), mask: Mask::new(mask).expect("a mask") };
    let expected = Loaded {
        channels: vec![stored_channel()],
        channel_bans: vec![(lobby.clone(), channel_ban("a!*@*", 2)), (lobby.clone(), channel_ban("z", 3))],
        ..Loaded::default()
    };
    let batch = [Change::Channel(stored_channel()), set("Spam*", 1), set("a", 2), set("z", 3), lift("sPAM*")];
    check(&[&batch], &expected);
}

#[test]
fn bans_of_the_server_come_back_and_the_same_target_is_kept_once() {
    let network = BanTarget::Network("2001:db8::/32".parse().expect("a network"));
    let nick = BanTarget::Nick("Spam*".parse().expect("a mask"));
    let owner = BanTarget::Account(account("Mallory"));
    let batch = [
        Change::ServerBan(ban(nick.clone(), 1, None)),
        Change::ServerBan(ban(owner.clone(), 2, None)),
        Change::ServerBan(ban(network.clone(), 3, Some(99))),
        Change::ServerBan(ban(nick.clone(), 4, Some(5))),
        Change::ServerUnban { target: owner },
    ];
    let server_bans = vec![ban(network, 3, Some(99)), ban(nick, 4, Some(5))];
    check(&[&batch], &Loaded { server_bans, ..Loaded::default() });
}

#[test]
fn invitations_come_back_until_they_are_used() {
    let code = |text: &str| InvitationCode::new(text).expect("a code");
    let invitation = |text: &str, created, expires: Option<i64>| Invitation {
        code: code(text),
        created: Time(created),
        expires: expires.map(Time),
    };
    let batch = [
        Change::Invitation(invitation("2BCD-2BCD-2BCD", 1, None)),
        Change::Invitation(invitation("1111-1111-1111", 2, Some(9))),
        Change::Invitation(invitation("7K3M-9QXA-2BCD", 3, Some(9))),
        Change::Invitation(invitation("7k3m-9qxa-2bcd", 4, Some(8))),
        Change::InvitationGone { code: code("llll-iiii-1111") },
    ];
    let invitations = vec![invitation("2BCD-2BCD-2BCD", 1, None), invitation("7K3M-9QXA-2BCD", 4, Some(8))];
    check(&[&batch], &Loaded { invitations, ..Loaded::default() });
}

#[test]
fn devices_are_kept_until_they_or_their_account_are_gone() {
    let device = |name: &str, device: &str, id| StoredDevice {
        account: account(name),
        device: device.into(),
        delivered: MsgId(id),
        last_here: Time(id),
    };
    let batch = [
        new_account("bob"),
        new_account("eve"),
        Change::Device(device("BOB", "phone", 6)),
        Change::Device(device("bob", "phone", 7)),
        Change::Device(device("bob", "laptop", 8)),
        Change::Device(device("bob", "old", 1)),
        Change::DeviceGone { account: account("BOB"), device: "old".into() },
        Change::Device(device("eve", "phone", 9)),
        Change::AccountDeleted { account: account("eve") },
    ];
    let (accounts, devices) =
        (vec![stored_account("bob", MsgId(5))], vec![device("bob", "laptop", 8), device("bob", "phone", 7)]);
    check(&[&batch], &Loaded { last_id: MsgId(9), accounts, devices, ..Loaded::default() });
}

#[test]
fn passwords_are_found_changed_and_gone_with_their_account() {
    let hash = |room: &Room| room.reader().password_hash(&account("BOB")).expect("read");
    let mut room = Room::with(&[new_account("Bob")]);
    assert_eq!(hash(&room), Some(PasswordHash::new("hash of Bob")));
    room.save(&[Change::Password { account: account("bob"), hash: PasswordHash::new("other") }]);
    assert_eq!(hash(&room), Some(PasswordHash::new("other")));
    room.save(&[Change::AccountDeleted { account: account("bob") }]);
    assert_eq!(hash(&room), None);
}

#[test]
fn an_account_keeps_its_language() {
    let language = |account: &str, language| Change::Language {
        account: stored_account(account, MsgId(5)).account,
        language,
    };
    let batches = [
        new_account("bob"),
        new_account("eve"),
        language("BOB", Language::English),
        language("bob", Language::Chinese),
    ];
    let bob = StoredAccount { language: Some(Language::Chinese), ..stored_account("bob", MsgId(5)) };
    check(&[&batches], &beside_eve(bob));
}

#[test]
fn an_account_stays_a_bot_until_it_says_that_it_is_none() {
    let says = |name: &str, bot| Change::Bot { account: account(name), bot };
    let batches =
        [new_account("bob"), new_account("eve"), says("BOB", true), says("eve", true), says("eve", false)];
    let bob = StoredAccount { bot: true, ..stored_account("bob", MsgId(5)) };
    check(&[&batches], &beside_eve(bob));
}

#[test]
fn the_audit_log_is_kept_in_its_order() {
    let row = |id, action: &str| AuditRow {
        at: at(id),
        actor: "admin root".into(),
        action: action.into(),
        target: "bob".into(),
        detail: "".into(),
    };
    let room = Room::with(&[
        Change::Audit(row(1, "kick")),
        Change::Audit(row(2, "ban")),
        Change::Audit(row(3, "x")),
    ]);
    let reader = room.reader();
    assert_eq!(reader.audit(None, 2).expect("read"), [row(2, "ban"), row(3, "x")]);
    assert_eq!(reader.audit(Some(Time(3)), 9).expect("read"), [row(3, "x")]);
    assert_eq!(reader.last_id().expect("read"), MsgId(3));
}

#[test]
fn a_message_comes_back_as_it_was_sent() {
    let bot = Who { bot: true, ..(*who("Zoë*")).clone() };
    let lobby = |rank| Target::Channel { name: channel("#Lobby"), rank };
    let message = |id, from, target, kind, tags: Option<&str>| Message {
        at: at(id),
        from,
        target,
        kind,
        text: "日本 \u{1}ACTION waves\u{1} \0 🎉".into(),
        tags: tags.map(|tags| ClientTags(tags.into())),
    };
    let user = |name: &str| Source::User(who(name));
    let messages = [
        message(1, user("alice*"), lobby(None), MessageKind::Privmsg, Some("+draft/reply=1;+x=\\s")),
        message(2, user("guest"), lobby(Some(Rank::Voice)), MessageKind::Notice, None),
        message(3, Source::User(Arc::new(bot)), lobby(Some(Rank::Operator)), MessageKind::Privmsg, None),
        message(4, Source::Server, lobby(None), MessageKind::Notice, None),
        message(5, user("alice*"), Target::User(party("Zoë*")), MessageKind::Privmsg, Some("+x")),
        message(6, user("alice*"), Target::User(party("guest")), MessageKind::Notice, None),
        message(7, Source::Server, Target::User(party("zoë*")), MessageKind::Notice, None),
    ];
    let changes: Vec<_> = messages.iter().map(|message| Change::Message(Arc::new(message.clone()))).collect();
    let room = Room::with(&changes);
    for message in messages {
        let conversation = message.conversation();
        let around = Select::Around(chat_model::history::Bound::Id(message.at.id));
        let reads = Reads { ranks: Ranks::from_letters("o"), account: None };
        let query = Query { reads, ..super::query(conversation, around, 1) };
        let found = room.reader().history(&query).expect("history");
        assert_eq!(format!("{:?}", found.messages), format!("{:?}", [message]));
    }
}

#[test]
fn what_was_a_name_once_stays_readable() {
    let (nick, owner) = (Nick::stored(&"𠀀".repeat(32)), Account::stored("＊"));
    let old = ChannelName::stored(&format!("#{}", "𠀀".repeat(63)));
    let author = Who { nick, account: Some(owner.clone()), ..(*who("bob")).clone() };
    let message = Message {
        at: at(1),
        from: Source::User(Arc::new(author)),
        target: Target::Channel { name: old.clone(), rank: None },
        kind: MessageKind::Privmsg,
        text: "hi".into(),
        tags: None,
    };
    let mut room = Room::with(&[
        Change::Account { account: owner.clone(), hash: PasswordHash::new("hash"), created: at(1) },
        Change::Channel(StoredChannel {
            name: old.clone(),
            created: Time(1),
            modes: ChannelModes::initial(),
            topic: None,
            last_used: Time(7),
        }),
        Change::Message(Arc::new(message.clone())),
    ]);
    let loaded = room.store.load().expect("it is read");
    assert_eq!(loaded.accounts[0].account, owner);
    assert_eq!(loaded.channels[0].name, old);
    let conversation = Conversation::Channel(old);
    let latest = query(conversation, Select::Latest(None), 10);
    let found = room.reader().history(&latest).expect("it is read").messages;
    assert_eq!(found[0].from, message.from);
    assert_eq!(found[0].target, message.target);
}
