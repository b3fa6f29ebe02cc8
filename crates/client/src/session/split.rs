//! Cuts what is too long for one IRC line into pieces that are not, between words where it can.

/// The pieces of a text, each of at most `bytes_max` bytes. Never empty, never in the middle of a character.
pub(crate) fn pieces(text: &str, bytes_max: usize) -> Vec<&str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while rest.len() > bytes_max {
        // At least one character goes, however small the limit, so that this comes to an end.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let whole = rest.floor_char_boundary(bytes_max).max(first);
        // A space right behind the piece is as good as one in it.
        let end = rest.floor_char_boundary(whole + 1);
        let cut = rest[..end].rfind(' ').filter(|at| *at > whole / 2).unwrap_or(whole);
        pieces.push(&rest[..cut]);
        rest = rest[cut..].trim_start_matches(' ');
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words_and_characters() {
        let cases: [(&str, usize, &[&str]); 6] = [
            ("short", 10, &["short"]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 8, &["one two", "three"]),
            ("abcdefgh", 3, &["abc", "def", "gh"]),
            ("日本語", 4, &["日", "本", "語"]),
            ("日本", 1, &["日", "本"]),
        ];
        for (text, bytes_max, expected) in cases {
            assert_eq!(pieces(text, bytes_max), expected, "{text:?} by {bytes_max}");
        }
    }
}
