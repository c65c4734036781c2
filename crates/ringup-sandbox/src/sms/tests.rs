use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiver, DeliverSmResp, SubmitSm};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{EsmClass, InterfaceVersion, Npi, RegisteredDelivery, Ton};
use rusmpp::{Command, CommandStatus, Pdu};
use tokio::net::TcpStream;
use tokio_util::codec::Framed;

use super::*;

type Line = Framed<TcpStream, CommandCodec>;

async fn centre() -> (SmsCentre, Line) {
    let centre = start_sms_centre(([127, 0, 0, 1], 0).into()).await.unwrap();
    let line = Framed::new(TcpStream::connect(centre.address()).await.unwrap(), CommandCodec::new());
    (centre, line)
}

/// Says this, and hears the status of the answer; nothing when the centre hangs up.
async fn says(line: &mut Line, number: u32, pdu: impl Into<Pdu>) -> Option<CommandStatus> {
    line.send(Command::new(CommandStatus::EsmeRok, number, pdu)).await.unwrap();
    let answer = line.next().await?.unwrap();
    assert_eq!(answer.sequence_number(), number);
    Some(answer.status())
}

fn bind(system_id: &str, password: &str) -> BindTransceiver {
    BindTransceiver::builder()
        .system_id(COctetString::from_string(system_id.to_owned()).unwrap())
        .password(COctetString::from_string(password.to_owned()).unwrap())
        .interface_version(InterfaceVersion::Smpp3_4)
        .build()
}

fn message() -> SubmitSm {
    let mut message = SubmitSm::builder()
        .source_addr(COctetString::from_slice(b"Ringup\0").unwrap())
        .destination_addr(COctetString::from_slice(b"8613800138000\0").unwrap())
        .short_message(OctetString::from_slice(b"a").unwrap())
        .build();
    message.dest_addr_ton = Ton::International;
    message.dest_addr_npi = Npi::Isdn;
    message.esm_class = EsmClass::from(0);
    message.registered_delivery = RegisteredDelivery::from(1);
    message
}

/// The same, changed.
fn changed(change: impl FnOnce(&mut SubmitSm)) -> SubmitSm {
    let mut message = message();
    change(&mut message);
    message
}

#[tokio::test]
async fn only_whom_it_knows_may_hand_over_messages_and_only_once_bound() {
    for (system_id, password, expected) in [
        ("nobody", SMS_PASSWORD, CommandStatus::EsmeRinvsysid),
        (SMS_SYSTEM_ID, "wrong", CommandStatus::EsmeRinvpaswd),
        (SMS_SYSTEM_ID, SMS_PASSWORD, CommandStatus::EsmeRok),
    ] {
        let (centre, mut line) = centre().await;
        assert_eq!(says(&mut line, 1, message()).await, Some(CommandStatus::EsmeRinvbndsts));
        assert_eq!(says(&mut line, 2, bind(system_id, password)).await, Some(expected));
        assert_eq!(centre.control().binds(), [u32::from(expected)]);
        assert_eq!(centre.control().parts(), 0);
    }
}

#[tokio::test]
async fn what_no_network_could_carry_is_refused() {
    let (centre, mut line) = centre().await;
    says(&mut line, 1, bind(SMS_SYSTEM_ID, SMS_PASSWORD)).await;
    let octets = |count: usize| OctetString::from_vec(vec![b'a'; count]).unwrap();
    let national = changed(|message| message.dest_addr_ton = Ton::National);
    let in_parts = changed(|message| message.esm_class = EsmClass::from(0x40));
    for (pdu, expected) in [
        (national, CommandStatus::EsmeRinvdstadr),
        (changed(|message| message.esm_class = EsmClass::from(0x08)), CommandStatus::EsmeRinvesmclass),
        (message().with_short_message(octets(161)), CommandStatus::EsmeRinvmsglen),
        (in_parts.with_short_message(octets(160)), CommandStatus::EsmeRinvmsglen),
        (message().with_data_coding(8.into()).with_short_message(octets(141)), CommandStatus::EsmeRinvmsglen),
        (message().with_data_coding(3.into()), CommandStatus::EsmeRinvdcs),
        (message().with_short_message(octets(160)), CommandStatus::EsmeRok),
    ] {
        assert_eq!(says(&mut line, 7, pdu).await, Some(expected));
    }
    assert_eq!(centre.control().parts(), 1);
}

#[tokio::test]
async fn a_report_is_brought_and_brought_again_until_it_is_taken() {
    let (centre, mut line) = centre().await;
    says(&mut line, 1, bind(SMS_SYSTEM_ID, SMS_PASSWORD)).await;
    assert_eq!(says(&mut line, 2, message()).await, Some(CommandStatus::EsmeRok));
    for status in [CommandStatus::EsmeRxTAppn, CommandStatus::EsmeRok] {
        let brought = line.next().await.unwrap().unwrap();
        let Some(Pdu::DeliverSm(report)) = brought.pdu() else { panic!("{brought:?}") };
        let words = String::from_utf8(report.short_message().to_vec()).unwrap();
        let [reference] = centre.control().references().try_into().unwrap();
        assert!(words.starts_with(&format!("id:{reference} ")) && words.contains("stat:DELIVRD"), "{words}");
        line.send(Command::new(status, brought.sequence_number(), DeliverSmResp::default())).await.unwrap();
    }
    assert_eq!(says(&mut line, 3, Pdu::Unbind).await, Some(CommandStatus::EsmeRok));
    assert!(line.next().await.is_none());
    assert_eq!(centre.control().report("1", SmsOutcome::Delivered).await, None, "nobody is bound");
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    for (fault, expected, taken) in [
        (SmsFault::Throttled, Some(CommandStatus::EsmeRthrottled), 0),
        (SmsFault::Refused, Some(CommandStatus::EsmeRinvdstadr), 0),
        (SmsFault::Unwell, Some(CommandStatus::EsmeRsyserr), 0),
        (SmsFault::DropAfterSubmit, None, 1),
    ] {
        let (centre, mut line) = centre().await;
        says(&mut line, 1, bind(SMS_SYSTEM_ID, SMS_PASSWORD)).await;
        centre.control().set_fault(Some(fault));
        assert_eq!((says(&mut line, 2, message()).await, centre.control().parts()), (expected, taken), "{fault:?}");
    }
}

#[tokio::test]
async fn a_silent_centre_takes_what_it_hears_and_says_nothing() {
    let (centre, mut line) = centre().await;
    says(&mut line, 1, bind(SMS_SYSTEM_ID, SMS_PASSWORD)).await;
    centre.control().set_fault(Some(SmsFault::Silent));
    for (number, pdu) in [(2, Pdu::from(message())), (3, Pdu::EnquireLink)] {
        line.send(Command::new(CommandStatus::EsmeRok, number, pdu)).await.unwrap();
    }
    while centre.control().parts() == 0 {
        tokio::task::yield_now().await;
    }
    centre.control().hang_up();
    // Broken off with the question unread, or ended: nothing was said.
    assert!(!matches!(line.next().await, Some(Ok(_))));
}
