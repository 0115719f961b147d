//! `POST /api/rooms/{id}/photos/`: the owner adds a photo, as multipart with the file in `image`, and `private` when
//! only who pays shall see it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::db::photo_leftovers;
use crate::db::rooms::photos;
use crate::db::users::User;
use crate::http::body::PathId;
use crate::http::parts::{File, Parts, WORD_BYTES_MAX};
use crate::http::rooms::change::own_room;
use crate::openapi::PhotoForm;
use crate::photos::{Audience, PHOTOS_MAX, PhotoError, PhotoName, PictureError};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;
use crate::ui::Lang;

/// Where the photo is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Photo)]
pub struct PhotoBody {
    url: String,
    thumbnail_url: String,
    private: bool,
}

impl PhotoBody {
    /// Of a photo at this address.
    pub fn of(url: String, audience: Audience) -> Self {
        let thumbnail_url = super::small(&url);
        Self { url, thumbnail_url, private: audience == Audience::Unlocked }
    }
}

/// What was sent.
#[derive(Debug)]
pub struct Upload {
    /// The file.
    pub image: File,
    /// Who may see it.
    pub audience: Audience,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/rooms/{id}/photos",
    operation_id = "add_photo",
    tag = "rooms",
    summary = "Add a photo, as the owner",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Where it is now", body = PhotoBody),
        (status = 403, description = "It is somebody else's room"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn upload(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(room): PathId,
    request: Request,
) -> Result<(StatusCode, Json<PhotoBody>), Problem> {
    own_room(&state, &user, room).await?;
    let upload = read(&state, &user, request).await?;
    let audience = upload.audience;
    let url = add(&state, &user, room, upload).await?;
    Ok((StatusCode::CREATED, Json(PhotoBody::of(url, audience))))
}

/// Adds a photo to one's own room; its address.
pub async fn add(state: &AppState, user: &User, room: Uuid, upload: Upload) -> Result<String, Problem> {
    own_room(state, user, room).await?;
    put_up(state, room, upload).await
}

/// Adds a photo to a room; its address. Whatever happens in between, no file stays without a row.
pub async fn put_up(state: &AppState, room: Uuid, upload: Upload) -> Result<String, Problem> {
    let Upload { image, audience } = upload;
    let name = PhotoName::draw().map_err(Problem::internal)?;
    photo_leftovers::note(&state.db, &name, audience, state.clock.now()).await?;
    let url = super::url(room, &name, audience);
    let added = match state.photos.keep(name.clone(), image.bytes.clone(), audience).await {
        Ok(()) => match photos::add(&state.db, room, &url, &name, audience).await {
            Ok(true) => Ok(url),
            Ok(false) => Err(refused(t!("wrong-photos", max = Lang::current().digits(PHOTOS_MAX)))),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(refusal(error)),
    };
    match &added {
        Ok(_) => super::cross_out(state, &name).await,
        Err(_) => super::discard(state, &name, audience).await,
    }
    added
}

/// Reads the form, within the bounds.
pub async fn read(state: &AppState, user: &User, request: Request) -> Result<Upload, Problem> {
    let mut form = Parts::of(request)
        .await
        .map_err(|_| Problem::unsupported_media_type("multipart/form-data with the file in `image`"))?;
    let (mut image, mut audience) = (None, Audience::Everybody);
    while let Some(part) = form.next().await? {
        match part.name() {
            Some("image") if image.is_none() => image = Some(part.file(&state.uploads, user.id).await?),
            Some("private") => {
                if matches!(&*part.text(WORD_BYTES_MAX).await?, "1" | "true" | "on") {
                    audience = Audience::Unlocked;
                }
            }
            _ => part.skip().await?,
        }
    }
    match image {
        Some(image) if !image.bytes.is_empty() => Ok(Upload { image, audience }),
        _ => Err(refused(t!("wrong-required"))),
    }
}

/// Why a picture is not taken.
pub fn refusal(error: PhotoError) -> Problem {
    match error {
        PhotoError::Picture(PictureError::Unsupported) => {
            Problem::unsupported_media_type("a JPEG, PNG or WebP picture")
        }
        PhotoError::Picture(error) => refused(error.to_string()),
        PhotoError::Io(error) => Problem::unavailable(error),
        error => Problem::internal(error),
    }
}

fn refused(message: String) -> Problem {
    Problem::invalid_fields(vec![FieldError { field: "image", message }])
}
