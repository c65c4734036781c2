// Where cards are topped up face to face: looked for with and without JavaScript, and with the visitor's position only when he gives it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "../browser.mjs";
import { looksGood } from "../looks.mjs";

const say = {
  en: { search: /^search/i, place: /use my position/i, near: /nearest to your position/i, city: "Beijing", kiosks: "Kiosks", details: /hours and details/i, here: /others near here/i },
  zh: { search: /^查询/, place: /使用我的位置/, near: /按离您的位置/, city: "北京", kiosks: "自助终端", details: /营业时间和详情/, here: /查看周边网点/ },
};
const refused = 422;

const main = (visitor) => visitor.page.getByRole("main");
const places = (visitor) => main(visitor).locator("ol.places > li");
// A choice is pressed on its label, the part that is large.
const presses = (visitor, name, value) => main(visitor).locator(`label:has(input[name=${name}][value=${value}])`).click();
const searches = (visitor) => main(visitor).getByRole("button", { name: say[visitor.language].search }).click();

for (const language of ["en", "zh"]) {
  test(`a kiosk of a city is found without JavaScript, and what is near it (${language})`, async () => {
    await visit({ language, size: "phone", javaScript: false }, async (visitor) => {
      await visitor.open("/");
      await visitor.page.getByRole("contentinfo").locator('a[href="/places"]').click();
      await visitor.sees("places");
      await main(visitor).locator("select#city").selectOption({ label: say[language].city });
      await presses(visitor, "kind", "kiosk");
      await presses(visitor, "cash", "yes");
      await searches(visitor);
      await visitor.page.waitForURL(/city=Beijing.*kind=kiosk.*cash=yes/);
      assert.equal(await places(visitor).count(), 2);
      assert.ok(await main(visitor).locator("input[name=cash]").isChecked(), "what was asked for stays");
      assert.equal(await main(visitor).getByRole("button", { name: say[language].place }).count(), 0);
      await places(visitor).first().getByText(say[language].details).click();
      await places(visitor).first().getByRole("link", { name: say[language].here }).click();
      await visitor.page.waitForURL(/near=BJ-K001/);
      assert.equal(await places(visitor).first().locator(".distance").count(), 1);
    });
  });
}

test("the list and the plan number the same places", async () => {
  await visit({}, async (visitor) => {
    await visitor.open("/places?city=Shanghai");
    const listed = await places(visitor).locator(".mark-number").allInnerTexts();
    const drawn = await main(visitor).locator("svg[role=img] g.place text").allTextContents();
    assert.deepEqual(drawn.map(Number).sort((a, b) => a - b), listed.map(Number));
    assert.ok(listed.length >= 6);
  });
});

test("a visitor who gives his position gets the nearest first, and is not placed nearer than 100 metres", async () => {
  await visit({ size: "phone" }, async (visitor) => {
    await visitor.context.grantPermissions(["geolocation"]);
    await visitor.context.setGeolocation({ latitude: 39.981234567, longitude: 116.316345678 });
    await visitor.open("/places");
    await main(visitor).getByRole("button", { name: say.en.place }).click();
    await visitor.page.waitForURL(/near=/);
    assert.equal(new URL(visitor.page.url()).searchParams.get("near"), "39.981,116.316");
    assert.match(await main(visitor).innerText(), say.en.near);
    assert.match(await places(visitor).first().innerText(), /Zhongguancun Store/);
  });
});

test("a visitor who keeps his position for himself is told another way", async () => {
  await visit({ language: "en" }, async (visitor) => {
    await visitor.context.clearPermissions();
    await visitor.open("/places");
    const asks = visitor.page.locator("#locate-failed");
    assert.ok(await asks.isHidden());
    await main(visitor).getByRole("button", { name: say.en.place }).click();
    await asks.waitFor();
    assert.equal(new URL(visitor.page.url()).search, "", "nothing was sent");
  });
});

for (const language of ["en", "zh"]) {
  for (const size of ["phone", "desktop"]) {
    test(`the places look good: ${language}, ${size}`, { timeout: 600_000 }, async () => {
      await visit({ language, size }, async (visitor) => {
        await visitor.open("/places");
        await looksGood(visitor, "places");
        await visitor.open("/places?near=39.985,116.330&city=Beijing");
        await places(visitor).first().getByText(say[language].details).click();
        await looksGood(visitor, "places-near");
        await visitor.open("/places?q=Lhasa&cash=yes");
        await looksGood(visitor, "places-none");
        visitor.expects(refused);
        await visitor.open("/places?near=91,0");
        await looksGood(visitor, "places-problem");
      });
    });
  }
}
