//! The memory store keeps every promise of the contract.
#![cfg(feature = "conformance")]

use chat_core::{MemoryStore, conformance::StoreHarness};

struct Memory(MemoryStore);

impl StoreHarness for Memory {
    type Store = MemoryStore;

    async fn fresh() -> Self {
        Self(MemoryStore::new())
    }

    fn store(&self) -> &MemoryStore {
        &self.0
    }

    async fn reopen(self) -> Self {
        self
    }
}

chat_core::store_conformance!(Memory);
