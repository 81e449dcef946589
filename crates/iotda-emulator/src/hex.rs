//! Hexadecimal digits.

/// Formats bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        push_hex(&mut text, *byte, b'a');
    }
    text
}

/// Appends a byte's two digits; `ten` is the digit after 9: `b'a'` or `b'A'`.
pub(crate) fn push_hex(text: &mut String, byte: u8, ten: u8) {
    for digit in [byte >> 4, byte & 15] {
        text.push(char::from(if digit < 10 { b'0' + digit } else { ten + digit - 10 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(hex(&[0, 9, 10, 0x7f, 0xff]), "00090a7fff");
        let mut upper = String::new();
        push_hex(&mut upper, 0xaf, b'A');
        assert_eq!(upper, "AF");
    }
}
