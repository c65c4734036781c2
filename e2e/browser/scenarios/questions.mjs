import assert from "node:assert/strict";
import { test } from "node:test";
import { anyCard, takeCard, visit } from "../browser.mjs";
import { readQr } from "../looks.mjs";
import { providers, topsUp } from "../holder.mjs";
import { words } from "../words.mjs";

const refused = 422;

// Number and PIN, in the form that asks for both.
const shows = async (visitor, card) => {
  const form = visitor.page.locator("main form").filter({ has: visitor.page.locator("#pin") });
  await form.getByLabel(words[visitor.language].cardNumber).fill(card.number);
  await form.getByLabel(words[visitor.language].pin).fill(card.pin);
  await form.getByRole("button").click();
};

test("whoever has topped up finds it in the balance, under 'where is my money?' and by the receipt", async () => {
  await visit({ size: "desktop" }, async (visitor) => {
    const { page } = visitor;
    const card = takeCard();
    const path = await topsUp(visitor, card, 100, providers.alipay);

    await visitor.open("/balance");
    await shows(visitor, card);
    await page.getByRole("table").waitFor();
    assert.match(await page.getByRole("main").innerText(), /¥\s?100\.00/);

    await visitor.open("/where");
    await shows(visitor, card);
    await page.locator(`main a[href*="${path}"]`).first().waitFor();

    await visitor.open(path);
    await page.getByRole("main").getByRole("link", { name: words.en.openReceipt }).first().click();
    await page.waitForURL(/\/receipts\//);
    const address = await readQr(page.locator(".qr svg").first());
    assert.match(new URL(address).pathname, /^\/verify\/.+/);
    await visitor.open(new URL(address).pathname);
    assert.match(await page.getByRole("heading", { level: 1 }).innerText(), words.en.genuine);
    assert.ok(!(await page.getByRole("main").innerText()).includes(card.number), "the whole number is not shown");
  });
});

test("a receipt code that nobody gave out is not called genuine", async () => {
  await visit({}, async (visitor) => {
    visitor.expects(404);
    await visitor.open("/verify/AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG");
    assert.match(await visitor.page.getByRole("heading", { level: 1 }).innerText(), words.en.notGenuine);
  });
});

test("a wrong PIN and an unknown card get the same words", async () => {
  await visit({}, async (visitor) => {
    visitor.expects(refused);
    const card = anyCard();
    const answers = [];
    for (const number of [card.number, unknown(card.number)]) {
      await visitor.open("/balance");
      await shows(visitor, { number, pin: "000000" });
      answers.push(await visitor.page.getByRole("alert").innerText());
    }
    assert.equal(answers[0], answers[1]);
  });
});

// The same issuer, another serial, and the check digit that belongs to it (Luhn).
const unknown = (number) => {
  const serial = [...number.slice(0, -1)].map((digit, place) => (place === 10 ? String((Number(digit) + 5) % 10) : digit)).join("");
  const sum = [...serial].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return serial + ((10 - (sum % 10)) % 10);
};
