use ringup_engine::limits;

use super::{given_cards, list_for};
use crate::support::{TestApp, yuan};

#[tokio::test]
async fn an_agent_uploads_a_list_confirms_it_once_and_fetches_the_result() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 3).await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let list = list_for(&cards, "50") + "R4,1234,50\n";
    let uploaded = reader.uploads_a_list(list.as_bytes()).await;
    assert_eq!(uploaded.status, 303, "{}", uploaded.text);
    let url = uploaded.location();
    let checked = reader.gets(&url).await.text;
    for part in ["3 rows can be sold", "¥150.00", "¥350.00", "Sell 3 rows for ¥150.00", "This is no card number", ">5<"]
    {
        assert!(checked.contains(part), "{part}: {checked}");
    }
    assert_eq!(app.can_sell_for(&agent).await, yuan("500.00"));
    for _ in 0..2 {
        let confirmed = reader.posts(&format!("{url}/sell"), &[]).await;
        assert_eq!((confirmed.status, confirmed.location()), (303, url.clone()));
    }
    let running = reader.gets(&url).await.text;
    assert!(running.contains("<progress id=\"progress\" max=\"3\" value=\"0\">"), "{running}");
    assert!(running.contains("<meta http-equiv=\"refresh\""), "a browser without scripts asks again by itself");
    let ask = running.split("hx-get=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(reader.gets(&ask).await.status, 204, "nothing has changed yet");
    app.runs_due_jobs().await;
    let changed = reader.gets(&ask).await;
    assert_eq!((changed.status, changed.text.as_str()), (200, ""));
    let ended = reader.gets(&url).await.text;
    assert!(ended.contains("3 rows were sold") && ended.contains("max=\"3\" value=\"3\""), "{ended}");
    assert_eq!(app.can_sell_for(&agent).await, yuan("350.00"));
    let result = reader.gets(&format!("{url}/result.csv")).await;
    assert_eq!(result.status, 200);
    assert_eq!(result.text.matches(",sold,").count(), 3, "{}", result.text);
    let wrong = "5,R4,,,,wrong,card_malformed,,\"This is no card number: a digit is wrong or missing\",\r\n";
    assert!(result.text.ends_with(wrong), "{}", result.text);
    assert!(reader.gets("/agent/lists").await.text.contains("Done"));
}

#[tokio::test]
async fn a_file_that_is_no_list_is_told_so_at_its_field() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let reader = app.reader("zh-Hans");
    reader.signs_in_as(&agent).await;
    let large = vec![b'x'; limits::LIST_BYTES_MAX + 1];
    let long = format!("reference,card,amount\n{}", "x,1,1\n".repeat(limits::LIST_ROWS_MAX + 1));
    let cases: [(&[u8], &str); 6] = [
        (b"", "请选择文件"),
        (b"a,b\n1,2\n", "首行须写明"),
        (b"reference,card,amount\n", "首行之下没有内容"),
        (b"reference,card,amount\n\xff\xff,1,1\n", "无法按文本读取"),
        (&large, "文件超过 16 MB"),
        (long.as_bytes(), "文件超过 50,000 行"),
    ];
    for (content, says) in cases {
        let answer = reader.uploads_a_list(content).await;
        assert_eq!(answer.status, 422, "{says}: {}", answer.text);
        assert!(answer.text.contains("id=\"list-error\"") && answer.text.contains(says), "{says}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_page_says_why_a_list_stopped_and_goes_on_when_asked() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("60.00").await;
    let cards = given_cards(&app, 2).await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let url = reader.uploads_a_list(list_for(&cards, "50").as_bytes()).await.location();
    let checked = reader.gets(&url).await.text;
    assert!(checked.contains("Your float does not cover all of it") && checked.contains("¥40.00"), "{checked}");
    reader.posts(&format!("{url}/sell"), &[]).await;
    app.runs_due_jobs().await;
    let stopped = reader.gets(&url).await.text;
    assert!(stopped.contains("Rows not sold yet") && stopped.contains("The float does not cover it"), "{stopped}");
    assert!(stopped.contains("Buy float, then go on") && stopped.contains("Go on with the rest"), "{stopped}");
    ringup_engine::agent::confirm_transfer(&app.engine, agent.id, "second", yuan("40.00")).await.unwrap();
    reader.posts(&format!("{url}/sell"), &[]).await;
    app.runs_due_jobs().await;
    assert!(reader.gets(&url).await.text.contains("2 rows were sold"));
    ringup_engine::agent::suspend(&app.engine, agent.id).await.unwrap();
    let url = reader.uploads_a_list(list_for(&given_cards(&app, 1).await, "50").replace('R', "S").as_bytes()).await;
    let suspended = reader.gets(&url.location()).await.text;
    assert!(suspended.contains("is suspended") && !suspended.contains("Sell 1 row"), "{suspended}");
}

#[tokio::test]
async fn lists_are_shown_to_their_own_agent_alone() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("60.00").await;
    let reader = app.reader("en");
    assert_eq!(reader.gets("/agent/lists").await.location(), "/agent");
    assert_eq!(reader.uploads_a_list(b"x").await.location(), "/agent");
    reader.signs_in_as(&agent).await;
    for path in ["lst_000", "nonsense", "lst_06YDY1H01SG8G1"] {
        for what in ["", "/progress", "/result.csv"] {
            assert_eq!(reader.gets(&format!("/agent/lists/{path}{what}")).await.status, 404, "{path}{what}");
        }
        assert_eq!(reader.posts(&format!("/agent/lists/{path}/sell"), &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_list_in_the_encoding_of_chinese_spreadsheets_is_shown_with_its_references() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 2).await;
    let reader = app.reader("zh-Hans");
    reader.signs_in_as(&agent).await;
    let line = "9".repeat(1024 * 1024);
    let rest = |name: &str, nth: usize, amount: &str| format!("{name},{},{amount}\r\n", cards[nth].number);
    let list = format!("编号,卡号,金额\r\n{}{}{line},1,1\r\n", rest("甲一", 0, "50"), rest("乙二", 1, "5"));
    let gbk = [
        b"\xb1\xe0\xba\xc5,\xbf\xa8\xba\xc5,\xbd\xf0\xb6\xee\r\n\xbc\xd7\xd2\xbb".as_slice(),
        rest("", 0, "50").as_bytes(),
        b"\xd2\xd2\xb6\xfe",
        rest("", 1, "5").as_bytes(),
        format!("{line},1,1\r\n").as_bytes(),
    ]
    .concat();
    for content in [gbk.as_slice(), format!("\u{feff}{list}").as_bytes()] {
        let uploaded = reader.uploads_a_list(content).await;
        assert_eq!(uploaded.status, 303, "{}", uploaded.text);
        let page = reader.gets(&uploaded.location()).await.text;
        for part in ["1 行可以充值", "¥50.00", "乙二", "这张卡不提供此金额", "编号须以文字、字母或数字开头"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(page.len() < 100_000, "what cannot be read is not shown");
    }
}
