//! How many questions to the database a request takes, which a clock would only guess at.

use std::cell::Cell;
use std::sync::Once;

use reference_server::db::STATEMENTS;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

thread_local! {
    static COUNTED: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Counting {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_span() || metadata.target() == STATEMENTS
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // What goes on beside the requests isn't theirs.
        let of_a_request =
            || context.event_scope(event).is_some_and(|mut spans| spans.any(|s| s.name() == "request"));
        if event.metadata().target() == STATEMENTS && of_a_request() {
            COUNTED.set(COUNTED.get() + 1);
        }
    }
}

/// Counts from here on, in the whole process: a subscriber of one thread may miss what another thread has found that
/// nobody listens to.
pub fn count_statements() {
    static COUNTING: Once = Once::new();
    COUNTING.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Counting)).expect("no other one");
    });
}

/// The questions of all requests that are answered meanwhile. A test's server runs on the test's own thread, so that
/// other tests are not counted.
pub async fn statements<T>(asking: impl Future<Output = T>) -> (T, usize) {
    let before = COUNTED.get();
    let answer = asking.await;
    (answer, COUNTED.get() - before)
}
