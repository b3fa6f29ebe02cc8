//! What somebody may have meant who typed a command that there is not.

use crate::call::clip;

/// Bytes of a word that are looked at. Comparing costs the product of the lengths, and a line of 16 KiB without a space is
/// one word.
const WORD_BYTES_MAX: usize = 32;

/// Commands that IRC servers, services and clients have and we have not, in order: whoever types one of them made no slip.
#[rustfmt::skip]
static KNOWN_ELSEWHERE: &[&str] = &[
    "ACCEPT", "BAN", "BOTSERV", "BS", "CHANSERV", "CNOTICE", "CONNECT", "CPRIVMSG", "CS", "CTCP", "CYCLE", "DEOP",
    "DEVOICE", "DIE", "GLINE", "HOSTSERV", "HS", "IGNORE", "KLINE", "KNOCK", "LINKS", "MAP", "MARKREAD", "MEMOSERV",
    "METADATA", "MONITOR", "MS", "NAMESX", "OP", "OPERSERV", "OS", "PROTOCTL", "QUERY", "REDACT", "REHASH", "RELAYMSG",
    "RENAME", "RESTART", "RULES", "SAJOIN", "SAMODE", "SANICK", "SAPART", "SAQUIT", "SERVER", "SERVICE", "SERVLIST",
    "SETHOST", "SETIDENT", "SHUN", "SILENCE", "SQUERY", "SQUIT", "STARTTLS", "STATS", "SUMMON", "TRACE", "UHNAMES",
    "UNBAN", "UNREGISTER", "USERIP", "USERS", "VERIFY", "VOICE", "WALLOPS", "WATCH", "WEBIRC", "ZLINE",
];

/// The one of these commands that is so near to a word that it may have been meant, in whatever case.
pub fn nearest<'a>(word: &str, commands: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = clip(word, WORD_BYTES_MAX).to_ascii_uppercase();
    if KNOWN_ELSEWHERE.binary_search(&word.as_str()).is_ok() {
        return None;
    }
    let (distance, command) = commands
        .map(|command| (strsim::damerau_levenshtein(&command.to_ascii_uppercase(), &word), command))
        .min()?;
    (distance <= 2.min(command.len() / 2)).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_no_word_of_its_own() {
        let commands = ["I", "KICK", "LS", "NICK", "WHOIS"];
        let cases = [
            ("kcik", Some("KICK")),
            ("lss", Some("LS")),
            ("whis", Some("WHOIS")),
            ("knock", None),
            ("cs", None),
            ("", None),
            ("x", None),
            ("whatever", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, commands.into_iter()), meant, "{word}");
        }
    }

    #[test]
    fn what_is_known_elsewhere_is_in_order() {
        assert!(KNOWN_ELSEWHERE.is_sorted_by(|one, other| one < other));
    }
}
