// A shop's counter: a till is enrolled, a shift is opened, cards are topped up by keystrokes alone, one sale is undone by two
// people, the line goes down and comes back, and the drawer is counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { counter, takeCardAtTheTill, visit } from "../browser.mjs";
import { looksGood } from "../looks.mjs";
import { confirmsEverything, showsCode } from "../sandbox.mjs";

const refused = 422;
const patience = 600_000;
const timedSales = 10;
const nextSaleReadyMs = 2_000;
const keysMost = 4;

// One till for the whole shift: its key never leaves the browser it was made in. It changes its language on the way.
const inBothLanguages = async (visitor, screen) => {
  await looksGood(visitor, screen);
  const here = visitor.page.url();
  const other = visitor.language === "en" ? "zh" : "en";
  await switchTo(visitor, other);
  await visitor.page.goto(here);
  await looksGood(visitor, screen);
  await switchTo(visitor, other === "zh" ? "en" : "zh");
  await visitor.page.goto(here);
};

const switchTo = async (visitor, language) => {
  await visitor.page.locator('form[action="/settings"] button').click();
  await visitor.page.waitForLoadState();
  visitor.language = language;
};

const signsIn = async ({ page }, { number, pin }) => {
  await page.locator("#number").fill(number);
  await page.locator("#pin").fill(pin);
  await page.keyboard.press("Enter");
  await page.locator("#number").waitFor({ state: "detached" });
};

// The number, then four keys: on, the amount, on, sell. Answers how many keys there were after the number.
const sellsByKeys = async ({ page }, card, amountKey) => {
  const keys = ["Enter", amountKey, "Enter", "Enter"];
  await page.keyboard.type(card.number);
  for (const key of keys.slice(0, 2)) await page.keyboard.press(key);
  await page.locator("#price").waitFor();
  for (const key of keys.slice(2)) await page.keyboard.press(key);
  await page.locator("[data-sold]").waitFor();
  return keys.length;
};

const startsAnew = async ({ page }) => {
  await page.keyboard.press("Escape");
  await page.locator("[data-sold]").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.id === "card");
};

const enrols = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/store");
  await inBothLanguages(visitor, "till-enrol");
  await page.locator("#code").fill("00000000000000000000000000");
  await page.keyboard.press("Enter");
  await page.locator("#enrol-error").waitFor();
  await page.locator("#code").fill(counter.code);
  await page.keyboard.press("Enter");
  await page.locator("#number").waitFor();
};

const opensTheShift = async (visitor) => {
  const { page } = visitor;
  await inBothLanguages(visitor, "till-sign-in");
  await page.locator("#number").fill(counter.clerk.number);
  await page.locator("#pin").fill("000000");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").first().waitFor();
  await looksGood(visitor, "till-sign-in-refused");
  await signsIn(visitor, counter.clerk);
  await inBothLanguages(visitor, "till-open-drawer");
  await page.locator("#opening").fill("300");
  await page.keyboard.press("Enter");
  await page.locator("#card").waitFor();
  await inBothLanguages(visitor, "till-empty");
};

// Sales to cards that are not the same two minutes after another: the till would rightly ask whether another is meant.
const timesSales = async (visitor) => {
  const times = [];
  for (let sale = 0; sale < timedSales; sale += 1) {
    const card = takeCardAtTheTill();
    const started = Date.now();
    const keys = await sellsByKeys(visitor, card, `F${1 + (sale % 3)}`);
    const sold = Date.now();
    assert.ok(keys <= keysMost, "the number and four keys");
    await startsAnew(visitor);
    times.push({ sale: sold - started, next: Date.now() - sold });
  }
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const [sales, nexts] = [times.map(({ sale }) => sale), times.map(({ next }) => next)];
  console.log(`${timedSales} sales by keys: from the first digit to the slip ${median(sales)} ms (longest ${Math.max(...sales)}), `
    + `until the next can be typed ${median(nexts)} ms (longest ${Math.max(...nexts)})`);
  assert.ok(Math.max(...nexts) < nextSaleReadyMs, `the next sale is ready within ${nextSaleReadyMs} ms`);
};

const sellsWithChange = async (visitor) => {
  const { page } = visitor;
  const card = takeCardAtTheTill();
  await page.keyboard.type(card.number);
  await page.keyboard.press("Enter");
  await page.keyboard.press("F4");
  await page.locator("#price").waitFor();
  await page.keyboard.type("500");
  await page.locator("#change").waitFor();
  await looksGood(visitor, "till-priced");
  await page.locator("#cash").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator("[data-sold]").waitFor();
  await inBothLanguages(visitor, "till-sold");
};

