//! Demo accounts and rooms, so that a first visitor sees a product and not an empty page. Sandbox only.

use crate::auth::Role;
use crate::db::rooms::{self, NewRoom, photos};
use crate::db::users::{self, NewUser};
use crate::problem::Problem;
use crate::state::AppState;

/// Public on purpose: the sandbox holds nothing worth guarding.
const PASSWORD: &str = "kotha-demo";

/// Phone number, role, name.
const ACCOUNTS: [(&str, Role, &str); 4] = [
    ("9800000001", Role::Owner, "Sarita Maharjan"),
    ("9800000002", Role::Owner, "Bikash Gurung"),
    ("9800000003", Role::Client, "Asmita Rai"),
    ("9800000009", Role::Admin, "Kotha Admin"),
];

struct DemoRoom {
    owner: &'static str,
    title: &'static str,
    description: &'static str,
    city: &'static str,
    area: &'static str,
    rent_paisa: u64,
    address: &'static str,
    photos: [&'static str; 3],
}

/// Oldest first: the list shows the last one on top.
const ROOMS: [DemoRoom; 7] = [
    DemoRoom {
        owner: "9800000002",
        title: "Quiet single room near Lakeside",
        description: "Third floor, morning sun, shared kitchen. Ten minutes on foot to Phewa lake. \
                      Water all day, inverter for the evening.",
        city: "Pokhara",
        area: "Baidam",
        rent_paisa: 750_000,
        address: "House 14, Street 9, Baidam, Pokhara-6",
        photos: ["room-3", "lake", "kitchen-1"],
    },
    DemoRoom {
        owner: "9800000001",
        title: "Two rooms with kitchen for a family",
        description: "Ground floor with a small garden. School and vegetable market within five minutes. \
                      Parking for a motorbike.",
        city: "Lalitpur",
        area: "Jawalakhel",
        rent_paisa: 1_850_000,
        address: "Ekantakuna road, behind the health post, Lalitpur-4",
        photos: ["room-4", "kitchen-2", "courtyard"],
    },
    DemoRoom {
        owner: "9800000001",
        title: "Student room beside the campus",
        description: "Desk, bed and wardrobe stay in the room. Wi-Fi is included. Women only, please.",
        city: "Kathmandu",
        area: "Kirtipur",
        rent_paisa: 600_000,
        address: "Naya Bazar, House 221, Kirtipur-3",
        photos: ["room-2", "street", "bath-1"],
    },
    DemoRoom {
        owner: "9800000002",
        title: "Flat with a view of Machhapuchhre",
        description: "Two bedrooms, hall, attached bathroom and a roof to dry clothes on. Hot water by solar.",
        city: "Pokhara",
        area: "Sarangkot",
        rent_paisa: 2_400_000,
        address: "Sarangkot road, blue gate after the school, Pokhara-18",
        photos: ["room-6", "himal", "roof"],
    },
    DemoRoom {
        owner: "9800000002",
        title: "Room for one, no brokers",
        description: "Simple and clean. Shared bathroom with one other tenant. Rent is due on the first.",
        city: "Bharatpur",
        area: "Narayangarh",
        rent_paisa: 450_000,
        address: "Pulchowk, Lane 3, Bharatpur-2",
        photos: ["room-7", "bath-1", "street"],
    },
    DemoRoom {
        owner: "9800000001",
        title: "Bright corner room with balcony",
        description: "Fourth floor with a lift. Two windows, a balcony to the east, and a quiet street below. \
                      Water from the tank all day.",
        city: "Kathmandu",
        area: "Baneshwor",
        rent_paisa: 1_100_000,
        address: "Shankhamul marg 45, opposite the pharmacy, Kathmandu-10",
        photos: ["room-5", "street", "kitchen-2"],
    },
    DemoRoom {
        owner: "9800000001",
        title: "Sunny room in a Newari house",
        description: "Restored brick house around a courtyard, carved windows, new wiring. \
                      Roof terrace shared with the family.",
        city: "Bhaktapur",
        area: "Taumadhi",
        rent_paisa: 900_000,
        address: "Taumadhi square, second courtyard on the left, Bhaktapur-4",
        photos: ["room-1", "courtyard", "roof"],
    },
];

/// Writes what is missing; a second start finds everything there.
///
/// # Errors
///
/// When the database can't be written.
pub async fn fill(state: &AppState) -> Result<(), Problem> {
    let now = state.clock.now();
    let mut password_hash = None;
    let mut last_is_ours = false;
    for (phone, role, name) in ACCOUNTS {
        if users::lookup_by_phone(&state.db, phone).await?.is_some() {
            last_is_ours = false;
            continue;
        }
        let hash = match &password_hash {
            Some(hash) => hash,
            // Hashed once: it is the same password, and it takes a while.
            None => password_hash.insert(state.passwords.hash(PASSWORD).await.map_err(Problem::internal)?),
        };
        let id = state.ids.next_id();
        let new = NewUser { id, role, name, phone, password_hash: hash };
        last_is_ours = users::add(&state.db, &new, now).await?;
    }
    // Rooms come with the last account, which one server makes: a room that was taken down stays down.
    if last_is_ours {
        for room in &ROOMS {
            list(state, room).await?;
        }
    }
    Ok(())
}

/// The accounts, for the log line at the start.
pub fn accounts_line() -> String {
    ACCOUNTS.map(|(phone, role, _)| format!("{role} {phone}")).join(", ")
}

async fn list(state: &AppState, room: &DemoRoom) -> Result<(), Problem> {
    let Some((owner, _)) = users::lookup_by_phone(&state.db, room.owner).await? else { return Ok(()) };
    let id = state.ids.next_id();
    let new = NewRoom {
        id,
        owner: owner.id,
        title: room.title,
        description: room.description,
        city: room.city,
        area: room.area,
        rent_paisa: room.rent_paisa,
        contact_phone: room.owner,
        address: room.address,
    };
    rooms::add(&state.db, &new, state.clock.now()).await?;
    for photo in room.photos {
        photos::add_static(&state.db, id, &format!("/static/demo/rooms/{photo}.svg")).await?;
    }
    Ok(())
}
