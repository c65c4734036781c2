use ringup_core::id::AgentId;
use ringup_engine::agent::{self, DOCUMENT_BYTES_MAX, Standing};

use crate::support::{Answer, PDF, Reader, TestApp};

const FIELDS: [(&str, &str); 9] = [
    ("company", "Lucky Phone Shop Ltd"),
    ("registration", "91110108MA01"),
    ("name", "Wang Li"),
    ("email", "wang@example.com"),
    ("phone", "+86 10 5555 0100"),
    ("licence_number", "京A-0007"),
    ("licence_issuer", "Beijing Communications Administration"),
    ("licence_last_day", "2027-03-31"),
    ("time_zone", "Asia/Shanghai"),
];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....IEND\xae\x42\x60\x82";

async fn applies(reader: &Reader<'_>, change: (&str, &str), files: &[(&str, &[u8])]) -> Answer {
    let fields = FIELDS.map(|(name, value)| (name, if name == change.0 { change.1 } else { value }));
    reader.sends_files("/agent/apply", &fields, files).await
}

#[tokio::test]
async fn a_company_applies_with_its_papers_and_the_office_reads_them() {
    let app = TestApp::new().await;
    let reader = app.reader("en");
    assert_eq!(reader.gets("/agent/apply").await.status, 200);
    let answer = applies(&reader, ("", ""), &[("licence.pdf", PDF), ("shop.png", PNG)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let thanks = reader.gets(&answer.location()).await;
    let id: AgentId = answer.location().strip_prefix("/agent/applied/").unwrap().parse().unwrap();
    assert!(thanks.text.contains(&id.to_string()), "{}", thanks.text);
    assert!(!thanks.text.contains("wang@"), "what was told is shown to nobody: {}", thanks.text);

    let applied = agent::find(&app.engine, id).await.unwrap().unwrap();
    assert_eq!(agent::standing(&applied, app.clock.now()), Standing::Applied);
    assert_eq!(applied.company, "Lucky Phone Shop Ltd");
    assert!(!applied.contact.contains("wang"), "it is sealed in the database");
    let contact = agent::contact_of(&app.engine, &applied).unwrap();
    assert_eq!((contact.name.as_str(), contact.email.as_str()), ("Wang Li", "wang@example.com"));
    let heads = app.engine.read(move |tx| ringup_db::agent_document::agent_documents(tx, id)).await.unwrap();
    let kinds: Vec<&str> = heads.iter().map(|head| head.media_type.as_str()).collect();
    assert_eq!(kinds, ["application/pdf", "image/png"]);
    let first = heads[0].id;
    let row = app.engine.read(move |tx| ringup_db::agent_document::find_agent_document(tx, first)).await.unwrap();
    assert!(!row.unwrap().content.windows(4).any(|bytes| bytes == b"%PDF"), "it is sealed in the database");
    let opened = agent::open_document(&app.engine, id, first).await.unwrap().unwrap();
    assert_eq!(opened, ("application/pdf".to_owned(), PDF.to_vec()));
}

#[tokio::test]
async fn what_is_wrong_with_an_application_is_said_at_the_field_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let reader = app.reader("en");
    let wrong = [
        ("company", " "),
        ("registration", ""),
        ("name", ""),
        ("email", "wang"),
        ("phone", "none"),
        ("licence_number", ""),
        ("licence_issuer", ""),
        ("licence_last_day", "31/03/2027"),
        ("licence_last_day", "2026-11-22"),
        ("time_zone", "Asia/Nowhere"),
    ];
    for (field, value) in wrong {
        let answer = applies(&reader, (field, value), &[("licence.pdf", PDF)]).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
        assert_eq!(answer.text.matches("class=\"error\"").count(), 1, "{field}: {}", answer.text);
    }
    let long = "x".repeat(121);
    let answer = applies(&reader, ("company", &long), &[("licence.pdf", PDF)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("value=\"91110108MA01\""), "{}", answer.text);
    let agents = app.engine.read(|tx| ringup_db::agent::agents(tx, None, 10)).await.unwrap();
    assert_eq!(agents, []);
}

#[tokio::test]
async fn papers_are_checked_by_what_is_in_them() {
    let app = TestApp::new().await;
    let reader = app.reader("zh-Hans");
    let script: &[u8] = b"<svg onload=alert(1)>";
    let large = [b"%PDF-".as_slice(), &vec![b' '; DOCUMENT_BYTES_MAX], b"%%EOF"].concat();
    let refused: [&[(&str, &[u8])]; 5] = [
        &[],
        &[("", b"")],
        &[("licence.pdf", script)],
        &[("licence.pdf", &large)],
        &[("1.pdf", PDF), ("2.pdf", PDF), ("3.pdf", PDF), ("4.pdf", PDF)],
    ];
    for files in refused {
        let answer = applies(&reader, ("", ""), files).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains("id=\"documents-error\""), "{}", answer.text);
    }
    let huge = vec![b' '; 16 * 1024 * 1024];
    assert_eq!(applies(&reader, ("", ""), &[("licence.pdf", &huge)]).await.status, 413);
    let answer = reader.posts("/agent/apply", &[("company", "Lucky")]).await;
    assert_eq!(answer.status, 400, "a form without parts is none of ours");
}

#[tokio::test]
async fn a_form_from_another_site_applies_for_nobody() {
    let app = TestApp::new().await;
    let answer = app.reader("en").posts_from_elsewhere("/agent/apply", &[("company", "Lucky")]).await;
    assert_eq!(answer.status, 403);
}
