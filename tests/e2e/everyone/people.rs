//! The five ways to be in the room, all able to do the same.

use crate::harness::{IrcClient, JsonClient, PlainClient, Server, Terminal, client_path, require_program};
use serde_json::json;
use std::path::Path;

/// Somebody in the room, whatever they use.
pub(super) trait Person {
    /// Says something to the room.
    fn say(&mut self, text: &str);
    /// Whispers to somebody.
    fn whisper(&mut self, nick: &str, text: &str);
    /// Waits until `text` is shown.
    fn wait_for(&mut self, text: &str);
    /// How often `text` is shown, after [`Person::wait_for`] of something later.
    fn count(&mut self, text: &str) -> usize;
    /// Mutes the room, once.
    fn mute(&mut self);
    /// Opens it again, once.
    fn open(&mut self);
    /// Tries to say something while the room is muted, and is refused with the way out.
    fn say_muted(&mut self, text: &str);
    /// Who is here, sorted, asked once.
    fn list(&mut self) -> Vec<String>;
}

impl Person for IrcClient {
    fn say(&mut self, text: &str) {
        IrcClient::say(self, "#lobby", text);
    }

    fn whisper(&mut self, nick: &str, text: &str) {
        IrcClient::say(self, nick, text);
    }

    fn wait_for(&mut self, text: &str) {
        self.expect(text);
    }

    fn count(&mut self, text: &str) -> usize {
        IrcClient::count(self, text)
    }

    fn mute(&mut self) {
        self.send("I");
        self.expect("MODE alice");
        self.sync();
    }

    fn open(&mut self) {
        self.mute();
    }

    fn say_muted(&mut self, text: &str) {
        IrcClient::say(self, "#lobby", text);
        self.expect(" 404 ");
    }

    fn list(&mut self) -> Vec<String> {
        self.send("LS");
        self.expect("here");
        let line = self.next().expect("the names follow");
        names(line.text())
    }
}

impl Person for PlainClient {
    fn say(&mut self, text: &str) {
        self.send(text);
    }

    fn whisper(&mut self, nick: &str, text: &str) {
        self.send(&format!("@{nick} {text}"));
    }

    fn wait_for(&mut self, text: &str) {
        self.expect(text);
    }

    fn count(&mut self, text: &str) -> usize {
        PlainClient::count(self, text)
    }

    fn mute(&mut self) {
        self.send("/i");
        self.expect("The room is muted");
    }

    fn open(&mut self) {
        self.send("/i");
        self.expect("The room is open again");
    }

    fn say_muted(&mut self, text: &str) {
        self.send(text);
        self.expect("/i opens it again");
    }

    fn list(&mut self) -> Vec<String> {
        self.send("/ls");
        let line = self.expect(" on #lobby: ");
        names(line.split_once(" on #lobby: ").expect("it was found there").1)
    }
}

impl Person for JsonClient {
    fn say(&mut self, text: &str) {
        JsonClient::say(self, text);
    }

    fn whisper(&mut self, nick: &str, text: &str) {
        JsonClient::whisper(self, nick, text);
    }

    fn wait_for(&mut self, text: &str) {
        self.expect_containing(text);
    }

    fn count(&mut self, text: &str) -> usize {
        JsonClient::count(self, text)
    }

    fn mute(&mut self) {
        self.send(&json!({ "type": "ignore", "msg": null }));
        assert_eq!(self.expect("ignore")["muted"], true);
    }

    fn open(&mut self) {
        self.send(&json!({ "type": "ignore", "msg": null }));
        assert_eq!(self.expect("ignore")["muted"], false);
    }

    fn say_muted(&mut self, text: &str) {
        JsonClient::say(self, text);
        assert_eq!(self.expect("broadcast")["success"], false);
    }

    fn list(&mut self) -> Vec<String> {
        self.users()
    }
}

/// chat-client in a terminal.
pub(super) struct Client(Terminal);

impl Client {
    /// Starts it and waits until it is in the room.
    pub(super) fn start(server: &Server, nick: &str) -> Self {
        let target = format!("{nick}@{}", server.irc());
        let terminal = Terminal::start(&server.folder().join(nick), client_path(), &[&target]);
        terminal.expect("now talking to #lobby");
        Self(terminal)
    }

    /// Types `/register PASSWORD` and waits for the word that it worked.
    pub(super) fn register(&mut self, password: &str) {
        self.0.type_line(&format!("/register {password}"));
        self.0.expect("logged in as");
    }
}

impl Person for Client {
    fn say(&mut self, text: &str) {
        self.0.type_line(text);
    }

