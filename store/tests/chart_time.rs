//! How long a chart of 2,000 items takes to load: printed always, held to its limit in release builds.

use crate::world::World;
use std::time::Duration;

const LIMIT: Duration = Duration::from_millis(25);

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it measures the machine's own time"
)]
async fn a_chart_of_2_000_items_loads_quickly() {
    let world = World::with_items(2_000).await;
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let start = std::time::Instant::now();
        let chart = world.chart().await;
        best = best.min(start.elapsed());
        assert_eq!(chart.items.len(), 2_000);
    }
    println!("a chart of 2,000 items: {best:?}");
    if !cfg!(debug_assertions) {
        assert!(best < LIMIT, "{best:?} is more than {LIMIT:?}");
    }
}
