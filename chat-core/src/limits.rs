//! Every bound of the engine in one place, the unit in each name.

/// What the engine allows. The defaults suit conversations of a few people on a small server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest text of a message, in characters after trimming.
    pub content_chars_max: usize,
    /// The longest name of an image, in bytes.
    pub image_bytes_max: usize,
    /// The most members of one conversation.
    pub members_max: usize,
    /// The most lines of a history or inbox page.
    pub page_items_max: u32,
    /// How long after its post a message may be edited or deleted, in seconds.
    pub change_window_s: u64,
    /// Sends (posts, edits, deletes) a member may make per minute; `None` for no limit.
    pub sends_per_minute: Option<u32>,
    /// Sends that may come at once before the rate applies.
    pub sends_burst: u32,
    /// Commands of any kind that one session may send per second; more of them is a flood.
    pub commands_per_s: u32,
    /// Commands that may come at once before that rate applies.
    pub commands_burst: u32,
    /// The shortest time between two typing signals of a member that are passed on, in milliseconds.
    pub typing_every_ms: u64,
    /// Frames that a conversation keeps in memory for its sessions.
    pub ring_frames_max: usize,
    /// Bytes of frames that a conversation keeps in memory.
    pub ring_bytes_max: usize,
    /// Entries that a session reads from the store at a time, where the ring does not reach.
    pub backlog_items_max: u32,
    /// Bytes of frames that a session keeps of what it read from the store; one frame may be larger, and is then kept
    /// alone.
    pub backlog_bytes_max: usize,
    /// How long a session waits before it asks again what could not be answered (its access, or a page of the log), in
    /// milliseconds. The wait doubles with each failure, and differs from session to session.
    pub retry_ms_min: u64,
    /// The longest such wait, in milliseconds, before what is added for the difference: up to half of it.
    pub retry_ms_max: u64,
    /// Sessions that one member may have open in one conversation, on one node.
    pub sessions_per_member_max: usize,
    /// Time between two pings of a session, in seconds.
    pub ping_every_s: u32,
    /// How long a peer may stay silent after a ping, in milliseconds.
    pub pong_timeout_ms: u64,
    /// How long one write to a peer may take, in milliseconds. The driver enforces it.
    pub write_stall_ms: u64,
    /// Time between two comparisons of the open conversations with the store, in milliseconds.
    pub sweep_every_ms: u64,
    /// Time between two notices to everybody that their unread count may have changed, for as long as the bus loses
    /// hints, in milliseconds.
    pub doubt_notices_every_ms: u64,
    /// How long a hole in what was heard may stay before it is filled from the store, in milliseconds.
    pub hole_hold_ms: u64,
    /// How long after a post those who have not read it are told outside of the chat, in milliseconds; `None` for
    /// never. A host that sets it runs [`ChatEngine::run_push`](crate::ChatEngine::run_push).
    pub push_after_ms: Option<u64>,
    /// How long a connection must outlive a post to show that somebody is there, in milliseconds: a phone that went to
    /// sleep keeps its connection until a ping stays without an answer. Longer than a ping and its answer may take, here
    /// and where the host waits for [`Notices`](crate::Notices).
    pub push_presence_ms: u64,
    /// Time between two looks for push jobs that are due, in milliseconds.
    pub push_every_ms: u64,
    /// How long a push job may take before another node takes it over, in milliseconds.
    pub push_lease_ms: u64,
    /// How long the [`Notifier`](crate::Notifier) may take for one push job, in milliseconds. So much shorter than
    /// `push_lease_ms` that what became of it is stored while the lease stands.
    pub push_notify_ms: u64,
    /// Push jobs that are dealt with at a time. One that is slow holds its own place only.
    pub push_jobs_max: u32,
    /// How often a push is tried.
    pub push_tries_max: u32,
    /// Time between two comparisons of who is there on the other nodes, in milliseconds.
    pub presence_every_ms: u64,
    /// The most entries heard out of order that a conversation holds.
    pub held_events_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            content_chars_max: 4_000,
            image_bytes_max: 512,
            members_max: 64,
            page_items_max: 100,
            change_window_s: 24 * 60 * 60,
            sends_per_minute: Some(300),
            sends_burst: 10,
            commands_per_s: 50,
            commands_burst: 200,
            typing_every_ms: 3_000,
            ring_frames_max: 128,
            ring_bytes_max: 64 * 1024,
            backlog_items_max: 64,
            backlog_bytes_max: 8 * 1024,
            retry_ms_min: 500,
            retry_ms_max: 4_000,
            sessions_per_member_max: 16,
            ping_every_s: 25,
            pong_timeout_ms: 20_000,
            write_stall_ms: 20_000,
            sweep_every_ms: 5_000,
            doubt_notices_every_ms: 10_000,
            hole_hold_ms: 20,
            push_after_ms: None,
            push_presence_ms: 60_000,
            push_every_ms: 1_000,
            push_lease_ms: 60_000,
            push_notify_ms: 45_000,
            push_jobs_max: 32,
            push_tries_max: 8,
            presence_every_ms: 10_000,
            held_events_max: 256,
        }
    }
}
