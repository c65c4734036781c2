use ringup_core::id::PurseId;
use ringup_core::money::Unit;
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::purse::PurseKind;

use super::*;

fn receipt() -> Receipt {
    Receipt {
        id: ReceiptId::from_u64(77),
        code: TopUpCode::from_bytes([7; 16]),
        card_last_four: "4321".to_owned(),
        paid: Amount::new(9_500, Unit::Cny).unwrap(),
        tender: Tender::Provider { provider: Provider::Alipay, method: PayMethod::Qr },
        sale: None,
        card_got: Amount::new(10_000, Unit::Cny).unwrap(),
        bonus: None,
        credited_at: Timestamp::from_seconds(1_800_000_000),
    }
}

#[test]
fn a_receipt_proves_itself_with_the_public_key_alone() {
    let keys = Keys::ephemeral().unwrap();
    let signed = receipt().sign(&keys, Amount::zero(Unit::Cny));
    let text = signed.receipt.signed_text();
    assert!(is_genuine(keys.receipt_public_key(), &text, &signed.signature));
    assert_eq!(receipt().sign(&keys, Amount::zero(Unit::Cny)).signature, signed.signature, "it never changes");

    let more = text.replace("card got 100.00 CNY", "card got 900.00 CNY");
    assert_ne!(more, text);
    assert!(!is_genuine(keys.receipt_public_key(), &more, &signed.signature));
    assert!(!is_genuine(Keys::ephemeral().unwrap().receipt_public_key(), &text, &signed.signature));
    assert!(!is_genuine(keys.receipt_public_key(), &text, "rubbish"));
}

#[test]
fn a_receipt_of_a_counter_says_which_and_its_number_there() {
    let purse = PurseId::from_u64(5);
    let sale = Some(Sale { purse, number: Some(41), credit_at: None });
    let tender = Tender::Purse { kind: PurseKind::TillSession, purse };
    let text = Receipt { tender, sale, ..receipt() }.signed_text();
    assert!(text.starts_with("ringup receipt 2\n"), "{text}");
    assert!(text.contains("\npaid 95.00 CNY by cash\n"), "{text}");
    assert!(text.ends_with(&format!("\nsold by {purse} as number 41\n")), "{text}");
}
