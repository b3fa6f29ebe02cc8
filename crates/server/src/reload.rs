//! SIGHUP: what can be changed while the server runs, and what cannot.

use chat_wire::{Context, Contexts};
use jiff::tz::TimeZone;
use tracing::warn;

use crate::config::Config;
use crate::inbox::{Inbox, Item};

/// What faces say about the server, by the configuration.
pub(crate) fn context(config: &Config, zone: TimeZone) -> Context {
    let database = config.database();
    let absolute = std::path::absolute(&database).unwrap_or(database);
    Context {
        language: config.language,
        server: config.settings.server.clone(),
        network: config.network.as_str().into(),
        description: config.description.as_str().into(),
        lobby: config.settings.lobby.clone(),
        registration: config.settings.registration,
        guests: config.settings.guests,
        chathistory_max: config.settings.chathistory_max,
        limits: config.settings.limits.clone(),
        version: concat!("chat-server-", env!("CARGO_PKG_VERSION")).into(),
        zone,
        database: absolute.display().to_string().into(),
    }
}

/// Takes over what can be taken over, and says what needs a restart.
pub(crate) async fn reload(old: &Config, mut new: Config, first: &Contexts, inbox: &Inbox) -> Config {
    let fixed = [
        ("data_dir under [server]", old.data_dir != new.data_dir),
        ("name under [server]", old.settings.server != new.settings.server),
        ("lobby under [server]", old.settings.lobby != new.settings.lobby),
        ("[[listen]]", old.listen != new.listen),
        ("socket under [admin]", old.admin_socket != new.admin_socket),
        ("[log]", old.log != new.log),
        ("address under [metrics]", old.metrics != new.metrics),
    ];
    for (key, _) in fixed.into_iter().filter(|(_, changed)| *changed) {
        warn!(key, "changed, but takes effect only after a restart");
    }
    new.data_dir = old.data_dir.clone();
    new.settings.server = old.settings.server.clone();
    new.settings.lobby = old.settings.lobby.clone();
    new.listen = old.listen.clone();
    new.admin_socket = old.admin_socket.clone();
    new.log = old.log;
    new.metrics = old.metrics;
    // The loop outlives this; and if it did not, there would be nothing to reload.
    let config = new.of_room(Contexts::new(&context(&new, first.of(None).zone.clone())));
    let _ = inbox.send(Item::Reloaded(Box::new(config))).await;
    new
}
