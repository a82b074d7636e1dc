//! `hello ADDRESS`: answers "hello" to everything, as fast as axum can: what `bench/http` measures beside.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let pages = Router::new().route("/", get(async || "hello"));
    axum::serve(TcpListener::bind(address).await?, pages).await
}
