//! The signature on a receipt, as anyone checks it.

use ringup_core::id::{PurseId, ReceiptId};
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PayMethod, Provider, Tender};
use ringup_core::purse::PurseKind;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Sale, TopUpCode};
use ringup_engine::keys::Keys;
use ringup_engine::receipt::{Receipt, SignedReceipt, is_genuine};

use super::nothing_else_is_taken;
use crate::cursor::Cursor;
use crate::verdict::{Broken, Checked, Reached, holds};
use crate::{Check, Target};

/// Signed receipts.
pub const TARGET: Target = Target {
    name: "receipt",
    claims: "a receipt's signature holds for its own text and key, and for no other text, signature or key",
    bytes_max: 512,
    prepare,
};

fn prepare() -> Result<Box<dyn Check>, Broken> {
    let made = || Keys::ephemeral().map_err(Broken::doing("keys"));
    let (keys, others) = (made()?, made()?);
    Ok(Box::new(move |data: &[u8]| check(&keys, &others, data)))
}

fn check(keys: &Keys, others: &Keys, data: &[u8]) -> Checked {
    let signed = signed(keys, &mut Cursor::new(data))?;
    let (key, text) = (keys.receipt_public_key(), signed.receipt.signed_text());
    nothing_else_is_taken(&text, data, |text| is_genuine(key, text, &signed.signature))?;
    nothing_else_is_taken(&signed.signature, data, |signature| is_genuine(key, &text, signature))?;
    let other = others.receipt_public_key();
    holds(!is_genuine(other, &text, &signed.signature), || "another key's receipt is genuine".to_owned())?;
    holds(!is_genuine(data, &text, &signed.signature) || data == key, || "any bytes are a key".to_owned())?;
    Ok(Reached::Accepted)
}

fn signed(keys: &Keys, cursor: &mut Cursor<'_>) -> Result<SignedReceipt, Broken> {
    let amount =
        |cursor: &mut Cursor<'_>| Amount::new(cursor.long() >> 1, Unit::Cny).map_err(Broken::doing("an amount"));
    let code = u128::from(cursor.long()) << 64 | u128::from(cursor.long());
    let purse = PurseId::from_u64(cursor.long() >> 1);
    let receipt = Receipt {
        id: ReceiptId::from_u64(cursor.long() >> 1),
        code: TopUpCode::from_bytes(code.to_be_bytes()),
        card_last_four: format!("{:04}", cursor.short() % 10_000),
        paid: amount(cursor)?,
        tender: match cursor.byte() % 4 {
            0 => Tender::Provider { provider: Provider::Alipay, method: PayMethod::Qr },
            1 => Tender::Provider { provider: Provider::WechatPay, method: PayMethod::Qr },
            2 => Tender::Purse { kind: PurseKind::TillSession, purse },
            _ => Tender::Purse { kind: PurseKind::Float, purse },
        },
        sale: (cursor.byte() % 2 == 1).then(|| Sale { purse, number: Some(cursor.long() >> 1), credit_at: None }),
        card_got: amount(cursor)?,
        bonus: None,
        credited_at: Timestamp::from_micros(cursor.signed()),
    };
    Ok(receipt.sign(keys, Amount::zero(Unit::Cny)))
}
