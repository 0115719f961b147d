//! `GET` and `POST /rooms/{id}/edit/`: its owner changes a room; and adds and removes its photos.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::shell::{field_errors, layout, to_login};
use crate::auth::MaybeUser;
use crate::db::rooms::{self, ContactProof, OwnRoom, Room, photos};
use crate::db::users::User;
use crate::http::body::{FormBody, PathId, QueryOf, parse_id};
use crate::http::photos::audience::show_to;
use crate::http::photos::remove::take_out;
use crate::http::photos::small;
use crate::http::photos::upload::{self, add};
use crate::http::rooms::change::{ChangeBody, change_room, own_room};
use crate::http::wire;
use crate::photos::{Audience, PHOTOS_MAX};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::problem::words;
use crate::ui::room_form::{EditRoomPage, OwnPhoto, RoomFields, RoomForm};
use crate::ui::{self, FieldErrors, Here};

/// What led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    saved: String,
}

/// The form as the room is.
pub async fn show(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(id): PathId,
    QueryOf(came): QueryOf<Came>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&format!("/rooms/{id}/edit/"))) };
    let page = page(&state, &user, id).await?;
    Ok(ui::page(StatusCode::OK, &EditRoomPage { saved: came.saved == "1", ..page }))
}

/// Changes the room, or shows what has to be mended.
pub async fn submit(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(id): PathId,
    FormBody(typed): FormBody<RoomForm>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&format!("/rooms/{id}/edit/"))) };
    match change_room(&state, &user, id, &change(&typed)).await {
        Ok(_) => Ok(Redirect::to(&format!("/rooms/{id}/edit/?saved=1")).into_response()),
        Err(problem) if !problem.errors().is_empty() => {
            let fields = RoomFields::new(&typed, &field_errors(&problem));
            let page = EditRoomPage { has_errors: true, fields, ..page(&state, &user, id).await? };
            Ok(ui::page(problem.status(), &page))
        }
        Err(problem) => Err(problem),
    }
}

/// Adds a photo, or shows what is wrong with it.
pub async fn add_photo(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login(&format!("/rooms/{id}/edit/"))) };
    own_room(&state, &user, id).await?;
    let added = match upload::read(&state, &user, request).await {
        Ok(upload) => add(&state, &user, id, upload).await,
        Err(problem) => Err(problem),
    };
    match added {
        Ok(_) => Ok(Redirect::to(&format!("/rooms/{id}/edit/?saved=1#photos")).into_response()),
        Err(problem) if problem.status().is_client_error() => {
            let errors = field_errors(&problem);
            let message = errors.of("image").map(|message| format!("{} {message}", t!("photo-is")));
            let photo_error =
                Some(message.unwrap_or_else(|| words(problem.code(), problem.title(), problem.detail()).1));
            let page = EditRoomPage { photo_error, ..page(&state, &user, id).await? };
            Ok(ui::page(problem.status(), &page))
        }
        Err(problem) => Err(problem),
    }
}

/// Removes a photo.
pub async fn remove_photo(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    let Some(user) = user else { return Ok(to_login(&format!("/rooms/{id}/edit/"))) };
    take_out(&state, &user, id, &name).await?;
    Ok(Redirect::to(&format!("/rooms/{id}/edit/?saved=1#photos")).into_response())
}

/// Whom a photo is shown to from now on.
#[derive(Debug, Deserialize)]
pub struct AudienceForm {
    #[serde(default)]
    private: String,
}

/// Locks a photo, or shows it to everybody.
pub async fn show_photo_to(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    Path((id, name)): Path<(String, String)>,
    FormBody(form): FormBody<AudienceForm>,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    let Some(user) = user else { return Ok(to_login(&format!("/rooms/{id}/edit/"))) };
    let audience = if form.private == "1" { Audience::Unlocked } else { Audience::Everybody };
    show_to(&state, &user, id, &name, audience).await?;
    Ok(Redirect::to(&format!("/rooms/{id}/edit/?saved=1#photos")).into_response())
}

/// The page with the room as it is now.
async fn page(state: &AppState, user: &User, id: Uuid) -> Result<EditRoomPage, Problem> {
    let room = own_room(state, user, id).await?;
    let photos = match OwnRoom::of(&room, user.id) {
        Some(own) => photos::all(&state.db, &own).await?,
        None => Vec::new(),
    };
    let form = form(state, user, room).await?;
    let own_photo = |photo: photos::Photo| OwnPhoto {
        own_url: photo.name.map(|name| format!("/rooms/{id}/photos/{name}")),
        url: small(&photo.url),
        private: photo.private,
    };
    Ok(EditRoomPage {
        layout: layout(state, t!("edit-room"), Some(user), Here::MyRooms).await?,
        room_id: id.to_string(),
        has_errors: false,
        saved: false,
        fields: RoomFields::new(&form, &FieldErrors::default()),
        photos: photos.into_iter().map(own_photo).collect(),
        photos_max: PHOTOS_MAX,
        photo_error: None,
    })
}

async fn form(state: &AppState, user: &User, room: Room) -> Result<RoomForm, Problem> {
    let own = OwnRoom::of(&room, user.id).ok_or_else(Problem::not_found)?;
    let contact = rooms::contact(&state.db, &ContactProof::Own(own)).await?.ok_or_else(Problem::not_found)?;
    Ok(RoomForm {
        title: room.title,
        description: room.description,
        city: room.city,
        area: room.area,
        rent: wire::money(room.rent_paisa),
        contact_phone: contact.phone,
        address: contact.address,
    })
}

fn change(typed: &RoomForm) -> ChangeBody {
    let typed = typed.clone();
    ChangeBody {
        title: Some(typed.title),
        description: Some(typed.description),
        city: Some(typed.city),
        area: Some(typed.area),
        rent: Some(typed.rent),
        contact_phone: Some(typed.contact_phone),
        address: Some(typed.address),
    }
}
