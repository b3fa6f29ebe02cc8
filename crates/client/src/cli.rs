//! The command line, and what it makes of itself and the saved servers.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use chat_model::language::Language;
use chat_model::secret::Secret;
use chat_model::{phrase, sentence};
use clap::Parser;

use crate::address::{Address, channel_name};
use crate::config::{Config, Server};
use crate::session::Options;
use crate::state::xdg;

/// The server that is talked to when none is named: the one that runs here.
const HERE: &str = "127.0.0.1";
/// Lines of history to show on joining a channel.
const HISTORY_LINES: u32 = 20;

/// Letters that may be wrong, missing or too many in the name of a saved server.
const SLIP_LETTERS_MAX: usize = 2;

/// How the programs say how it went.
pub(crate) const EXIT_STATUS: &str =
    "Exit status: 0 done, 1 something was refused, 2 usage or config, 3 no connection.";

/// What `--help` says more than `-h`.
pub(crate) const LONG_HELP: &str = r##"Saved servers are in ~/.config/chat-client/config.toml, or $XDG_CONFIG_HOME/chat-client/config.toml.
After this, `chat-client work` is enough:

  language = "zh"                      # en or zh; else that of the environment (LANG); --lang goes first

  [servers.work]
  address = "irc.example.org"          # as on the command line
  tls = true                           # like --tls
  tls_ca = "/etc/ssl/our-server.pem"   # like --tls-ca
  nick = "alice"                       # where address has none; else your user name
  account = "al"                       # to log in to, where it is not called like the nickname
  password_command = "pass show irc"   # like --password-command
  channels = ["#lobby", "#vault key"]  # to join; a key stands behind a space

Only address must be there. What the command line says goes first.

What was typed is kept in history/SERVER, and up to when whispers were seen in seen/NICK@SERVER,
under ~/.local/state/chat-client, or $XDG_STATE_HOME/chat-client, readable by you alone.
No line with a password in it is kept, and a script keeps nothing.

Exit status: 0 done, 1 something was refused, 2 usage or config, 3 no connection."##;

/// Talk on IRC from a terminal or a pipe.
///
/// Lines are said to the channel, @nick TEXT whispers, and words such as /ls and /help are commands.
/// With no terminal on standard input its lines are sent, and the program ends when the server has confirmed them.
#[derive(Debug, Parser)]
#[command(name = "chat-client", version, max_term_width = 100)]
#[command(after_help = EXIT_STATUS, after_long_help = LONG_HELP)]
pub(crate) struct Cli {
    /// Where to: [nick@]host[:port], irc://[nick@]host[:port][/channel], ircs://…, or a saved server
    #[arg(value_name = "SERVER")]
    server: Option<String>,
    /// A channel to join
    #[arg(value_name = "#CHANNEL")]
    channel: Option<String>,
    /// Encrypt the connection
    #[arg(long)]
    tls: bool,
    /// Encrypt, and trust the certificates in this file too, such as that of a server that signed its own
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// Log in with the password that this command prints
    #[arg(long, value_name = "COMMAND")]
    password_command: Option<String>,
    /// Send the password also where the connection is neither encrypted nor to this machine, and others can read it
    #[arg(long)]
    insecure_password: bool,
    /// The file with saved servers [default: $XDG_CONFIG_HOME/chat-client/config.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Speak this language: en or zh [default: that of the configuration, else of the environment, LANG]
    #[arg(long, value_name = "LANGUAGE", value_parser = chat_cli::read_language)]
    lang: Option<Language>,
    /// Print what is seen as JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Everything that is needed to begin.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Where to connect to.
    pub(crate) address: Address,
    /// Certificates to trust besides the system's.
    pub(crate) tls_ca: Option<PathBuf>,
    /// For the session.
    pub(crate) options: Options,
}

