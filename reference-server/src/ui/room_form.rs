//! The forms of a room: the one that lists it, and the one that changes it and its photos.

use askama::Template;

use super::{Field, FieldErrors, Here, Layout};

/// `GET /rooms/new/`, and the same page again with what has to be mended.
#[derive(Debug, Template)]
#[template(path = "pages/room_new.html")]
pub struct NewRoomPage {
    pub layout: Layout,
    pub has_errors: bool,
    pub fields: RoomFields,
}

/// `GET /rooms/{id}/edit/`, and the same page again with what has to be mended.
#[derive(Debug, Template)]
#[template(path = "pages/room_edit.html")]
pub struct EditRoomPage {
    pub layout: Layout,
    pub room_id: String,
    pub has_errors: bool,
    /// Whether the last change was just written.
    pub saved: bool,
    pub fields: RoomFields,
    pub photos: Vec<OwnPhoto>,
    /// Photos of a room at most.
    pub photos_max: u32,
    /// Why the last photo was not taken.
    pub photo_error: Option<String>,
}

/// The fields of both.
#[derive(Debug)]
pub struct RoomFields {
    pub title: Field,
    pub description: Field,
    pub city: Field,
    pub area: Field,
    pub rent: Field,
    pub contact_phone: Field,
    pub address: Field,
}

/// A photo for the owner to see and to remove.
#[derive(Clone, Debug)]
pub struct OwnPhoto {
    pub url: String,
    /// What the address of every act on it begins with. Nothing for one that came with the program, which stays.
    pub own_url: Option<String>,
    pub private: bool,
}

/// What was posted, as it was typed.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct RoomForm {
    pub title: String,
    pub description: String,
    pub city: String,
    pub area: String,
    pub rent: String,
    pub contact_phone: String,
    pub address: String,
}

/// Silent about its content: phone and address are what the product locks away.
impl std::fmt::Debug for RoomForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RoomForm(..)")
    }
}

impl NewRoomPage {
    /// The form filled with `form`, each error beside its field.
    pub fn new(layout: Layout, form: &RoomForm, errors: &FieldErrors) -> Self {
        Self { layout, has_errors: !errors.is_empty(), fields: RoomFields::new(form, errors) }
    }
}

impl RoomFields {
    /// The fields filled with `form`, each error beside its field.
    pub fn new(form: &RoomForm, errors: &FieldErrors) -> Self {
        Self {
            title: Field::text("title", t!("field-title"), 120)
                .with_hint(t!("hint-title"))
                .filled(&form.title, errors),
            description: Field::lines("description", t!("field-description"), 4_000)
                .with_hint(t!("hint-description"))
                .optional()
                .filled(&form.description, errors),
            city: Field::text("city", t!("search-city"), 60)
                .with_autocomplete("address-level2")
                .filled(&form.city, errors),
            area: Field::text("area", t!("field-area"), 60).filled(&form.area, errors),
            rent: Field::rupees("rent", t!("field-rent")).filled(&form.rent, errors),
            contact_phone: Field::phone("contact_phone", t!("field-contact-phone"))
                .with_autocomplete("tel")
                .filled(&form.contact_phone, errors),
            address: Field::text("address", t!("field-address"), 200)
                .with_hint(t!("hint-address"))
                .with_autocomplete("street-address")
                .filled(&form.address, errors),
        }
    }
}

#[cfg(test)]
impl NewRoomPage {
    pub(super) fn sample() -> Self {
        let layout = Layout::sample_owner("List a room", Here::MyRooms);
        Self::new(layout, &RoomForm::default(), &FieldErrors::default())
    }

    pub(super) fn sample_refused() -> Self {
        let form = RoomForm {
            title: "<script>alert(1)</script>".into(),
            rent: "free".into(),
            ..RoomForm::default()
        };
        let errors = FieldErrors::new([
            ("rent".into(), "Write the rent as a number, like 12500".into()),
            ("address".into(), "Say where the room is".into()),
        ]);
        Self::new(Layout::sample_owner("List a room", Here::MyRooms), &form, &errors)
    }
}

#[cfg(test)]
impl EditRoomPage {
    pub(super) fn sample(photo_error: Option<&str>) -> Self {
        let form = RoomForm { title: "Sunny <script>alert(1)</script>".into(), ..RoomForm::default() };
        let photo = |url: &str, private| OwnPhoto {
            url: url.into(),
            own_url: Some("/rooms/r1/photos/p1".into()),
            private,
        };
        Self {
            layout: Layout::sample_owner("Edit a room", Here::MyRooms),
            room_id: "r1".into(),
            has_errors: false,
            saved: photo_error.is_none(),
            fields: RoomFields::new(&form, &FieldErrors::default()),
            photos: vec![photo("/photos/1.jpg", false), photo("/rooms/r1/photos/2.jpg?a=\"x\"", true)],
            photos_max: 12,
            photo_error: photo_error.map(Into::into),
        }
    }
}
