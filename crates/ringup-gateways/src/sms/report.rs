//! What an SMS centre reports of a text message that it had taken: SMPP 3.4, 5.2.12 and appendix B.

use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::{MessageState, MessageType};

/// What became of a text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsOutcome {
    /// The phone has it.
    Delivered,
    /// The phone will not get it.
    Failed,
}

/// What a message of the centre's is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The end of a text message.
    Ended { reference: String, outcome: SmsOutcome },
    /// Nothing that we act on: somebody writes to us, or a text message is still on its way.
    Nothing,
}

/// Reads what the centre brings.
///
/// The fields that are made for it count before the text, which is the centre's own business by the standard, though all write it alike.
pub(super) fn read(brought: &DeliverSm) -> Heard {
    if brought.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return Heard::Nothing;
    }
    let text = String::from_utf8_lossy(brought.short_message());
    let (mut reference, mut outcome) = (word(&text, "id:").map(str::to_owned), word(&text, "stat:").and_then(stat));
    for value in brought.tlvs().iter().filter_map(|tlv| tlv.value()) {
        match value {
            TlvValue::ReceiptedMessageId(id) => reference = Some(id.as_str().to_owned()),
            TlvValue::MessageState(state) => outcome = message_state(*state),
            _ => {}
        }
    }
    match (reference, outcome) {
        (Some(reference), Some(outcome)) if !reference.is_empty() => Heard::Ended { reference, outcome },
        _ => Heard::Nothing,
    }
}

fn message_state(state: MessageState) -> Option<SmsOutcome> {
    match state {
        MessageState::Delivered => Some(SmsOutcome::Delivered),
        MessageState::Expired | MessageState::Deleted | MessageState::Undeliverable | MessageState::Rejected => {
            Some(SmsOutcome::Failed)
        }
        _ => None,
    }
}

fn stat(word: &str) -> Option<SmsOutcome> {
    match word {
        "DELIVRD" => Some(SmsOutcome::Delivered),
        "EXPIRED" | "DELETED" | "UNDELIV" | "REJECTD" => Some(SmsOutcome::Failed),
        _ => None,
    }
}

/// The word behind this name in `id:0123 sub:001 dlvrd:001 submit date:… stat:DELIVRD err:000 text:…`.
fn word<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // What the text message said stands at the end, and may say anything.
    let ours = text.split("text:").next().unwrap_or_default();
    ours.split_ascii_whitespace().find_map(|word| word.strip_prefix(name))
}

#[cfg(test)]
mod tests;