impl Cli {
    /// Puts command line, config and defaults together. Runs the password command.
    ///
    /// # Errors
    /// What is wrong with any of them, in a sentence.
    pub(crate) fn plan(&self, interactive: bool) -> Result<Plan> {
        // A lone channel is one on the server that runs here.
        let (server, channel) = match (&self.server, &self.channel) {
            (Some(only), None) if only.starts_with(['#', '&']) => (None, Some(only)),
            (server, channel) => (server.as_ref(), channel.as_ref()),
        };
        let config = self.config()?;
        let chosen = self.lang.or(config.language).or_else(chat_cli::of_environment);
        let l = chosen.unwrap_or_default();
        let saved = saved(&config, server, l)?;
        let mut address = Address::parse(&saved.address, l)?;
        let tls_ca = self.tls_ca.clone().or(saved.tls_ca);
        // Nobody says whom to trust and means to trust everybody on the way.
        address.tls |= self.tls || saved.tls || tls_ca.is_some();
        if address.tls && address.in_the_clear {
            bail!(phrase!(
                l,
                en = "irc:// is not encrypted, and --tls or --tls-ca is; write ircs://",
                zh = "irc:// 不加密，而 --tls 和 --tls-ca 要加密，请写 ircs://",
            ));
        }
        let nick = address.nick.clone().or(saved.nick).or_else(user_name);
        let nick = nick.context(phrase!(
            l,
            en = "say who you are: chat-client NICK@HOST",
            zh = "请写上你的昵称：chat-client 昵称@主机",
        ))?;
        let channels = channels(channel.into_iter().chain(&address.channels), &saved.channels, l)?;
        let command = self.password_command.as_ref().or(saved.password_command.as_ref());
        let options = Options {
            language: chosen,
            server: address.name(),
            nick,
            account: saved.account,
            password: command.map(|command| password_from(command, l)).transpose()?,
            channels,
            interactive,
            insecure_password: self.insecure_password,
            history_lines: if interactive { HISTORY_LINES } else { 0 },
            seen: None,
        };
        Ok(Plan { address, tls_ca, options })
    }

    /// The language to speak as long as nobody knows what the configuration says.
    pub(crate) fn language(&self) -> Language {
        self.lang.or_else(chat_cli::of_environment).unwrap_or_default()
    }

    fn config(&self) -> Result<Config> {
        match (&self.config, default_config()) {
            (Some(path), _) => Config::load(path, true, self.language()),
            (None, Some(path)) => Config::load(&path, false, self.language()),
            (None, None) => Ok(Config::default()),
        }
    }
}

/// The saved server of that name, or one that is just that address.
fn saved(config: &Config, server: Option<&String>, l: Language) -> Result<Server> {
    let address = server.map_or(HERE, |server| server.as_str());
    let saved = config.servers.get(address).cloned();
    if saved.is_none() && server.is_some() {
        check_slip(address, config, l)?;
    }
    Ok(saved.unwrap_or_else(|| Server { address: address.to_owned(), ..Server::default() }))
}

/// Those that were named, and then those saved ones that were not, each with its key.
fn channels<'a>(
    named: impl Iterator<Item = &'a String>,
    saved: &[String],
    l: Language,
) -> Result<Vec<(String, Option<String>)>> {
    let mut channels: Vec<_> = named.map(|name| with_key(name, l)).collect::<Result<_>>()?;
    for saved in saved {
        let (name, key) = with_key(saved, l)?;
        if !channels.iter().any(|(other, _)| *other == name) {
            channels.push((name, key));
        }
    }
    Ok(channels)
}

/// Whether a word that could be the name of a host is nearly the name of a saved server.
fn check_slip(address: &str, config: &Config, l: Language) -> Result<()> {
    let is_word = address != "localhost" && address.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let distance = |name: &&String| strsim::damerau_levenshtein(name, address);
    match config.servers.keys().min_by_key(distance) {
        Some(name) if is_word && distance(&name) <= SLIP_LETTERS_MAX => bail!(sentence!(
            l,
            en = "there is no saved server {address}; did you mean {name}? (a host of that name is {address}:PORT)",
            zh = "没有保存过服务器 {address}，是不是 {name}？（如果是主机名，请写 {address}:端口）",
        )),
        _ => Ok(()),
    }
}

/// `#channel key`
fn with_key(text: &str, l: Language) -> Result<(String, Option<String>)> {
    let (name, key) = text.split_once(' ').map_or((text, None), |(name, key)| (name, Some(key)));
    Ok((channel_name(name, l)?, key.map(|key| key.trim().to_owned())))
}

fn user_name() -> Option<String> {
    ["USER", "LOGNAME"].into_iter().find_map(|key| std::env::var(key).ok().filter(|name| !name.is_empty()))
}

