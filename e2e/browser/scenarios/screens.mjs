// Every screen, in both languages, on a phone, a tablet and a desktop, light and dark: looked at, and pictured.

import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { choosesCardAndAmount, goesOn, payerScansAndPays, pays, paysInTheApp, providers, seesItCredited } from "../holder.mjs";
import { looksGood } from "../looks.mjs";
import { mailTo } from "../sandbox.mjs";
import { words } from "../words.mjs";

const refused = 422;
const notFound = 404;
const patience = 600_000;

// The way of a top-up, with a look around on each screen.
const topUp = async (visitor, card) => {
  await visitor.open("/");
  await looksGood(visitor, "choose");
  await visitor.page.locator("form#top-up button").last().click();
  await visitor.page.getByRole("alert").waitFor();
  await looksGood(visitor, "choose-with-problems");
  await visitor.open("/");
  await choosesCardAndAmount(visitor, card, 200);
  await looksGood(visitor, "choose-with-quote");
  await goesOn(visitor);
  await looksGood(visitor, "check");
  const path = await pays(visitor, visitor.size === "phone" ? providers.wechatPay : providers.alipay);
  await looksGood(visitor, "pay");
  if (visitor.size === "phone") await paysInTheApp(visitor, path);
  else await payerScansAndPays(visitor);
  await seesItCredited(visitor, card);
  await looksGood(visitor, "credited");
};

// A typing error first, and then the address.
const sendsByMail = async (visitor) => {
  const { page, language } = visitor;
  const sends = async (address) => {
    await page.getByLabel(words[language].email).fill(address);
    await page.getByRole("button", { name: words[language].sendReceipt }).click();
  };
  await sends("wang.example.com");
  await page.getByRole("alert").waitFor();
  await looksGood(visitor, "receipt-mail-problem");
  const address = `wang.${language}.${visitor.size}@example.com`;
  await sends(address);
  await page.waitForURL(/\/receipts\/.*#notice$/);
  await page.getByText("w···@example.com").waitFor();
  await looksGood(visitor, "receipt-mail");
  const mail = await mailTo(address);
  assert.ok(mail.text.includes(page.url().replace(/#.*/, "")), mail.text);
};

const receipt = async (visitor) => {
  const { page, language } = visitor;
  await page.getByRole("main").getByRole("link", { name: words[language].openReceipt }).first().click();
  await page.waitForURL(/\/receipts\//);
  await looksGood(visitor, "receipt");
  await sendsByMail(visitor);
  await page.locator('main a[href*="/verify/"]').first().click();
  await page.waitForURL(/\/verify\//);
  await looksGood(visitor, "verify-genuine");
};

const questions = async (visitor, card) => {
  const { page } = visitor;
  const form = page.locator("main form").filter({ has: page.locator("#pin") });
  const sends = async (path, pin) => {
    await visitor.open(path);
    await form.locator("#card").fill(card.number);
    await form.locator("#pin").fill(pin);
    await form.getByRole("button").click();
    await page.waitForLoadState();
  };
  await visitor.open("/balance");
  await looksGood(visitor, "balance-form");
  await sends("/balance", "000000");
  await page.getByRole("alert").waitFor();
  await looksGood(visitor, "balance-refused");
  await sends("/balance", card.pin);
  await page.getByRole("table").waitFor();
  await looksGood(visitor, "balance");
  await visitor.open("/where");
  await looksGood(visitor, "where-form");
  await sends("/where", card.pin);
  await page.locator('main a[href*="/top-ups/"]').first().waitFor();
  await looksGood(visitor, "where");
};

// What a call costs, and which plan suits: with a place that can mean two, and a number that cannot be dialled.
const plans = async (visitor) => {
  const { page, language } = visitor;
  const say = words[language];
  const main = page.getByRole("main");
  const sends = async (button) => {
    await main.getByRole("button", { name: button }).click();
    await page.waitForLoadState();
  };
  await visitor.open("/plans");
  await looksGood(visitor, "plans");
  await main.getByLabel(say.whereTo).fill(say.britain);
  await sends(say.showRate);
  await looksGood(visitor, "plans-several");
  await main.getByRole("link", { name: say.mobile }).first().click();
  await page.waitForURL(/\/plans\/to\//);
  await looksGood(visitor, "plan-destination");
  await main.locator('a[href^="/plans/advice"]').click();
  await page.waitForURL(/\/plans\/advice/);
  await looksGood(visitor, "advice-form");
  await main.getByRole("radio").nth(1).check({ force: true });
  await page.locator("#minutes-1").fill("100");
  await sends(say.addDestination);
  await page.locator("#to-2").fill("+44 0161 496 0000");
  await page.locator("#minutes-2").fill("60");
  await sends(say.compare);
  await page.getByRole("alert").waitFor();
  await looksGood(visitor, "advice-form-problem");
  await page.locator("#to-2").fill("+44 (0)161 496 0000");
  await sends(say.compare);
  await page.waitForURL(/calls=/);
  await page.locator("details.choice-sum > summary").first().click();
  await looksGood(visitor, "advice");
};

const pages = [
  ["/verify", "verify-form"],
  ["/verify/AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG", "verify-unknown"],
  ["/help", "help"],
  ["/official", "official"],
  ["/no-such-page", "not-found"],
];

for (const language of ["en", "zh"]) {
  for (const size of ["phone", "desktop"]) {
    test(`every screen looks good: ${language}, ${size}`, { timeout: patience }, async () => {
      await visit({ language, size }, async (visitor) => {
        visitor.expects(refused);
        visitor.expects(notFound);
        const card = takeCard();
        await topUp(visitor, card);
        await receipt(visitor);
        await questions(visitor, card);
        await plans(visitor);
        for (const [path, name] of pages) {
          await visitor.open(path);
          await looksGood(visitor, name);
        }
      });
    });
  }
}
