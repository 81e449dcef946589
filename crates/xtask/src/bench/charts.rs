//! Time and memory against the number of reads.

use std::path::Path;

use anyhow::Context as _;
use plotters::prelude::*;

use super::figures::Table;

/// Draws `plan.svg` and `memory.svg`.
pub(super) fn draw(table: &Table, directory: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)?;
    for (file, figure, title, unit) in [
        ("plan.svg", "plan, ms", "terraform plan", "ms"),
        ("memory.svg", "memory of the provider, MiB", "memory of the provider", "MiB"),
    ] {
        let path = directory.join(file);
        chart(table, figure, title, unit, &path)
            .with_context(|| format!("{} cannot be drawn", path.display()))?;
    }
    Ok(())
}

fn chart(table: &Table, figure: &'static str, title: &str, unit: &str, path: &Path) -> anyhow::Result<()> {
    let reads: Vec<_> =
        table.rows.keys().filter(|(_, name)| *name == figure).map(|(reads, _)| *reads).collect();
    #[expect(clippy::cast_precision_loss, reason = "a position on paper")]
    let series: Vec<(&String, Vec<(f64, f64)>)> = table
        .peers
        .iter()
        .map(|peer| {
            let points =
                reads.iter().filter_map(|reads| Some((*reads as f64, table.get(*reads, figure, peer)?)));
            (peer, points.collect())
        })
        .collect();
    let points = series.iter().flat_map(|(_, points)| points);
    let (right, top) = points.fold((1.0_f64, 1.0_f64), |(x, y), point| (x.max(point.0), y.max(point.1)));

    let root = SVGBackend::new(path, (720, 400)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(format!("{title}, {unit}"), ("sans-serif", 18))
        .margin(16)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..right * 1.05, 0.0..top * 1.1)?;
    chart.configure_mesh().x_desc("reads").y_desc(unit).draw()?;
    for (position, (peer, points)) in series.iter().enumerate() {
        let color = Palette99::pick(position).to_rgba();
        chart
            .draw_series(LineSeries::new(points.clone(), color.stroke_width(2)).point_size(3))?
            .label(peer.as_str())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color));
    }
    chart.configure_series_labels().background_style(WHITE).border_style(BLACK).draw()?;
    root.present()?;
    Ok(())
}