/// The first line that a shell command prints.
fn password_from(command: &str, l: Language) -> Result<Secret> {
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context(phrase!(l, en = "cannot run sh for the password command", zh = "无法用 sh 运行密码命令"))?;
    if !output.status.success() {
        bail!(sentence!(
            l,
            en = "the password command failed ({status}): {command}",
            zh = "密码命令失败（{status}）：{command}",
            status = output.status,
        ));
    }
    let text = String::from_utf8(output.stdout).ok().context(phrase!(
        l,
        en = "the password command printed what is no UTF-8 text",
        zh = "密码命令打印的不是 UTF-8 文字",
    ))?;
    match text.lines().next().unwrap_or_default() {
        "" => bail!(sentence!(
            l,
            en = "the password command printed nothing: {command}",
            zh = "密码命令什么都没有打印：{command}",
        )),
        password => Ok(Secret::new(password)),
    }
}

fn default_config() -> Option<PathBuf> {
    xdg("XDG_CONFIG_HOME", ".config").map(|folder| folder.join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(args: &[&str]) -> Result<Plan> {
        let none = "/dev/null";
        let args = ["chat-client", "--lang", "en", "--config", none].into_iter().chain(args.iter().copied());
        Cli::try_parse_from(args)?.plan(true)
    }

    #[test]
    fn command_line_and_address_make_a_plan() {
        let plan =
            plan(&["ircs://alice@irc.test/a", "#b", "--password-command", "echo hunter2"]).expect("a plan");
        assert_eq!((plan.address.port(), plan.address.tls), (6697, true));
        assert_eq!(plan.options.nick, "alice");
        assert_eq!(
            plan.options.password.map(|secret| secret.expose().to_owned()).as_deref(),
            Some("hunter2")
        );
        let names: Vec<_> = plan.options.channels.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["#b", "#a"]);
    }

    #[test]
    fn a_lone_channel_is_on_the_server_that_runs_here() {
        let plan = plan(&["#dev"]).map(|plan| (plan.address.host, plan.options.channels));
        // Without a user name in the environment there is no nickname either.
        if user_name().is_some() {
            assert_eq!(plan.expect("a plan"), (HERE.to_owned(), vec![("#dev".to_owned(), None)]));
        }
    }

    #[test]
    fn what_can_be_no_channel_is_refused_before_anybody_connects() {
        for channel in ["#a,x y", "#a,b", "#", "", "#\u{7}"] {
            assert!(plan(&["a@b", channel]).is_err(), "{channel:?}");
        }
        assert!(plan(&["irc://a@b/#a b"]).is_err());
    }

    #[test]
    fn the_long_help_shows_every_key_as_it_can_be_written() {
        for help in [LONG_HELP, crate::help::CHINESE_LONG_HELP] {
            let sample = help.split("\n\n").find(|part| part.contains("[servers.")).expect("a sample");
            let config = Config::parse(sample, Language::English).expect("as it is read");
            assert_eq!(config.servers["work"].channels, ["#lobby", "#vault key"]);
            for key in crate::config::SERVER_KEYS {
                assert!(sample.contains(&format!("  {key} = ")), "{key}");
            }
        }
        assert!(LONG_HELP.ends_with(EXIT_STATUS));
    }

    #[test]
    fn a_slip_in_the_name_of_a_saved_server_is_no_host() {
        let config =
            Config::parse("[servers.home]\naddress = \"irc.test\"", Language::English).expect("valid");
        let error = check_slip("hme", &config, Language::English).expect_err("a slip").to_string();
        assert!(error.contains("did you mean home?"), "{error}");
        for host in ["hme:6667", "irc.test", "alice@hme", "localhost", "otherwise"] {
            assert!(check_slip(host, &config, Language::English).is_ok(), "{host}");
        }
    }

    #[test]
    fn who_names_a_certificate_wants_to_encrypt() {
        let plan_of = |args: &[&str]| plan(args).map(|plan| (plan.address.tls, plan.address.port()));
        assert_eq!(plan_of(&["a@irc.test", "--tls-ca", "/ca.pem"]).expect("a plan"), (true, 6697));
        assert_eq!(plan_of(&["irc://a@irc.test"]).expect("a plan"), (false, 6667));
        for wanted in [&["--tls-ca", "/ca.pem"][..], &["--tls"]] {
            let error = plan_of(&[&["irc://a@irc.test"], wanted].concat()).expect_err("a contradiction");
            assert!(error.to_string().contains("ircs://"), "{error}");
        }
    }

    #[test]
    fn a_password_command_that_gives_none_is_an_error_that_names_it() {
        for command in ["exit 3", "true"] {
            let error = plan(&["a@b", "--password-command", command]).expect_err("no password").to_string();
            assert!(error.contains(command), "{error}");
        }
    }
}
