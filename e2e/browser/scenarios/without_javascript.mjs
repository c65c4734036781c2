import { test } from "node:test";
import { takeCard, visit } from "../browser.mjs";
import { providers, topsUp } from "../holder.mjs";

test("the whole way goes without JavaScript, on a desktop", async () => {
  await visit({ size: "desktop", javaScript: false }, (visitor) => topsUp(visitor, takeCard(), 100, providers.wechatPay));
});

test("the whole way goes without JavaScript, on a phone", async () => {
  await visit({ size: "phone", language: "zh", javaScript: false }, (visitor) => topsUp(visitor, takeCard(), 200, providers.alipay));
});
