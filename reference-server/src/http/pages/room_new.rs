//! `GET` and `POST /rooms/new/`: an owner lists a room.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::shell::{field_errors, layout, to_login};
use crate::auth::{CurrentUser, MaybeUser, Role};
use crate::db::users::User;
use crate::http::body::FormBody;
use crate::http::rooms::create::{Listing, list_room};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::room_form::{NewRoomPage, RoomForm};
use crate::ui::{self, FieldErrors, Here};

/// The empty form.
pub async fn show(State(state): State<AppState>, MaybeUser(user): MaybeUser) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/rooms/new/")) };
    let owner = CurrentUser(user).require(Role::Owner)?;
    form(&state, &owner, StatusCode::OK, &RoomForm::default(), &FieldErrors::default()).await
}

/// Lists the room, or shows what has to be mended.
pub async fn submit(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    FormBody(typed): FormBody<RoomForm>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/rooms/new/")) };
    let owner = CurrentUser(user).require(Role::Owner)?;
    match list_room(&state, &owner, &listing(&typed)).await {
        Ok(id) => Ok(Redirect::to(&format!("/rooms/{id}/")).into_response()),
        Err(problem) if !problem.errors().is_empty() => {
            let errors = field_errors(&problem);
            form(&state, &owner, problem.status(), &typed, &errors).await
        }
        Err(problem) => Err(problem),
    }
}

async fn form(
    state: &AppState,
    owner: &User,
    status: StatusCode,
    typed: &RoomForm,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let layout = layout(state, t!("list-a-room"), Some(owner), Here::MyRooms).await?;
    Ok(ui::page(status, &NewRoomPage::new(layout, typed, errors)))
}

fn listing(typed: &RoomForm) -> Listing {
    let typed = typed.clone();
    Listing {
        title: typed.title,
        description: typed.description,
        city: typed.city,
        area: typed.area,
        rent: Some(typed.rent),
        contact_phone: typed.contact_phone,
        address: typed.address,
    }
}
