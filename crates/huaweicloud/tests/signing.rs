//! The published vectors of SDK-HMAC-SHA256, and the project's own, stage by stage.
#![allow(clippy::unwrap_used, reason = "tests want to fail loudly")]

use std::collections::BTreeMap;

use huaweicloud::internals::stages;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    id: String,
    access_key: String,
    secret_key: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers_signed: BTreeMap<String, String>,
    body: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

#[test]
fn every_vector_is_signed_as_published() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("fixtures/signing_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 20);
    for vector in vectors {
        let headers: BTreeMap<String, &str> =
            vector.headers_signed.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let query: Vec<(&str, &str)> = vector.query.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let key = (vector.access_key.as_str(), &vector.secret_key.into());
        let signed = stages(key, &vector.method, &vector.path, &query, &headers, vector.body.as_bytes());
        let published =
            [vector.canonical_request, vector.string_to_sign, vector.signature, vector.authorization];
        assert_eq!(signed, published, "{}", vector.id);
    }
}
