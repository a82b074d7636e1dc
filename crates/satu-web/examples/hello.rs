//! `hello ADDRESS`: answers "hello" as fast as axum can, and at `/long` with as many bytes as a golden
//! record has: what `bench/http` measures beside.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

/// As many bytes as the API's answer about one made-up person, on average.
const LONG: usize = 4_300;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let pages = Router::new()
        .route("/", get(async || "hello"))
        .route("/long", get(async || "o".repeat(LONG)));
    axum::serve(TcpListener::bind(address).await?, pages).await
}
