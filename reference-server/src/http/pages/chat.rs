//! `GET` and `POST /rooms/{id}/chat/[{client_id}/]`: one conversation, readable and writable without JavaScript.

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use chat_core::{ClientMessageId, Denied, History, Message, Op, Page, Seq, UserId, Wish};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::payment::room_title;
use super::shell::{field_errors, layout, notify_switch, shown_name, to_login};
use crate::auth::MaybeUser;
use crate::chat::{Talk, image_of, send_with_image, talk, wire::image_url};
use crate::db::conversations;
use crate::db::users::{self, User};
use crate::http::body::{FormBody, QueryOf, is_multipart};
use crate::http::messages::form;
use crate::http::parts::File;
use crate::photos::PHOTO_BYTES_MAX;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chat::{Bubble, ChatPage, Closed, Picture, Refused, with_days};
use crate::ui::{self, Here, Lang};

/// Messages on one page.
const PAGE_MESSAGES: u32 = 50;

/// Which conversation: the client's own, or for the owner the one with this client.
#[derive(Deserialize)]
pub struct Place {
    id: String,
    client_id: Option<String>,
}

/// Which part of it, and what was done just now.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<u64>,
    #[serde(default)]
    done: String,
}

/// What the form posts.
#[derive(Deserialize)]
pub struct Posted {
    client_message_id: String,
    #[serde(default)]
    content: String,
    #[serde(skip, default = "no_image")]
    image: Result<Option<File>, Problem>,
}

/// A form that is not multipart has no room for one.
fn no_image() -> Result<Option<File>, Problem> {
    Ok(None)
}

/// The newest messages, or those before one.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
    Path(place): Path<Place>,
    QueryOf(part): QueryOf<Part>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    match place.talk(&state, &user).await {
        Ok(talk) => render(&state, &user, &place, &talk, Asked { jar: &jar, part, refused: None }).await,
        // The room's own page lists its owner's conversations.
        Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            Ok(Redirect::to(&format!("/rooms/{}/", place.id)).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Sends what the form holds. The form's own id makes a second press of the button the same message.
pub async fn send(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    jar: CookieJar,
    Path(place): Path<Place>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&place.url())) };
    let talk = place.talk(&state, &user).await?;
    let posted = posted(&state, &user, request).await?;
    let content = posted.content.clone();
    let Err(problem) = post(&state, &talk, posted).await else {
        return Ok(Redirect::to(&place.url()).into_response());
    };
    let reason = why(&state, &problem).ok_or_else(|| problem.clone())?;
    let refused = Some(Refused { content, reason, status: problem.status() });
    let asked = Asked { jar: &jar, part: Part::default(), refused };
    render(&state, &user, &place, &talk, asked).await
}

/// Reads the form: with a file where one was chosen, or plain, as other programs post it.
async fn posted(state: &AppState, user: &User, request: Request) -> Result<Posted, Problem> {
    if !is_multipart(request.headers()) {
        return FormBody::from_request(request, &()).await.map(|FormBody(posted)| posted);
    }
    let form = form::read(state, user, request).await?;
    let client_message_id = form.client_message_id.ok_or_else(not_ours)?;
    Ok(Posted { client_message_id, content: form.content, image: form.image })
}

async fn post(state: &AppState, talk: &Talk, posted: Posted) -> Result<(), Problem> {
    let client_id = ClientMessageId::new(posted.client_message_id).map_err(|_| not_ours())?;
    if let Some(image) = posted.image? {
        return send_with_image(state, talk, client_id, posted.content, image).await.map(drop);
    }
    let op = Op::Post { content: posted.content, image: None };
    let wish = Wish { conversation: talk.conversation(), client_id, op };
    let sent = state.chat.engine.send(&talk.who, wish).await;
    sent.map(drop).map_err(|error| talk.problem(state, error))
}

fn not_ours() -> Problem {
    Problem::invalid_body("The form is not one of ours.")
}

/// What is said beside the form; nothing for what is no fault of the message.
fn why(state: &AppState, problem: &Problem) -> Option<String> {
    let errors = field_errors(problem);
    match problem.code() {
        "invalid_field" if errors.of("content").is_some() => {
            let chars_max = state.chat.engine.limits().content_chars_max;
            Some(t!("message-refused-long", chars = Lang::current().digits(chars_max)))
        }
        "invalid_field" => errors.of("image").map(|message| format!("{} {message}", t!("picture-is"))),
        "forbidden" => Some(t!("chat-closed-for-one")),
        "rate_limited" => Some(t!("message-refused-rate")),
        "too_large" | "unsupported_media_type" => Some(t!("message-refused-picture")),
        _ => None,
    }
}

/// Which part is shown to whose browser, and what came back from the form.
struct Asked<'a> {
    jar: &'a CookieJar,
    part: Part,
    refused: Option<Refused>,
}

