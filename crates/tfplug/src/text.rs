//! Text from other sources, and its conversion to a form that is safe to display.

use std::borrow::Cow;

/// Maximum length of a text, which may repeat what a stranger sent. Nobody reads more.
const MAX_TEXT: usize = 4 * 1024;

/// Returns whether a character is invisible, and hides or reorders the text around it: Unicode's `Bidi_Control`, its
/// tag characters, line and paragraph separators, and most zero-width characters.
///
/// The joiners U+200C and U+200D are not among them: Persian and many emoji require them.
///
/// Remove these characters from text of a server before you show it, as [`Diagnostic`](crate::Diagnostic)s do.
///
/// ```
/// assert!(tfplug::is_invisible('\u{202e}') && !tfplug::is_invisible('\u{200d}'));
/// ```
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Removes terminal control sequences from a text: hosts print it unchanged, whatever its source.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let bad = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || is_invisible(c);
    if text.len() <= MAX_TEXT && !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(MAX_TEXT);
    let (start, rest) = text.split_at(end);
    let mut clean: String = start.chars().map(|c| if bad(c) { '\u{fffd}' } else { c }).collect();
    if !rest.is_empty() {
        clean.push('…');
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: Unicode's `PropList.txt` for `Bidi_Control`, and the block Tags.
    #[test]
    fn of_all_characters_these_hide_or_reorder_text() {
        let bidi_control = [0x61c, 0x200e, 0x200f].into_iter().chain(0x202a..=0x202e).chain(0x2066..=0x2069);
        let tags = 0xe0000..=0xe007f;
        let separators = 0x2028..=0x2029;
        let without_width = [0x200b, 0xfeff].into_iter().chain(0x2060..=0x2065).chain(0x206a..=0x206f);
        let mut expected: Vec<u32> =
            bidi_control.chain(tags).chain(separators).chain(without_width).collect();
        expected.sort_unstable();
        let found: Vec<u32> = (char::MIN..=char::MAX).filter(|c| is_invisible(*c)).map(u32::from).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_strangers_words_do_nothing_to_a_terminal() {
        let plain = "two lines,\n\tand ünïcode: 中文 👩‍🔧 می‌خواهم";
        assert_eq!(harmless(plain), plain);
        assert_eq!(
            harmless("\u{1b}[2J\u{9b}31m\r\u{7}\u{202e}x\u{e0041}"),
            "\u{fffd}[2J\u{fffd}31m\u{fffd}\u{fffd}\u{fffd}x\u{fffd}"
        );
        let long = "é".repeat(1 << 20);
        let long = harmless(&long);
        assert!(long.len() <= MAX_TEXT + '…'.len_utf8() && long.ends_with('…'), "{}", long.len());
    }
}
