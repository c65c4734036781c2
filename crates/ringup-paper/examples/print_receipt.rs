//! Prints a sample receipt: to standard output, to a file, or on a printer.
//!
//! ```text
//! cargo run -p ringup-paper --example print_receipt -- [--english] [--80] [--gb18030] [--reprint] [--patient]
//!     [--font FILE] [HOST:PORT | DEVICE]
//! ```
//!
//! Without a printer the bytes go to standard output. With one it says what became of the slip, and exits with 0 only when
//! it is out: 3 when nothing was sent, 4 when it is not surely out. `--patient` waits a minute for somebody to help the
//! printer.

use std::error::Error;
use std::io::{Read, Write, stdout};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use ringup_paper::{Charset, Device, Font, Paper, Part, Printed, Printer, Sheet, Slip, Width};

/// Where Debian's `fonts-noto-cjk` is.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const CODE: &str = "K7QM2P9XTR4W8ZBN5HDC3VFJ6S";
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// How often a patient program asks, for a second each time.
const PATIENCE: u32 = 60;

struct Wishes {
    english: bool,
    reprint: bool,
    patient: bool,
    width: Width,
    charset: Charset,
    font: PathBuf,
    to: Option<String>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let wishes = wishes()?;
    let font = Some(Font::open(&wishes.font)?);
    let paper = Paper { width: wishes.width, charset: wishes.charset, font };
    let sheet = paper.compose(&receipt(&wishes))?;
    if !sheet.missing.is_empty() {
        eprintln!("the font lacks: {}", sheet.missing.iter().collect::<String>());
    }
    let Some(to) = &wishes.to else {
        stdout().write_all(&sheet.bytes)?;
        return Ok(ExitCode::SUCCESS);
    };
    if to.contains('/') {
        return print(Device::open(Path::new(to), ANSWER_TIMEOUT)?, &sheet, wishes.patient);
    }
    let connection = TcpStream::connect(to)?;
    connection.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    connection.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    print(connection, &sheet, wishes.patient)
}

fn print(connection: impl Read + Write, sheet: &Sheet, patient: bool) -> Result<ExitCode, Box<dyn Error>> {
    let mut printer = Printer::new(connection);
    let mut printed = printer.print(sheet);
    tell(printed)?;
    if patient {
        for _ in 0..PATIENCE {
            let Printed::Unfinished(trouble) = printed else { break };
            printed = printer.finish();
            if printed != Printed::Unfinished(trouble) {
                tell(printed)?;
            }
        }
    }
    Ok(match printed {
        Printed::Out { .. } => ExitCode::SUCCESS,
        Printed::NotSent(_) => ExitCode::from(3),
        Printed::Unfinished(_) => ExitCode::from(4),
    })
}

fn tell(printed: Printed) -> std::io::Result<()> {
    let words = match printed {
        Printed::Out { near_end: false } => "out".to_owned(),
        Printed::Out { near_end: true } => "out, paper near its end".to_owned(),
        Printed::NotSent(trouble) => format!("not sent: {}", trouble.code()),
        Printed::Unfinished(trouble) => format!("unfinished: {}", trouble.code()),
    };
    writeln!(stdout(), "{words}")
}

fn wishes() -> Result<Wishes, Box<dyn Error>> {
    let mut wishes = Wishes {
        english: false,
        reprint: false,
        patient: false,
        width: Width::Mm58,
        charset: Charset::Raster,
        font: FONT.into(),
        to: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--english" => wishes.english = true,
            "--reprint" => wishes.reprint = true,
            "--patient" => wishes.patient = true,
            "--80" => wishes.width = Width::Mm80,
            "--gb18030" => wishes.charset = Charset::Gb18030,
            "--font" => wishes.font = arguments.next().ok_or("--font needs a file")?.into(),
            word if word.starts_with("--") => return Err(format!("no option {word}").into()),
            _ => wishes.to = Some(argument),
        }
    }
    Ok(wishes)
}

fn receipt(wishes: &Wishes) -> Slip {
    let mut parts = if wishes.english { in_english() } else { in_chinese() };
    if wishes.reprint {
        let mark = if wishes.english { "REPRINT · not a second top-up" } else { "补打 · 不是第二笔充值" };
        parts.insert(1, Part::Reprint(mark.to_owned()));
    }
    Slip { parts }
}

fn in_chinese() -> Vec<Part> {
    vec![
        Part::Heading("充值凭证".to_owned()),
        Part::Paragraph("人民路便利店 03 号收银台\n2026-11-26 18:05 北京时间".to_owned()),
        Part::Rule,
        Part::row("卡号", "···· 4321"),
        Part::row("充值金额", "100.00 元"),
        Part::row("实付（现金）", "100.00 元"),
        Part::Rule,
        Part::amount("已到账", "¥100.00"),
        Part::row("赠送", "10.00 元，2026-12-26 前有效"),
        Part::row("卡内余额", "127.40 元"),
        Part::row("有效期至", "2027-11-26"),
        Part::Rule,
        Part::row("凭证编号", "RU-2026-000421"),
        Part::Paragraph("凭证码：".to_owned()),
        Part::Code(CODE.to_owned()),
        Part::qr(format!("https://topup.example/verify/{CODE}"), "扫码核验本凭证"),
        Part::Feed(1),
        Part::Paragraph(
            "请保管好本凭证。如有疑问，请扫码查看“我的钱在哪里？”，或致电 400-000-0000（每天 8:00—22:00）。".to_owned(),
        ),
        Part::Cut,
    ]
}

fn in_english() -> Vec<Part> {
    vec![
        Part::Heading("Top-up receipt".to_owned()),
        Part::Paragraph("Renmin Road Store, till 03\n26 Nov 2026, 18:05 China time".to_owned()),
        Part::Rule,
        Part::row("Card", "**** 4321"),
        Part::row("Top-up", "CNY 100.00"),
        Part::row("Paid in cash", "CNY 100.00"),
        Part::Rule,
        Part::amount("Credited", "¥100.00"),
        Part::row("Bonus", "CNY 10.00, until 26 Dec 2026"),
        Part::row("Balance", "CNY 127.40"),
        Part::row("Valid until", "26 Nov 2027"),
        Part::Rule,
        Part::row("Receipt", "RU-2026-000421"),
        Part::Paragraph("Receipt code:".to_owned()),
        Part::Code(CODE.to_owned()),
        Part::qr(format!("https://topup.example/verify/{CODE}"), "Scan to check this receipt"),
        Part::Feed(1),
        Part::Paragraph(
            "Keep this receipt. Scan it to see where your money is, or call 400-000-0000 (8:00 to 22:00 every day)."
                .to_owned(),
        ),
        Part::Cut,
    ]
}
