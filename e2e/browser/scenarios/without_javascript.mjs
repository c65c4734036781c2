import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { providers, topsUp } from "../holder.mjs";
import { words } from "../words.mjs";

test("the whole way goes without JavaScript, on a desktop", async () => {
  await visit({ size: "desktop", javaScript: false }, (visitor) => topsUp(visitor, takeCard(), 100, providers.wechatPay));
});

test("the whole way goes without JavaScript, on a phone", async () => {
  await visit({ size: "phone", language: "zh", javaScript: false }, (visitor) => topsUp(visitor, takeCard(), 200, providers.alipay));
});

for (const language of ["en", "zh"]) {
  test(`advice on plans is asked for and given without JavaScript: ${language}`, async () => {
    await visit({ size: "phone", language, javaScript: false }, async (visitor) => {
      const { page } = visitor;
      const say = words[language];
      const main = page.getByRole("main");
      await visitor.open("/plans/advice");
      await main.getByRole("radio").nth(1).check({ force: true });
      await page.locator("#to-1").fill("+44 (0)161 496 0000");
      await page.locator("#minutes-1").fill("300");
      await page.locator("#per-1").selectOption("week");
      await main.getByRole("button", { name: say.compare }).click();
      await page.waitForURL(/calls=gb-landline:300:week/);
      assert.match(await main.locator("p.sum").innerText(), /¥\s?\d+\.\d\d/);
      const ways = await main.locator("details.choice-sum").count();
      assert.ok(ways > 0, "other ways are compared");
      // The other language tells the same.
      const sum = await main.locator("p.sum").innerText();
      await page.getByRole("button", { name: say.otherLanguage }).first().click();
      await page.waitForLoadState();
      assert.equal(await main.locator("p.sum").innerText(), sum);
    });
  });
}
