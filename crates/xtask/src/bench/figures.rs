//! Figures, as measured; what was not measured has none.

use std::collections::BTreeMap;

use super::options::Peer;

/// The number of reads that a figure is about, 0 where it is about none, and its name.
type Key = (usize, &'static str);

/// Medians by figure and peer.
pub(super) struct Table {
    pub(super) peers: Vec<String>,
    pub(super) rows: BTreeMap<Key, BTreeMap<String, f64>>,
}

impl Table {
    pub(super) fn new(peers: &[Peer]) -> Self {
        Self { peers: peers.iter().map(|peer| peer.name.clone()).collect(), rows: BTreeMap::new() }
    }

    pub(super) fn set(&mut self, reads: usize, name: &'static str, peer: &str, value: f64) {
        self.rows.entry((reads, name)).or_default().insert(peer.to_owned(), value);
    }

    pub(super) fn get(&self, reads: usize, name: &'static str, peer: &str) -> Option<f64> {
        self.rows.get(&(reads, name))?.get(peer).copied()
    }
}

/// The middle of the samples.
pub(super) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}
