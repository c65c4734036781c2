use ringup_core::money::Language;
use ringup_db::bank_note::PendingTopUp;
use ringup_sandbox::{Holder, PayerAct, Provider, Sandbox};
use ringup_terminal::chance;
use ringup_terminal::machine::{AskTopUp, Command, TopUpStage, TopUpView, View};
use ringup_terminal::wire::Quote;
use serde_json::json;

use super::{Kiosk, KioskError, failed, until};
use crate::demo::DemoError;
use crate::demo::seed::DemoCard;

const AMOUNT: &str = "100.00 CNY";

/// The holder scans the code that is on the screen, and pays. Answers the code of his receipt.
pub(super) async fn pays(
    kiosk: &Kiosk,
    holder: &Holder,
    sandbox: &Sandbox,
    card: &DemoCard,
) -> Result<String, DemoError> {
    let key = chance::bytes();
    let pending = PendingTopUp {
        key,
        quote: quote(kiosk, card).await?,
        provider: "wechat_pay".to_owned(),
        language: "zh-Hans".to_owned(),
        another_one: false,
    };
    let ask = AskTopUp { pending, card: card.number, language: Language::ZhHans };
    kiosk.machine.send(Command::AskTopUp(Box::new(ask)));
    let is_open = |top_up: &TopUpView| matches!(top_up.stage, TopUpStage::Open { .. });
    let view = until(&kiosk.machine, "the QR code", |view| of(view, key).is_some_and(is_open)).await?;
    let code = of(&view, key).and_then(|top_up| Some(top_up.placed.as_ref()?.code.clone()));
    let code = code.ok_or_else(|| failed("nothing was placed"))?;
    let status = holder.get(&format!("/api/v1/top-ups/{code}")).await?;
    let reference = status["payments"][0]["reference"].as_str().unwrap_or_default();
    let paid = sandbox.control().pay(Provider::WechatPay, reference, PayerAct::Pay);
    paid.map_err(|refusal| failed(format!("the payer could not pay: {refusal:?}")))?;
    let is_credited = |top_up: &TopUpView| matches!(top_up.stage, TopUpStage::Credited(_));
    until(&kiosk.machine, "the credit", |view| of(view, key).is_some_and(is_credited)).await?;
    Ok(code)
}

async fn quote(kiosk: &Kiosk, card: &DemoCard) -> Result<String, KioskError> {
    let wish = json!({ "card": card.number.to_string(), "amount": AMOUNT });
    let answer = kiosk.server.post("/api/v1/quotes", &wish, None).await.map_err(failed)?;
    let quote = answer.read::<Quote>().filter(|_| answer.status == 200);
    quote.map(|quote| quote.quote).ok_or_else(|| failed(format!("there is no price: {}", answer.code())))
}

fn of(view: &View, key: [u8; 16]) -> Option<&TopUpView> {
    view.top_up.as_ref().filter(|top_up| top_up.key == key)
}
