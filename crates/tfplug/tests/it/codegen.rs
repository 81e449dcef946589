//! The generated protocol code in `src/proto` is what `proto/*.proto` say.

use std::path::Path;

/// `BLESS=1 cargo test -p tfplug codegen` rewrites the files.
#[test]
fn checked_in_code_matches_the_proto_files() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["tfplugin6.proto", "plugin.proto", "health.proto"];
    let descriptors = protox::compile(files, [package.join("proto")]).unwrap();
    let out = tempfile::tempdir().unwrap();
    tonic_prost_build::configure()
        .out_dir(out.path())
        .build_transport(false)
        .client_mod_attribute(".", "#[cfg(feature = \"testing\")]")
        .compile_fds(descriptors)
        .unwrap();
    for name in ["tfplugin6.rs", "plugin.rs", "grpc.health.v1.rs"] {
        let fresh = std::fs::read_to_string(out.path().join(name)).unwrap();
        let kept = package.join("src/proto").join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&kept, &fresh).unwrap();
        }
        let checked_in = std::fs::read_to_string(&kept).unwrap_or_default();
        assert!(checked_in == fresh, "src/proto/{name} is out of date: run the command above this test");
    }
}
