//! What a client asks for: a verb and its words, and the cursor that commands read words through.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::Text;
use crate::limits::{REASON_BYTES_MAX, TARGETS_MAX, TARGETS_REFUSED_MAX};
use crate::message::ClientTags;
use crate::name::{Account, ChannelName, Nick};
use crate::refusal::{Expected, Refusal};
use crate::secret::SecretHandle;

/// A part of a line, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// From `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Self {
        // A line is at most tens of kilobytes long.
        Self { start: start as u32, end: end as u32 }
    }

    fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Words {
    /// Words that the protocol has cut already: IRC parameters, JSON fields.
    List(SmallVec<[Span; 4]>),
    /// The rest of a typed line, cut by the command that reads it.
    Line(Span),
}

/// One request of one client. It keeps the line it came in and where its words are, so that an ordinary line
/// costs one allocation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    text: Box<str>,
    verb: Span,
    words: Words,
    /// Client-only tags that came with it.
    pub tags: Option<ClientTags>,
    /// What the client wants its answer marked with (IRCv3 labeled-response).
    pub label: Option<Text>,
    /// Stands for the password that was among the words, which have stars for it.
    pub secret: Option<Box<SecretHandle>>,
}

impl Call {
    /// A call from words that are cut already.
    pub fn new(verb: &str, words: &[&str]) -> Self {
        let mut text = String::with_capacity(verb.len() + words.iter().map(|w| w.len() + 1).sum::<usize>());
        text.push_str(verb);
        let mut spans = SmallVec::new();
        for word in words {
            text.push(' ');
            spans.push(Span::new(text.len(), text.len() + word.len()));
            text.push_str(word);
        }
        Self::from_spans(text.into(), Span::new(0, verb.len()), spans)
    }

    /// A call from a line and the places of its words in it.
    pub fn from_spans(text: Box<str>, verb: Span, words: SmallVec<[Span; 4]>) -> Self {
        Self { text, verb, words: Words::List(words), tags: None, label: None, secret: None }
    }

    /// A call from a typed line: a verb, and the rest for the command to cut.
    pub fn line(verb: &str, rest: &str) -> Self {
        let text = format!("{verb} {rest}");
        let words = Words::Line(Span::new(verb.len() + 1, text.len()));
        let (verb, text) = (Span::new(0, verb.len()), text.into());
        Self { verb, words, text, tags: None, label: None, secret: None }
    }

    /// The same with other words.
    pub fn with_words(&self, words: &[&str]) -> Self {
        let other = match self.words {
            Words::Line(_) => Self::line(self.verb(), &words.join(" ")),
            Words::List(_) => Self::new(self.verb(), words),
        };
        let (tags, label, secret) = (self.tags.clone(), self.label.clone(), self.secret.clone());
        Self { tags, label, secret, ..other }
    }

    /// The verb as it came. Verbs are compared without regard to case.
    pub fn verb(&self) -> &str {
        self.verb.of(&self.text)
    }

    /// Whether the verb is this one.
    pub fn is(&self, verb: &str) -> bool {
        self.verb().eq_ignore_ascii_case(verb)
    }

    /// Whether the words are a typed line, whose writer means the room where no channel is named.
    pub fn is_typed(&self) -> bool {
        matches!(self.words, Words::Line(_))
    }

    /// How long the line is, with its tags.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.tags.as_ref().map_or(0, |tags| tags.0.len())
    }

    /// How many channels or people its first word names, if those are what it names.
    pub fn targets(&self) -> usize {
        let first = self.words().peek().and_then(|word| word.split(' ').next()).unwrap_or_default();
        (1 + first.matches(',').count()).min(TARGETS_MAX)
    }

    /// How many characters of it have to be written in another way wherever they are shown.
    pub fn control_characters(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_control).count()
    }

    /// A cursor before the first word.
    pub fn words(&self) -> Cursor<'_> {
        let rest = match &self.words {
            Words::Line(span) => Rest::Line(span.of(&self.text).trim_ascii()),
            Words::List(spans) => Rest::List { text: &self.text, spans },
        };
        Cursor { verb: self.verb(), rest }
    }
}

/// Passwords travel in words, so a call shows its verb alone.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({} …)", self.verb())
    }
}

#[derive(Clone, Copy)]
enum Rest<'a> {
    List { text: &'a str, spans: &'a [Span] },
    Line(&'a str),
}

/// Reads words one after another, each into what it should be, or refuses.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    verb: &'a str,
    rest: Rest<'a>,
}

