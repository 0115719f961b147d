//! An account as its own user sees it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Role;
use crate::db::users::User;

/// `{id, role, name, phone}`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserBody {
    id: Uuid,
    role: Role,
    name: String,
    phone: String,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self { id: user.id, role: user.role, name: user.name, phone: user.phone }
    }
}
