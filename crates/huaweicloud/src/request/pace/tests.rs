use futures_util::future::join_all;

use super::*;

/// A gateway that accepts a number of requests in each clock-aligned period, and may name its quota.
struct Gateway {
    quota: Quota,
    is_told: bool,
    begun: Instant,
    passed: Mutex<BTreeMap<u128, u32>>,
}

impl Gateway {
    fn new(limit: u32, seconds: u64, is_told: bool) -> Self {
        let quota = Quota { limit, period: Duration::from_secs(seconds) };
        Self { quota, is_told, begun: Instant::now(), passed: Mutex::default() }
    }

    fn passes(&self) -> bool {
        let window = self.begun.elapsed().as_millis() / self.quota.period.as_millis();
        let mut passed = lock(&self.passed);
        let count = passed.entry(window).or_default();
        *count += 1;
        *count <= self.quota.limit
    }

    /// Sends a request until it is accepted; returns how often it was throttled.
    async fn read(&self, pace: &Pace, deadline: Duration) -> Result<u32, TooLate> {
        let deadline = Instant::now() + deadline;
        let mut refusals = 0;
        loop {
            let pass = pace.enter(deadline).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.passes() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                pace.accepted(pass);
                return Ok(refusals);
            }
            pace.refused(pass, self.is_told.then_some(self.quota), None, u32::MAX / 2);
            refusals += 1;
        }
    }
}

const FIVE_MINUTES: Duration = Duration::from_mins(5);

