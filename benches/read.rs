//! What one read costs beside its request: `cargo bench`.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use huaweicloud::SecretString;
use iotda_provider::internals;
use iotda_provider::iotda::Instance;
use time::OffsetDateTime;

const BODY: &[u8] = include_bytes!("../tests/fixtures/instances/enterprise.json");

fn read(criterion: &mut Criterion) {
    let (key, time) = (SecretString::from("SecretKey"), OffsetDateTime::UNIX_EPOCH);
    let path =
        "/v5/iot/0123456789abcdef0123456789abcdef/iotda-instances/8561675c-d8a3-4956-9884-9cf9cbdd3134";
    criterion.bench_function("sign", |bencher| bencher.iter(|| internals::sign(black_box(path), &key, time)));
    criterion
        .bench_function("decode", |bencher| bencher.iter(|| internals::decode::<Instance>(black_box(BODY))));
    let instance = internals::decode::<Instance>(BODY).unwrap_or_default();
    criterion.bench_function("flatten", |bencher| {
        bencher.iter_batched(|| instance.clone(), internals::flatten, BatchSize::SmallInput);
    });
    let state = internals::flatten(instance);
    criterion.bench_function("encode", |bencher| bencher.iter(|| internals::encode(black_box(&state))));
}

criterion_group!(benches, read);
criterion_main!(benches);
