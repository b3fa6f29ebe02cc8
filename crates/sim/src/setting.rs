//! The server of a simulated world: its configuration, and what its faces say about it.

use std::sync::Arc;

use chat_engine::input::{Operator, Settings};
use chat_model::id::Time;
use chat_model::invitation::Registration;
use chat_model::language::Language;
use chat_model::limits::Limits;
use chat_model::name::{Account, ChannelName};
use chat_model::secret::Secret;
use chat_wire::Context;

use crate::hasher::hash;

/// When every world begins: 2026-11-21T14:02:05.007 in its zone, which is an hour ahead of UTC.
pub const START: Time = Time(1_795_266_125_007);

/// How a world is set up before anybody connects.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What the engine goes by.
    pub settings: Settings,
    /// The password of the server.
    pub password: Option<Secret>,
    /// Accounts that are there already, with their passwords.
    pub accounts: Vec<(Account, Secret)>,
    /// The language of whoever chooses none.
    pub language: Language,
    /// Milliseconds that messages are kept; `None` is for ever.
    pub retention_ms: Option<i64>,
}

impl Default for Setting {
    fn default() -> Self {
        let lobby = ChannelName::new("#lobby").expect("the name of the usual room is valid");
        let settings = Settings {
            server: "chat.test".into(),
            motd: Arc::new(vec!["Be kind.".into()]),
            lobby: Some(lobby),
            has_password: false,
            registration: Registration::Open,
            guests: true,
            operators: Vec::new(),
            replay: 20,
            chathistory_max: 100,
            limits: Limits::default(),
        };
        let (language, accounts) = (Language::English, Vec::new());
        Self { settings, password: None, accounts, language, retention_ms: None }
    }
}

impl Setting {
    /// Changes one thing, as transcripts write it: `guests no`, `account alice secret`.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn set(&mut self, line: &str) -> Result<(), String> {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let settings = &mut self.settings;
        let number = || value.parse::<u32>().map_err(|_| format!("{line}: a number is wanted"));
        match key {
            "guests" => settings.guests = value == "yes",
            "password" => (self.password, settings.has_password) = (Some(Secret::password(value)), true),
            "retention_days" => self.retention_ms = Some(i64::from(number()?) * 86_400_000),
            "replay" => settings.replay = number()?,
            "chathistory_max" => settings.chathistory_max = number()?,
            "channels_per_account_max" => settings.limits.channels_per_account_max = number()? as usize,
            "channels_per_address_max" => settings.limits.channels_per_address_max = number()? as usize,
            "channels_per_address_day" => settings.limits.channels_per_address_day = number()?,
            "channel_idle_days" => {
                let days = Some(i64::from(number()?)).filter(|days| *days > 0);
                settings.limits.channel_idle_ms_max = days.map(|days| days * 86_400_000);
            }
            "channels_per_user_max" => settings.limits.channels_per_user_max = number()? as usize,
            "bans_per_channel_max" => settings.limits.bans_per_channel_max = number()? as usize,
            "logins_per_address" => settings.limits.logins_per_address = number()?,
            "accounts_per_address_hour" => settings.limits.accounts_per_address_hour = number()?,
            "accounts_per_address_day" => settings.limits.accounts_per_address_day = number()?,
            "accounts_per_hour" => settings.limits.accounts_per_hour = number()?,
            "stored_bytes_per_hour" => settings.limits.stored_bytes_per_hour = number()? as usize,
            "line_bytes_max" => settings.limits.line_bytes_max = number()? as usize,
            "send_queue_bytes_max" => settings.limits.send_queue_bytes_max = number()? as usize,
            "motd" => settings.motd = Arc::new(value.split('|').map(Into::into).collect()),
            "language" => {
                self.language = Language::new(value).ok_or(format!("{line}: en or zh is wanted"))?;
            }
            "lobby" => settings.lobby = ChannelName::new(value).ok(),
            "registration" => {
                settings.registration = match value {
                    "open" => Registration::Open,
                    "invite" => Registration::Invite,
                    _ => Registration::Closed,
                }
            }
            "operator" => {
                let (name, password) = two(line, value)?;
                let password_hash = hash(&Secret::password(password));
                settings.operators.push(Operator { name: name.into(), password_hash });
            }
            "account" => {
                let (name, password) = two(line, value)?;
                let account = Account::new(name).map_err(|why| format!("{line}: {why}"))?;
                self.accounts.push((account, Secret::password(password)));
            }
            _ => return Err(format!("{line}: there is no such setting")),
        }
        Ok(())
    }

    /// What faces say of this server.
    pub fn context(&self) -> Context {
        Context {
            language: self.language,
            server: self.settings.server.clone(),
            network: "TestNet".into(),
            description: "a room for tests".into(),
            version: "chat-server-0.1.0".into(),
            lobby: self.settings.lobby.clone(),
            zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(1)),
            registration: self.settings.registration,
            guests: self.settings.guests,
            chathistory_max: self.settings.chathistory_max,
            limits: self.settings.limits.clone(),
            database: "/data/chat.db".into(),
        }
    }
}

fn two<'a>(line: &str, value: &'a str) -> Result<(&'a str, &'a str), String> {
    value.split_once(' ').ok_or_else(|| format!("{line}: a name and a password are wanted"))
}
