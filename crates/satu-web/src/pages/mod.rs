//! One file a page.

mod account;
pub mod assets;
mod breaches;
mod comparison;
mod grant;
mod home;
mod language;
mod link;
mod notice_new;
mod notices;
mod password;
mod person;
mod privacy;
mod program;
mod programs;
mod proposals;
mod receive;
mod requests;
mod review;
mod rights;
mod search;
mod second;
mod security_txt;
mod sign_in;
mod sso;
mod standard;
mod state;
mod submission;
mod submissions;
mod tokens;
mod upload;
mod users;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, delete, get, options, patch, post};

use crate::api::{
    changes, doc, doubts, lists, matching, people, reconcile, submissions as deliveries, token,
    uploads, webhooks,
};
use crate::app::App;
use crate::guard::{bounded, programs};
use crate::open;
use crate::page::{Failure, met};
use crate::problem::Problem;
use crate::siasn;

/// Every address, and who answers there.
pub fn routes(app: App) -> Router {
    let answer = app.settings().patience.answer;
    bounded(quick(), answer)
        .merge(patient())
        .fallback(async || Failure::NotFound)
        .layer(from_fn_with_state(app.clone(), met))
        .merge(programs(
            bounded(api().merge(none_of_api()), answer).merge(api_files()),
            app.clone(),
        ))
        .merge(bounded(public(), answer).layer(from_fn_with_state(app.clone(), open::let_in)))
        .merge(assets())
        .with_state(app)
}

/// What stands below the addresses for programs and is none: that is told as a problem.
fn none_of_api() -> Router<App> {
    let paths = ["/api/v1/", "/api/v1/{*rest}"].into_iter();
    paths.fold(Router::new(), |all, path| {
        all.route(path, any(async || Problem::NotFound))
    })
}

