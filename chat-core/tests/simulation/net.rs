//! The bus of the simulation: it loses, doubles, delays and reorders what it is given.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use chat_core::{Bus, BusEvent, Hint, InProcessBus, Topic, UserId};
use futures_util::{
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tokio::sync::broadcast;

use crate::world::Random;

/// How the bus is just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Fair,
    /// Loses a third, doubles a third, delays the rest, so that later hints overtake.
    Stormy,
    /// Loses everything and says nothing.
    Dead,
}

/// What the nodes share.
pub(crate) struct Net {
    inside: Mutex<Inside>,
    // Who is present is state: it survives the weather.
    presence: InProcessBus,
    sender: broadcast::Sender<(u64, BusEvent)>,
}

struct Inside {
    random: Random,
    weather: Weather,
    nodes: u64,
    lost: usize,
}

impl Net {
    pub(crate) fn new(random: Random) -> Arc<Self> {
        let inside = Inside { random, weather: Weather::Fair, nodes: 0, lost: 0 };
        let (sender, _) = broadcast::channel(64);
        Arc::new(Self { inside: Mutex::new(inside), presence: InProcessBus::new(), sender })
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.inside.lock().unwrap().weather = weather;
    }

    pub(crate) fn lost(&self) -> usize {
        self.inside.lock().unwrap().lost
    }

    pub(crate) fn join(self: &Arc<Self>) -> SimBus {
        let mut inside = self.inside.lock().unwrap();
        inside.nodes += 1;
        SimBus { node: inside.nodes, presence: self.presence.join(), net: Arc::clone(self) }
    }

    /// After how many milliseconds each copy arrives.
    fn copies(&self) -> Vec<u64> {
        let mut inside = self.inside.lock().unwrap();
        let copies = match (inside.weather, inside.random.below(3)) {
            (Weather::Fair, _) => vec![0],
            (Weather::Dead, _) | (Weather::Stormy, 0) => Vec::new(),
            (Weather::Stormy, 1) => vec![inside.random.below(400), inside.random.below(400)],
            (Weather::Stormy, _) => vec![inside.random.below(400)],
        };
        inside.lost += usize::from(copies.is_empty());
        copies
    }
}

/// A node's place.
pub(crate) struct SimBus {
    node: u64,
    presence: InProcessBus,
    net: Arc<Net>,
}

impl Bus for SimBus {
    fn publish(&self, hint: Hint) {
        for after_ms in self.net.copies() {
            let (sender, node, event) = (self.net.sender.clone(), self.node, BusEvent::Got(hint.clone()));
            if after_ms == 0 {
                let _nobody_listens = sender.send((node, event));
                continue;
            }
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                let _nobody_listens = sender.send((node, event));
            });
        }
    }

    fn subscribe(&self, _: Topic) {}

    fn unsubscribe(&self, _: Topic) {}

    fn events(&self) -> BoxStream<'static, BusEvent> {
        let node = self.node;
        Box::pin(stream::unfold(self.net.sender.subscribe(), move |mut receiver| async move {
            loop {
                match receiver.recv().await {
                    Ok((from, _)) if from == node => {}
                    Ok((_, event)) => return Some((event, receiver)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        return Some((BusEvent::MaybeLost, receiver));
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        }))
    }

    fn set_present(&self, user: UserId, present: bool) {
        self.presence.set_present(user, present);
    }

    fn present(&self, users: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>> {
        self.presence.present(users)
    }
}
