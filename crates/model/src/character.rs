//! Characters that mislead whoever reads them.

/// Whether a character has no place in a line or a name that others read: line and paragraph separators; the marks,
/// embeddings, overrides and isolates of the bidirectional algorithm; and what cannot be seen and makes two words look
/// like one. The joiners and variation selectors of emoji stay.
pub fn has_no_place(c: char) -> bool {
    matches!(
        c,
        '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}
