//! The memory store keeps every promise of the suite.

use paygate::MemoryStore;
use paygate::conformance::{Harness, Shelf};

struct Memory;

impl Harness for Memory {
    type Store = MemoryStore;

    async fn open(&self, shelf: &Shelf) -> MemoryStore {
        shelf.keep(MemoryStore::new)
    }
}

paygate::store_conformance!(Memory);
