use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::routing::post as route_post;

use super::{Plan, RequestFile, post, send};

async fn given_a_server() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/yes", route_post(async || "success")).route("/no", route_post(async || "fail"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn plan(to: SocketAddr, requests: PathBuf) -> Plan {
    Plan {
        to,
        requests,
        from: 1,
        again: false,
        connections: 3,
        for_ms: 60_000,
        rate: None,
        expect_status: 200,
        expect_text: Some("success".to_owned()),
        then_place: false,
        keys_seed: 0,
    }
}

fn given_requests(folder: &tempfile::TempDir, paths: &[&str]) -> PathBuf {
    let file = folder.path().join("requests");
    RequestFile::write(&file, paths.iter().map(|path| post(path, "text/plain", "", "a body"))).unwrap();
    file
}

#[tokio::test]
async fn every_request_is_sent_once_and_its_answer_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let requests = given_requests(&folder, &["/no", "/yes", "/yes", "/yes", "/yes", "/yes"]);
    let outcome = send(&plan(given_a_server().await, requests)).await.unwrap();
    assert_eq!(outcome.answered, 5, "the first is left out");
    assert!(outcome.p50_micros <= outcome.p99_micros && outcome.p99_micros <= outcome.max_micros);
}

#[tokio::test]
async fn a_wrong_answer_ends_the_load() {
    let folder = tempfile::tempdir().unwrap();
    let server = given_a_server().await;
    for wrong in ["/no", "/nowhere"] {
        let requests = given_requests(&folder, &["/yes", "/yes", wrong]);
        assert!(send(&plan(server, requests)).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_fixed_schedule_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let requests = given_requests(&folder, &["/yes"; 21]);
    let plan = Plan { rate: Some(100), ..plan(given_a_server().await, requests) };
    let outcome = send(&plan).await.unwrap();
    assert_eq!(outcome.answered, 20);
    assert!(outcome.micros >= 190_000, "the last of them is due after 190 ms");
}
