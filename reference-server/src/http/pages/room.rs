//! `GET /rooms/{id}/`: one room, and the way to its owner as far as the viewer has come.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use paygate::{Payment, PaymentId};
use serde::Deserialize;
use uuid::Uuid;

use super::shell::{in_query, layout, shown_name};
use crate::auth::{MaybeUser, Role};
use crate::db::rooms::{self, ContactProof, Room};
use crate::db::users::User;
use crate::http::body::{PathId, QueryOf};
use crate::http::photos::small;
use crate::payments::wire::Status;
use crate::payments::{RoomAccess, returned, room_for, room_of, subject_of_user};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::checkout::{PaidElsewhere, PaidElsewherePage};
use crate::ui::room::{Banner, Contact, Panel, PhotoView, RoomPage, RoomView};
use crate::ui::{self, Here, money, rooms::place, time};

/// The newest payments of a person among which the one for this room is looked for.
const RECENT_PAYMENTS_MAX: u32 = 20;

/// How the payer came back, as the address has it: only the occasion to look at the record.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    payment: String,
}

/// The route.
pub async fn room(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    PathId(id): PathId,
    QueryOf(came): QueryOf<Came>,
    jar: CookieJar,
) -> Result<Response, Problem> {
    let (room, access) = room_for(&state, id, viewer.as_ref()).await?;
    let back = match came.payment.is_empty() {
        true => None,
        false => came_from(&state, &jar, id, viewer.as_ref()).await?,
    };
    if let (None, Some(back)) = (&viewer, back) {
        return Ok(ui::page(StatusCode::OK, &PaidElsewherePage::new(elsewhere(back.status))));
    }
    let (opened, locked_photos) = photos(&state, &room, &access).await?;
    let panel = panel(&state, &room, viewer.as_ref(), access).await?;
    let layout = layout(&state, &room.title, viewer.as_ref(), Here::Elsewhere).await?;
    let mut layout = layout.listed(&state.public_url, &format!("/rooms/{id}/"));
    let banner = back.and_then(|back| banner(back, &panel));
    let room = view(&state, room, opened, locked_photos);
    layout.description = room.summary();
    let page = RoomPage { layout, banner, room, panel };
    Ok(ui::page(StatusCode::OK, &page))
}

async fn panel(
    state: &AppState,
    room: &Room,
    viewer: Option<&User>,
    access: RoomAccess,
) -> Result<Panel, Problem> {
    let Some(viewer) = viewer else {
        return Ok(Panel::SignIn { next: in_query(&format!("/rooms/{}/", room.id)) });
    };
    match access {
        RoomAccess::Open(ContactProof::Own(_)) => {
            let chats = super::chats::about_room(state, viewer, room.id).await?;
            Ok(Panel::Owner { chats, suspended: room.suspended_at.is_some() })
        }
        RoomAccess::Open(proof) => {
            let contact = rooms::contact(&state.db, &proof).await?.ok_or_else(Problem::not_found)?;
            Ok(Panel::Unlocked(Contact {
                name: shown_name(contact.name),
                phone: contact.phone,
                address: contact.address,
            }))
        }
        RoomAccess::InFlight(payment) => Ok(Panel::Checking { transaction_id: payment.as_str().to_owned() }),
        RoomAccess::Locked if viewer.role == Role::Client => Ok(Panel::Locked),
        RoomAccess::Locked => Ok(Panel::NotForYou),
    }
}

/// A payment that somebody came back from, as our record has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Back {
    status: Status,
    /// The viewer started it.
    own: bool,
}

/// The payment that the viewer came back from: the one that this browser has just seen at eSewa, else the newest of
/// their own for this room, which may have been paid on another device. Whatever the address claims, it is our record
/// that is told.
async fn came_from(
    state: &AppState,
    jar: &CookieJar,
    room: Uuid,
    viewer: Option<&User>,
) -> Result<Option<Back>, Problem> {
    let subject = viewer.map(|viewer| subject_of_user(viewer.id)).transpose()?;
    let for_this_room = |payment: &Payment| room_of(&payment.intent.offer.resource) == Some(room);
    let seen = match returned::claimed(jar).and_then(|id| PaymentId::new(id).ok()) {
        Some(id) => state.payments.payment(&id).await.map_err(Problem::unavailable)?.filter(for_this_room),
        None => None,
    };
    let payment = match (seen, &subject) {
        (None, Some(subject)) => {
            let recent = state.payments.payments_of(subject, None, RECENT_PAYMENTS_MAX).await;
            recent.map_err(Problem::unavailable)?.into_iter().find(for_this_room)
        }
        (seen, _) => seen,
    };
    Ok(payment.map(|payment| Back {
        status: Status::from(&payment),
        own: subject.as_ref() == Some(&payment.intent.subject),
    }))
}

