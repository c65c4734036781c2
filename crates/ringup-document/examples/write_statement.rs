//! Writes a statement with every kind of block, to look at: `cargo run -p ringup-document --example write_statement FONT FILE`.

use std::error::Error;

use ringup_document::{Block, Column, Document, Face, Table};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(font), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("two files are needed: a font, and where the statement goes".into());
    };
    let face = Face::from_bytes(std::fs::read(font)?).ok_or("no font with outlines")?;
    std::fs::write(file, statement()?.to_pdf(&face)?)?;
    Ok(())
}

fn statement() -> Result<Document, Box<dyn Error>> {
    let fact = |name: &str, fact: &str| (name.to_owned(), fact.to_owned());
    let row = |day: i32| {
        let sold = format!("¥{}.00", 100 * day);
        vec![
            format!("全球通话卡 {day}\n按当月销售额：¥0.00 起 1.50%；¥10,000.00 起 2.00%"),
            day.to_string(),
            sold.clone(),
            "¥0.00".to_owned(),
            sold,
        ]
    };
    Ok(Document {
        title: "2026年10月佣金".to_owned(),
        language: "zh-Hans".to_owned(),
        issuer: "Ringup".to_owned(),
        made: "2026-11-01T08:00:00Z".parse()?,
        page_label: "第 {page} 页，共 {pages} 页".to_owned(),
        blocks: vec![
            Block::Note("已入账。之后撤销的交易将在下次结算时扣回。".to_owned()),
            Block::Facts(vec![fact("代理商", "朝阳通讯商行"), fact("编号", "BJ-A001"), fact("佣金", "¥315.40")]),
            Block::Heading("按产品".to_owned()),
            Block::Table(Table {
                columns: vec![
                    Column::words("产品", 40),
                    Column::figures("笔数", 12),
                    Column::figures("销售额", 20),
                    Column::figures("已撤销", 20),
                    Column::figures("佣金", 20),
                ],
                rows: (1..=24).map(row).collect(),
                total: Some(vec!["合计".to_owned(), String::new(), String::new(), String::new(), "¥315.40".to_owned()]),
            }),
            Block::Text("如有疑问，请致电客服热线。".to_owned()),
        ],
    })
}
