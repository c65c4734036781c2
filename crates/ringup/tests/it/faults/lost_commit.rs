//! A commit whose answer is lost: nobody is told yes or no, and the key tells what happened.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringup_core::payment::Provider;

use crate::support::{TestApp, TestDatabase, key};

/// A wire to a database server that can lose the answer to the next commit.
struct Wire {
    address: SocketAddr,
    loses_next_commit: Arc<AtomicBool>,
}

impl Wire {
    fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let loses_next_commit = Arc::new(AtomicBool::new(false));
        let loses = Arc::clone(&loses_next_commit);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, loses) = (client.unwrap(), Arc::clone(&loses));
                let server = TcpStream::connect(&server).unwrap();
                let is_lost = Arc::new(AtomicBool::new(false));
                let answers = (server.try_clone().unwrap(), client.try_clone().unwrap(), Arc::clone(&is_lost));
                std::thread::spawn(move || carry_answers(answers.0, answers.1, &answers.2));
                std::thread::spawn(move || carry_questions(client, server, (&loses, &is_lost)));
            }
        });
        Self { address, loses_next_commit }
    }
}

/// Marks the connection as lost before it carries the commit that is to be lost.
fn carry_questions(mut client: TcpStream, mut server: TcpStream, (loses, is_lost): (&AtomicBool, &AtomicBool)) {
    let mut bytes = [0; 65_536];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        let is_commit = bytes[..count].windows(7).any(|part| part == b"commit\0");
        if is_commit && loses.swap(false, Ordering::SeqCst) {
            is_lost.store(true, Ordering::SeqCst);
        }
        if server.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // It may be closed already.
    let _ = server.shutdown(Shutdown::Both);
}

/// Cuts a lost connection when its answer comes: by then the server has committed.
fn carry_answers(mut server: TcpStream, mut client: TcpStream, is_lost: &AtomicBool) {
    let mut bytes = [0; 65_536];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        if is_lost.load(Ordering::SeqCst) || client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_unknown_until_its_key_is_used_again() {
    let Some(server) = TestDatabase::server() else {
        return; // A file's commit that fails stops the lane instead: there the scenario is another one.
    };
    let server = reqwest::Url::parse(&server).unwrap();
    let wire = Wire::to(format!("{}:{}", server.host_str().unwrap(), server.port().unwrap_or(5432)));
    let app = TestApp::on(TestDatabase::fresh().through(wire.address)).await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("20.00 CNY").await;
    let (quote, key) = (app.given_a_quote(&card, "50.00 CNY").await, key());

    wire.loses_next_commit.store(true, Ordering::SeqCst);
    let lost = app.takes_quote(&quote, Provider::Alipay, Some(&key)).await;
    assert_eq!(lost.problem(), (503, "outcome_unknown".to_owned()));
    assert_eq!(lost.header("retry-after"), Some("2"));
    let again = app.takes_quote(&quote, Provider::Alipay, Some(&key)).await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    let order = app.order(&again).await;
    assert_eq!(app.payments_of(&order).await.len(), 1);

    app.customer_pays(&order);
    wire.loses_next_commit.store(true, Ordering::SeqCst);
    let notification = app.notification(&order, ringup_sandbox::Forgery::None);
    assert_eq!(app.delivers(notification).await.status, 503, "the provider must say it again");
    app.provider_says_so(&order).await;
    app.should_hold(&card, "70.00 CNY").await;
    assert_eq!(app.state_of(&order).await, "credited");
}
