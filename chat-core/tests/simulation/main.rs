//! Many clients, three nodes, one store and one bus in one thread and in virtual time. A seed decides everything: who
//! sends, pulls, stalls, goes and comes back, which node dies, which hints are lost, doubled or late, when the store does
//! not answer, what is purged, when the store is restored, and whose access is withdrawn. Each client checks every frame as it comes; at the end all must agree.
//!
//! `CHAT_SIMULATION_SEEDS=20000` runs more of them, `CHAT_SIMULATION_SEED=17` one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod flaky;
mod net;
mod person;
mod world;

use world::World;

/// Seeds of an ordinary run, and steps of each.
const SEEDS: u64 = 200;
const STEPS: u32 = 250;

#[test]
fn any_fate_ends_in_agreement() {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seeds = match number("CHAT_SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CHAT_SIMULATION_SEEDS").unwrap_or(SEEDS),
    };
    let (mut sent, mut reconnects, mut lost_hints, mut crashes) = (0, 0, 0, 0);
    let (mut forgotten, mut resets) = (0, 0);
    for seed in seeds.clone() {
        let end = fate(seed);
        sent += end.sent;
        reconnects += end.reconnects;
        lost_hints += end.lost_hints;
        crashes += end.crashes;
        forgotten += end.forgotten;
        resets += end.resets;
    }
    println!(
        "{} seeds: {sent} entries, {reconnects} reconnects, {crashes} nodes died, {lost_hints} hints lost, {forgotten} purges and \
         restores, {resets} had to start over; 0 entries lost, doubled or out of order",
        seeds.count()
    );
    assert!(sent > 0 && reconnects > 0 && lost_hints > 0 && crashes > 0, "nothing happened");
}

#[test]
fn same_seed_is_the_same_fate() {
    for seed in [1, 2, 3] {
        assert_eq!(fate(seed).trace, fate(seed).trace);
    }
}

/// What a run was like.
struct End {
    trace: String,
    sent: usize,
    reconnects: usize,
    crashes: usize,
    forgotten: usize,
    resets: usize,
    lost_hints: usize,
}

fn fate(seed: u64) -> End {
    let _names_the_seed = Named(seed);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed).await;
        for _ in 0..STEPS {
            world.step().await;
        }
        world.end().await
    })
}

/// Says which seed it was when a run fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was CHAT_SIMULATION_SEED={}", self.0);
        }
    }
}
