//! What those who run the server ask: one file a route.

pub mod healthz;
pub mod openapi;
pub mod readyz;
