//! `GET /api/admin/users/`: who there is.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{AdminUser, Phone, Role};
use crate::db::people::{self, PeopleFilter, Person, Standing};
use crate::http::admin::page::{id_cursor, next_of};
use crate::http::body::QueryOf;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::state::AppState;

/// People a page.
const PAGE_PEOPLE: u32 = 25;
/// As long as a name.
const QUERY_CHARS_MAX: usize = 80;

/// The filter, as typed.
#[derive(Debug, Default, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PeopleQuery {
    /// A phone number, or a part of a name.
    pub q: String,
    /// `client`, `owner`, `admin`, or empty.
    pub role: String,
    /// `active`, `suspended`, `deleted`, or empty.
    pub standing: String,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminUsers)]
pub struct PeopleBody {
    users: Vec<PersonBody>,
    next_cursor: Option<Uuid>,
}

/// An account as an administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminUser)]
pub struct PersonBody {
    id: Uuid,
    role: Role,
    name: String,
    /// Null once the account is deleted.
    phone: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/users",
    operation_id = "admin_users",
    tag = "admin",
    summary = "Who there is",
    security(("session" = [])),
    params(PeopleQuery),
    responses(
        (status = 200, description = "A page, newest first", body = PeopleBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(query): QueryOf<PeopleQuery>,
) -> Result<Json<PeopleBody>, Problem> {
    let (people, next_cursor) = find(&state, &query).await?;
    Ok(Json(PeopleBody { users: people.into_iter().map(PersonBody::from).collect(), next_cursor }))
}

/// A page of who was looked for, and where the next one begins.
///
/// # Errors
///
/// 422 with each field of the filter that doesn't do.
pub async fn find(state: &AppState, query: &PeopleQuery) -> Result<(Vec<Person>, Option<Uuid>), Problem> {
    let mut people = people::search(&state.db, &filter(query)?, PAGE_PEOPLE + 1).await?;
    let next = next_of(&mut people, PAGE_PEOPLE, |person| person.user.id);
    Ok((people, next))
}

fn filter(query: &PeopleQuery) -> Result<PeopleFilter, Problem> {
    let before = id_cursor(&query.cursor)?;
    let mut fields = Fields::default();
    let text = fields.text("q", &query.q, 0..=QUERY_CHARS_MAX);
    let role = match query.role.as_str() {
        "" => None,
        word => word.parse().map_err(|_| fields.refuse("role", t!("wrong-any-role"))).ok(),
    };
    let standing = match query.standing.as_str() {
        "" => Standing::Any,
        "active" => Standing::Active,
        "suspended" => Standing::Suspended,
        "deleted" => Standing::Deleted,
        _ => {
            fields.refuse("standing", t!("wrong-person-state"));
            Standing::Any
        }
    };
    fields.finish()?;
    let phone = Phone::parse(&text).ok().map(|phone| phone.as_str().to_owned());
    let name = (phone.is_none() && !text.is_empty()).then_some(text);
    Ok(PeopleFilter { name, phone, role, standing, before })
}

impl From<Person> for PersonBody {
    fn from(person: Person) -> Self {
        let Person { user, created_at, suspended_at, erased_at: deleted_at } = person;
        let phone = deleted_at.is_none().then_some(user.phone);
        Self { id: user.id, role: user.role, name: user.name, phone, created_at, suspended_at, deleted_at }
    }
}
