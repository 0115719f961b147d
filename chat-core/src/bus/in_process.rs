//! The bus of nodes that share a process: one engine alone, or several in a test.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use futures_util::{
    future::{self, BoxFuture},
    stream::{self, BoxStream},
};
use tokio::sync::broadcast::{self, error::RecvError};

use super::{Bus, BusEvent, Hint, Topic};
use crate::{UserId, hub::lock};

/// A bus within the process. [`InProcessBus::join`] adds a node to it; dropping the node's handle takes it away.
///
/// Every node hears every topic. A node that falls behind by [`InProcessBus::BACKLOG_HINTS_MAX`] hints
/// hears [`BusEvent::MaybeLost`] instead of them.
#[derive(Debug)]
pub struct InProcessBus {
    node: u64,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    sender: broadcast::Sender<(u64, Hint)>,
    nodes: Mutex<Nodes>,
}

#[derive(Debug, Default)]
struct Nodes {
    joined: u64,
    present: HashMap<u64, HashSet<UserId>>,
}

impl InProcessBus {
    /// How many hints wait for a slow node.
    pub const BACKLOG_HINTS_MAX: usize = 1_024;

    /// A bus with one node.
    #[must_use]
    pub fn new() -> Self {
        let (sender, _) = broadcast::channel(Self::BACKLOG_HINTS_MAX);
        Self::joining(Arc::new(Shared { sender, nodes: Mutex::default() }))
    }

    /// Another node on the same bus.
    #[must_use]
    pub fn join(&self) -> Self {
        Self::joining(Arc::clone(&self.shared))
    }

    fn joining(shared: Arc<Shared>) -> Self {
        let mut nodes = lock(&shared.nodes);
        nodes.joined += 1;
        let node = nodes.joined;
        nodes.present.insert(node, HashSet::new());
        drop(nodes);
        Self { node, shared }
    }
}

impl Default for InProcessBus {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for InProcessBus {
    fn drop(&mut self) {
        lock(&self.shared.nodes).present.remove(&self.node);
    }
}

impl Bus for InProcessBus {
    fn publish(&self, hint: Hint) {
        // The node's own streams listen, too: one node alone has nobody to tell.
        if lock(&self.shared.nodes).present.len() > 1 {
            let _nobody_listens = self.shared.sender.send((self.node, hint));
        }
    }

    fn subscribe(&self, _topic: Topic) {}

    fn unsubscribe(&self, _topic: Topic) {}

    fn events(&self) -> BoxStream<'static, BusEvent> {
        let node = self.node;
        Box::pin(stream::unfold(self.shared.sender.subscribe(), move |mut receiver| async move {
            loop {
                match receiver.recv().await {
                    Ok((from, _)) if from == node => {}
                    Ok((_, hint)) => return Some((BusEvent::Got(hint), receiver)),
                    Err(RecvError::Lagged(_)) => return Some((BusEvent::MaybeLost, receiver)),
                    Err(RecvError::Closed) => return None,
                }
            }
        }))
    }

    fn set_present(&self, user: UserId, present: bool) {
        let mut nodes = lock(&self.shared.nodes);
        let Some(users) = nodes.present.get_mut(&self.node) else { return };
        if present {
            users.insert(user);
        } else {
            users.remove(&user);
        }
    }

    fn present(&self, mut users: Vec<UserId>) -> BoxFuture<'static, Option<HashSet<UserId>>> {
        let nodes = lock(&self.shared.nodes);
        users.retain(|user| nodes.present.values().any(|present| present.contains(user)));
        Box::pin(future::ready(Some(users.into_iter().collect())))
    }
}
