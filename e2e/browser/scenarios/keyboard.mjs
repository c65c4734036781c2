import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { payerScansAndPays, providers, seesItCredited } from "../holder.mjs";
import { words } from "../words.mjs";

const stepsMax = 60;

// Goes on with the tabulator until the focus is on `target`, and sees to it that the focus can be seen.
const tabsTo = async (page, target) => {
  for (let step = 0; step < stepsMax; step += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      assert.ok(await focusIsSeen(target), `the focus on ${target} can be seen`);
      return;
    }
  }
  assert.fail(`${target} cannot be reached by the keyboard`);
};

// On the element itself, or on the face beside a choice that is drawn by its label.
const focusIsSeen = (target) =>
  target.evaluate((element) => {
    const rings = [element, element.parentElement, ...(element.parentElement?.children ?? [])];
    return rings.some((ring) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(ring);
      return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    });
  });

test("the whole way goes by keyboard alone", async () => {
  await visit({ size: "desktop" }, async (visitor) => {
    const { page } = visitor;
    const main = page.getByRole("main");
    const card = takeCard();
    await visitor.open("/");

    await tabsTo(page, main.getByLabel(words.en.cardNumber).first());
    await page.keyboard.type(card.number);
    await tabsTo(page, main.getByRole("radio").first());
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await main.locator("dl").first().waitFor();
    await tabsTo(page, main.getByRole("button", { name: words.en.goOn }));
    await page.keyboard.press("Enter");

    await page.waitForURL(/\/top-ups\/new/);
    const alipay = main.getByRole("radio", { name: providers.alipay });
    await tabsTo(page, main.getByRole("radio").first());
    if (!(await alipay.isChecked())) await page.keyboard.press("Space");
    if (!(await alipay.isChecked())) await page.keyboard.press("ArrowDown");
    assert.ok(await alipay.isChecked(), "a provider is chosen by keys");
    await tabsTo(page, main.getByRole("button", { name: words.en.pay }));
    await page.keyboard.press("Enter");

    await page.waitForURL((url) => /^\/top-ups\/(?!new|check)/.test(url.pathname));
    await payerScansAndPays(visitor);
    await seesItCredited(visitor, card);
    await tabsTo(page, main.getByRole("link", { name: words.en.openReceipt }).first());
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/receipts\//);
  });
});

test("the first thing the tabulator reaches skips to the content", async () => {
  await visit({}, async (visitor) => {
    await visitor.open("/");
    await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.press("Enter");
    assert.equal(await visitor.page.evaluate(() => document.activeElement?.id), "main");
  });
});
