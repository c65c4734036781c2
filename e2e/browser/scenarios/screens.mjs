// Every screen, in both languages, on a phone, a tablet and a desktop, light and dark: looked at, and pictured.

import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { choosesCardAndAmount, goesOn, payerScansAndPays, pays, paysInTheApp, providers, seesItCredited } from "../holder.mjs";
import { looksGood } from "../looks.mjs";
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

const receipt = async (visitor) => {
  const { page, language } = visitor;
  await page.getByRole("main").getByRole("link", { name: words[language].openReceipt }).first().click();
  await page.waitForURL(/\/receipts\//);
  await looksGood(visitor, "receipt");
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
        for (const [path, name] of pages) {
          await visitor.open(path);
          await looksGood(visitor, name);
        }
      });
    });
  }
}