impl<'a> Cursor<'a> {
    /// The next word, if there is one. An IRC parameter may be empty.
    pub fn next_word(&mut self) -> Option<&'a str> {
        match &mut self.rest {
            Rest::List { text, spans } => {
                let (first, others) = spans.split_first()?;
                *spans = others;
                Some(first.of(text))
            }
            Rest::Line(line) => {
                let (word, others) = line.split_once([' ', '\t']).unwrap_or((line, ""));
                *line = others.trim_ascii_start();
                (!word.is_empty()).then_some(word)
            }
        }
    }

    /// What the next word will be, without reading it.
    pub fn peek(&self) -> Option<&'a str> {
        let mut ahead = *self;
        ahead.next_word()
    }

    /// Whether no word is left.
    pub fn is_empty(&self) -> bool {
        self.peek().is_none()
    }

    /// The rest: one parameter where words are cut already, else all that is left of the line.
    pub fn next_rest(&mut self) -> Option<&'a str> {
        match &mut self.rest {
            Rest::List { .. } => self.next_word(),
            Rest::Line(line) => {
                let all = std::mem::take(line);
                (!all.is_empty()).then_some(all)
            }
        }
    }

    /// Everything that is left, parameters joined by spaces: for reasons that scripts forget to mark with a colon.
    pub fn all_rest(&mut self) -> Option<String> {
        let first = self.next_rest()?;
        let mut all = first.to_owned();
        while let Some(more) = self.next_rest() {
            all.push(' ');
            all.push_str(more);
        }
        Some(all)
    }

    /// The refusal for words that are missing.
    pub fn missing(&self) -> Refusal {
        Refusal::NeedMoreWords { verb: self.verb.to_ascii_uppercase().into() }
    }

    /// The next word, which must be there.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`], also for an empty one.
    pub fn word(&mut self) -> Result<&'a str, Refusal> {
        match self.next_word() {
            Some(word) if !word.is_empty() => Ok(word),
            _ => Err(self.missing()),
        }
    }

    /// The rest, which must be there.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`], also for an empty one.
    pub fn rest(&mut self) -> Result<&'a str, Refusal> {
        match self.next_rest() {
            Some(rest) if !rest.is_empty() => Ok(rest),
            _ => Err(self.missing()),
        }
    }

    /// A reason, cut to [`REASON_BYTES_MAX`]. `None` when it is missing or empty.
    pub fn reason(&mut self) -> Option<Text> {
        self.next_rest().filter(|text| !text.is_empty()).map(|text| clip(text, REASON_BYTES_MAX).into())
    }

    /// A nickname of somebody who should exist.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`], or [`Refusal::NoSuchNick`] for what cannot be a nickname.
    pub fn nick(&mut self) -> Result<Nick, Refusal> {
        let word = self.word()?;
        Nick::new(word).map_err(|_| Refusal::NoSuchNick { nick: word.into() })
    }

    /// A name for an account.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`] or [`Refusal::BadAccountName`].
    pub fn account(&mut self) -> Result<Account, Refusal> {
        let word = self.word()?;
        Account::new(word).map_err(|why| Refusal::BadAccountName { name: word.into(), why })
    }

    /// A channel that should exist.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`], or [`Refusal::NoSuchChannel`] for what cannot be a channel.
    pub fn channel(&mut self) -> Result<ChannelName, Refusal> {
        let word = self.word()?;
        ChannelName::new(word).map_err(|_| Refusal::NoSuchChannel { channel: word.into() })
    }

    /// A list of words with commas between them: the first [`TARGETS_MAX`], and those that are too many.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`].
    pub fn list(&mut self) -> Result<(Vec<&'a str>, Vec<&'a str>), Refusal> {
        let mut words = self.word()?.split(',').filter(|word| !word.is_empty());
        let named: Vec<_> = words.by_ref().take(TARGETS_MAX).collect();
        if named.is_empty() {
            return Err(self.missing());
        }
        Ok((named, words.take(TARGETS_REFUSED_MAX).collect()))
    }

    /// A number.
    ///
    /// # Errors
    /// [`Refusal::NeedMoreWords`] or [`Refusal::BadWord`].
    pub fn number<N: FromStr>(&mut self) -> Result<N, Refusal> {
        let word = self.word()?;
        word.parse().map_err(|_| Refusal::BadWord { word: word.into(), expected: Expected::Number })
    }
}

/// The longest start of `text` that fits `bytes_max` and ends between characters.
pub fn clip(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_words_whole_and_a_line_is_cut_by_its_reader() {
        let call = Call::new("privmsg", &["#a,#b", "two words"]);
        let mut words = call.words();
        assert!(call.is("PRIVMSG"));
        assert_eq!(words.list(), Ok((vec!["#a", "#b"], vec![])));
        assert_eq!(words.rest(), Ok("two words"));
        assert_eq!(words.next_word(), None);

        let call = Call::line("msg", " bob  two  words ");
        let mut words = call.words();
        assert_eq!(words.nick(), Ok(Nick::new("bob").expect("valid")));
        assert_eq!(words.rest(), Ok("two  words"));
        assert_eq!(words.word(), Err(Refusal::NeedMoreWords { verb: "MSG".into() }));
    }

    #[test]
    fn how_many_a_line_names_is_known_before_it_is_read() {
        let targets = |verb, words: &[&str]| Call::new(verb, words).targets();
        assert_eq!(targets("JOIN", &["#a,#b,#c", "key,"]), 3);
        assert_eq!(targets("NICK", &["bob"]), 1);
        assert_eq!(targets("JOIN", &[]), 1);
        assert_eq!(targets("LINE", &["well, it is text, after all"]), 2);
        assert_eq!(targets("JOIN", &[&"#a,".repeat(99)]), TARGETS_MAX);
    }

    #[test]
    fn an_empty_parameter_is_a_word_but_not_a_name() {
        let call = Call::new("TOPIC", &["#a", ""]);
        let mut words = call.words();
        words.channel().expect("a channel");
        assert_eq!(words.next_rest(), Some(""));
        assert_eq!(
            Call::new("JOIN", &[""]).words().channel(),
            Err(Refusal::NeedMoreWords { verb: "JOIN".into() })
        );
    }

    #[test]
    fn a_call_never_shows_its_words() {
        assert_eq!(format!("{:?}", Call::new("PASS", &["hunter2"])), "Call(PASS …)");
    }

    #[test]
    fn clipping_ends_between_characters() {
        assert_eq!(clip("añb", 2), "a");
        assert_eq!(clip("añb", 9), "añb");
    }
}
