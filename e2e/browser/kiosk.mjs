// Every screen of a kiosk, in every state, from the samples of its templates: `node kiosk.mjs FOLDER`, where `kiosk_gallery` (an example of
// crate ringup-terminal) has written them. On a standing and a lying screen: nothing outside the screen, targets of 60 px, axe at zero.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";

const TARGET = 60;
const folder = process.argv[2];
const sizes = { standing: { width: 1080, height: 1920 }, lying: { width: 1366, height: 768 } };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const files = readdirSync(folder);
const pictures = join(import.meta.dirname, "out", "kiosk");
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

const server = createServer((request, response) => {
  const name = decodeURIComponent(request.url.slice(1));
  if (!files.includes(name)) return response.writeHead(204).end();
  const kind = name.endsWith(".css") ? "text/css" : "text/html; charset=utf-8";
  return response.writeHead(200, { "content-type": kind }).end(readFileSync(join(folder, name)));
});
await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
after(async () => {
  await browser.close();
  server.close();
});

const samples = files.filter((name) => name.endsWith(".html"));
test("there are samples in both languages", () => {
  for (const part of [".en.", ".zh-Hans."]) assert.ok(samples.some((name) => name.includes(part)), part);
});

for (const [size, viewport] of Object.entries(sizes)) {
  test(`every screen looks good: ${size}`, async () => {
    // axe is put into the page from outside; nothing of the page itself needs that.
    const context = await browser.newContext({ viewport, bypassCSP: true });
    const page = await context.newPage();
    const wrong = [];
    for (const name of samples) {
      await page.goto(`http://127.0.0.1:${server.address().port}/${name}`);
      await page.screenshot({ path: join(pictures, `${name.replace(/\.html$/, "")}-${size}.png`) });
      const found = await page.evaluate((target) => {
        const found = [];
        const root = document.documentElement;
        if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth} px wide`);
        if (root.scrollHeight > root.clientHeight + 1) found.push(`${root.scrollHeight} px high`);
        for (const button of document.querySelectorAll("button, input:not([type=hidden])")) {
          const { width, height } = button.getBoundingClientRect();
          if (width < target || height < target) found.push(`${button.textContent.trim()}: ${width} × ${height}`);
        }
        return found;
      }, TARGET);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      found.push(...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`));
      wrong.push(...found.map((what) => `${name}: ${what}`));
    }
    await context.close();
    assert.deepEqual(wrong, []);
  });
}
