use super::{Head, read_head};

#[test]
fn an_answer_is_read_when_its_head_is_all_there() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\ndate: now\r\n\r\nsuccess";
    assert_eq!(read_head(answer), Ok(Some(Head { status: 200, length: 49, body_length: 7 })));
    assert_eq!(read_head(&answer[..40]), Ok(None));
}

#[test]
fn an_answer_without_a_body_has_none() {
    let answer = b"HTTP/1.1 303 See Other\r\nlocation: /\r\n\r\n";
    assert_eq!(read_head(answer), Ok(Some(Head { status: 303, length: answer.len(), body_length: 0 })));
}

#[test]
fn what_is_no_answer_is_refused() {
    assert!(read_head(b"nonsense\r\n\r\n").is_err());
    assert!(read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
}
