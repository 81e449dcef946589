//! Paging of the instance API: newest first, continued from a marker.

use hyper::StatusCode;

use crate::http::reply::Reply;
use crate::http::request::Request;

const LARGEST_LIMIT: usize = 500;
const LARGEST_OFFSET: usize = 500;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageQuery {
    limit: usize,
    offset: usize,
    /// Limits the page to records below this one.
    below: u64,
}

#[derive(Debug)]
pub(super) struct Page<T> {
    /// Number of all matches, on any page.
    pub(super) count: usize,
    /// The last record of the page; `None` if the page is empty.
    pub(super) marker: Option<String>,
    pub(super) items: Vec<T>,
}

impl PageQuery {
    pub(super) fn of(request: &Request) -> Result<Self, Reply> {
        let number = |name: &str, default: usize| match request.query_value(name) {
            None => Some(default),
            Some(text) => text.parse::<usize>().ok(),
        };
        let limit = number("limit", LARGEST_LIMIT)
            .filter(|limit| (1..=LARGEST_LIMIT).contains(limit))
            .ok_or_else(|| bad_request("IOTDA.000017", "The value of limit is out of range."))?;
        // No code is documented for the offset alone, so this is the general one for invalid input.
        let offset = number("offset", 0)
            .filter(|offset| *offset <= LARGEST_OFFSET)
            .ok_or_else(|| bad_request("IOTDA.000006", "Invalid input data. offset is out of range."))?;
        let below = request.query_value("marker").map_or(Ok(u64::MAX), |marker| record(&marker))?;
        Ok(Self { limit, offset, below })
    }

    /// Selects a page from records sorted newest first.
    pub(super) fn take<T>(&self, records: impl Iterator<Item = (u64, T)>) -> Page<T> {
        let all: Vec<_> = records.collect();
        let count = all.len();
        let after = all.into_iter().filter(|(record, _)| *record < self.below);
        let (records, items): (Vec<_>, Vec<_>) = after.skip(self.offset).take(self.limit).unzip();
        Page { count, marker: records.last().map(|record| marker(*record)), items }
    }
}

/// Returns items that are kept oldest first as records sorted newest first.
pub(super) fn newest_first<T>(oldest_first: &[T]) -> impl Iterator<Item = (u64, &T)> {
    let newest = oldest_first.len() as u64;
    (0..newest).map(move |age| newest - age).zip(oldest_first.iter().rev())
}

/// Formats a marker: a record id of 24 hexadecimal digits.
fn marker(record: u64) -> String {
    format!("{record:024x}")
}

fn record(marker: &str) -> Result<u64, Reply> {
    // The largest marker means "from the newest on" in the API's own examples.
    if marker == "f".repeat(24) {
        return Ok(u64::MAX);
    }
    let well_formed = marker.len() == 24 && marker.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(marker, 16)
        .ok()
        .filter(|_| well_formed)
        .ok_or_else(|| bad_request("IOTDA.000018", "The value of marker is out of range."))
}

pub(super) fn bad_request(code: &str, message: &str) -> Reply {
    Reply::service_error(StatusCode::BAD_REQUEST, code, message)
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;
    use crate::http::request::sample;

    fn query(text: &str) -> Result<PageQuery, String> {
        let refused = |reply: Reply| String::from_utf8(reply.body.to_vec()).unwrap();
        PageQuery::of(&sample(Method::GET, "/", text)).map_err(refused)
    }

    fn page(text: &str, records: u64) -> Page<u64> {
        query(text).unwrap().take((1..=records).rev().map(|record| (record, record)))
    }

    #[test]
    fn limits_and_offsets_have_their_range() {
        for good in ["", "limit=1", "limit=500", "offset=0", "offset=500"] {
            assert!(query(good).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("limit=0", "IOTDA.000017"),
            ("limit=501", "IOTDA.000017"),
            ("limit=-1", "IOTDA.000017"),
            ("limit=", "IOTDA.000017"),
            ("offset=501", "IOTDA.000006"),
            ("offset=x", "IOTDA.000006"),
            ("marker=", "IOTDA.000018"),
            ("marker=1", "IOTDA.000018"),
            ("marker=zzzzzzzzzzzzzzzzzzzzzzzz", "IOTDA.000018"),
        ] {
            assert!(query(bad).unwrap_err().contains(code), "{bad}");
        }
    }

    #[test]
    fn the_default_page_holds_five_hundred() {
        for (records, on_the_page) in [(0, 0), (1, 1), (500, 500), (501, 500)] {
            let page = page("", records);
            assert_eq!((page.items.len() as u64, page.count as u64), (on_the_page, records));
            assert_eq!(page.marker.is_none(), records == 0);
        }
    }

    #[test]
    fn markers_lead_through_everything_once() {
        let (mut seen, mut text) = (Vec::new(), "limit=2".to_owned());
        loop {
            let page = page(&text, 5);
            assert_eq!(page.count, 5);
            seen.extend(page.items);
            let Some(marker) = page.marker else { break };
            text = format!("limit=2&marker={marker}");
        }
        assert_eq!(seen, [5, 4, 3, 2, 1]);
    }

    #[test]
    fn the_offset_counts_from_the_marker() {
        assert_eq!(page("offset=1&limit=1", 5).items, [4]);
        assert_eq!(page(&format!("offset=1&limit=1&marker={}", marker(4)), 5).items, [2]);
        assert_eq!(page(&format!("limit=1&marker={}", "f".repeat(24)), 5).items, [5]);
        assert_eq!(page("offset=500", 5).marker, None);
    }
}
