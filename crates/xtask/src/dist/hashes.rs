//! The checksums that Terraform compares.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// SHA-256, in lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// The hash of a package's files that stands in lock files: `Hash1` of Go's `dirhash`, which is SHA-256, in base64, of a line
/// with hash and name for each file, by name. It does not depend on how they are packed.
pub(super) fn h1(files: &[(String, Vec<u8>)]) -> anyhow::Result<String> {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut lines = String::new();
    for (name, contents) in sorted {
        anyhow::ensure!(
            !name.contains('\n'),
            "{name:?} contains a line break, which the hash does not allow"
        );
        lines.push_str(&line(contents, name));
    }
    Ok(format!("h1:{}", STANDARD.encode(Sha256::digest(lines.as_bytes()))))
}

/// The text of `SHA256SUMS`, which `sha256sum --check` reads: by name.
pub(super) fn sums(files: &[(&str, &[u8])]) -> String {
    let mut sorted = files.to_vec();
    sorted.sort_by_key(|(name, _)| *name);
    sorted.into_iter().map(|(name, contents)| line(contents, name)).collect()
}

fn line(contents: &[u8], name: &str) -> String {
    format!("{}  {name}\n", sha256(contents))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with Python's hashlib, and, for a whole provider, with Terraform itself: see `acceptance`.
    #[test]
    fn h1_is_that_of_the_sorted_lines_of_all_files() {
        let files = [("b.txt".to_owned(), b"two\n".to_vec()), ("a/program".to_owned(), b"one".to_vec())];
        assert_eq!(h1(&files).unwrap(), "h1:cnl2Frs5ctG/3tAzLJHoZ4TYG/oxHTLl10Us8e5hbxY=");
        assert_eq!(h1(&[]).unwrap(), "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert!(h1(&[("a\nb".to_owned(), Vec::new())]).is_err());
    }

    #[test]
    fn sums_are_lines_by_name_that_sha256sum_reads() {
        assert_eq!(
            sums(&[("wx_2.zip", b""), ("wx_1.zip", b"abc")]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  wx_1.zip\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  wx_2.zip\n"
        );
    }
}
