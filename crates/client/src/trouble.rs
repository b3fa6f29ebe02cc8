//! Why there is no connection, or no longer one, and the words for it in the language that is spoken by then.

use std::io;
use std::io::ErrorKind;
use std::net::SocketAddr;

use chat_model::language::Language;
use chat_model::{phrase, sentence};

use crate::tls;

/// What went wrong with a connection.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server has ended it.
    Closed,
    /// Nobody knows a host of that name, or the system cannot find out.
    NoAddress {
        /// The host.
        host: String,
        /// What the system says, if anything.
        error: Option<io::Error>,
    },
    /// An address does not take us.
    Refused {
        /// Which one.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// An address says nothing.
    NoAnswer {
        /// Which one.
        address: SocketAddr,
    },
    /// No certificate can be for that host.
    NoCertificateName,
    /// The other end says nothing to TLS.
    NoAnswerToTls,
    /// TLS was not agreed on.
    Tls(io::Error),
    /// A line had no end.
    LineTooLong {
        /// So much was read of it.
        bytes_max: usize,
    },
    /// Reading or writing failed.
    Io(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Trouble {
    /// As people are told it.
    pub(crate) fn in_words(&self, l: Language) -> String {
        match self {
            Self::Closed => {
                phrase!(l, en = "the server closed the connection", zh = "服务器关闭了连接").to_owned()
            }
            Self::NoAddress { host, error } => {
                let why = error.as_ref().map_or_else(String::new, |error| {
                    sentence!(l, en = ": {why}", zh = "：{why}", why = system(error, l))
                });
                sentence!(l, en = "no address for {host}{why}", zh = "找不到 {host} 的地址{why}")
            }
            Self::Refused { address, error } => {
                sentence!(l, en = "{address}: {why}", zh = "{address}：{why}", why = system(error, l))
            }
            Self::NoAnswer { address } => {
                sentence!(l, en = "{address} does not answer", zh = "{address} 没有回应")
            }
            Self::NoCertificateName => {
                phrase!(l, en = "no name for a certificate", zh = "这个主机名不能用于证书").to_owned()
            }
            Self::NoAnswerToTls => phrase!(l, en = "no answer to TLS", zh = "建立 TLS 时没有回应").to_owned(),
            Self::Tls(error) => tls::in_words(error, l),
            Self::LineTooLong { bytes_max } => sentence!(
                l,
                en = "the server sent a line of more than {bytes_max} bytes",
                zh = "服务器发来的一行超过 {bytes_max} 字节",
            ),
            Self::Io(error) => system(error, l),
        }
    }
}

/// What the system says, in our words where it is one of the usual things, else without the number that Rust puts
/// behind it.
fn system(error: &io::Error, l: Language) -> String {
    let said = error.to_string();
    let (before, after) = said.split_once(" (os error ").unwrap_or((&said, ""));
    let after = after.split_once(')').map_or("", |(_, after)| after);
    let said = format!("{before}{after}");
    let usual = match (l, error.kind()) {
        (Language::English, _) => return said,
        (Language::Chinese, ErrorKind::ConnectionRefused) => "连接被拒绝",
        (Language::Chinese, ErrorKind::ConnectionReset) => "连接被重置",
        (Language::Chinese, ErrorKind::TimedOut) => "连接超时",
        (Language::Chinese, ErrorKind::HostUnreachable) => "主机不可达",
        (Language::Chinese, ErrorKind::NetworkUnreachable) => "网络不可达",
        (Language::Chinese, ErrorKind::BrokenPipe) => "连接已断开",
        (Language::Chinese, _) => return said,
    };
    usual.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_in_the_reader_s_language() {
        let address = SocketAddr::from(([127, 0, 0, 1], 6667));
        let refused = || io::Error::from_raw_os_error(rustix::io::Errno::CONNREFUSED.raw_os_error());
        let cases = [
            (Trouble::Closed, "the server closed the connection", "服务器关闭了连接"),
            (
                Trouble::Refused { address, error: refused() },
                "127.0.0.1:6667: Connection refused",
                "127.0.0.1:6667：连接被拒绝",
            ),
            (Trouble::NoAnswer { address }, "127.0.0.1:6667 does not answer", "127.0.0.1:6667 没有回应"),
            (
                Trouble::NoAddress { host: "nowhere".to_owned(), error: None },
                "no address for nowhere",
                "找不到 nowhere 的地址",
            ),
        ];
        for (trouble, english, chinese) in cases {
            assert_eq!(trouble.in_words(Language::English), english);
            assert_eq!(trouble.in_words(Language::Chinese), chinese);
        }
    }
}
