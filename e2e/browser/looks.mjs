// Whether a page may be shown: readable by everyone (axe), whole at every width, large enough to press. And its picture.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { pictures, sizes } from "./browser.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const narrowest = 320;
const targetMin = 44;

/** Fails when axe finds anything at all in `page`. */
export const accessible = async (page, name) => {
  // Not a script tag: the page's own policy would rightly refuse one.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
  const findings = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n").at(-1)?.trim()}`),
  );
  assert.deepEqual(findings, [], `axe on ${name}`);
};

/** Fails when `page` must be moved sideways to be read. */
export const fitsItsWidth = async (page, name) => {
  const { content, width } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  assert.ok(content <= width, `${name} is ${content} px wide on a screen of ${width} px`);
};

/** Fails when a button, field or choice is smaller than a thumb. Links inside a sentence may be. */
const largeEnoughToPress = async (page, name) => {
  const small = await page.evaluate((least) => {
    const shown = (element) => element.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) ?? true;
    const target = (element) => (["radio", "checkbox"].includes(element.type) ? element.closest("label") ?? element.labels?.[0] ?? element : element);
    return [...document.querySelectorAll("button, select, textarea, summary, input:not([type=hidden])")]
      .map(target)
      .filter((element) => shown(element) && element.getBoundingClientRect().height > 0)
      .map((element) => ({ what: `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 30)}"`, height: element.getBoundingClientRect().height }))
      .filter(({ height }) => height < least - 0.5)
      .map(({ what, height }) => `${what} is ${Math.round(height)} px high`);
  }, targetMin);
  assert.deepEqual(small, [], `targets on ${name}`);
};

// The whole page as on a screen that is high enough: what sticks to the lower edge then covers nothing.
const picture = async (page, name) => {
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.setViewportSize({ width, height });
};

/**
 * Looks at the open page in both themes, and on the sizes that belong to this visitor's device: all that a
 * person's eye would have to check again and again. Pictures are named SCREEN-LANGUAGE-SIZE-THEME.
 */
export const looksGood = async (visitor, screen) => {
  const { page, language } = visitor;
  const shown = visitor.size === "phone" ? ["phone"] : ["tablet", "desktop"];
  for (const size of shown) {
    await page.setViewportSize(sizes[size]);
    for (const theme of ["light", "dark"]) {
      const name = `${screen}-${language}-${size}-${theme}`;
      await page.emulateMedia({ colorScheme: theme });
      await fitsItsWidth(page, name);
      await accessible(page, name);
      await largeEnoughToPress(page, name);
      await picture(page, name);
    }
  }
  await page.setViewportSize({ width: narrowest, height: 640 });
  await fitsItsWidth(page, `${screen}-${language} at ${narrowest} px`);
  await page.setViewportSize(sizes[visitor.size]);
  await page.emulateMedia({ colorScheme: visitor.theme });
};

/** Looks at one sample, whose theme is its own, on this visitor's screen. */
export const sampleLooksGood = async (visitor, sample) => {
  const { page, size } = visitor;
  const name = `${sample}-${size}`;
  await fitsItsWidth(page, name);
  await accessible(page, name);
  await largeEnoughToPress(page, name);
  await picture(page, name);
};

/** What a phone's camera reads from the QR code at `locator`. */
export const readQr = async (locator) => {
  const image = PNG.sync.read(await locator.screenshot());
  const found = jsQR(new Uint8ClampedArray(image.data), image.width, image.height);
  assert.ok(found, "the QR code can be read by a camera");
  return found.data;
};
