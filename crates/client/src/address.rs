//! Where to connect to, as people write it: `alice@host:port`, `irc://…`, `ircs://…`.

use anyhow::{Context as _, Result, bail};
use chat_model::language::Language;
use chat_model::{phrase, sentence};

/// Ports of IRC in the clear and under TLS (RFC 7194).
const PORT: u16 = 6667;
const TLS_PORT: u16 = 6697;

/// A server, and what else an address can say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// A name or an IP address, without brackets.
    pub(crate) host: String,
    /// The port, if it is not the usual one.
    pub(crate) port: Option<u16>,
    /// Whether the connection is encrypted.
    pub(crate) tls: bool,
    /// Whether the address says that it is not: `irc://`.
    pub(crate) in_the_clear: bool,
    /// The nickname to have there.
    pub(crate) nick: Option<String>,
    /// Channels to join.
    pub(crate) channels: Vec<String>,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub(crate) fn parse(text: &str, l: Language) -> Result<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme @ ("irc" | "ircs"), rest)) => (scheme, rest),
            Some((scheme, _)) => bail!(sentence!(
                l,
                en = "{scheme}:// is no IRC address; it is irc:// or ircs://",
                zh = "{scheme}:// 不是 IRC 地址，应为 irc:// 或 ircs://",
            )),
            None => ("", text),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (nick, host) = match authority.rsplit_once('@') {
            Some((nick, host)) => (Some(nick.to_owned()), host),
            None => (None, authority),
        };
        let unreadable = || sentence!(l, en = "cannot read the address {text:?}", zh = "看不懂地址 {text:?}");
        let (host, port) = split_port(host, l).with_context(unreadable)?;
        if host.is_empty()
            || nick.as_deref() == Some("")
            || host.contains(|c: char| c.is_whitespace() || c == '#')
        {
            bail!(sentence!(
                l,
                en = "{problem}; it looks like alice@irc.example.org:6667",
                zh = "{problem}，应写成 alice@irc.example.org:6667 这样",
                problem = unreadable(),
            ));
        }
        let names = path.replace("%23", "#");
        let names = names.split(',').filter(|name| !name.is_empty());
        let channels = names.map(|name| channel_name(name, l)).collect::<Result<_>>()?;
        let (tls, in_the_clear) = (scheme == "ircs", scheme == "irc");
        Ok(Self { host: host.to_owned(), port, tls, in_the_clear, nick, channels })
    }

    /// The port to connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(if self.tls { TLS_PORT } else { PORT })
    }

    /// The server as sentences name it; the port only where it is unusual.
    pub(crate) fn name(&self) -> String {
        match self.port {
            Some(port) if self.host.contains(':') => format!("[{}]:{port}", self.host),
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

/// A channel's name, also where the `#`, which shells and addresses treat specially, was left out.
///
/// # Errors
/// When no channel can be called so.
pub(crate) fn channel_name(name: &str, l: Language) -> Result<String> {
    let name = if name.starts_with(['#', '&']) { name.to_owned() } else { format!("#{name}") };
    check_channel(&name, l)?;
    Ok(name)
}

/// Whether a channel can be called so. A comma would make two of it, one of which the user has not thought of.
///
/// # Errors
/// When it cannot.
pub(crate) fn check_channel(name: &str, l: Language) -> Result<()> {
    if name.len() < 2 || name.contains(|c: char| c == ',' || c.is_whitespace() || c.is_control()) {
        bail!(sentence!(
            l,
            en = "{name} is no name of a channel: it is one word without a comma, such as #lobby",
            zh = "{name} 不能用作频道名：中间不能有空格和逗号，如 #lobby",
        ));
    }
    Ok(())
}

fn split_port(host: &str, l: Language) -> Result<(&str, Option<u16>)> {
    let (host, port) = if let Some(rest) = host.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').context(phrase!(l, en = "a ] is missing", zh = "缺少 ]"))?;
        (host, rest.strip_prefix(':'))
    } else if host.matches(':').count() > 1 {
        (host, None)
    } else {
        host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)))
    };
    let Some(port) = port else { return Ok((host, None)) };
    let port = port.parse().ok().filter(|port| *port != 0);
    let wrong = phrase!(l, en = "a port is a number from 1 to 65535", zh = "端口是 1 到 65535 的数字");
    Ok((host, Some(port.context(wrong)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str, port: Option<u16>, tls: bool, nick: Option<&str>, channels: &[&str]) -> Address {
        let channels = channels.iter().map(|name| (*name).to_owned()).collect();
        let nick = nick.map(str::to_owned);
        Address { host: host.to_owned(), port, tls, in_the_clear: false, nick, channels }
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let cases = [
            ("irc.test", address("irc.test", None, false, None, &[])),
            ("alice@irc.test:7000", address("irc.test", Some(7000), false, Some("alice"), &[])),
            ("irc://irc.test", address("irc.test", None, false, None, &[])),
            (
                "ircs://al@irc.test:7000/#a,b",
                address("irc.test", Some(7000), true, Some("al"), &["#a", "#b"]),
            ),
            ("irc://irc.test/%23a", address("irc.test", None, false, None, &["#a"])),
            ("[::1]:6668", address("::1", Some(6668), false, None, &[])),
            ("alice@::1", address("::1", None, false, Some("alice"), &[])),
        ];
        for (text, expected) in cases {
            let expected = Address { in_the_clear: text.starts_with("irc:"), ..expected };
            assert_eq!(Address::parse(text, Language::English).expect(text), expected, "{text}");
        }
        assert_eq!(Address::parse("ircs://x", Language::English).expect("an address").port(), 6697);
        assert_eq!(Address::parse("x", Language::English).expect("an address").port(), 6667);
    }

    #[test]
    fn what_is_no_address_says_so() {
        for text in ["", "@host", "alice@", "http://x", "host:port", "host:0", "host:70000", "[::1", "a b"] {
            assert!(Address::parse(text, Language::English).is_err(), "{text:?}");
        }
    }
}
