//! One file a page.

mod account;
pub mod assets;
mod home;
mod language;
mod person;
mod review;
mod search;
mod sign_in;
mod standard;
mod state;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;
use crate::page::{Failure, met};

/// Every address, and who answers there.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/keadaan.csv", get(home::csv))
        .route("/keadaan.xlsx", get(home::xlsx))
        .route("/masuk", get(sign_in::ask).post(sign_in::enter))
        .route("/keluar", post(sign_in::leave))
        .route("/akun", get(account::show))
        .route("/akun/sesi", post(account::end))
        .route("/standar", get(standard::show))
        .route("/cari", get(search::show))
        .route("/saya", get(search::own))
        .route("/orang/{id}", get(person::show))
        .route("/orang/{id}/buka", post(person::open))
        .route("/orang/{id}/nilai", post(person::set))
        .route("/tinjau", get(review::queue))
        .route("/tinjau/berikut", get(review::next))
        .route("/tinjau/{id}", get(review::show).post(review::answer))
        .route("/keputusan", get(review::decisions))
        .route("/keputusan/{id}/batal", post(review::take_back))
        .route("/bahasa/{code}", get(language::choose))
        .fallback(async || Failure::NotFound)
        .layer(from_fn_with_state(app.clone(), met))
        .merge(assets::routes())
        .with_state(app)
}
