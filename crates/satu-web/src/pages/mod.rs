//! One file a page.

mod account;
pub mod assets;
mod home;
mod language;
mod person;
mod receive;
mod review;
mod search;
mod sign_in;
mod standard;
mod state;
mod submission;
mod submissions;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;
use crate::guard::bounded;
use crate::page::{Failure, met};

/// Every address, and who answers there.
pub fn routes(app: App) -> Router {
    bounded(quick())
        .merge(patient())
        .fallback(async || Failure::NotFound)
        .layer(from_fn_with_state(app.clone(), met))
        .merge(assets::routes())
        .with_state(app)
}

fn quick() -> Router<App> {
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
        .route("/kiriman", get(submissions::list))
        .route("/kiriman/{id}", get(submission::show))
        .route("/kiriman/periksa/{token}", get(upload::show))
        .route("/kiriman/periksa/{token}/kirim", post(upload::send))
        .route("/kiriman/periksa/{token}/buang", post(upload::discard))
}

/// Those that take or give large files.
fn patient() -> Router<App> {
    Router::new()
        .route(
            "/kiriman/baru",
            get(receive::ask)
                .post(receive::take)
                .layer(DefaultBodyLimit::max(receive::MOST)),
        )
        .route("/kiriman/periksa/{token}/laporan.csv", get(upload::csv))
        .route("/kiriman/periksa/{token}/laporan.xlsx", get(upload::xlsx))
        .route("/kiriman/{id}/temuan.csv", get(submission::csv))
        .route("/kiriman/{id}/temuan.xlsx", get(submission::xlsx))
}
