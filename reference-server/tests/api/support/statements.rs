//! How many questions to the database a request takes, which a clock would only guess at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reference_server::db::STATEMENTS;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

#[derive(Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Counted {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // What goes on beside the requests isn't theirs.
        let of_a_request =
            || context.event_scope(event).is_some_and(|mut spans| spans.any(|s| s.name() == "request"));
        if event.metadata().target() == STATEMENTS && of_a_request() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The questions of all requests that are answered meanwhile. A test's server runs on the test's own thread, so that
/// other tests are not counted.
pub async fn statements<T>(asking: impl Future<Output = T>) -> (T, usize) {
    let counted = Counted::default();
    let _until_dropped = tracing::subscriber::set_default(Registry::default().with(counted.clone()));
    let answer = asking.await;
    (answer, counted.0.load(Ordering::Relaxed))
}
