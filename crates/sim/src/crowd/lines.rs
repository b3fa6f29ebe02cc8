//! What somebody in a crowd types, in each face.

use chat_wire::Face;
use fastrand::Rng;
use serde_json::json;

use crate::judge::ANSWER;

/// The last looks like the first, in another alphabet.
const NICKS: [&str; 7] = ["alice", "bob", "carol", "dora", "eve", "Zoë", "аlice"];
const CHANNELS: [&str; 4] = ["#lobby", "#a", "#b", "#c"];
/// Those that somebody may come in as, too.
const DEVICES: [&str; 4] = ["alice@phone", "alice@laptop", "bob@phone", "bob@laptop"];
const PASSWORDS: [&str; 3] = ["pw", "pw", "wrong"];

fn one<'a>(rng: &mut Rng, all: &[&'a str]) -> &'a str {
    all[rng.usize(..all.len())]
}

/// A nickname that hardly anybody has.
pub(super) fn stranger(rng: &mut Rng) -> &'static str {
    one(rng, &["finn", "gus", "hal", "ivy", "jon"])
}

/// A nickname that somebody may want.
pub(super) fn nick(rng: &mut Rng) -> &'static str {
    one(rng, &NICKS)
}

/// One line or object, with its end. What is said is marked, so that it is known when it is seen.
pub(super) fn line(rng: &mut Rng, face: Face, mark: usize) -> String {
    let text = format!("words ~{mark}~");
    match face {
        Face::Irc => format!("{}\r\n", irc(rng, &text, mark)),
        Face::Plain => format!("{}\n", plain(rng, &text)),
        Face::Json => format!("{}\n", json_object(rng, &text)),
        Face::Admin => format!("{}\n", admin(rng, &text)),
    }
}

fn irc(rng: &mut Rng, text: &str, mark: usize) -> String {
    let (nick, channel) = (nick(rng), one(rng, &CHANNELS));
    let (other, password) = (one(rng, &NICKS), one(rng, &PASSWORDS));
    match rng.u8(..64) {
        0..=14 => format!("PRIVMSG {channel} :{text}"),
        15..=19 => format!("PRIVMSG {nick} :{text}"),
        20 => format!("NOTICE {nick} :{text}"),
        21 => format!("PRIVMSG @{channel} :{text}"),
        22..=26 => format!("JOIN {channel}"),
        27 => "JOIN #a,#b,#c".to_owned(),
        28 => "JOIN 0".to_owned(),
        29 | 30 => format!("PART {channel} :bye"),
        31 | 32 => format!("NICK {nick}"),
        33 => format!("KICK {channel} {nick} :out"),
        34 => format!("INVITE {nick} {channel}"),
        35..=37 => mode(rng, channel, nick),
        38 => format!("TOPIC {channel} :{text}"),
        39 => "I".to_owned(),
        40 => format!("MODE {nick} {}", one(rng, &["+d", "-d", "+iB", "-iB", "-o"])),
        41 => format!("PRIVMSG NickServ :REGISTER {password}"),
        42 => format!("PRIVMSG NickServ :IDENTIFY {nick} {password}"),
        43 => format!("PRIVMSG NickServ :IDENTIFY {} pw", one(rng, &DEVICES)),
        44 => format!("REGISTER {nick} * {password}"),
        45 => one(rng, &["AWAY :gone", "AWAY", "SETNAME :somebody", "LUSERS", "LIST", "MOTD"]).to_owned(),
        46 => format!("WHO {channel}"),
        47 => format!("WHOIS {nick}"),
        48 => format!("WHOWAS {nick}"),
        49 => format!("NAMES {channel}"),
        50 => format!("LS {channel}"),
        51 => format!("CHATHISTORY LATEST {channel} * 5"),
        52 => format!("CHATHISTORY LATEST {nick} * 5"),
        53 => format!("OPER boss {}", one(rng, &["secret", "wrong"])),
        54 => format!("KILL {nick} :because"),
        55 => one(
            rng,
            &["QUIT :so long", "NONSENSE", "PING x", "PONG chat.test", "CAP END", "CAP REQ :echo-message"],
        )
        .to_owned(),
        56 => format!("PRIVMSG {channel},{nick},{other} :to many, unmarked"),
        57 => one(rng, &["CAP REQ :draft/chathistory", "CAP REQ :-draft/chathistory"]).to_owned(),
        // One is answered by the engine, the other by the face.
        58 | 59 => format!("PING {}", answer_word(mark)),
        60 | 61 => format!("CAP {}", answer_word(mark)),
        62 => format!("@label=x PRIVMSG {channel} :{text}"),
        _ => format!("@+typing=active TAGMSG {channel}"),
    }
}

