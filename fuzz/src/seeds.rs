//! Writes the seed corpus, from what the tests hold: `cargo run --bin seeds`.

use std::error::Error;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iotda_provider::provider::IotdaProvider;
use tfplug::{Object as _, Type, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = fuzz.join("..");
    let write = |target: &str, name: &str, content: &[u8]| {
        let directory = fuzz.join("seeds").join(target);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(name), content)
    };

    for (index, (ty, json)) in TYPED.iter().enumerate() {
        write("types", &index.to_string(), ty.as_bytes())?;
        let parsed = Type::from_json(&serde_json::from_str(ty)?)?;
        let value = Value::from_json(&serde_json::from_str(json)?, &parsed)?;
        let seed = [ty.as_bytes(), b"\n", &value.to_msgpack()?].concat();
        write("msgpack", &index.to_string(), &seed)?;
    }
    write("msgpack", "unknown", b"[\"list\",\"string\"]\n\x93\xd4\0\0\xc7\x01\x0c\x80\xa1a")?;
    write("msgpack", "numbers", b"[\"list\",\"number\"]\n\x95\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xcb\x3f\xf8\0\0\0\0\0\0\xff\xa41e10\xca\x40\0\0\0")?;

    let block = IotdaProvider::block().implied_type();
    for (index, json) in BLOCKS.iter().enumerate() {
        write("provider_block", &format!("{index}.json"), json.as_bytes())?;
        let value = Value::from_json(&serde_json::from_str(json)?, &block)?.to_msgpack()?;
        write("provider_block", &index.to_string(), &value)?;
        write("data_source_config", &format!("p{index}"), &[b"p", &value[..]].concat())?;
        write("data_source_config", &format!("p{index}.json"), format!("p{json}").as_bytes())?;
    }
    for (index, json) in SOURCES.iter().enumerate() {
        write("data_source_config", &format!("{index}.json"), json.as_bytes())?;
    }
    write("data_source_config", "function", b"f\xa6device")?;

    for directory in ["tests/fixtures/instances", "tests/golden/instances"] {
        for entry in fs::read_dir(root.join(directory))? {
            let entry = entry?;
            write("bodies", &entry.file_name().to_string_lossy(), &fs::read(entry.path())?)?;
        }
    }
    for (index, body) in ERRORS.iter().enumerate() {
        write("bodies", &format!("error-{index}"), body.as_bytes())?;
    }
    for (index, profile) in PROFILES.iter().enumerate() {
        write("profile", &index.to_string(), format!("{}{profile}", index + 2).as_bytes())?;
    }
    for (index, url) in URLS.iter().enumerate() {
        write("urls", &index.to_string(), url.as_bytes())?;
    }
    let certificate = fs::read_to_string(root.join("crates/tfplug/tests/fixtures/host-p521.crt"))?;
    write("handshake", "certificate", format!("c{certificate}").as_bytes())?;
    write("handshake", "environment", b"ePLUGIN_MIN_PORT=10000\nPLUGIN_MAX_PORT=25000\nPLUGIN_PROTOCOL_VERSIONS=5,6\nTF_LOG=TRACE\nPLUGIN_UNIX_SOCKET_DIR=/tmp\n")?;
    write("handshake", "line", b"l1|6|unix|/tmp/x/plugin|grpc|MIIB\n")?;
    let base64: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64)?;
    write("handshake", "signature", &[b"s\x08\x30\x06\x02\x01\x01\x02\x01\x01", &der[..]].concat())?;
    Ok(())
}

const TYPED: &[(&str, &str)] = &[
    (r#""string""#, r#""x""#),
    (r#""number""#, "12.5"),
    (r#""bool""#, "true"),
    (r#""dynamic""#, r#"{"type":["list","string"],"value":["y"]}"#),
    (r#"["set",["map","number"]]"#, r#"[{"a":1,"b":-2}]"#),
    (r#"["tuple",["string","bool"]]"#, r#"["x",false]"#),
    (
        r#"["object",{"a":["list","string"],"b":["object",{"c":"number"}]}]"#,
        r#"{"a":["x",null],"b":{"c":1}}"#,
    ),
    (r#"["object",{"a":"string"},["a"]]"#, r#"{"a":null}"#),
];

const BLOCKS: &[&str] = &[
    "{}",
    r#"{"region":"cn-north-4","access_key":"AK","secret_key":"SK","project_id":"p","max_retries":3,"request_timeout":"30s"}"#,
    r#"{"region":"cn-north-4","user_name":"u","password":"p","domain_name":"d","endpoints":{"iotda_mgmt":"https://iotda.example.com/x","iam":"http://127.0.0.1:1"},"insecure":true}"#,
    r#"{"region":"x-1","token":"t","cloud":"example.com","auth_url":"https://iam.example.com/v3","assume_role":[{"agency_name":"a","domain_id":"d","duration":900}]}"#,
    r#"{"region":"r","assume_role_with_oidc":[{"agency_name":"a","domain_id":"d","idp_id":"i","id_token":"t"}],"cacert_file":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}"#,
];

/// The byte before each chooses the data source.
const SOURCES: &[&str] = &[
    r#"0{"instance_id":"8561675c-d8a3-4956-9884-9cf9cbdd3134","timeouts":{"read":"5m"}}"#,
    r#"0{"name":"a","region":"cn-north-4","wait_until_active":true}"#,
    r#"1{"name":"a","status":"ACTIVE","tags":{"a":"b"},"include_details":false}"#,
    r#"2{"instance_type":"standard"}"#,
    r#"3{"instance_id":"8561675c-d8a3-4956-9884-9cf9cbdd3134","status":"FAILED","type":"CREATE"}"#,
];

const ERRORS: &[&str] = &[
    r#"{"error_code":"IOTDA.000006","error_msg":"Invalid input data."}"#,
    r#"{"error_msg":"Incorrect HUNTER2","error_code":"APIGW.0301","request_id":"9358"}"#,
    r#"{"error":{"code":401,"message":"Wrong.","title":"Unauthorized"}}"#,
    r#"{"error_code":"A","error_msg":"B","details":[{"error_code":"C","error_msg":"D"}]}"#,
    "<html><head><title>502 Bad\nGateway</title>",
    "plain \u{1b}[31m words",
];

const PROFILES: &[&str] = &[
    r#"{"current":"default","profiles":[{"name":"default","mode":"AKSK","accessKeyId":"AK","secretAccessKey":"SK","region":"cn-north-4","projectId":"p"}]}"#,
    r#"{"profiles":[{"name":"default","mode":"SSO","ssoAuth":{"stsToken":{"accessKeyId":"AK","secretAccessKey":"SK","securityToken":"ST"}}}]}"#,
    r#"{"profiles":[{"name":"default","mode":"agency","agencyName":"a","agencyDomainName":"d","accessKeyId":"AK","secretAccessKey":"SK"}]}"#,
    r#"{"current":"other","profiles":null}"#,
];

const URLS: &[&str] = &[
    "https://iotda-mgmt.cn-north-4.myhuaweicloud.com\nv5\niot\np\niotda-instances\n8561675c\n\nlimit\n500\nmarker\na b&c=d",
    "http://127.0.0.1:8080/prefix/\nv3\nprojects\n\nname\ncn-north-4",
    "HTTPS://EXAMPLE.com:443\n..\n%2e%2e/x?y#z",
    "http://[::1]:80\na\\b\n\n+\n ",
    "http://169.254.169.254\nopenstack\nlatest",
];
