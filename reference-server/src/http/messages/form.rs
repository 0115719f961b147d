//! A message as a form with files carries it: the API's own, and the page's.

use axum::extract::{FromRequest as _, Multipart, Request};
use bytes::Bytes;

use crate::http::photos::upload::{cut_off, whole};
use crate::problem::Problem;

/// The fields that are known; others are passed over, and of those that are there twice the last one counts.
pub struct MessageFields {
    pub room_id: Option<String>,
    pub client_id: Option<String>,
    pub content: String,
    pub client_message_id: Option<String>,
    /// Nothing where no file was chosen, for which browsers send an empty one. What is said against the file does
    /// not keep the words beside it from being read.
    pub image: Result<Option<Bytes>, Problem>,
}

/// Reads the form, within the bounds.
///
/// # Errors
///
/// It is cut off, too large, or no such form.
pub async fn read(request: Request) -> Result<MessageFields, Problem> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::invalid_body("The form has no boundary."))?;
    let mut fields = MessageFields {
        room_id: None,
        client_id: None,
        content: String::new(),
        client_message_id: None,
        image: Ok(None),
    };
    while let Some(field) = form.next_field().await.map_err(|error| cut_off(&error))? {
        match field.name() {
            Some("room_id") => fields.room_id = Some(text(whole(field).await?)?),
            Some("client_id") => fields.client_id = Some(text(whole(field).await?)?),
            Some("content") => fields.content = text(whole(field).await?)?,
            Some("client_message_id") => fields.client_message_id = Some(text(whole(field).await?)?),
            Some("image") => {
                fields.image = whole(field).await.map(|file| Some(file).filter(|file| !file.is_empty()));
            }
            _ => {}
        }
    }
    Ok(fields)
}

fn text(bytes: Bytes) -> Result<String, Problem> {
    String::from_utf8(bytes.into()).map_err(|_| Problem::invalid_body("The form is not UTF-8."))
}