async fn render(
    state: &AppState,
    user: &User,
    place: &Place,
    talk: &Talk,
    asked: Asked<'_>,
) -> Result<Response, Problem> {
    let before = asked.part.before;
    let part = before.map_or(Page::LATEST, |seq| Page::Before(Seq(seq)));
    let engine = &state.chat.engine;
    let problem = |error| talk.problem(state, error);
    let history =
        engine.history(&talk.who, talk.conversation(), part, PAGE_MESSAGES).await.map_err(problem)?;
    if before.is_none() {
        // Who has the newest page has seen what is on it, also without the live part.
        let seen = Some(history.conversation.head.last);
        engine.mark_read(&talk.who, talk.conversation(), seen).await.map_err(problem)?;
    }
    let window = SignedDuration::from_secs(engine.limits().change_window_s.try_into().unwrap_or(i64::MAX));
    let changeable_from = state.clock.now().checked_sub(window).unwrap_or(Timestamp::MIN);
    let closed = closed(state, user, talk).await?;
    let other = other(user, talk);
    let with_name = shown_name(with(state, user, talk).await?.name);
    let title = t!("chat-with", name = with_name.as_str());
    let done = done(&asked.part.done, closed, &with_name);
    // Nothing can be changed either where nothing can be said.
    let changeable_from = closed.map_or(changeable_from, |_| Timestamp::MAX);
    let status = asked.refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = ChatPage {
        layout: layout(state, title, Some(user), Here::Chat).await?,
        room_id: talk.pairing.room_id.to_string(),
        room_title: room_title(state, talk.pairing.room_id).await?,
        with_name,
        client_id: talk.pairing.client_id.to_string(),
        my_id: user.id.to_string(),
        is_owner: user.id == talk.pairing.owner_id,
        epoch: history.epoch.0,
        last_seq: history.conversation.head.last.0,
        older_url: older(&history),
        newest_url: before.map(|_| place.url()),
        bubbles: with_days(bubbles(user, other, history, changeable_from), state.clock.now()),
        chat_url: place.url(),
        client_message_id: format!("form-{}", state.ids.next_id()),
        refused: asked.refused,
        closed,
        done,
        notify: notify_switch(state, asked.jar).await?,
        content_chars_max: u32::try_from(engine.limits().content_chars_max).unwrap_or(u32::MAX),
        picture_bytes_max: PHOTO_BYTES_MAX,
    };
    Ok(ui::page(status, &page))
}

/// Whether anything can be said, and if not, whether the reader can change that.
async fn closed(state: &AppState, user: &User, talk: &Talk) -> Result<Option<Closed>, Problem> {
    if state.chat.silenced(&talk.who, talk.conversation()).await != Some(Denied::Blocked) {
        return Ok(None);
    }
    let found = conversations::lookup_with_blocks(&state.db, talk.pairing.id).await?;
    let by_me = found.is_some_and(|(_, blockers)| blockers.contains(&user.id));
    Ok(Some(if by_me { Closed::ByMe } else { Closed::ForOne }))
}

/// What an act that led here has to say, as far as it still holds.
fn done(act: &str, closed: Option<Closed>, name: &str) -> Option<String> {
    let blocked = closed == Some(Closed::ByMe);
    match act {
        "report" => Some(t!("report-done")),
        "block" if blocked => Some(t!("block-done", name = name)),
        "unblock" if !blocked => Some(t!("unblock-done", name = name)),
        _ => None,
    }
}

/// The other person.
pub(super) async fn with(state: &AppState, user: &User, talk: &Talk) -> Result<User, Problem> {
    users::lookup(&state.db, other(user, talk)).await?.ok_or_else(Problem::not_found)
}

fn other(user: &User, talk: &Talk) -> Uuid {
    let pairing = &talk.pairing;
    if user.id == pairing.client_id { pairing.owner_id } else { pairing.client_id }
}

fn older(history: &History) -> Option<String> {
    let first = history.page.messages.first()?;
    history.page.has_more.then(|| format!("?before={}", first.seq.0))
}

fn bubbles(me: &User, other: Uuid, history: History, changeable_from: Timestamp) -> Vec<Bubble> {
    let mark = history.conversation.members.iter().find(|member| member.user == UserId(other));
    let read = mark.map_or(Seq::ZERO, |member| member.read);
    let bubbles = history.page.messages.into_iter().map(|message| Bubble {
        changeable: message.sender.0 == me.id && message.posted_at >= changeable_from,
        ..bubble(me, read, message)
    });
    bubbles.collect()
}

fn bubble(me: &User, read: Seq, message: Message) -> Bubble {
    let mine = message.sender.0 == me.id;
    let pixels = image_of(&message).and_then(|image| image.pixels());
    Bubble {
        picture: message.image.map(|_| Picture::of(image_url(message.id.0), pixels)),
        id: message.id.0.to_string(),
        edited: message.edited_at.is_some(),
        deleted: message.deleted,
        read: mine && message.seq <= read,
        ..Bubble::new(message.seq.0, mine, message.content, message.posted_at)
    }
}

impl Place {
    /// The caller's conversation there.
    pub(super) async fn talk(&self, state: &AppState, user: &User) -> Result<Talk, Problem> {
        talk(state, user, &self.id, self.client_id.as_deref()).await
    }

    pub(super) fn url(&self) -> String {
        match &self.client_id {
            Some(client) => format!("/rooms/{}/chat/{client}/", self.id),
            None => format!("/rooms/{}/chat/", self.id),
        }
    }
}

/// Silent about its content: a message's body must not end in a log by way of `{:?}`.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posted").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.url())
    }
}
