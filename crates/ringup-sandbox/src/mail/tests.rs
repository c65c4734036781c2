use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// Says all of this on a connection to a fresh mail server; answers what was said back, and what was taken.
async fn said(text: &str, fault: Option<MailFault>) -> (String, Vec<Mail>) {
    let office = Arc::new(PostOffice::default());
    office.set_fault(fault);
    let (address, task) = listen("127.0.0.1:0".parse().unwrap(), Arc::clone(&office)).await.unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    task.abort();
    (heard, office.mails())
}

const ENVELOPE: &str = "EHLO us\r\nMAIL FROM:<us@example.com>\r\nRCPT TO:<wang@example.com>\r\nDATA\r\n";

#[tokio::test]
async fn a_mail_is_taken_with_its_doubled_dots_single_again() {
    let mail = "Subject: =?utf-8?b?5Yet?= =?utf-8?q?=E8=AF=81_1?=\r\nContent-Type: text/plain; charset=utf-8\r\n\
                Content-Transfer-Encoding: quoted-printable\r\n\r\n..\r\n=E5=B7=B2 a=\r\nb\r\n.\r\nQUIT\r\n";
    let (heard, mails) = said(&format!("{ENVELOPE}{mail}"), None).await;
    assert!(heard.ends_with("250 taken\r\n221 bye\r\n"), "{heard}");
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("us@example.com", ["wang@example.com".to_owned()].as_slice())
    );
    assert_eq!((mail.fields("subject"), mail.text.as_str()), (vec!["凭证 1"], ".\n已 ab\n"));
}

#[tokio::test]
async fn a_mail_of_two_parts_is_read_as_both() {
    let mail = "Content-Type: multipart/alternative;\r\n boundary=\"=x=\"\r\n\r\n--=x=\r\nContent-Type: text/plain\r\n\r\nplain\r\n\
                --=x=\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+\r\ncGFnZQ==\r\n--=x=--\r\n.\r\nQUIT\r\n";
    let (_, mails) = said(&format!("{ENVELOPE}{mail}"), None).await;
    assert_eq!((mails[0].text.as_str(), mails[0].html.as_str()), ("plain", "<p>page"));
}

#[tokio::test]
async fn a_dot_after_a_bare_line_feed_ends_nothing() {
    let (heard, mails) = said(&format!("{ENVELOPE}a\n.\nMAIL FROM:<x@example.com>\r\n.\r\nQUIT\r\n"), None).await;
    assert_eq!((heard.matches("250 taken").count(), mails.len()), (1, 1));
}

#[tokio::test]
async fn each_fault_is_what_it_says() {
    for (fault, heard_last, taken) in [
        (MailFault::Later, "503 no recipient", 0),
        (MailFault::Refused, "503 no recipient", 0),
        (MailFault::DropAfterData, "354 end with a dot", 1),
        (MailFault::Silent { ms: 1 }, "", 0),
    ] {
        // A connection that breaks may break while this is written: what was heard until then counts.
        let text = match fault {
            MailFault::Later | MailFault::Refused => ENVELOPE.to_owned(),
            MailFault::DropAfterData => format!("{ENVELOPE}a\r\n.\r\n"),
            MailFault::Silent { .. } => String::new(),
        };
        let (heard, mails) = said(&text, Some(fault.clone())).await;
        assert_eq!(
            (heard.trim_end().lines().last().unwrap_or_default(), mails.len()),
            (heard_last, taken),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn what_comes_in_no_order_is_refused() {
    let (heard, _) =
        said("RCPT TO:<wang@example.com>\r\nDATA\r\nMAIL FROM:nobody\r\nVRFY wang\r\nNOOP\r\n", None).await;
    let codes: Vec<&str> = heard.lines().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["220", "503", "503", "501", "502", "250"]);
}
