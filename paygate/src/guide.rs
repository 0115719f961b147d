//! How to write the two parts that a host may bring itself: a [store] and a [provider].

#![allow(clippy::doc_markdown, reason = "the pages are read as files as well")]

#[doc = include_str!("../docs/writing-a-store.md")]
pub mod store {}

#[doc = include_str!("../docs/writing-a-provider.md")]
pub mod provider {}
