//! Text from a server, sanitized.

use super::masking::{self, Hidden};

/// Maximum length of a text that is repeated from a server, in bytes.
pub(super) const TEXT_LIMIT: usize = 1024;

/// Returns text from a server on one line, without control characters, at most 1 KiB. `None` if nothing is left.
/// Characters that reorder text remain; code that displays it must replace them.
pub fn tidy(text: &str) -> Option<String> {
    tidy_masked(text, &[])
}

/// Returns the same with every secret masked; also `None` for a text that must be withheld.
pub(crate) fn tidy_masked(text: &str, hidden: &[Hidden]) -> Option<String> {
    let masked = masking::mask(text, hidden)?;
    let mut out = String::with_capacity(masked.len().min(TEXT_LIMIT + 4));
    for word in masked.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > TEXT_LIMIT {
            let cut = (0..=TEXT_LIMIT).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
            out.truncate(cut);
            out.push('…');
            break;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Whether a body is markup rather than data.
pub(crate) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_text_is_made_harmless() {
        assert_eq!(tidy("a\u{1b}[31mb\r\nc\0d").as_deref(), Some("a [31mb c d"));
        let long = tidy(&"é".repeat(2000)).unwrap();
        assert!(long.len() <= TEXT_LIMIT + '…'.len_utf8() && long.ends_with('…'));
    }
}