/// What is told above the room. What the panel shows already is not contradicted: a room that is locked is not called
/// open, and one that is open not unpaid.
fn banner(back: Back, panel: &Panel) -> Option<Banner> {
    match (panel, back) {
        (_, Back { status: Status::Refunded, .. }) => Some(Banner::Refunded),
        (Panel::Unlocked(_), _) => Some(Banner::Success),
        (Panel::Checking { .. }, _) => Some(Banner::Pending),
        (Panel::Locked | Panel::NotForYou, Back { own: false, status }) => {
            Some(Banner::Elsewhere(elsewhere(status)))
        }
        (Panel::Locked, Back { status: Status::Failed, .. }) => Some(Banner::Failed),
        _ => None,
    }
}

/// How a payment stands that opens nothing here.
fn elsewhere(status: Status) -> PaidElsewhere {
    match status {
        Status::Success => PaidElsewhere::Received,
        Status::Pending => PaidElsewhere::Checking,
        Status::Failed => PaidElsewhere::NotPaid,
        Status::Refunded => PaidElsewhere::Refunded,
    }
}

/// The private photos that the viewer may see, and how many there are that the viewer may not.
async fn photos(state: &AppState, room: &Room, access: &RoomAccess) -> Result<(Vec<String>, u64), Problem> {
    match access {
        RoomAccess::Open(proof) => {
            let private = rooms::photos::private(&state.db, proof).await?;
            Ok((private.into_iter().map(|photo| photo.url).collect(), 0))
        }
        RoomAccess::InFlight(_) | RoomAccess::Locked => {
            Ok((Vec::new(), rooms::photos::count_private(&state.db, room.id).await?))
        }
    }
}

fn photo(url: String) -> PhotoView {
    PhotoView { small_url: small(&url), url }
}

fn view(state: &AppState, room: Room, opened: Vec<String>, locked_photos: u64) -> RoomView {
    RoomView {
        id: room.id.to_string(),
        place: place(&room.area, &room.city),
        rent: money::rent(room.rent_paisa),
        price: money::rupees(state.unlock_price.minor),
        listed: time::day(room.created_at, state.clock.now()),
        title: room.title,
        description: room.description,
        photos: room.photos.into_iter().chain(opened).map(photo).collect(),
        locked_photos,
        owner_name: shown_name(room.owner_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banner_never_claims_more_than_the_record() {
        let checking = || Panel::Checking { transaction_id: "t".into() };
        let open = || Panel::Unlocked(Contact { name: "".into(), phone: "".into(), address: "".into() });
        let elsewhere = |how| Some(Banner::Elsewhere(how));
        for (status, own, panel, says) in [
            (Status::Success, true, open(), Some(Banner::Success)),
            // An older payment keeps it open.
            (Status::Failed, true, open(), Some(Banner::Success)),
            (Status::Refunded, true, open(), Some(Banner::Refunded)),
            (Status::Pending, true, checking(), Some(Banner::Pending)),
            (Status::Failed, false, checking(), Some(Banner::Pending)),
            (Status::Failed, true, Panel::Locked, Some(Banner::Failed)),
            (Status::Refunded, true, Panel::Locked, Some(Banner::Refunded)),
            // Not on its way, so it is offered again.
            (Status::Pending, true, Panel::Locked, None),
            (Status::Success, true, Panel::Locked, None),
            (Status::Success, false, Panel::Locked, elsewhere(PaidElsewhere::Received)),
            (Status::Pending, false, Panel::Locked, elsewhere(PaidElsewhere::Checking)),
            (Status::Failed, false, Panel::NotForYou, elsewhere(PaidElsewhere::NotPaid)),
            (Status::Refunded, false, Panel::NotForYou, Some(Banner::Refunded)),
        ] {
            assert_eq!(banner(Back { status, own }, &panel), says, "{status:?} {own} {panel:?}");
        }
    }
}
