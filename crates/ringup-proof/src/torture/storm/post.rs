//! Brings notifications, also by callers who hang up before they have heard the answer.

use std::net::SocketAddr;

use ringup_sandbox::SignedNotification;
use tokio::net::TcpStream;

use crate::rig::client::{Answer, Client};
use crate::rig::failure::Failure;
use crate::torture::orders::until_answered;

/// Brings it and waits for an answer that is one.
pub async fn deliver(client: &Client, notification: &SignedNotification) -> Result<Answer, Failure> {
    until_answered(|| client.notify(notification)).await
}

/// Brings it, and hangs up when the last byte has been sent.
///
/// It may be heard or not: nobody knows. A server that cannot be reached has heard nothing, and that is no failure here.
pub async fn hang_up(address: SocketAddr, notification: &SignedNotification) {
    let Ok(stream) = TcpStream::connect(address).await else { return };
    let mut request = format!("POST {} HTTP/1.1\r\nHost: {address}\r\n", notification.url);
    for (name, value) in &notification.headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{}", notification.body.len(), notification.body));
    let mut rest = request.as_bytes();
    while !rest.is_empty() && stream.writable().await.is_ok() {
        match stream.try_write(rest) {
            Ok(sent) => rest = rest.get(sent..).unwrap_or_default(),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            // What was cut off was not heard.
            Err(_) => return,
        }
    }
}
