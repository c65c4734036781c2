// What a holder does on the pages, step by step, found as a person finds it: by role and label.

import assert from "node:assert/strict";
import { baseUrl } from "./browser.mjs";
import { readQr } from "./looks.mjs";
import { words } from "./words.mjs";

/** The names that the providers go by, in both languages. */
export const providers = { alipay: /alipay|支付宝/i, wechatPay: /wechat|微信/i };

const main = (visitor) => visitor.page.getByRole("main");
const say = (visitor) => words[visitor.language];

// A choice is pressed on its label, the part that is large.
const choice = (visitor, name) => main(visitor).locator("label").filter({ has: visitor.page.getByRole("radio", { name }) });

/** Types the card's number and chooses one of the amounts offered. */
export const choosesCardAndAmount = async (visitor, card, yuan) => {
  await main(visitor).getByLabel(say(visitor).cardNumber).first().fill(card.number);
  await visitor.tap(choice(visitor, new RegExp(`¥\\s?${yuan}\\b`)));
  // With JavaScript, the quote appears in place; its button is the one that stays.
  if (visitor.javaScript) await main(visitor).locator("dl").first().waitFor();
};

/** From the first screen to "check and pay". */
export const goesOn = async (visitor) => {
  await visitor.tap(main(visitor).getByRole("button", { name: say(visitor).goOn }));
  await visitor.page.waitForURL(/\/top-ups\/new/);
};

/** Chooses a provider and presses the button that names the amount. */
export const choosesToPay = async (visitor, provider) => {
  await visitor.tap(choice(visitor, provider));
  await visitor.tap(main(visitor).getByRole("button", { name: say(visitor).pay }));
};

/** Chooses a provider and goes on to its payment; answers the path of the top-up. */
export const pays = async (visitor, provider) => {
  await choosesToPay(visitor, provider);
  return isToPay(visitor);
};

/** Waits for the screen to pay on; answers the path of the top-up. */
export const isToPay = async (visitor) => {
  await visitor.page.waitForURL((url) => /^\/top-ups\/(?!new|check)./.test(url.pathname));
  return new URL(visitor.page.url()).pathname;
};

/** Scans the code on the screen with the payer's phone, and pays there. */
export const payerScansAndPays = async (visitor) => {
  const url = await readQr(main(visitor).locator("svg[role=img], .qr svg").first());
  const phone = await visitor.secondPage();
  await phone.goto(url);
  await pressesPay(phone);
  await phone.close();
};

/** Hands over to the provider's app on the same phone, pays there and comes back. */
export const paysInTheApp = async (visitor, path) => {
  await visitor.tap(main(visitor).getByRole("link", { name: say(visitor).openApp }));
  await visitor.page.waitForURL((url) => !url.href.startsWith(baseUrl));
  await pressesPay(visitor.page);
  const back = visitor.page.locator(`a[href^="${baseUrl}"]`);
  if (await back.count()) await back.first().click();
  else await visitor.open(path);
};

// The sandbox's phone is not ours to judge: its button is found by what it sends.
const pressesPay = async (phone) => {
  const button = phone.locator('button[name="act"][value="pay"]');
  await button.click();
  await button.waitFor({ state: "detached" });
};

/** Waits until the page says by itself that the card has its money; without JavaScript, by asking. */
export const seesItCredited = async (visitor, card) => {
  const heading = visitor.page.getByRole("heading", { level: 1, name: say(visitor).credited });
  if (!visitor.javaScript) {
    for (let asked = 0; asked < 10 && !(await heading.count()); asked += 1) {
      await main(visitor).getByRole("button", { name: say(visitor).lookNow }).click();
      await visitor.page.waitForLoadState();
    }
  }
  await heading.waitFor({ timeout: 60_000 });
  assert.ok((await main(visitor).innerText()).includes(card.number.slice(-4)), "the card is named by its last four digits");
};

/** The whole way from the first screen to the credited card; answers the path of the top-up. */
export const topsUp = async (visitor, card, yuan, provider) => {
  await visitor.open("/");
  await visitor.sees("top up");
  await choosesCardAndAmount(visitor, card, yuan);
  await goesOn(visitor);
  await visitor.sees("check and pay");
  const path = await pays(visitor, provider);
  await visitor.sees("pay");
  if (visitor.size === "phone") await paysInTheApp(visitor, path);
  else await payerScansAndPays(visitor);
  await seesItCredited(visitor, card);
  await visitor.sees("credited");
  return path;
};
