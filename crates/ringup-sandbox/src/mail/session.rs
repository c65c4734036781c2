//! One connection: commands, and the mail between `DATA` and a line with a dot alone.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::{Mail, MailFault, PostOffice};
use crate::limits;

/// What has been said on a connection so far.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

type Line = BufReader<TcpStream>;

/// Serves a connection to its end, however it ends.
pub(super) async fn serve(stream: TcpStream, office: Arc<PostOffice>) {
    if let Err(error) = talk(BufReader::new(stream), &office).await {
        tracing::debug!(%error, "a mail connection broke");
    }
}

async fn talk(mut line: Line, office: &PostOffice) -> io::Result<()> {
    if let Some(MailFault::Silent { ms }) = office.fault() {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        return Ok(());
    }
    say(&mut line, "220 sandbox ready").await?;
    let mut envelope = Envelope::default();
    while let Some(command) = hear(&mut line).await? {
        let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say(&mut line, "250-sandbox\r\n250 8BITMIME").await?,
            "HELO" | "NOOP" => say(&mut line, "250 sandbox").await?,
            "RSET" => {
                envelope = Envelope::default();
                say(&mut line, "250 forgotten").await?;
            }
            "MAIL" => {
                envelope = Envelope { from: path(&command, "FROM:"), to: Vec::new() };
                let answer = if envelope.from.is_some() { "250 go on" } else { "501 no sender" };
                say(&mut line, answer).await?;
            }
            "RCPT" => {
                let answer = recipient(office, &mut envelope, &command);
                say(&mut line, &answer).await?;
            }
            "DATA" if envelope.from.is_none() || envelope.to.is_empty() => {
                say(&mut line, "503 no recipient").await?;
            }
            "DATA" => {
                say(&mut line, "354 end with a dot").await?;
                let Some(content) = content(&mut line).await? else { return Ok(()) };
                let Envelope { from, to } = std::mem::take(&mut envelope);
                office.take(Mail::read(from.unwrap_or_default(), to, content));
                if office.fault() == Some(MailFault::DropAfterData) {
                    return Ok(());
                }
                say(&mut line, "250 taken").await?;
            }
            "QUIT" => return say(&mut line, "221 bye").await,
            _ => say(&mut line, "502 no such command").await?,
        }
    }
    Ok(())
}

fn recipient(office: &PostOffice, envelope: &mut Envelope, command: &str) -> String {
    let Some(address) = path(command, "TO:") else { return "501 no recipient".to_owned() };
    if envelope.from.is_none() {
        return "503 no sender".to_owned();
    }
    match office.fault() {
        Some(MailFault::Later) => format!("451 4.3.0 <{address}> not now"),
        Some(MailFault::Refused) => format!("550 5.1.1 <{address}> is nobody here"),
        Some(MailFault::DropAfterData | MailFault::Silent { .. }) | None => {
            envelope.to.push(address);
            "250 go on".to_owned()
        }
    }
}

/// The address between the angle brackets of `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn path(command: &str, name: &str) -> Option<String> {
    let (_, rest) = command.split_once(' ')?;
    let start = rest.get(..name.len())?;
    if !start.eq_ignore_ascii_case(name) {
        return None;
    }
    let (address, _) = rest.get(name.len()..)?.trim_start().strip_prefix('<')?.split_once('>')?;
    address.contains('@').then(|| address.to_owned())
}

/// The mail itself, with the dots that were doubled single again; nothing when the connection ended before it did.
async fn content(line: &mut Line) -> io::Result<Option<String>> {
    let mut content = String::new();
    while let Some(text) = hear(line).await? {
        if text == "." {
            return Ok(Some(content));
        }
        content.push_str(text.strip_prefix('.').unwrap_or(&text));
        content.push_str("\r\n");
        if content.len() > limits::MAIL_BYTES_MAX {
            return Err(io::Error::other("the mail is too large"));
        }
    }
    Ok(None)
}

/// The next line without its end; nothing when there is none any more. A bare line feed ends none: that is how mails are smuggled.
async fn hear(line: &mut Line) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n") {
        let room = limits::MAIL_LINE_BYTES_MAX.saturating_sub(bytes.len());
        let read = (&mut *line).take(u64::try_from(room).unwrap_or(0)).read_until(b'\n', &mut bytes).await?;
        if read == 0 {
            return if room == 0 { Err(io::Error::other("the line is too long")) } else { Ok(None) };
        }
    }
    bytes.truncate(bytes.len().saturating_sub(2));
    String::from_utf8(bytes).map(Some).map_err(io::Error::other)
}

async fn say(line: &mut Line, answer: &str) -> io::Result<()> {
    line.write_all(format!("{answer}\r\n").as_bytes()).await?;
    line.flush().await
}