const mistypes = async (visitor) => {
  const { page } = visitor;
  await startsAnew(visitor).catch(() => {});
  await visitor.open("/store");
  await page.keyboard.type("6225 8800 0000 0001 7");
  await page.locator("#sell").click();
  await page.locator("#amount-error").waitFor();
  await looksGood(visitor, "till-refused");
  assert.equal(await page.locator("#card").inputValue(), "6225 8800 0000 0001 7", "what was typed is kept");
  // The page that says so is a till as good as any other.
  await page.locator("#card").fill(takeCardAtTheTill().number);
  await page.keyboard.press("Enter");
  await page.keyboard.press("F1");
  await page.locator("#price").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator("[data-sold]").waitFor();
};

// The answer to a sale is lost on the way: the till asks by its own key, and shows the sale that was made.
const losesTheLine = async (visitor) => {
  const { context, page } = visitor;
  await startsAnew(visitor);
  const card = takeCardAtTheTill();
  await page.keyboard.type(card.number);
  await page.keyboard.press("Enter");
  await page.keyboard.press("F2");
  await page.locator("#price").waitFor();
  await context.setOffline(true);
  await page.locator("#offline").waitFor();
  await looksGood(visitor, "till-offline");
  assert.ok(await page.locator("#sell").isDisabled(), "nothing is sold that cannot be credited");
  await context.setOffline(false);
  await page.locator("#offline").waitFor({ state: "hidden" });
  await page.locator("#cash").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator("[data-sold]").waitFor();
};

// The buyer shows a code of his app, is asked to confirm, and does.
const sellsByCode = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/store");
  const card = takeCardAtTheTill();
  await page.keyboard.type(card.number);
  await page.keyboard.press("Enter");
  await page.keyboard.press("F5");
  await page.locator("#price").waitFor();
  const code = await showsCode("alipay", "must_confirm");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/scan$/);
  await looksGood(visitor, "till-scan");
  assert.ok(!JSON.stringify(await page.evaluate(() => ({ ...localStorage }))).includes(code), "the code is kept nowhere");
  await confirmsEverything("alipay");
  await page.locator("[data-sold]").waitFor();
  await looksGood(visitor, "till-sold-by-code");
};

const undoesASale = async (visitor) => {
  const { page } = visitor;
  await page.keyboard.press("F9");
  await page.waitForURL(/\/store\/sales\//);
  await inBothLanguages(visitor, "till-receipt");
  const slip = page.url();
  await page.locator("#undo summary").click();
  await page.locator("#reason").fill("顾客报错卡号 · wrong card");
  await page.keyboard.press("Enter");
  await page.locator("#undo").waitFor({ state: "detached" });
  await page.goto(slip.replace(/\/sales\/.*/, "/undo"));
  await inBothLanguages(visitor, "till-undo");
  const form = page.locator('form[action^="/store/undo/"]').first();
  await form.locator('input[name="number"]').fill(counter.supervisor.number);
  await form.locator('input[name="pin"]').fill(counter.supervisor.pin);
  await form.locator('button[value="approve"]').click();
  await form.waitFor({ state: "detached" });
  await page.goto(slip);
  await inBothLanguages(visitor, "till-pay-out");
  await page.locator("#pay-out button").click();
  await page.locator("#pay-out").waitFor({ state: "detached" });
};

const countsTheDrawer = async (visitor) => {
  const { page } = visitor;
  await visitor.open("/store");
  await page.keyboard.press("F12");
  await page.locator("#counted").waitFor();
  await inBothLanguages(visitor, "till-count");
  await page.locator("#counted").fill("2000");
  await page.keyboard.press("Enter");
  await page.locator("#counted").waitFor({ state: "detached" });
  await looksGood(visitor, "till-counted");
};

test("a clerk's shift, from the code of the office to the count of the drawer", { timeout: patience }, async () => {
  await visit({ size: "desktop" }, async (visitor) => {
    visitor.expects(401); // A browser that is no till yet.
    visitor.expects(refused);
    await enrols(visitor);
    await opensTheShift(visitor);
    await timesSales(visitor);
    await sellsWithChange(visitor);
    await mistypes(visitor);
    await losesTheLine(visitor);
    await undoesASale(visitor);
    await sellsByCode(visitor);
    await countsTheDrawer(visitor);
    visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes("ERR_INTERNET_DISCONNECTED"));
  });
});
