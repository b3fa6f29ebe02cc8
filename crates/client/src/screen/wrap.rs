//! Breaks a long sentence between words, where a terminal would break it anywhere.

use unicode_width::UnicodeWidthStr as _;

/// In front of what a row has no room for; as wide as the sign before a sentence.
const INDENT_COLUMNS: usize = 3;

/// The rows of a text in so many columns. What is behind a gap, as in a table, goes on in the gap's column.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let gap = text.rfind("  ").map(|at| text[..at + 2].width());
    let indent = gap.filter(|gap| gap * 3 <= columns * 2).unwrap_or(INDENT_COLUMNS);
    let mut rows = Vec::new();
    let mut row = String::new();
    for piece in text.split_inclusive(' ') {
        let is_begun = row.width() > indent || (rows.is_empty() && !row.is_empty());
        if is_begun && row.width() + piece.trim_end().width() > columns {
            rows.push(row.trim_end().to_owned());
            row = " ".repeat(indent);
        }
        row.push_str(piece);
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn a_sentence_breaks_between_words_and_a_table_under_its_column() {
        let cases: [(&str, usize, &[&str]); 5] = [
            ("-- short", 20, &["-- short"]),
            ("-- one two three four", 10, &["-- one two", "   three", "   four"]),
            ("--   /ls   who is here now", 20, &["--   /ls   who is", "           here now"]),
            ("--   /whois nick      who somebody is", 24, &["--   /whois nick", "   who somebody is"]),
            ("!! waytoolongforarow yes", 10, &["!!", "   waytoolongforarow", "   yes"]),
        ];
        for (text, columns, expected) in cases {
            assert_eq!(wrap(text, columns), expected, "{text:?} in {columns}");
        }
    }
}
