//! Credentials that expire: renewed once, ahead of time, and without delaying or failing any read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::advance;

use super::*;
use crate::network::wire::TransportError;
use crate::scope::Scope;

#[tokio::test(start_paused = true)]
async fn a_thousand_reads_across_an_expiry_cause_one_renewal() {
    let keys = Arc::new(AtomicUsize::new(0));
    let issued = Arc::clone(&keys);
    let (client, _) = start(&nobody(), move |_, outgoing| {
        if outgoing.url.ends_with("/token") {
            return Act::ok("session");
        }
        if outgoing.url.ends_with("/securitykey") {
            let number = issued.fetch_add(1, Ordering::SeqCst);
            return temporary(
                &format!("KEY{number}"),
                if number == 0 { EXPIRY } else { "2024-01-15T11:30:45Z" },
            );
        }
        Act::ok("{}")
    });
    client.get(&READ).await.unwrap();
    // Ten minutes ahead of the expiry the key is still fresh for one more second.
    advance(Duration::from_secs(50 * 60 - 1)).await;
    client.get(&READ).await.unwrap();
    assert_eq!(keys.load(Ordering::SeqCst), 1);
    advance(Duration::from_secs(1)).await;
    let results = join_all((0..1000).map(|_| client.get(&READ))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(keys.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_leaves_the_old_key_in_use_while_it_lives() {
    let (client, journal) = start(&nobody(), |number, outgoing| match number {
        0 => Act::ok("session"),
        1 => temporary("OLD", EXPIRY),
        _ if outgoing.url.contains("169.254") => {
            Act::Fail(TransportError::new(Kind::Connect, "Gone.", false))
        }
        _ => Act::ok("{}"),
    });
    client.get(&READ).await.unwrap();
    advance(Duration::from_mins(55)).await;
    client.get(&READ).await.unwrap();
    client.get(&READ).await.unwrap();
    // One attempt to renew; the next one follows half a minute later at the earliest.
    assert_eq!(journal.urls().iter().filter(|url| url.contains("169.254")).count(), 3);
    advance(Duration::from_mins(6)).await;
    // The source supplied a key once, so it may do so again.
    let error = client.get(&READ).await.err().unwrap();
    assert_eq!(*error.kind(), Kind::CredentialSource, "{error}");
}

/// A service that returns one key and then stops responding.
fn once_then_silent() -> (Client, Journal) {
    start(&nobody(), |number, outgoing| match number {
        0 => Act::ok("session"),
        1 => temporary("OLD", EXPIRY),
        _ if outgoing.url.contains("169.254") => Act::never(),
        _ => Act::ok("{}"),
    })
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_holds_nobody_up() {
    let (client, _) = once_then_silent();
    client.get(&READ).await.unwrap();
    advance(Duration::from_mins(52)).await;
    let begun = Instant::now();
    let reads = (0..20).map(|_| async {
        client.get(&READ).await.unwrap();
        begun.elapsed()
    });
    let mut took = join_all(reads).await;
    took.sort();
    // The read that renews waits as long as the metadata service may take; the others use the key that is still valid.
    assert!(took[18] < Duration::from_secs(1) && took[19] <= Duration::from_secs(5), "{took:?}");
    // A read with little time keeps half of it.
    advance(Duration::from_secs(31)).await;
    let deadline = Some(Instant::now() + Duration::from_secs(2));
    client.get(&Get { scope: Scope { deadline, ..READ.scope }, ..READ }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_key_is_not_used_beyond_its_end_though_its_renewal_failed_just_before() {
    let (client, journal) = once_then_silent();
    client.get(&READ).await.unwrap();
    advance(Duration::from_secs(3600 - 10)).await;
    client.get(&READ).await.unwrap();
    advance(Duration::from_secs(11)).await;
    let reads = journal.headers("authorization").iter().filter(|value| value.contains("OLD")).count();
    assert!(client.get(&READ).await.is_err());
    let now = journal.headers("authorization").iter().filter(|value| value.contains("OLD")).count();
    assert_eq!((reads, now), (2, 2));
}

/// The metadata service takes longer than one read has time for.
#[tokio::test(start_paused = true)]
async fn who_has_little_time_decides_nothing_for_the_others() {
    let (client, _) = start(&nobody(), |_, outgoing| {
        let answer = match &outgoing.url {
            url if url.ends_with("/token") => Act::ok("session"),
            url if url.ends_with("/securitykey") => temporary("KEY", EXPIRY),
            _ => return Act::ok("{}"),
        };
        Act::After(Duration::from_millis(1200), Box::new(answer))
    });
    let hurried = Get {
        scope: Scope { deadline: Some(Instant::now() + Duration::from_secs(1)), ..READ.scope },
        ..READ
    };
    let (first, second) = futures_util::future::join(client.get(&hurried), client.get(&READ)).await;
    assert_eq!(*first.err().unwrap().kind(), Kind::Deadline);
    second.unwrap();
}

/// This machine's clock is eleven minutes slow: the key's remaining hour is still a full hour.
#[tokio::test(start_paused = true)]
async fn a_life_is_measured_by_the_clock_of_who_gave_it() {
    let issued = Arc::new(AtomicUsize::new(0));
    let keys = Arc::clone(&issued);
    let (client, _) = start(&nobody(), move |_, outgoing| match &outgoing.url {
        url if url.ends_with("/token") => Act::ok("session"),
        url if url.ends_with("/securitykey") => {
            keys.fetch_add(1, Ordering::SeqCst);
            let Act::Respond(status, _, body) = temporary("KEY", "2024-01-15T10:41:45Z") else {
                unreachable!()
            };
            Act::Respond(status, vec![("date", "Mon, 15 Jan 2024 09:41:45 GMT".into())], body)
        }
        _ => Act::ok("{}"),
    });
    client.get(&READ).await.unwrap();
    advance(Duration::from_secs(50 * 60 - 1)).await;
    client.get(&READ).await.unwrap();
    assert_eq!(issued.load(Ordering::SeqCst), 1);
    advance(Duration::from_secs(1)).await;
    client.get(&READ).await.unwrap();
    assert_eq!(issued.load(Ordering::SeqCst), 2);
}
