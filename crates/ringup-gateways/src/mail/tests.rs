use std::io::{BufRead as _, BufReader, Write as _};

use ringup_core::secret::Secret;

use super::*;
use crate::support::NOW;

fn config(smtp_url: &str, password: Option<&str>) -> MailConfig {
    let password = password.map(|password| Secret::new(password.to_owned()));
    MailConfig { smtp_url: smtp_url.to_owned(), password, from: "Ringup <receipts@ringup.example>".to_owned() }
}

fn letter() -> Letter {
    Letter {
        id: "ntc0000000000001".to_owned(),
        to: EmailAddress::parse("wang@example.com").unwrap(),
        subject: "充值凭证：¥100.00".to_owned(),
        text: "您的卡已到账 ¥100.00。\n.\n".to_owned(),
        html: "<!doctype html><p>您的卡已到账 <b>¥100.00</b>。</p>\n".to_owned(),
        written_at: NOW,
    }
}

#[test]
fn a_letter_is_the_same_bytes_each_time() {
    let server = MailServer::new(&config("smtp://127.0.0.1:25", None)).unwrap();
    let letter = letter();
    let written = |letter: &Letter| String::from_utf8(server.write(letter).unwrap().formatted()).unwrap();
    assert_eq!(written(&letter), written(&letter));
    insta::assert_snapshot!(written(&letter).replace('\r', ""));
}

#[test]
fn settings_that_cannot_be_used_are_refused_by_name() {
    let refused = |config: &MailConfig| MailServer::new(config).unwrap_err().to_string();
    for (smtp_url, password, expected) in [
        ("mail.example.com", None, "mail.smtp_url: relative URL without a base"),
        ("https://mail.example.com", None, "mail.smtp_url: it is no smtp:// or smtps:// address"),
        ("smtps://us:secret@mail.example.com", None, "mail.smtp_url: a password stands in mail.password_file"),
        (
            "smtps://us@mail.example.com",
            None,
            "mail: a user in smtp_url and password_file are set together or not at all",
        ),
        (
            "smtps://mail.example.com",
            Some("secret"),
            "mail: a user in smtp_url and password_file are set together or not at all",
        ),
    ] {
        assert_eq!(refused(&config(smtp_url, password)), expected);
    }
    let nobody = MailConfig { from: "nobody".to_owned(), ..config("smtp://127.0.0.1", None) };
    assert_eq!(refused(&nobody), "mail.from: it is no address");
}

#[test]
fn a_user_may_be_an_address_himself() {
    assert_eq!(percent_decoded("us%40example.com").as_deref(), Some("us@example.com"));
    assert_eq!(percent_decoded("us%4"), None);
    assert_eq!(percent_decoded("us%ff"), None);
    for smtp_url in ["smtps://us%40example.com@mail.example.com:465", "smtp://us@mail.example.com?tls=required"] {
        MailServer::new(&config(smtp_url, Some("secret"))).unwrap();
    }
}

#[tokio::test]
async fn no_mail_server_is_a_letter_not_taken() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let server = MailServer::new(&config(&format!("smtp://{address}"), None)).unwrap();
    assert_eq!(server.send(&letter()).await, Err(MailError::NotTaken { why: "the connection failed".to_owned() }));
}

/// A mail server that answers to the sender's name with this line, whatever it is.
fn answering(answer: &'static str) -> MailServer {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(&stream).lines();
        let mut said = "220 ready".to_owned();
        // The client hangs up when it has heard enough.
        while writeln!(&stream, "{said}\r").is_ok() {
            let Some(Ok(line)) = lines.next() else { return };
            said = if line.starts_with("MAIL") { answer } else { "250 go on" }.to_owned();
        }
    });
    MailServer::new(&config(&format!("smtp://{address}"), None)).unwrap()
}

#[tokio::test]
async fn what_the_mail_server_says_is_read_by_its_code_and_its_words_are_kept_nowhere() {
    let not_taken = |why: &str| MailError::NotTaken { why: why.to_owned() };
    for (answer, expected) in [
        ("550 5.1.1 <wang@example.com> is nobody here", MailError::Refused { code: 550 }),
        ("554 <wang@example.com> wants no mail", MailError::Refused { code: 554 }),
        ("451 <wang@example.com> not now", not_taken("451")),
        ("530 who are you", not_taken("it does not know us: 530")),
        ("535 wrong password", not_taken("it does not know us: 535")),
        ("<wang@example.com>", not_taken("its answer makes no sense")),
    ] {
        assert_eq!(answering(answer).send(&letter()).await, Err(expected), "{answer}");
    }
}
