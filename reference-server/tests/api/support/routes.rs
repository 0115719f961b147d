//! Which routes there are, as the router itself says.

use std::collections::BTreeSet;

use axum::Router;
use reference_server::state::AppState;
use reference_server::{http, ui};

use super::TestServer;

/// All paths.
pub fn all(server: &TestServer) -> BTreeSet<String> {
    paths(&http::router(server.running.state()).expect("routes"))
}

/// The paths of pages and of their files.
pub fn of_pages() -> BTreeSet<String> {
    let pages: [Router<AppState>; 3] = [http::pages::routes(), http::pages::admin::routes(), ui::routes()];
    pages.iter().flat_map(paths).collect()
}

/// A path that a client could ask for, with something in place of every parameter.
pub fn concrete(route: &str) -> String {
    let segments = route.split('/').map(|segment| match segment.starts_with('{') {
        true => "0190b5c6-0000-7000-8000-000000000000",
        false => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// As the router's debug output names them: it has no other list.
fn paths<S>(router: &Router<S>) -> BTreeSet<String> {
    let router = format!("{router:?}");
    let quoted = router.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.starts_with('/')).map(str::to_owned).collect()
}