/// Sends forty reads at once; returns how often one of them was throttled at most, and the time they took.
async fn forty(gateway: &Gateway) -> (u32, Duration) {
    let pace = Pace::default();
    let begun = Instant::now();
    let reads = join_all((0..40).map(|_| gateway.read(&pace, FIVE_MINUTES))).await;
    (reads.into_iter().map(Result::unwrap).max().unwrap(), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn without_refusals_nothing_waits() {
    let (pace, begun) = (Pace::default(), Instant::now());
    for _ in 0..10_000 {
        let pass = pace.enter(begun).await.unwrap();
        pace.accepted(pass);
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(lock(&pace.state).sent.len() <= REMEMBERED as usize);
}

#[tokio::test(start_paused = true)]
async fn a_named_quota_is_kept_after_the_first_refusals() {
    let (refusals, time) = forty(&Gateway::new(5, 1, true)).await;
    assert!(refusals <= 1, "{refusals}");
    assert!(time < Duration::from_secs(11), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_is_not_named_is_found() {
    let (refusals, time) = forty(&Gateway::new(5, 1, false)).await;
    assert!(refusals <= 3, "{refusals}");
    assert!(time < Duration::from_secs(20), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_window_of_a_minute_is_sat_out() {
    let (pace, gateway) = (Pace::default(), Gateway::new(5, 60, true));
    let begun = Instant::now();
    let reads = join_all((0..10).map(|_| gateway.read(&pace, FIVE_MINUTES))).await;
    let refusals: Vec<u32> = reads.into_iter().map(Result::unwrap).collect();
    assert_eq!(refusals, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    assert!(begun.elapsed() < Duration::from_secs(65), "{:?}", begun.elapsed());
}

/// Other clients have used up the window: the requests of this process do not show when it ends.
#[tokio::test(start_paused = true)]
async fn a_window_that_others_used_up_costs_three_refusals() {
    for minutes in [1, 5] {
        let (pace, gateway) = (Pace::default(), Gateway::new(5, 60 * minutes, true));
        (0..5).for_each(|_| assert!(gateway.passes()));
        let refusals = gateway.read(&pace, Duration::from_mins(10)).await.unwrap();
        assert!(refusals <= 3, "{minutes} min: {refusals}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_wait_is_honoured_by_everybody() {
    let (pace, begun) = (Pace::default(), Instant::now());
    let pass = pace.enter(begun).await.unwrap();
    pace.refused(pass, None, Some(Duration::from_secs(7)), 0);
    let far = begun + FIVE_MINUTES;
    join_all((0..3).map(|_| async {
        pace.enter(far).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_secs(7), "{:?}", begun.elapsed());
    }))
    .await;
    // A wait of zero is still a wait.
    let pass = pace.enter(far).await.unwrap();
    let refused = Instant::now();
    pace.refused(pass, None, Some(Duration::ZERO), 0);
    pace.enter(far).await.unwrap();
    assert_eq!(refused.elapsed(), FLOOR);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_refused_at_once() {
    let (pace, begun) = (Pace::default(), Instant::now());
    let pass = pace.enter(begun).await.unwrap();
    pace.refused(pass, Quota::read("limit:5,time:1 minute"), Some(Duration::from_mins(1)), 0);
    let late = pace.enter(begun + Duration::from_secs(30)).await.unwrap_err();
    assert_eq!((late.opens_in, begun.elapsed()), (Some(Duration::from_mins(1)), Duration::ZERO));
    assert_eq!(late.quota, Quota::read("limit:5,time:1 minute"));
}

#[tokio::test(start_paused = true)]
async fn a_place_in_the_queue_has_the_deadline_of_its_read() {
    let (pace, begun) = (Pace::default(), Instant::now());
    let pass = pace.enter(begun).await.unwrap();
    pace.refused(pass, None, Some(Duration::from_secs(20)), 0);
    let (first, second) =
        tokio::join!(pace.enter(begun + FIVE_MINUTES), pace.enter(begun + Duration::from_secs(5)));
    assert!(first.is_ok() && second.is_err_and(|late| late.opens_in.is_none()));
    // A request that is dropped leaves its place to the next.
    let pass = pace.enter(begun + FIVE_MINUTES).await.unwrap();
    pace.refused(pass, None, Some(Duration::from_secs(20)), 0);
    let given_up = tokio::time::timeout(Duration::from_secs(1), pace.enter(begun + FIVE_MINUTES)).await;
    assert!(given_up.is_err());
    assert!(pace.enter(begun + FIVE_MINUTES).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_queue_widens_again() {
    let (pace, begun) = (Pace::default(), Instant::now());
    let far = begun + Duration::from_hours(1);
    let pass = pace.enter(far).await.unwrap();
    pace.refused(pass, None, None, 0);
    // One per second, then more and more, then all at once.
    let mut counts = Vec::new();
    for _ in 0..7 {
        let end = Instant::now() + Duration::from_secs(11);
        let mut count = 0;
        while count < 1_000 {
            let Ok(Ok(pass)) = timeout_at(end, pace.enter(far)).await else { break };
            pace.accepted(pass);
            count += 1;
        }
        sleep_until(end).await;
        counts.push(count);
    }
    assert!(
        counts[0] >= 10 && counts.windows(2).all(|pair| pair[0] < pair[1] || pair[1] == 1_000),
        "{counts:?}"
    );
    assert_eq!(counts[6], 1_000, "{counts:?}");
}

/// One request in a hundred is throttled, regardless of the pace: there is no quota, only occasional failures.
#[tokio::test(start_paused = true)]
async fn refusals_by_chance_cost_little() {
    let (pace, begun, count) = (Pace::default(), Instant::now(), Mutex::new(0));
    let far = begun + FIVE_MINUTES;
    join_all((0..1_000).map(|_| async {
        loop {
            let pass = pace.enter(far).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            let number = {
                let mut count = lock(&count);
                *count += 1;
                *count
            };
            if number % 100 != 1 {
                return pace.accepted(pass);
            }
            pace.refused(pass, None, None, u32::MAX / 2);
        }
    }))
    .await;
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn refusals_in_a_row_double_the_wait_and_a_success_ends_the_row() {
    let pace = Pace::default();
    let far = Instant::now() + Duration::from_hours(1);
    let mut waits = Vec::new();
    for round in 0..8 {
        let pass = pace.enter(far).await.unwrap();
        let refused = Instant::now();
        pace.refused(pass, None, None, 0);
        let pass = pace.enter(far).await.unwrap();
        waits.push(refused.elapsed().as_secs());
        if round == 6 {
            pace.accepted(pass);
        } else {
            lock(&pace.state).sent.clear();
        }
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 20, 20, 1]);
    assert_eq!(wait(None, 0, u32::MAX), Duration::from_millis(1500));
    assert_eq!(wait(Quota::read("limit:5,time:1 minute"), 0, u32::MAX), Duration::from_secs(30));
    assert_eq!(wait(Quota::read("limit:5,time:1 day"), 0, 0), LONGEST_SHARE);
}
