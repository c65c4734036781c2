use ringup_engine::agent::{self, Approval, OfficeError};

use crate::support::{Program, TestApp, application, yuan};

#[tokio::test]
async fn an_agent_gets_one_float_and_one_place_however_often_he_is_approved() {
    let app = TestApp::new().await;
    app.given_places_of_agents().await;
    let apply = async || agent::apply(&app.engine, application("Asia/Shanghai", "2027-11-22")).await.unwrap();
    let (first, second) = (apply().await, apply().await);
    let approve = async |id, code: &str| {
        let approval = Approval { place: code.parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
        agent::approve(&app.engine, id, approval).await.map(|agent| agent.business.unwrap().float)
    };
    assert_eq!(agent::suspend(&app.engine, first).await, Err(OfficeError::NotApproved));
    assert_eq!(approve(first, "BJ-S001").await, Err(OfficeError::PlaceUnknown), "a store is no agent's place");
    assert_eq!(approve(first, "XX-0").await, Err(OfficeError::PlaceUnknown));
    let float = approve(first, "BJ-A001").await.unwrap();
    assert_eq!(approve(first, "BJ-A001").await, Ok(float));
    assert_eq!(approve(first, "NY-A001").await, Err(OfficeError::ApprovedBefore));
    assert_eq!(approve(second, "BJ-A001").await, Err(OfficeError::PlaceTaken));
    assert_ne!(approve(second, "NY-A001").await.unwrap(), float);
    let nobody = ringup_core::id::AgentId::from_u64(7);
    assert_eq!(approve(nobody, "BJ-A001").await, Err(OfficeError::AgentUnknown));
}

#[tokio::test]
async fn a_licence_that_has_run_out_is_approved_only_after_it_was_renewed() {
    let app = TestApp::new().await;
    app.given_places_of_agents().await;
    let id = agent::apply(&app.engine, application("Asia/Shanghai", "2026-11-23")).await.unwrap();
    app.clock.advance(ringup_core::time::Span::days(1));
    let approve = async || {
        let approval = Approval { place: "BJ-A001".parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
        agent::approve(&app.engine, id, approval).await.map(drop)
    };
    assert_eq!(approve().await, Err(OfficeError::LicenceExpired));
    let past = agent::renew(&app.engine, id, (None, None), "2026-11-23".parse().unwrap()).await;
    assert_eq!(past.map(drop), Err(OfficeError::LicenceExpired));
    let number = Some("京A-0008".to_owned());
    let renewed = agent::renew(&app.engine, id, (number, None), "2028-01-31".parse().unwrap()).await.unwrap();
    assert_eq!(renewed.licence.number, "京A-0008");
    assert_eq!(approve().await, Ok(()));
}

/// The command line's server has keys of its own, so what was sealed by another is not opened.
#[tokio::test]
async fn the_office_works_by_the_command_line() {
    let app = TestApp::new().await;
    app.given_places_of_agents().await;
    let id = agent::apply(&app.engine, application("Asia/Shanghai", "2099-12-31")).await.unwrap().to_string();
    let program = Program::on(app.leaves_its_database());
    let run = |args: &[&str]| program.prints(&[&["agent"], args].concat());
    assert!(run(&["list"]).contains(&format!("{id}  applied  until 2099-12-31  Lucky Phone Shop Ltd")));
    assert_eq!(run(&["approve", &id, "BJ-A001", "--alert-below", "20"]), format!("{id} approved\n"));
    assert_eq!(run(&["float-bought", &id, "ICBC 1", "10.00"]), format!("{id} can sell for 10.00 CNY\n"));
    assert_eq!(run(&["float-bought", &id, "ICBC 1", "10.00"]), format!("{id} can sell for 10.00 CNY\n"));
    assert!(
        run(&["list"])
            .contains("approved  until 2099-12-31  Lucky Phone Shop Ltd  can sell for 10.00 CNY, which is low")
    );
    assert!(run(&["take-on", &id, "01", "Wang Li"]).contains(" PIN "));
    assert!(run(&["key", &id, "till", "--address", "192.0.2.0/24"]).contains("ringup_agent_"));
    let shown = run(&["show", &id]);
    for part in ["place         BJ-A001", "  01  Wang Li", "till  from 192.0.2.0/24", "application/pdf  licence.pdf"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(run(&["suspend", &id]), format!("{id} suspended\n"));
    assert_eq!(run(&["resume", &id]), format!("{id} approved\n"));
    assert_eq!(run(&["renew", &id, "2100-01-31"]), format!("{id} approved\n"));
    assert!(program.fails(&["agent", "float-bought", &id, "ICBC 1", "11.00"]).contains("confirmed before"));
    assert_eq!(program.runs(&["agent", "key", &id, "till", "--address", "nowhere"]).status.code(), Some(2));
}
