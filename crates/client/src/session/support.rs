//! What the server tells of itself in ISUPPORT (numeric 005), as far as it matters here.

use chat_model::language::Language;
use chat_model::name::fold;

/// The server's rules, with the protocol's defaults where it does not tell.
#[derive(Clone, Debug)]
pub(crate) struct Support {
    /// CASEMAPPING: whether `{}|^` are the small letters of `[]\~`.
    rfc1459: bool,
    /// UTF8MAPPING: whether letters outside ASCII have cases too.
    utf8: bool,
    /// CHANTYPES.
    channel_types: String,
    /// PREFIX: mode letters and their signs, highest first.
    ranks: Vec<(char, char)>,
    /// CHANMODES of the kinds that have a parameter whenever they change (A and B), and only when set (C).
    modes_always: String,
    modes_when_set: String,
    /// CHATHISTORY: messages in one answer.
    pub(crate) history_max: Option<u32>,
    /// LANGUAGE: the languages in which the server speaks, where it has several.
    pub(crate) languages: Vec<Language>,
    /// MSGREFTYPES: whether a position in the history can be told by the id of a message.
    pub(crate) refers_by_id: bool,
}

impl Default for Support {
    fn default() -> Self {
        Self {
            rfc1459: true,
            utf8: false,
            channel_types: "#&".to_owned(),
            ranks: vec![('o', '@'), ('v', '+')],
            modes_always: "bk".to_owned(),
            modes_when_set: "l".to_owned(),
            history_max: None,
            languages: Vec::new(),
            refers_by_id: true,
        }
    }
}

impl Support {
    /// Takes one token of numeric 005.
    pub(crate) fn learn(&mut self, token: &str) {
        let (key, value) = token.split_once('=').unwrap_or((token, ""));
        match key {
            "CASEMAPPING" => self.rfc1459 = value != "ascii",
            "UTF8MAPPING" => self.utf8 = true,
            "CHANTYPES" => self.channel_types = value.to_owned(),
            "PREFIX" => {
                if let Some((letters, signs)) = value.strip_prefix('(').and_then(|v| v.split_once(')')) {
                    self.ranks = letters.chars().zip(signs.chars()).collect();
                }
            }
            "CHANMODES" => {
                let mut kinds = value.split(',');
                self.modes_always = kinds.by_ref().take(2).collect();
                self.modes_when_set = kinds.next().unwrap_or_default().to_owned();
            }
            "CHATHISTORY" => self.history_max = value.parse().ok(),
            "LANGUAGE" => self.languages = value.split(',').filter_map(Language::new).collect(),
            "MSGREFTYPES" => self.refers_by_id = value.split(',').any(|kind| kind == "msgid"),
            _ => {}
        }
    }

    /// The spelling under which names are the same.
    pub(crate) fn fold(&self, name: &str) -> String {
        let mut folded = if self.utf8 { fold(name).into_owned() } else { name.to_ascii_lowercase() };
        if self.rfc1459 {
            folded = folded.replace('[', "{").replace(']', "}").replace('\\', "|").replace('~', "^");
        }
        folded
    }

    /// Whether two names are the same.
    pub(crate) fn same(&self, one: &str, other: &str) -> bool {
        self.fold(one) == self.fold(other)
    }

    /// Whether this is the name of a channel.
    pub(crate) fn is_channel(&self, name: &str) -> bool {
        name.starts_with(|c| self.channel_types.contains(c))
    }

    /// The channel in a target such as `@#channel`, which reaches its operators only.
    pub(crate) fn channel_of<'a>(&self, target: &'a str) -> Option<&'a str> {
        let name = target.trim_start_matches(|c| self.ranks.iter().any(|(_, sign)| *sign == c));
        self.is_channel(name).then_some(name).or(self.is_channel(target).then_some(target))
    }

    /// The signs at the start of an entry in NAMES, and the nickname.
    pub(crate) fn split_prefix<'a>(&self, entry: &'a str) -> (&'a str, &'a str) {
        let nick = entry.trim_start_matches(|c| self.ranks.iter().any(|(_, sign)| *sign == c));
        entry.split_at(entry.len() - nick.len())
    }

    /// The signs of a member after a rank is given or taken.
    pub(crate) fn with_rank(&self, prefix: &str, letter: char, on: bool) -> String {
        let held = |l: char, sign: char| if l == letter { on } else { prefix.contains(sign) };
        self.ranks.iter().filter(|(l, sign)| held(*l, *sign)).map(|(_, sign)| sign).collect()
    }

    /// The ranks in a MODE of a channel: letter, given or taken, to or from whom.
    pub(crate) fn rank_changes<'a>(&self, modes: &str, params: &[&'a str]) -> Vec<(char, bool, &'a str)> {
        let mut params = params.iter().copied();
        let mut on = true;
        let mut changes = Vec::new();
        for letter in modes.chars() {
            match letter {
                '+' => on = true,
                '-' => on = false,
                _ if self.ranks.iter().any(|(l, _)| *l == letter) => {
                    changes.extend(params.next().map(|nick| (letter, on, nick)));
                }
                _ if self.modes_always.contains(letter) || (on && self.modes_when_set.contains(letter)) => {
                    params.next();
                }
                _ => {}
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_the_server_says() {
        let mut support = Support::default();
        assert!(support.same("Nick[a]", "nick{A}"));
        support.learn("CASEMAPPING=ascii");
        assert!(!support.same("Nick[a]", "nick{A}"));
        assert!(!support.same("ZOË", "zoë"));
        support.learn("UTF8MAPPING=rfc8265");
        assert!(support.same("ZOË", "zoë"));
        assert!(support.same("Zoe\u{308}", "zoë"));
        assert!(support.same("ｂｏｂ", "bob"));
    }

    #[test]
    fn prefixes_and_ranks_follow_prefix_and_chanmodes() {
        let mut support = Support::default();
        support.learn("PREFIX=(qov)~@+");
        support.learn("CHANMODES=beI,k,lf,imnst");
        assert_eq!(support.split_prefix("~@alice"), ("~@", "alice"));
        assert_eq!(support.with_rank("+", 'o', true), "@+");
        assert_eq!(support.with_rank("@+", 'v', false), "@");
        let changes = support.rank_changes("+ol-lv+b", &["alice", "5", "bob", "*!*@x"]);
        assert_eq!(changes, [('o', true, "alice"), ('v', false, "bob")]);
        assert_eq!(support.channel_of("@#ops"), Some("#ops"));
        assert_eq!(support.channel_of("bob"), None);
    }
}
