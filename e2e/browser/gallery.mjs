// Every page that Ringup can show, in every state, from the samples of its templates: `node gallery.mjs FOLDER`, where
// `gallery` (an example of crate ringup) has written them. Many of these states are hard to bring about by hand.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, test } from "node:test";

const folder = process.argv[2];
const kinds = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const files = readdirSync(folder);

// The samples lie side by side; what a page asks its server for is not there.
const server = createServer((request, response) => {
  const name = decodeURIComponent(request.url.slice(1));
  if (!files.includes(name)) return response.writeHead(204).end();
  return response.writeHead(200, { "content-type": kinds[extname(name)] }).end(readFileSync(join(folder, name)));
});
await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });

// They are no demo: the sandbox and the cards stand for nothing here.
process.env.BASE_URL = `http://127.0.0.1:${server.address().port}`;
process.env.SANDBOX_URL = process.env.BASE_URL;
process.env.CARDS = "0:0";
process.env.DATABASE = "gallery";
const { closeBrowser, visit } = await import("./browser.mjs");
const { sampleLooksGood } = await import("./looks.mjs");

after(closeBrowser);
after(() => server.close());

const samples = files.filter((name) => name.endsWith(".html") && !name.includes("fragment"));
test("there are samples in both languages and both themes", () => {
  for (const part of [".en.", ".zh-Hans.", ".light.", ".dark."]) assert.ok(samples.some((name) => name.includes(part)), part);
});

for (const language of ["en", "zh-Hans"]) {
  for (const size of ["phone", "desktop"]) {
    test(`every sample looks good: ${language}, ${size}`, async (t) => {
      const chosen = samples.filter((name) => name.includes(`.${language}.`));
      await visit({ language: language.slice(0, 2), size }, async (visitor) => {
        for (const name of chosen) {
          await visitor.open(`/${name}`);
          await sampleLooksGood(visitor, name.replace(/\.html$/, ""));
        }
      });
      t.diagnostic(`${chosen.length} pages`);
    });
  }
}
