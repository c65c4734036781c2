// An agent's day: he signs in, sells, sells the same again, sells a list, buys float, is rated by a holder and answers, and looks at
// his float, his commission and the page that hangs in his shop window.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agent, baseUrl, takeCardAtTheTill, visit } from "../browser.mjs";
import { payerScansAndPays } from "../holder.mjs";
import { looksGood, readQr } from "../looks.mjs";

const patience = 300_000;
const refused = 422;
const another = 409;
const words = "快，也耐心。<b>Quick</b> and kind.";

// The same page in the other language as well: cookies carry both the session and the language.
const inBothLanguages = async (visitor, screen) => {
  await looksGood(visitor, screen);
  const here = visitor.page.url();
  await switches(visitor);
  await visitor.page.goto(here);
  await looksGood(visitor, screen);
  await switches(visitor);
  await visitor.page.goto(here);
};

const switches = async (visitor) => {
  await visitor.page.locator('form[action="/settings"] button[name=lang]').click();
  await visitor.page.waitForLoadState();
  visitor.language = visitor.language === "en" ? "zh" : "en";
};

const signsIn = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/agent");
  await inBothLanguages(visitor, "agent-sign-in");
  for (const pin of ["000000", agent.pin]) {
    await page.locator("#agent").fill(agent.code);
    await page.locator("#number").fill(agent.number);
    await page.locator("#pin").fill(pin);
    await page.keyboard.press("Enter");
    await page.waitForLoadState();
    if (pin !== agent.pin) {
      await page.getByRole("alert").first().waitFor();
      await looksGood(visitor, "agent-sign-in-refused");
    }
  }
  await page.locator("#sale").waitFor();
};

// Answers the page of the sale, and how long it took from the first key to the page that says "sold".
const sells = async (visitor, card) => {
  const { page } = visitor;
  await inBothLanguages(visitor, "agent-home");
  const began = Date.now();
  await page.locator("#card").fill(card.number);
  await page.locator(".tile").first().click();
  await page.locator("#sale button").click();
  await page.waitForURL(/\/agent\/check/);
  const checked = Date.now();
  await looksGood(visitor, "agent-check");
  const looked = Date.now();
  await page.locator("#sell button").click();
  await page.waitForURL(/\/agent\/sales\//);
  const sold = Date.now();
  await inBothLanguages(visitor, "agent-sale");
  return { url: page.url(), milliseconds: checked - began + (sold - looked) };
};

// The same card and amount a moment later: asked about, and sold when it is meant.
const sellsAgain = async (visitor) => {
  const { page } = visitor;
  await page.locator(".actions a").last().click();
  await page.locator("#sale button").click();
  await page.locator("#sell button").click();
  await page.locator("#another-error").waitFor();
  await looksGood(visitor, "agent-check-another");
  await page.locator("#another .tickbox").click();
  await page.locator("#sell button").click();
  await page.waitForURL(/\/agent\/sales\//);
};

const mistypes = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/agent");
  await page.locator("#card").fill("6225 8800 0000 0001 7");
  await page.locator("#sale button").click();
  await page.locator("#card-error").waitFor();
  await looksGood(visitor, "agent-home-mistyped");
  assert.equal(await page.locator("#card").inputValue(), "6225 8800 0000 0001 7", "what was typed is kept");
};

// A file with a row that can be sold and two that cannot: nothing is sold before he has said so, and then that row alone.
const sellsAList = async (visitor, card) => {
  const { page } = visitor;
  const rows = ["reference,card,amount", `day-1,${card.number},50`, `day-2,${card.number},many`, "day-3,=1+1,50", ""];
  await visitor.open("/agent/lists");
  await inBothLanguages(visitor, "agent-lists");
  await page.locator("#list").setInputFiles({ name: "day.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) });
  await page.locator("form:has(#list) button").click();
  await page.waitForURL(/\/agent\/lists\/./);
  await page.locator("table.named tbody tr").nth(1).waitFor();
  await inBothLanguages(visitor, "agent-list-checked");
  await page.locator("main form button.button:not(.quiet)").first().click();
  await page.getByRole("heading", { name: /^1 row was sold$/ }).waitFor();
  await inBothLanguages(visitor, "agent-list-ended");
};

// Paid with a phone beside the desktop; the page says by itself that the money is on the float.
const buysFloat = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/agent/float");
  await page.locator("#buy #amount").fill("0.5");
  await page.locator("#buy button").click();
  await page.locator("#amount-error").waitFor();
  await page.locator("#buy #amount").fill("200");
  await page.locator("#buy button").click();
  await page.waitForURL(/\/agent\/float\/purchases\//);
  await inBothLanguages(visitor, "agent-purchase");
  await payerScansAndPays(visitor);
  await page.locator(".seal.ok").waitFor();
  await looksGood(visitor, "agent-purchase-done");
};

// Whoever holds the receipt says how it was; anybody reads it, as text and nothing else.
const isRated = async (receipt) => {
  await visit({ size: "phone", language: "zh" }, async (holder) => {
    const { page } = holder;
    await page.goto(receipt);
    await page.locator(".star-choice .chip").last().click();
    await page.locator("#comment").fill(words);
    await page.locator('form[action*="rating"] button').last().click();
    await page.getByText("Quick").first().waitFor();
    await looksGood(holder, "receipt-rated");
    await holder.open(`/agents/${agent.code}`);
    assert.ok(await page.getByText(words).first().isVisible(), "what was written is shown as it was written");
    assert.equal(await readQr(page.locator(".qr").first()), `${baseUrl}/agents/${agent.code}`);
    await looksGood(holder, "agent-public");
  });
};

const answers = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/agent/ratings");
  await page.locator("textarea").first().fill("谢谢您！");
  await page.locator('form[action*="rating"] button').first().click();
  await page.locator(".answered").first().waitFor();
  await inBothLanguages(visitor, "agent-ratings");
};

const readsHisStatement = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/agent/float");
  await inBothLanguages(visitor, "agent-float");
  await visitor.open("/agent/commission");
  await inBothLanguages(visitor, "agent-commission");
};

test("an agent's day, from the sign-in to his statement", { timeout: patience }, async () => {
  await visit({ size: "desktop" }, async (visitor) => {
    visitor.expects(refused);
    visitor.expects(another);
    await signsIn(visitor);
    const left = async () => (await visitor.page.locator(".agent-head .left strong").textContent()).trim();
    const before = await left();
    const card = takeCardAtTheTill();
    const sale = await sells(visitor, card);
    console.log(`an agent's sale: ${sale.milliseconds} ms from the first key to the page that says it is sold`);
    assert.notEqual(await left(), before, "the float is less");
    const receipt = await visitor.page.locator('a[href*="/receipts/"]').first().getAttribute("href");
    await sellsAgain(visitor);
    await mistypes(visitor);
    await sellsAList(visitor, card);
    await buysFloat(visitor);
    await isRated(new URL(receipt, baseUrl).href);
    await answers(visitor);
    await readsHisStatement(visitor);
    await visitor.page.locator('form[action="/agent/sign-out"] button').click();
    await visitor.page.locator("#agent").waitFor();
  });
});