/// A word that the answer to a line repeats, by which it is known.
fn answer_word(mark: usize) -> String {
    format!("{ANSWER}{mark}")
}

fn mode(rng: &mut Rng, channel: &str, nick: &str) -> String {
    let modes = ["+m", "-m", "+i", "-i", "+s", "-t", "+k key", "-k *", "+l 2", "-l", "b"];
    match rng.u8(..3) {
        0 => format!("MODE {channel} {} {nick}", one(rng, &["+o", "-o", "+v", "-v", "+b", "-b"])),
        _ => format!("MODE {channel} {}", one(rng, &modes)),
    }
}

fn plain(rng: &mut Rng, text: &str) -> String {
    let (nick, channel, password) = (nick(rng), one(rng, &CHANNELS), one(rng, &PASSWORDS));
    match rng.u8(..30) {
        0..=9 => text.to_owned(),
        10..=13 => format!("@{nick} {text}"),
        14 => format!("/msg {channel} {text}"),
        15 => format!("/me {text}"),
        16 | 17 => "/i".to_owned(),
        18 => "/ls".to_owned(),
        19 => format!("/nick {nick}"),
        20 => format!("/register {password}"),
        21 | 22 => format!("/join {channel}"),
        23 => format!("/part {channel}"),
        24 => format!("/topic {channel} {text}"),
        25 => one(rng, &["/away", "/away gone", "/help", "/nonsense", "/quit", "exit", ""]).to_owned(),
        26 => format!("/whois {nick}"),
        27 => format!("/nickserv identify {nick} {password}"),
        // What a nickname or a password is asked for.
        28 => nick.to_owned(),
        _ => password.to_owned(),
    }
}

fn json_object(rng: &mut Rng, text: &str) -> String {
    let (nick, password) = (nick(rng), one(rng, &PASSWORDS));
    let object = match rng.u8(..20) {
        0..=8 => json!({"type": "broadcast", "msg": text}),
        9..=12 => json!({"type": "sendto", "nickname": nick, "msg": text}),
        13 => json!({"type": "ls", "msg": null}),
        14 | 15 => json!({"type": "ignore", "msg": null}),
        16 => json!({"type": "login", "msg": nick, "password": password}),
        17 => json!({"type": "login", "msg": nick, "history": 3}),
        18 => json!({"type": "help", "msg": null}),
        _ => json!({"type": one(rng, &["quit", "nonsense"]), "msg": null}),
    };
    object.to_string()
}

fn admin(rng: &mut Rng, text: &str) -> String {
    let (nick, channel) = (nick(rng), one(rng, &CHANNELS));
    let request = match rng.u8(..14) {
        0 => json!({"verb": "KICK", "words": [nick, "out"]}),
        1 => json!({"verb": "BAN", "words": ["nick", nick, "5"]}),
        2 => json!({"verb": "BAN", "words": ["account", nick, "0"]}),
        3 => json!({"verb": "UNBAN", "words": ["nick", nick]}),
        4 => json!({"verb": "UNBAN", "words": ["account", nick]}),
        5 | 6 => json!({"verb": "USERADD", "words": [nick, "pw"]}),
        7 => json!({"verb": "USERDEL", "words": [nick]}),
        8 => json!({"verb": "PASSWD", "words": [nick, "pw"]}),
        9 => json!({"verb": "SAY", "words": [channel, text]}),
        10 => json!({"verb": "SAY", "words": [nick, text]}),
        11 => json!({"verb": "ONLINE"}),
        12 => json!({"verb": "CHANNELS"}),
        _ => json!({"verb": "NONSENSE", "words": ["x"]}),
    };
    request.to_string()
}
