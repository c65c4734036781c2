import assert from "node:assert/strict";
import { test } from "node:test";
import { baseUrl, visit } from "../browser.mjs";
import { words } from "../words.mjs";

const bytesMax = 100 * 1024;
const requestsMax = 5;

test("the first page weighs less than 100 KB and takes at most 5 requests", async (t) => {
  await visit({ size: "phone" }, async (visitor) => {
    const wire = await visitor.context.newCDPSession(visitor.page);
    await wire.send("Network.enable");
    let bytes = 0;
    const requests = [];
    wire.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
    wire.on("Network.requestWillBeSent", ({ request }) => requests.push(request.url));
    await visitor.page.goto(`${baseUrl}/`, { waitUntil: "networkidle" });
    t.diagnostic(`${bytes} bytes in ${requests.length} requests`);
    assert.ok(bytes > 0 && bytes < bytesMax, `${bytes} bytes`);
    assert.ok(requests.length <= requestsMax, requests.join(" "));
  });
});

test("the first page speaks the browser's language", async () => {
  for (const [language, tag] of [["en", /^en/], ["zh", /^zh/]]) {
    await visit({ language }, async (visitor) => {
      await visitor.open("/");
      assert.match(await visitor.page.locator("html").getAttribute("lang"), tag);
    });
  }
});

test("whoever changes the language gets the same page in the other one, and keeps it", async () => {
  await visit({ language: "en" }, async (visitor) => {
    await visitor.open("/help");
    await visitor.page.getByRole("button", { name: words.en.otherLanguage }).click();
    await visitor.page.waitForFunction(() => document.documentElement.lang.startsWith("zh"));
    assert.equal(new URL(visitor.page.url()).pathname, "/help");
    await visitor.open("/");
    assert.match(await visitor.page.locator("html").getAttribute("lang"), /^zh/);
  });
});

test("the pages tell the browser to run and to load nothing but their own", async () => {
  await visit({}, async (visitor) => {
    const headers = (await visitor.open("/")).headers();
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe-/);
    assert.equal(headers["x-content-type-options"], "nosniff");
  });
});
