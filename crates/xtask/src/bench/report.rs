//! The table, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::figures::Table;

/// A Markdown table: ours, each peer, and how many times the peer's ours is.
pub(super) fn text(table: &Table) -> String {
    let Some((ours, others)) = table.peers.split_first() else { return String::new() };
    let mut text = format!("\n| | reads | {ours} |");
    for peer in others {
        let _ = write!(text, " {peer} | ratio |");
    }
    text.push_str("\n|---|---:|---:|");
    text.push_str(&"---:|---:|".repeat(others.len()));
    for ((reads, name), values) in &table.rows {
        let reads = if *reads == 0 { String::new() } else { reads.to_string() };
        let _ = write!(text, "\n| {name} | {reads} | {} |", figure(values.get(ours)));
        for peer in others {
            let ratio = values.get(ours).zip(values.get(peer)).map(|(ours, theirs)| ours / theirs);
            let ratio = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}×"));
            let _ = write!(text, " {} | {ratio} |", figure(values.get(peer)));
        }
    }
    text
}

fn figure(value: Option<&f64>) -> String {
    match value {
        None => "not measured".to_owned(),
        Some(value) if *value >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.2}"),
    }
}

/// The same as JSON: a list of figures, with null where nothing was measured.
pub(super) fn json(table: &Table) -> String {
    let figures: Vec<_> = table
        .rows
        .iter()
        .map(|((reads, name), values)| {
            let values: BTreeMap<_, _> = table.peers.iter().map(|peer| (peer, values.get(peer))).collect();
            serde_json::json!({"figure": name, "reads": reads, "values": values})
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(figures))
}
