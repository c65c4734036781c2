use rusmpp::tlvs::MessageDeliveryRequestTlvValue;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::EsmClass;

use super::*;

/// What the centre brings: a report's text, and the fields beside it.
fn brought(esm_class: u8, text: &str, tlvs: Vec<MessageDeliveryRequestTlvValue>) -> DeliverSm {
    DeliverSm::builder()
        .esm_class(EsmClass::from(esm_class))
        .short_message(OctetString::from_vec(text.as_bytes().to_vec()).unwrap())
        .tlvs(tlvs)
        .build()
}

fn ended(reference: &str, outcome: SmsOutcome) -> Heard {
    Heard::Ended { reference: reference.to_owned(), outcome }
}

fn report(id: &str, stat: &str) -> String {
    format!(
        "id:{id} sub:001 dlvrd:001 submit date:2611261402 done date:2611261403 stat:{stat} err:000 text:id:9 stat:UNDELIV"
    )
}

#[test]
fn a_report_is_read_from_its_text_and_what_is_quoted_in_it_is_not() {
    for (stat, outcome) in [
        ("DELIVRD", SmsOutcome::Delivered),
        ("EXPIRED", SmsOutcome::Failed),
        ("DELETED", SmsOutcome::Failed),
        ("UNDELIV", SmsOutcome::Failed),
        ("REJECTD", SmsOutcome::Failed),
    ] {
        assert_eq!(read(&brought(0x04, &report("7f3a", stat), Vec::new())), ended("7f3a", outcome));
    }
}

#[test]
fn the_fields_beside_the_text_count_before_it() {
    let id = MessageDeliveryRequestTlvValue::ReceiptedMessageId(COctetString::from_slice(b"42\0").unwrap());
    let state = MessageDeliveryRequestTlvValue::MessageState(MessageState::Undeliverable);
    let both = vec![id, state];
    assert_eq!(read(&brought(0x04, "", both.clone())), ended("42", SmsOutcome::Failed));
    assert_eq!(read(&brought(0x04, &report("7f3a", "DELIVRD"), both)), ended("42", SmsOutcome::Failed));
}

#[test]
fn what_is_no_end_of_a_text_message_is_nothing_to_us() {
    for (esm_class, text) in [
        // Somebody answers our text, and pretends.
        (0x00, report("7f3a", "DELIVRD")),
        // It is on its way.
        (0x04, report("7f3a", "ACCEPTD")),
        (0x04, report("7f3a", "ENROUTE")),
        (0x20, report("7f3a", "DELIVRD")),
        (0x04, "stat:DELIVRD".to_owned()),
        (0x04, "id: stat:DELIVRD".to_owned()),
        (0x04, "id:7f3a".to_owned()),
        (0x04, String::new()),
    ] {
        assert_eq!(read(&brought(esm_class, &text, Vec::new())), Heard::Nothing, "{esm_class:#x} {text}");
    }
}
