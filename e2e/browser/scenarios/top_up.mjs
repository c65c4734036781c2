import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { choosesCardAndAmount, choosesToPay, goesOn, isToPay, payerScansAndPays, providers, seesItCredited, topsUp } from "../holder.mjs";
import { words } from "../words.mjs";

const screensMax = 4;
const tapsMax = 6;

const wholeWay = (options, provider, yuan) => async (t) => {
  await visit(options, async (visitor) => {
    await topsUp(visitor, takeCard(), yuan, provider);
    t.diagnostic(`${visitor.screens.length} screens, ${visitor.taps} taps`);
    assert.ok(visitor.screens.length <= screensMax, visitor.screens.join(", "));
    assert.ok(visitor.taps <= tapsMax, `${visitor.taps} taps`);
  });
};

test("a top-up by Alipay on a desktop: the code is scanned, the card is credited", wholeWay({ size: "desktop", language: "en" }, providers.alipay, 100));

test("a top-up by WeChat Pay on a phone: the app opens, the card is credited", wholeWay({ size: "phone", language: "zh" }, providers.wechatPay, 50));

test("a second top-up of the same card and amount is asked about, and made when it is meant", async () => {
  await visit({ size: "desktop" }, async (visitor) => {
    visitor.expects(409);
    const card = takeCard();
    await topsUp(visitor, card, 200, providers.alipay);
    await visitor.open("/");
    await choosesCardAndAmount(visitor, card, 200);
    await goesOn(visitor);
    await choosesToPay(visitor, providers.wechatPay);
    const main = visitor.page.getByRole("main");
    await main.getByRole("alert").waitFor();
    await main.locator("label").filter({ has: visitor.page.getByRole("checkbox") }).click();
    await main.getByRole("button", { name: words.en.pay }).click();
    await isToPay(visitor);
    await payerScansAndPays(visitor);
    await seesItCredited(visitor, card);
  });
});