    fn whisper(&mut self, nick: &str, text: &str) {
        self.0.type_line(&format!("@{nick} {text}"));
    }

    fn wait_for(&mut self, text: &str) {
        self.0.expect(text);
    }

    fn count(&mut self, text: &str) -> usize {
        self.0.count(text)
    }

    fn mute(&mut self) {
        self.0.type_line("/i");
        self.0.expect("the room is muted");
    }

    fn open(&mut self) {
        self.0.type_line("/i");
        self.0.expect("the room is no longer muted");
    }

    fn say_muted(&mut self, text: &str) {
        self.0.type_line(text);
        self.0.expect("so you cannot talk in it");
    }

    fn list(&mut self) -> Vec<String> {
        self.0.type_line("/ls");
        let screen = self.0.expect_where("the list", |screen| {
            screen
                .lines()
                .skip_while(|line| !line.contains(" in #lobby:"))
                .nth(1)
                .is_some_and(|l| l.starts_with("  "))
        });
        let table = screen.lines().skip_while(|line| !line.contains(" in #lobby:")).skip(1);
        names(&table.take_while(|line| line.starts_with("  ")).collect::<Vec<_>>().join("  "))
    }
}

/// irssi in a terminal, with everything in one window.
pub(super) struct Irssi(Terminal);

const IRSSI_CONFIG: &str = r#"
settings = {
  core = { real_name = "carol"; user_name = "carol"; nick = "carol"; };
  "irc/core" = { cmds_max_at_once = "1000"; };
  "fe-common/core" = {
    autocreate_windows = "no";
    autocreate_query_level = "NONE";
    autocreate_own_query = "no";
  };
};
"#;

impl Irssi {
    /// Starts it and waits until it is in the room.
    pub(super) fn start(server: &Server, nick: &str) -> Self {
        require_program("irssi");
        let home = server.folder().join(nick);
        std::fs::create_dir_all(&home).expect("the folder is ours");
        let config = home.join("config");
        std::fs::write(&config, IRSSI_CONFIG).expect("the folder is ours");
        let port = server.irc().port().to_string();
        let (home_text, config) = (home.display().to_string(), config.display().to_string());
        let arguments =
            ["--home", &home_text, "--config", &config, "-c", "127.0.0.1", "-p", &port, "-n", nick];
        let terminal = Terminal::start(&home, Path::new("irssi"), &arguments);
        terminal.expect("Total of");
        Self(terminal)
    }

    /// Registers the nickname with NickServ and waits for the word that it worked.
    pub(super) fn register(&mut self, password: &str) {
        self.0.type_line(&format!("/msg NickServ REGISTER {password}"));
        self.0.expect("You are now logged in as");
    }
}

impl Person for Irssi {
    fn say(&mut self, text: &str) {
        self.0.type_line(text);
    }

    fn whisper(&mut self, nick: &str, text: &str) {
        self.0.type_line(&format!("/msg {nick} {text}"));
    }

    fn wait_for(&mut self, text: &str) {
        self.0.expect(text);
    }

    fn count(&mut self, text: &str) -> usize {
        self.0.count(text)
    }

    fn mute(&mut self) {
        self.0.type_line("/quote i");
        self.0.expect("Mode change [+d]");
    }

    fn open(&mut self) {
        self.0.type_line("/quote i");
        self.0.expect("Mode change [-d]");
    }

    /// irssi shows at once what one types; that nothing came of it is said below.
    fn say_muted(&mut self, text: &str) {
        self.0.type_line(&format!("/quote PRIVMSG #lobby :{text}"));
        self.0.expect("muted the room");
    }

    fn list(&mut self) -> Vec<String> {
        self.0.type_line("/quote ls");
        let after = |screen: &str| {
            let mut lines = screen.lines().skip_while(|line| !line.contains("#lobby: "));
            lines.find(|line| line.contains("alice") && line.contains("!irc.test")).map(str::to_owned)
        };
        let screen = self.0.expect_where("the list", |screen| after(screen).is_some());
        let line = after(&screen).expect("it was found");
        names(line.split_once("!irc.test ").map_or("", |(_, list)| list))
    }
}

/// Nicknames out of a list for people: notes in parentheses and punctuation are left out.
fn names(list: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut in_note = false;
    for word in list.split([' ', ',']).filter(|word| !word.is_empty()) {
        in_note |= word.starts_with('(');
        if !in_note {
            names.push(word.trim_start_matches(['@', '+']).to_owned());
        }
        in_note &= !word.ends_with(')');
    }
    names.sort();
    names
}
