use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;

/// A server that answers one connection with these bytes, whatever it is asked. Its address.
fn server(answer: impl Into<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let answer = answer.into();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request);
        // The client may hang up before all of it is written.
        let _ = stream.write_all(&answer);
    });
    address
}

async fn sent(url: String) -> Result<HttpResponse, HttpError> {
    let request = HttpRequest { method: Method::Get, url, headers: Vec::new(), body: String::new() };
    HttpClient::new().unwrap().send(request).await
}

#[tokio::test]
async fn an_answer_comes_whole_with_its_headers() {
    let answer = "HTTP/1.1 404 Not Found\r\nWechatpay-Serial: ABC\r\nContent-Length: 4\r\n\r\n{\n}\n";
    let response = sent(server(answer)).await.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (404, "{\n}\n".as_bytes()));
    assert_eq!(header(&response.headers, "WECHATPAY-SERIAL"), Some("ABC"));
}

#[tokio::test]
async fn a_refused_connection_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert!(matches!(sent(address).await, Err(HttpError::NotSent(_))));
    assert!(matches!(sent("no address".to_owned()).await, Err(HttpError::NotSent(_))));
}

#[tokio::test]
async fn a_broken_connection_means_that_it_may_have_arrived() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "rubbish\r\n\r\n"] {
        assert!(matches!(sent(server(answer)).await, Err(HttpError::NoAnswer(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    answer.resize(limits::ANSWER_BYTES_MAX + 1_000, b' ');
    let error = sent(server(answer)).await.unwrap_err();
    assert_eq!(error, HttpError::NoAnswer("it has more than 1048576 bytes".to_owned()));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(sent(server(answer)).await.map(|response| response.status), Ok(302));
}
