//! Two members chat in memory; one loses the connection and resumes where it broke off.
//!
//! ```text
//! cargo run -p chat-in-memory
//! ```

use std::{error::Error, io::Write as _, sync::Arc};

use bytes::Bytes;
use chat_core::{
    ChatEngine, ClientMessageId, Command, ConversationId, Cursor, Encoder, Event, InProcessBus, Limits,
    MembersOnly, MemoryStore, Op, Parts, Principal, Pull, RandomIds, Reply, Session, State, SystemClock,
    UserId,
};
use uuid::Uuid;

type Engine = ChatEngine<MemoryStore, Lines>;

const ASHA: UserId = UserId(Uuid::from_u128(1));
const BIKASH: UserId = UserId(Uuid::from_u128(2));
const ROOM: ConversationId = ConversationId(Uuid::from_u128(3));

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let engine = ChatEngine::new(Parts {
        store: MemoryStore::new(),
        encoder: Lines,
        policy: Arc::new(MembersOnly),
        bus: Arc::new(InProcessBus::new()),
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        limits: Limits::default(),
    });
    engine.create_conversation(ROOM, &[ASHA, BIKASH]).await?;

    let mut asha = connect(&engine, ASHA, None).await?;
    let mut bikash = connect(&engine, BIKASH, None).await?;
    say(&engine, &mut asha, "1", "Is the room in Patan still free?").await?;
    say(&engine, &mut bikash, "2", "It is. Come and see it.").await?;
    show(&engine, "bikash", &mut bikash).await?;

    let cursor = Cursor { epoch: bikash.ready().epoch, after: bikash.cursor() };
    drop(bikash);
    say(&engine, &mut asha, "3", "I will be there at four.").await?;
    // The answer was lost on the way: Asha's phone sends the same again, and it is stored once.
    say(&engine, &mut asha, "3", "I will be there at four.").await?;

    let mut bikash = connect(&engine, BIKASH, Some(cursor)).await?;
    print(&format!("bikash resumed after {}: {}", cursor.after, bikash.ready().resumed))?;
    show(&engine, "bikash", &mut bikash).await?;
    show(&engine, "asha", &mut asha).await
}

async fn connect(
    engine: &Engine,
    user: UserId,
    resume: Option<Cursor>,
) -> Result<Session<Lines>, Box<dyn Error>> {
    Ok(engine.open(&Principal::of(user), ROOM, (), resume).await?)
}

/// A command goes through the session to the engine, and the answer back through the session.
async fn say(
    engine: &Engine,
    session: &mut Session<Lines>,
    id: &str,
    text: &str,
) -> Result<(), Box<dyn Error>> {
    let op = Op::Post { content: text.into(), image: None };
    let command = Command::Send { client_id: ClientMessageId::new(id)?, op };
    let ask = session.on_command(engine.now(), command).map_err(|close| format!("{close:?}"))?;
    match session.on_answer(engine.now(), engine.perform(ask).await) {
        Reply::Stored { appended, .. } if appended.duplicate => print("    (already stored)"),
        Reply::Stored { .. } | Reply::Done => Ok(()),
        Reply::Refused { error, .. } => Err(error.into()),
    }
}

/// Pulls until there is nothing more to show for now.
async fn show(engine: &Engine, name: &str, session: &mut Session<Lines>) -> Result<(), Box<dyn Error>> {
    loop {
        let mut frames = Vec::new();
        let pull = session.next_frames(engine.now(), 16 * 1024, &mut frames);
        for frame in frames {
            print(&format!("{name} sees {}", String::from_utf8_lossy(&frame)))?;
        }
        match pull {
            Pull::Idle => return Ok(()),
            Pull::More | Pull::Reset(_) => {}
            Pull::Ask(ask) => {
                session.on_answer(engine.now(), engine.perform(ask).await);
            }
            Pull::Close(reason) => return Err(format!("closed: {reason:?}").into()),
        }
    }
}

/// Frames for people.
struct Lines;

impl Encoder for Lines {
    type Context = ();

    fn event(&self, (): &(), event: &Event) -> Bytes {
        let text = match &event.op {
            Op::Post { content, .. } => content.clone(),
            Op::Edit { target, content } => format!("{target} now reads: {content}"),
            Op::Delete { target } => format!("{target} was taken back"),
        };
        Bytes::from(format!("{}: {text}", event.seq))
    }

    fn state(&self, (): &(), state: &State) -> Bytes {
        Bytes::from(format!("{state:?}"))
    }
}

fn print(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
