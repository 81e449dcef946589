//! The zip of one platform.

use std::io::{Cursor, Read as _, Write as _};

use anyhow::{Context as _, ensure};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::files::{NAME, VERSION, stem};
use super::hashes;
use super::platform::Target;

/// A zip, and what is said of it.
#[derive(Debug)]
pub(super) struct Archive {
    /// `linux_amd64`.
    pub(super) platform: &'static str,
    /// Its file name.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Terraform's hash of what is in it.
    pub(super) h1: String,
}

impl Archive {
    /// A binary, packed for a platform.
    pub(super) fn of_binary(target: Target, binary: &[u8]) -> anyhow::Result<Self> {
        Self::of_zip(target, pack(&program(target), binary)?)
    }

    /// A zip that was packed elsewhere.
    pub(super) fn of_zip(target: Target, bytes: Vec<u8>) -> anyhow::Result<Self> {
        let name = format!("{}_{}.zip", stem(), target.platform);
        let files = files(&bytes).with_context(|| format!("{name} cannot be read"))?;
        let (program, names): (_, Vec<_>) = (program(target), files.iter().map(|(name, _)| name).collect());
        ensure!(names == [&program], "{name} holds {names:?} instead of {program}");
        Ok(Self { platform: target.platform, h1: hashes::h1(&files)?, name, bytes })
    }
}

/// The name that Terraform looks for.
fn program(target: Target) -> String {
    format!("{}_v{}{}", NAME, VERSION, if target.is_windows() { ".exe" } else { "" })
}

/// A zip of one program. The same program gives the same bytes, on whatever machine and whenever it is packed.
fn pack(program: &str, contents: &[u8]) -> anyhow::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        // Terraform sets modes by it, for zips that were written on Windows too.
        .system(System::Unix)
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(program, options)?;
    zip.write_all(contents)?;
    Ok(zip.finish()?.into_inner())
}

/// Names and contents of the files in a zip.
fn files(bytes: &[u8]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index)?;
        if entry.is_file() {
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents)?;
            files.push((entry.name().to_owned(), contents));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_can_be_run_and_has_no_date_of_its_own() {
        let bytes = pack("terraform-provider-wx_v1.0.0", b"a program").unwrap();
        let mut zip = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let entry = zip.by_index(0).unwrap();
        assert_eq!(entry.unix_mode().unwrap() & 0o777, 0o755);
        assert_eq!(
            entry.last_modified().unwrap(),
            DateTime::from_date_and_time(1980, 1, 1, 0, 0, 0).unwrap()
        );
        drop(entry);
        assert_eq!(
            files(&bytes).unwrap(),
            [("terraform-provider-wx_v1.0.0".to_owned(), b"a program".to_vec())]
        );
    }

    /// The bytes are a promise: what compresses otherwise, or stamps, changes every checksum.
    #[test]
    fn packing_gives_the_bytes_that_it_always_gave() {
        let bytes = pack("program", &b"again and ".repeat(1000)).unwrap();
        assert_eq!(
            hashes::sha256(&bytes),
            "5de414ba255c42748175ad3d4a1f11ab327a76d33aa178272532404ae58fa737"
        );
    }

    #[test]
    fn an_archive_holds_the_program_of_its_platform_and_nothing_else() {
        let [linux, windows] =
            ["linux_amd64", "windows_amd64"].map(|name| Target::of_platform(name).unwrap());
        let archive = Archive::of_binary(windows, b"a program").unwrap();
        assert_eq!(archive.name, format!("terraform-provider-iotda_{VERSION}_windows_amd64.zip"));
        assert_eq!(Archive::of_zip(windows, archive.bytes.clone()).unwrap().h1, archive.h1);
        let error = Archive::of_zip(linux, archive.bytes).unwrap_err().to_string();
        assert!(error.contains(".exe\"] instead of terraform-provider-iotda_v"), "{error}");
    }

    #[test]
    fn what_is_no_zip_or_was_cut_short_is_an_error_that_names_it() {
        let target = Target::of_platform("linux_amd64").unwrap();
        let whole = pack("program", b"a program").unwrap();
        for bytes in [&b"<html>"[..], &whole[..whole.len() - 8]] {
            let error = Archive::of_zip(target, bytes.to_vec()).unwrap_err().to_string();
            assert!(error.ends_with("_linux_amd64.zip cannot be read"), "{error}");
        }
    }
}
