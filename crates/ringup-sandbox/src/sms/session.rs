//! One connection: a bind, and then messages in and reports out.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiver, BindTransceiverResp, DeliverSm, SubmitSm, SubmitSmResp};
use rusmpp::tlvs::MessageDeliveryRequestTlvValue;
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{EsmClass, InterfaceVersion, MessageState, Npi, Ton};
use rusmpp::{Command, CommandStatus, Pdu};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_util::codec::Framed;

use super::{Bring, Exchange, Part, SMS_PASSWORD, SMS_SYSTEM_ID, SmsFault, SmsOutcome, lock};
use crate::limits;

/// Why a connection ends.
struct Over;

struct Talk {
    line: Framed<TcpStream, CommandCodec>,
    exchange: Arc<Exchange>,
    is_bound: bool,
    last_number: u32,
    /// Whose report was brought under which number.
    brought: BTreeMap<u32, oneshot::Sender<u32>>,
}

/// Serves a connection to its end, however it ends.
pub(super) async fn serve(stream: TcpStream, exchange: Arc<Exchange>) {
    let (handle, mut to_bring) = mpsc::channel(1);
    let line = Framed::new(stream, CommandCodec::new());
    let mut talk = Talk { line, exchange, is_bound: false, last_number: 0, brought: BTreeMap::new() };
    let mut handle = Some(handle);
    loop {
        let step = tokio::select! {
            heard = talk.line.next() => match heard {
                Some(Ok(command)) => talk.hear(command).await,
                Some(Err(_)) | None => Err(Over),
            },
            // No handle is left when the centre hangs up.
            bring = to_bring.recv() => match bring {
                Some(bring) => talk.bring(bring).await,
                None => Err(Over),
            },
        };
        if step.is_err() {
            return;
        }
        if talk.is_bound
            && let Some(handle) = handle.take()
        {
            lock(&talk.exchange.sessions).push(handle);
        }
    }
}

impl Talk {
    async fn hear(&mut self, command: Command) -> Result<(), Over> {
        let (number, status) = (command.sequence_number(), command.status());
        if self.is_bound && self.fault() == Some(SmsFault::Silent) {
            if let Some(Pdu::SubmitSm(message)) = command.pdu() {
                self.take(message);
            }
            return Ok(());
        }
        match command.pdu() {
            Some(Pdu::BindTransceiver(bind)) => self.bind(number, bind).await,
            Some(Pdu::EnquireLink) => {
                *lock(&self.exchange.enquiries) += 1;
                self.say(number, CommandStatus::EsmeRok, Pdu::EnquireLinkResp).await
            }
            Some(Pdu::Unbind) => {
                self.say(number, CommandStatus::EsmeRok, Pdu::UnbindResp).await?;
                Err(Over)
            }
            Some(Pdu::SubmitSm(message)) => {
                let message = message.clone();
                self.submit(number, &message).await
            }
            Some(Pdu::DeliverSmResp(_)) => {
                if let Some(answered) = self.brought.remove(&number) {
                    // Whoever brought it may have gone.
                    let _ = answered.send(status.into());
                }
                Ok(())
            }
            Some(Pdu::EnquireLinkResp | Pdu::GenericNack) => Ok(()),
            _ => self.say(number, CommandStatus::EsmeRinvcmdid, Pdu::GenericNack).await,
        }
    }

    async fn bind(&mut self, number: u32, bind: &BindTransceiver) -> Result<(), Over> {
        let status = if self.is_bound {
            CommandStatus::EsmeRalybnd
        } else if bind.system_id.as_str() != SMS_SYSTEM_ID {
            CommandStatus::EsmeRinvsysid
        } else if bind.password.as_str() != SMS_PASSWORD {
            CommandStatus::EsmeRinvpaswd
        } else if bind.interface_version != InterfaceVersion::Smpp3_4 {
            CommandStatus::EsmeRbindfail
        } else {
            CommandStatus::EsmeRok
        };
        lock(&self.exchange.binds).push(status.into());
        self.say(number, status, BindTransceiverResp::default()).await?;
        if status == CommandStatus::EsmeRok {
            self.is_bound = true;
            return Ok(());
        }
        if self.is_bound { Ok(()) } else { Err(Over) }
    }

