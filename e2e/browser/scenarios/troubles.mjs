// The world outside fails; the holder is told, and no money is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { choosesCardAndAmount, choosesToPay, goesOn, payerScansAndPays, pays, providers, seesItCredited } from "../holder.mjs";
import { looksGood } from "../looks.mjs";
import { whileFaulty } from "../sandbox.mjs";
import { words } from "../words.mjs";

test("when the provider's word is lost, 'I have paid, look now' finds the payment", async () => {
  await visit({ language: "zh" }, async (visitor) => {
    const card = takeCard();
    await visitor.open("/");
    await choosesCardAndAmount(visitor, card, 300);
    await goesOn(visitor);
    await pays(visitor, providers.wechatPay);
    await whileFaulty([{ fault: "notification_lost", provider: "wechat_pay" }], async () => {
      await payerScansAndPays(visitor);
      await visitor.page.getByRole("button", { name: words.zh.lookNow }).click();
      await seesItCredited(visitor, card);
    });
  });
});

test("who paid too little sees the money go back", async () => {
  await visit({}, async (visitor) => {
    const card = takeCard();
    await visitor.open("/");
    await choosesCardAndAmount(visitor, card, 300);
    await goesOn(visitor);
    await pays(visitor, providers.alipay);
    await whileFaulty([{ fault: "paid_other_amount", amount_minor: 100, next: 1 }], () => payerScansAndPays(visitor));
    const heading = visitor.page.getByRole("heading", { level: 1, name: words.en.goesBack });
    await heading.waitFor({ timeout: 60_000 });
    assert.match(await heading.innerText(), /¥\s?1\.00/);
    await looksGood(visitor, "refund");
  });
});

test("when the provider is down for a moment, the holder waits on a page that goes on by itself", async () => {
  await visit({}, async (visitor) => {
    const card = takeCard();
    await visitor.open("/");
    await choosesCardAndAmount(visitor, card, 500);
    await goesOn(visitor);
    await whileFaulty([{ fault: "http_5xx", provider: "alipay" }], async () => {
      await choosesToPay(visitor, providers.alipay);
      await visitor.page.getByRole("heading", { level: 1, name: words.en.preparing }).waitFor();
      await looksGood(visitor, "preparing");
    });
    await visitor.page.locator(".qr svg").first().waitFor({ timeout: 90_000 });
    await payerScansAndPays(visitor);
    await seesItCredited(visitor, card);
  });
});
