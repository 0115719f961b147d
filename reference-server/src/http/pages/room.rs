//! `GET /rooms/{id}/`: one room, and the way to its owner as far as the viewer has come.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use paygate::{Access, PaymentId};
use serde::Deserialize;
use uuid::Uuid;

use super::shell::{in_query, layout};
use crate::auth::{MaybeUser, Role};
use crate::db::rooms::{self, ContactProof, Room};
use crate::db::users::User;
use crate::http::body::{PathId, QueryOf};
use crate::payments::wire::Status;
use crate::payments::{RoomAccess, resource_of_room, returned, room_access, room_of, subject_of_user};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::checkout::{PaidElsewhere, PaidElsewherePage};
use crate::ui::room::{Banner, Contact, Panel, RoomPage, RoomView};
use crate::ui::{self, Here, money, rooms::place, time};

/// How the payer came back.
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
    let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let access = room_access(&state, &room, viewer.as_ref()).await?;
    // A room that was taken down stays there for who paid or may have paid, and is nowhere for everybody else.
    if !room.listed && matches!(access, RoomAccess::Locked) {
        return Err(Problem::not_found());
    }
    if viewer.is_none()
        && !came.payment.is_empty()
        && let Some(outcome) = elsewhere(&state, &jar, id).await?
    {
        return Ok(ui::page(StatusCode::OK, &PaidElsewherePage::new(outcome)));
    }
    let (opened, locked_photos) = photos(&state, &room, &access).await?;
    let panel = panel(&state, &room, viewer.as_ref(), access).await?;
    let layout = layout(&state, &room.title, viewer.as_ref(), Here::Elsewhere).await?;
    let mut layout = layout.listed(&state.public_url, &format!("/rooms/{id}/"));
    let banner = banner(&came.payment, &panel);
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
                name: contact.name,
                phone: contact.phone,
                address: contact.address,
            }))
        }
        RoomAccess::InFlight => checking(state, room, viewer).await,
        RoomAccess::Locked if viewer.role == Role::Client => Ok(Panel::Locked),
        RoomAccess::Locked => Ok(Panel::NotForYou),
    }
}

/// Names the payment that is being checked, so that the page can follow it.
async fn checking(state: &AppState, room: &Room, viewer: &User) -> Result<Panel, Problem> {
    let (subject, resource) = (subject_of_user(viewer.id)?, resource_of_room(room.id)?);
    let access = state.payments.access(&subject, &resource).await.map_err(Problem::unavailable)?;
    let id = match access {
        Access::InFlight(id) => id.as_str().to_owned(),
        // Decided between the two looks: the page's "Look again" shows it.
        Access::Granted(_) | Access::Locked => String::new(),
    };
    Ok(Panel::Checking { transaction_id: id })
}

/// What our own record says of how the payer came back. The address is only the occasion: whatever it
/// claims, a room that is locked is not called open.
fn banner(came: &str, panel: &Panel) -> Option<Banner> {
    match (came, panel) {
        ("success" | "pending" | "failed", Panel::Unlocked(_)) => Some(Banner::Success),
        ("success" | "pending" | "failed", Panel::Checking { .. }) => Some(Banner::Pending),
        ("failed", Panel::Locked) => Some(Banner::Failed),
        ("success", Panel::Locked | Panel::NotForYou) => Some(Banner::Elsewhere),
        _ => None,
    }
}

/// What our record says of the payment that a phone without a session came back from. Nothing opens there.
async fn elsewhere(state: &AppState, jar: &CookieJar, room: Uuid) -> Result<Option<PaidElsewhere>, Problem> {
    let Some(id) = returned::claimed(jar).and_then(|id| PaymentId::new(id).ok()) else { return Ok(None) };
    let payment = state.payments.payment(&id).await.map_err(Problem::unavailable)?;
    let payment = payment.filter(|payment| room_of(&payment.intent.offer.resource) == Some(room));
    Ok(payment.map(|payment| match Status::from(&payment) {
        Status::Success => PaidElsewhere::Received,
        Status::Pending => PaidElsewhere::Checking,
        Status::Failed | Status::Refunded => PaidElsewhere::NotPaid,
    }))
}

/// The private photos that the viewer may see, and how many there are that the viewer may not.
async fn photos(state: &AppState, room: &Room, access: &RoomAccess) -> Result<(Vec<String>, u64), Problem> {
    match access {
        RoomAccess::Open(proof) => {
            let private = rooms::photos::private(&state.db, proof).await?;
            Ok((private.into_iter().map(|photo| photo.url).collect(), 0))
        }
        RoomAccess::InFlight | RoomAccess::Locked => {
            Ok((Vec::new(), rooms::photos::count_private(&state.db, room.id).await?))
        }
    }
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
        photos: room.photos.into_iter().chain(opened).collect(),
        locked_photos,
        owner_name: room.owner_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banner_never_claims_more_than_the_record() {
        let checking = || Panel::Checking { transaction_id: "t".into() };
        let open = || Panel::Unlocked(Contact { name: "".into(), phone: "".into(), address: "".into() });
        for (came, panel, says) in [
            ("success", open(), Some(Banner::Success)),
            ("failed", open(), Some(Banner::Success)),
            ("success", checking(), Some(Banner::Pending)),
            ("failed", checking(), Some(Banner::Pending)),
            ("success", Panel::Locked, Some(Banner::Elsewhere)),
            ("pending", Panel::Locked, None),
            ("failed", Panel::Locked, Some(Banner::Failed)),
            ("", open(), None),
            ("nonsense", Panel::Locked, None),
        ] {
            assert_eq!(banner(came, &panel), says, "{came} {panel:?}");
        }
    }
}