/// Makes a router, and the list of its addresses, from one table: an address that is not in the
/// list does not exist. Nothing else in this crate adds an address that is one.
macro_rules! listed {
    ($(#[$says:meta])* $router:ident, $list:ident: $($method:ident $path:literal $handler:expr;)+) => {
        $(#[$says])*
        fn $router() -> Router<App> {
            Router::new()$(.route($path, $method($handler)))+
        }
        const $list: &[(&str, &str)] = &[$((stringify!($method), $path)),+];
    };
}

/// Every address that answers: `get`, `post` or `delete`, and the path.
pub fn list() -> impl Iterator<Item = (&'static str, &'static str)> {
    [QUICK, PATIENT, API, API_FILES, PUBLIC, ASSETS]
        .into_iter()
        .flatten()
        .copied()
}

listed! {
    quick, QUICK:
    get "/" home::show;
    get "/keadaan.csv" home::csv;
    get "/keadaan.xlsx" home::xlsx;
    get "/masuk" sign_in::ask;
    post "/masuk" sign_in::enter;
    get "/masuk/kode" sign_in::ask_code;
    post "/masuk/kode" sign_in::enter_code;
    get "/masuk/sso" sso::begin;
    get "/masuk/sso/kembali" sso::come_back;
    post "/keluar" sign_in::leave;
    get "/keluar/sso" sso::left;
    get "/akun" account::show;
    post "/akun/sesi" account::end;
    post "/akun/sesi/lain" account::end_others;
    get "/akun/sandi" password::ask;
    post "/akun/sandi" password::change;
    get "/akun/kedua" second::show;
    post "/akun/kedua" second::take;
    post "/akun/kedua/lepas" second::remove;
    get "/akun/sso" sso::link::show;
    post "/akun/sso" sso::link::begin;
    post "/akun/sso/lepas" sso::link::end;
    get "/akun/token" tokens::show;
    post "/akun/token" tokens::make;
    post "/akun/token/akhiri" tokens::end;
    get "/tautan/{token}" link::ask;
    post "/tautan/{token}" link::take;
    get "/usulan" proposals::list;
    get "/usulan/{id}" proposals::show;
    post "/usulan/{id}" proposals::answer;
    get "/pengguna" users::list;
    get "/pengguna/undang" users::ask;
    post "/pengguna/undang" users::invite;
    get "/pengguna/{id}/peran" grant::ask;
    post "/pengguna/{id}/peran" grant::give;
    post "/pengguna/{id}/tautan" users::reset;
    post "/pengguna/{id}/faktor" users::forget_factor;
    post "/pengguna/{id}/sesi" users::end_sessions;
    post "/pengguna/{id}/tutup" users::close;
    get "/program" programs::list;
    get "/program/baru" programs::ask;
    post "/program/baru" programs::make;
    get "/program/{id}" program::show;
    post "/program/{id}/rahasia" program::rotate;
    post "/program/{id}/lama" program::drop_old;
    post "/program/{id}/tutup" program::close;
    get "/standar" standard::show;
    get "/data" open::page::list;
    get "/data/{dataset}" open::page::one;
    get "/cari" search::show;
    get "/saya" search::own;
    get "/orang/{id}" person::show;
    post "/orang/{id}/buka" person::open;
    post "/orang/{id}/nilai" person::set;
    get "/tinjau" review::queue;
    get "/tinjau/berikut" review::next;
    get "/tinjau/{id}" review::show;
    post "/tinjau/{id}" review::answer;
    get "/keputusan" review::decisions;
    post "/keputusan/{id}/batal" review::take_back;
    get "/bahasa/{code}" language::choose;
    get "/kiriman" submissions::list;
    get "/kiriman/{id}" submission::show;
    get "/kiriman/periksa/{token}" upload::show;
    post "/kiriman/periksa/{token}/kirim" upload::send;
    post "/kiriman/periksa/{token}/buang" upload::discard;
    get "/pemberitahuan" notices::list;
    get "/pemberitahuan/baru" notice_new::ask;
    post "/pemberitahuan/baru" notice_new::add;
    get "/pemberitahuan/{id}" notices::show;
    post "/pemberitahuan/{id}/rahasia" notice_new::turn;
    post "/pemberitahuan/{id}/akhiri" notice_new::end;
    post "/pemberitahuan/{id}/lanjut" notices::resume;
    post "/pemberitahuan/{id}/ulang" notices::replay;
    get "/kiriman/cocok" comparison::ask;
    get "/kiriman/cocok/{token}" comparison::show;
    get "/privasi" privacy::show;
    get "/api" doc::reference;
    get "/api/problems/{slug}" doc::problem;
    get "/saya/hak" rights::show;
    post "/saya/hak" rights::ask;
    get "/permintaan" requests::list;
    get "/permintaan/{id}" requests::show;
    post "/permintaan/{id}" requests::answer;
    get "/pelanggaran" breaches::list;
    post "/pelanggaran" breaches::note;
    get "/pelanggaran/{id}" breaches::show;
    post "/pelanggaran/{id}" breaches::retell;
    post "/pelanggaran/{id}/orang" breaches::affect;
    post "/pelanggaran/{id}/kabar" breaches::tell;
}

listed! {
    /// Those that take or give large files.
    patient, PATIENT:
    post "/data/rilis" open::page::release;
    get "/kiriman/baru" receive::ask;
    post "/kiriman/baru" receive::take.layer(DefaultBodyLimit::max(receive::MOST));
    get "/kiriman/periksa/{token}/laporan.csv" upload::csv;
    get "/kiriman/periksa/{token}/laporan.xlsx" upload::xlsx;
    get "/kiriman/{id}/temuan.csv" submission::csv;
    get "/kiriman/{id}/temuan.xlsx" submission::xlsx;
    post "/kiriman/cocok" comparison::take.layer(DefaultBodyLimit::max(receive::MOST));
    get "/kiriman/cocok/{token}/hasil.csv" comparison::csv;
    get "/kiriman/cocok/{token}/hasil.xlsx" comparison::xlsx;
    get "/saya/salinan.csv" rights::csv;
    get "/saya/salinan.xlsx" rights::xlsx;
    get "/pelanggaran/{id}/terdampak.csv" breaches::csv;
    get "/pelanggaran/{id}/terdampak.xlsx" breaches::xlsx;
}

listed! {
    /// Those for programs, which bring a token and no cookie.
    api, API:
    post "/oauth2/token" token::give;
    post "/keluar/sso/penyedia" sso::ended::take;
    get "/api/v1/people" people::list;
    get "/api/v1/people/{id}" people::one;
    get "/api/v1/people/{id}/histories" people::histories;
    post "/api/v1/match" matching::take;
    get "/api/v1/submissions" deliveries::list;
    options "/api/v1/uploads" uploads::options;
    post "/api/v1/uploads" uploads::begin;
    get "/api/v1/uploads" uploads::list;
    get "/api/v1/uploads/{token}" uploads::one;
    delete "/api/v1/uploads/{token}" uploads::forget;
    get "/api/v1/submissions/{id}" deliveries::one;
    get "/api/v1/submissions/{id}/findings" deliveries::findings;
    get "/api/v1/doubts" doubts::list;
    get "/api/v1/doubts/{id}" doubts::one;
    post "/api/v1/doubts/{id}" doubts::answer;
    get "/api/v1/sources" lists::sources;
    get "/api/v1/reference" lists::lists;
    get "/api/v1/reference/{name}" lists::codes;
    get "/api/v1/openapi.json" doc::openapi;
    post "/auth/realms/public-siasn/protocol/openid-connect/token" siasn::sign_in;
    get "/apisiasn/1.0/{*operation}" siasn::get;
    delete "/apisiasn/1.0/{*operation}" siasn::delete;
    get "/api/1.0/{*operation}" siasn::get;
    delete "/api/1.0/{*operation}" siasn::delete;
    get "/referensi_siasn/1/{list}" siasn::list;
    get "/referensi_siasn/1/{list}/search" siasn::list;
    get "/api/v1/changes" changes::list;
    get "/api/v1/changes/stream" changes::stream;
    get "/api/v1/webhooks" webhooks::list;
    post "/api/v1/webhooks" webhooks::add;
    get "/api/v1/webhooks/{id}" webhooks::show;
    delete "/api/v1/webhooks/{id}" webhooks::remove;
    post "/api/v1/webhooks/{id}/secret" webhooks::rotate;
    post "/api/v1/webhooks/{id}/resume" webhooks::resume;
    get "/api/v1/webhooks/{id}/dead-letters" webhooks::dead;
    post "/api/v1/webhooks/{id}/dead-letters/replay" webhooks::replay;
}

listed! {
    /// Those for programs that bring large files.
    api_files, API_FILES:
    post "/api/v1/statements" deliveries::statements;
    post "/api/v1/submissions" deliveries::file;
    patch "/api/v1/uploads/{token}" uploads::part;
    post "/api/v1/reconcile" reconcile::take;
    post "/apisiasn/1.0/{*operation}" siasn::post;
    post "/api/1.0/{*operation}" siasn::post;
}

listed! {
    /// Open data, for programs: no session.
    public, PUBLIC:
    get "/data/catalog.ttl" open::catalogue_turtle;
    get "/data/catalog.jsonld" open::catalogue_json_ld;
    get "/data/{dataset}/{file}" open::file;
    get "/api/3/action/{action}" open::ckan::act;
    post "/api/3/action/{action}" open::ckan::act;
    get "/api/action/{action}" open::ckan::act;
    post "/api/action/{action}" open::ckan::act;
    get "/sdmx/2.1/{*path}" open::sdmx;
}

listed! {
    /// Those that are the same for everyone.
    assets, ASSETS:
    get "/.well-known/security.txt" security_txt::show;
    get "/aset/gaya.css" async || assets::style();
    get "/aset/tinjau.js" async || assets::script();
    get "/aset/tanda.svg" async || assets::icon();
}
