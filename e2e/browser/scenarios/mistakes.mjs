import assert from "node:assert/strict";
import { test } from "node:test";
import { anyCard, visit } from "../browser.mjs";
import { choosesCardAndAmount } from "../holder.mjs";
import { words } from "../words.mjs";

const refused = 422;
const notFound = 404;

/** The same number with one wrong digit: the check digit gives it away. */
const mistyped = (number) => number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10);

for (const language of ["en", "zh"]) {
  test(`a form sent empty comes back with a summary that leads to each field (${language})`, async () => {
    await visit({ language }, async (visitor) => {
      visitor.expects(refused);
      await visitor.open("/");
      await visitor.page.locator("form#top-up button").last().click();
      const summary = visitor.page.getByRole("alert");
      await summary.waitFor();
      const links = summary.getByRole("link");
      assert.ok((await links.count()) >= 2, "the card and the amount are asked for");
      await links.first().click();
      assert.equal(await visitor.page.evaluate(() => document.activeElement?.id), "card");
      assert.equal(await visitor.page.getByLabel(words[language].cardNumber).first().getAttribute("aria-invalid"), "true");
    });
  });

  test(`a card number with a typing error is told so, and stays in its field (${language})`, async () => {
    await visit({ language, javaScript: false }, async (visitor) => {
      visitor.expects(refused);
      const card = anyCard();
      await visitor.open("/");
      await choosesCardAndAmount(visitor, { ...card, number: mistyped(card.number) }, 100);
      await visitor.page.locator("form#top-up button").last().click();
      await visitor.page.getByRole("alert").waitFor();
      const field = visitor.page.getByLabel(words[language].cardNumber).first();
      assert.equal((await field.inputValue()).replace(/\D/g, ""), mistyped(card.number));
      assert.ok(await visitor.page.locator('input[name="amount"]:checked').count(), "the amount stays chosen");
    });
  });
}

test("a typing error shows on leaving the field, before anything is sent", async () => {
  await visit({}, async (visitor) => {
    await visitor.open("/");
    const field = visitor.page.getByLabel(words.en.cardNumber).first();
    await field.fill(mistyped(anyCard().number));
    await field.blur();
    await visitor.page.locator("#card-mistyped").waitFor();
  });
});

test("a page that does not exist says so and leads on", async () => {
  await visit({ language: "zh" }, async (visitor) => {
    visitor.expects(notFound);
    const answer = await visitor.open("/no-such-page");
    assert.equal(answer.status(), notFound);
    await visitor.sees("not found");
    assert.ok(await visitor.page.getByRole("main").getByRole("link").count(), "there is a way on");
  });
});
