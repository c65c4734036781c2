import assert from "node:assert/strict";
import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { providers, topsUp } from "../holder.mjs";

const screensMax = 4;
const tapsMax = 6;

const wholeWay = (options, provider, yuan) => async (t) => {
  await visit(options, async (visitor) => {
    await topsUp(visitor, takeCard(), yuan, provider);
    t.diagnostic(`${visitor.screens.length} screens, ${visitor.taps} taps`);
    assert.ok(visitor.screens.length <= screensMax, visitor.screens.join(", "));
    assert.ok(visitor.taps <= tapsMax, `${visitor.taps} taps`);
  });
};

test("a top-up by Alipay on a desktop: the code is scanned, the card is credited", wholeWay({ size: "desktop", language: "en" }, providers.alipay, 100));

test("a top-up by WeChat Pay on a phone: the app opens, the card is credited", wholeWay({ size: "phone", language: "zh" }, providers.wechatPay, 50));
