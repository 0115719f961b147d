//! `POST /_sandbox/reset`: as new, from the seed that is asked for.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{answer, read};
use crate::sandbox::Emulator;
use crate::sandbox::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    #[serde(default)]
    seed: Option<u64>,
}

pub(in crate::sandbox) async fn reset(State(emulator): State<Emulator>, body: Bytes) -> Response {
    let request: ResetRequest = match read(&body) {
        Ok(request) => request,
        Err(invalid) => return invalid.into_response(),
    };
    let seed = request.seed.unwrap_or(emulator.config().seed);
    let mut world = emulator.world();
    // Who asks for a seed wants its codes again; who doesn't may have kept the old ones in a database.
    let codes_given = match request.seed {
        Some(_) => emulator.config().codes_given,
        None => world.codes_given(),
    };
    *world = World::new(seed, codes_given);
    drop(world);
    emulator.set_quirks(emulator.config().quirks.clone());
    answer(StatusCode::OK, &serde_json::json!({ "seed": seed }))
}
