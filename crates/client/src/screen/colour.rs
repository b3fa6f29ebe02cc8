//! Colours by meaning, and one for each nickname that stays the same everywhere.

/// How a piece of a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Times, and what comes and goes.
    Quiet,
    /// What calls for attention.
    Mention,
    /// Whispers.
    Whisper,
    /// What was refused.
    Error,
    /// A nickname, in its own colour.
    Nick(u8),
}

/// Colours for nicknames: the ones of the sixteen that can be read on black and on white.
const NICK_COLOURS: [u8; 10] = [31, 32, 33, 34, 35, 36, 91, 92, 94, 95];

impl Look {
    /// The look of a nickname: the same for the same name, however it is written.
    pub(crate) fn of_nick(nick: &str) -> Self {
        // FNV-1a: the colours must not change from one version or machine to another.
        let hash = nick
            .to_lowercase()
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let index = (hash >> 8) as usize % NICK_COLOURS.len();
        Self::Nick(NICK_COLOURS[index])
    }

    /// The SGR parameters (ECMA-48).
    fn parameters(self) -> String {
        match self {
            Self::Quiet => "2".to_owned(),
            Self::Mention => "1;33".to_owned(),
            Self::Whisper => "1;35".to_owned(),
            Self::Error => "31".to_owned(),
            Self::Nick(colour) => colour.to_string(),
        }
    }

    /// The text with this look, or as it is where there are no colours.
    pub(crate) fn paint(self, colours: bool, text: &str) -> String {
        if colours { format!("\u{1b}[{}m{text}\u{1b}[0m", self.parameters()) } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_has_one_colour_and_several_have_several() {
        assert_eq!(Look::of_nick("Alice"), Look::of_nick("alice"));
        let nicks = ["alice", "bob", "carol", "dave", "erin", "frank"];
        let colours: std::collections::BTreeSet<_> =
            nicks.iter().map(|nick| Look::of_nick(nick).paint(true, "")).collect();
        assert!(colours.len() >= 4, "{colours:?}");
    }
}
