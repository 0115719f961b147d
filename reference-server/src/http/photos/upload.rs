//! `POST /api/rooms/{id}/photos/`: the owner adds a photo, as multipart with the file in `image`, and `private` when
//! only who pays shall see it.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::CurrentUser;
use crate::db::photo_leftovers;
use crate::db::rooms::photos;
use crate::db::users::User;
use crate::http::body::PathId;
use crate::http::rooms::change::own_room;
use crate::openapi::PhotoForm;
use crate::photos::{Audience, PHOTO_BYTES_MAX, PHOTOS_MAX, PhotoError, PhotoName, PictureError};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;
use crate::ui::Lang;

/// What is read of a body that is too large, so that its sender hears the answer instead of a broken connection.
const DRAIN_BYTES_MAX: usize = 64 * 1024 * 1024;

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
    pub image: Bytes,
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
    let upload = read(request).await?;
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
    let added = match state.photos.keep(name.clone(), image, audience).await {
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
pub async fn read(request: Request) -> Result<Upload, Problem> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::unsupported_media_type("multipart/form-data with the file in `image`"))?;
    let (mut image, mut audience) = (None, Audience::Everybody);
    while let Some(field) = form.next_field().await.map_err(|error| cut_off(&error))? {
        match field.name() {
            Some("image") if image.is_none() => image = Some(whole(field).await?),
            Some("private") => {
                if matches!(&*whole(field).await?, b"1" | b"true" | b"on") {
                    audience = Audience::Unlocked;
                }
            }
            _ => {}
        }
    }
    match image {
        Some(image) if !image.is_empty() => Ok(Upload { image, audience }),
        _ => Err(refused(t!("wrong-required"))),
    }
}

/// A field of a form, within the bounds of a photo.
pub async fn whole(mut field: Field<'_>) -> Result<Bytes, Problem> {
    let (mut bytes, mut drained) = (BytesMut::new(), 0_usize);
    while let Some(chunk) = field.chunk().await.map_err(|error| cut_off(&error))? {
        match bytes.len() + chunk.len() <= PHOTO_BYTES_MAX && drained == 0 {
            true => bytes.extend_from_slice(&chunk),
            false => drained += chunk.len(),
        }
        if drained > DRAIN_BYTES_MAX {
            break;
        }
    }
    if drained > 0 { Err(Problem::too_large(PHOTO_BYTES_MAX)) } else { Ok(bytes.freeze()) }
}

/// What is wrong with a form that can't be read.
pub fn cut_off(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(PHOTO_BYTES_MAX),
        _ => Problem::invalid_body(
            "The form ended or stood still before it was whole, or is no multipart form.",
        ),
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