    async fn submit(&mut self, number: u32, message: &SubmitSm) -> Result<(), Over> {
        let status = match self.fault() {
            _ if !self.is_bound => CommandStatus::EsmeRinvbndsts,
            Some(SmsFault::Throttled) => CommandStatus::EsmeRthrottled,
            Some(SmsFault::Refused) => CommandStatus::EsmeRinvdstadr,
            Some(SmsFault::Unwell) => CommandStatus::EsmeRsyserr,
            Some(SmsFault::Silent | SmsFault::DropAfterSubmit) | None => wrong_with(message),
        };
        if status != CommandStatus::EsmeRok {
            return self.say(number, status, SubmitSmResp::default()).await;
        }
        let reference = self.take(message);
        if self.fault() == Some(SmsFault::DropAfterSubmit) {
            return Err(Over);
        }
        let id = COctetString::from_string(reference.clone()).map_err(|_| Over)?;
        self.say(number, CommandStatus::EsmeRok, SubmitSmResp::new(id, Vec::new())).await?;
        if u8::from(message.registered_delivery) & 1 == 1 {
            tokio::spawn(Arc::clone(&self.exchange).report_until_heard(reference));
        }
        Ok(())
    }

    fn take(&self, message: &SubmitSm) -> String {
        let mut parts = lock(&self.exchange.parts);
        // Centres write their numbers in hexadecimal.
        let reference = format!("{:x}", 0x7_f000 + parts.len());
        if parts.len() < limits::SMS_PARTS_KEPT_MAX {
            parts.push(Part {
                reference: reference.clone(),
                from: message.source_addr.as_str().to_owned(),
                to: message.destination_addr.as_str().to_owned(),
                coding: message.data_coding.into(),
                has_header: u8::from(message.esm_class) & 0x40 != 0,
                octets: message.short_message().to_vec(),
            });
        }
        reference
    }

    /// Brings a report as centres write it: in the fields made for it, and in words.
    async fn bring(&mut self, Bring { reference, outcome, answered }: Bring) -> Result<(), Over> {
        let (state, stat) = match outcome {
            SmsOutcome::Delivered => (MessageState::Delivered, "DELIVRD"),
            SmsOutcome::Undeliverable => (MessageState::Undeliverable, "UNDELIV"),
            SmsOutcome::Held => (MessageState::Enroute, "ENROUTE"),
        };
        let words = format!("id:{reference} sub:001 dlvrd:001 stat:{stat} err:000 text:");
        let id = COctetString::from_string(reference.clone()).map_err(|_| Over)?;
        let report = DeliverSm::builder()
            .esm_class(EsmClass::from(0x04))
            .short_message(OctetString::from_vec(words.into_bytes()).map_err(|_| Over)?)
            .tlvs(vec![
                MessageDeliveryRequestTlvValue::ReceiptedMessageId(id),
                MessageDeliveryRequestTlvValue::MessageState(state),
            ])
            .build();
        self.last_number += 1;
        self.brought.insert(self.last_number, answered);
        self.say(self.last_number, CommandStatus::EsmeRok, report).await
    }

    async fn say(&mut self, number: u32, status: CommandStatus, pdu: impl Into<Pdu>) -> Result<(), Over> {
        self.line.send(Command::new(status, number, pdu)).await.map_err(|_| Over)
    }

    fn fault(&self) -> Option<SmsFault> {
        *lock(&self.exchange.fault)
    }
}

/// What a centre that reads strictly has against a message.
fn wrong_with(message: &SubmitSm) -> CommandStatus {
    let to = message.destination_addr.as_str();
    let is_number = (7..=15).contains(&to.len()) && to.bytes().all(|byte| byte.is_ascii_digit());
    if message.dest_addr_ton != Ton::International || message.dest_addr_npi != Npi::Isdn || !is_number {
        return CommandStatus::EsmeRinvdstadr;
    }
    if message.source_addr.is_empty() {
        return CommandStatus::EsmeRinvsrcadr;
    }
    let (esm_class, coding) = (u8::from(message.esm_class), u8::from(message.data_coding));
    if !matches!(esm_class, 0 | 0x40) {
        return CommandStatus::EsmeRinvesmclass;
    }
    // 140 octets go through the air: as they are, or as 160 septets, of which a header of six octets takes seven.
    let longest = match (coding, esm_class) {
        (0, 0) => 160,
        (0, _) => 159,
        _ => 140,
    };
    if message.short_message().is_empty() || message.short_message().len() > longest {
        return CommandStatus::EsmeRinvmsglen;
    }
    if matches!(coding, 0 | 8) { CommandStatus::EsmeRok } else { CommandStatus::EsmeRinvdcs }
}
