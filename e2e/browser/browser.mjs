// One Chromium for the whole run, and visitors in it: each with cookies, language, screen and trouble of its own.

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const required = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run these tests by \`cargo xtask test --only browser\``);
  return value;
};

/** Where the pages are served, without a slash at the end. */
export const baseUrl = required("BASE_URL").replace(/\/$/, "");
/** Where the sandbox plays the providers. */
export const sandboxUrl = required("SANDBOX_URL").replace(/\/$/, "");
/** Which database is behind the pages; screenshots are kept apart by it. */
export const database = process.env.DATABASE ?? "sqlite";

const cards = required("CARDS").split(",").map((card) => {
  const [number, pin] = card.split(":");
  return { number, pin };
});
// The demo has topped up the first seven a moment ago, and would ask whether another top-up is meant.
let cardsTaken = 7;
let tillCardsTaken = 0;
const holdersCards = 24;

/** A card that no other scenario tops up at the moment; when all are taken, they go round. */
export const takeCard = () => {
  const card = cards[cardsTaken % holdersCards];
  cardsTaken += 1;
  return card;
};

/** A card for the counter, which would ask whether another top-up is meant where somebody has topped it up a moment ago. */
export const takeCardAtTheTill = () => {
  tillCardsTaken += 1;
  return cards[holdersCards + tillCardsTaken - 1];
};

/** A card to ask about or to mistype, not to top up. */
export const anyCard = () => cards.at(-1);

/** What enrols a till, once, and who serves at it. */
export const counter = {
  code: process.env.TILL_CODE ?? "",
  clerk: { number: "01", pin: process.env.CLERK_PIN ?? "" },
  supervisor: { number: "09", pin: process.env.SUPERVISOR_PIN ?? "" },
};

/** Who sells for the agent. */
export const agent = { code: process.env.AGENT_CODE ?? "", number: "01", pin: process.env.AGENT_PIN ?? "" };

/** The screens that every page must be good on. */
export const sizes = {
  phone: { width: 360, height: 780 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 800 },
};

const locales = { en: "en-GB", zh: "zh-CN" };
const phoneAgent =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

/** Where the pictures of this run go. */
export const pictures = join(import.meta.dirname, "out", database);
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

let running;
let failures = 0;

const browser = async () => {
  running ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return running;
};

/** Ends the browser. */
export const closeBrowser = async () => {
  await running?.close();
  running = undefined;
};

/** Someone with a browser: counts what he has to press, and writes down what went wrong behind his back. */
class Visitor {
  constructor(context, page, options) {
    Object.assign(this, { context, page, ...options });
    this.taps = 0;
    this.screens = [];
    this.troubles = [];
    this.expectedStatus = new Set();
    this.watch(page);
  }

  /** Writes down script errors, broken content policy, failed and foreign requests of `page`. */
  watch(page) {
    page.on("pageerror", (error) => this.troubles.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      // A failed answer is judged by its status below, where it can be expected.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.troubles.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("request", (request) => {
      const url = request.url();
      if (![baseUrl, sandboxUrl].some((ours) => url.startsWith(ours)) && !url.startsWith("data:")) {
        this.troubles.push(`a request to elsewhere: ${url}`);
      }
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && !this.expectedStatus.has(response.status())) {
        this.troubles.push(`${response.status()} from ${response.request().method()} ${response.url()}`);
      }
    });
  }

  /** Says that answers of this status are what the scenario is about. */
  expects(status) {
    this.expectedStatus.add(status);
  }

  /** Opens a page of ours by its path. */
  async open(path) {
    return this.page.goto(baseUrl + path);
  }

  /** Presses something: one of the taps that are counted. */
  async tap(target) {
    this.taps += 1;
    await target.click();
  }

  /** Says that a screen with one heading is there, and counts it. */
  async sees(name) {
    await this.page.locator("h1").first().waitFor();
    assert.equal(await this.page.locator("h1").count(), 1, `${name}: one heading a screen`);
    this.screens.push(name);
  }

  /** Says what the visitor of a failed scenario saw: where he was, what went wrong before, and a picture. */
  async testify() {
    failures += 1;
    const path = join(pictures, `failed-${failures}.png`);
    console.error([`failed at ${this.page.url()}, picture ${path}`, ...this.troubles].join("\n  before: "));
    await this.page.screenshot({ path }).catch(() => {});
  }

  /** Another tab of the same person: the payer's phone, lying beside the desktop. */
  async secondPage() {
    const page = await this.context.newPage();
    this.watch(page);
    return page;
  }
}

/**
 * Lets `work` use a fresh visitor, and fails when anything went wrong behind his back.
 * Options: `language` (en, zh), `size` (phone, tablet, desktop), `theme` (light, dark), `javaScript`.
 */
export const visit = async (options, work) => {
  const { language = "en", size = "desktop", theme = "light", javaScript = true } = options;
  const isPhone = size === "phone";
  const context = await (await browser()).newContext({
    viewport: sizes[size],
    locale: locales[language],
    colorScheme: theme,
    javaScriptEnabled: javaScript,
    reducedMotion: "reduce",
    timezoneId: "Asia/Shanghai",
    ...(isPhone ? { isMobile: true, hasTouch: true, userAgent: phoneAgent } : {}),
  });
  context.setDefaultTimeout(15_000);
  const visitor = new Visitor(context, await context.newPage(), { language, size, theme, javaScript });
  try {
    const made = await work(visitor);
    assert.deepEqual(visitor.troubles, [], "nothing goes wrong behind the visitor's back");
    return made;
  } catch (failure) {
    await visitor.testify();
    throw failure;
  } finally {
    await context.close();
  }
};
