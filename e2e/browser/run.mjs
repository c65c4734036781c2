// All scenarios, one after the other, on the server that BASE_URL names: `cargo xtask test --only browser` starts one.

import { after } from "node:test";
import { closeBrowser } from "./browser.mjs";

await import("./scenarios/first_page.mjs");
await import("./scenarios/top_up.mjs");
await import("./scenarios/without_javascript.mjs");
await import("./scenarios/keyboard.mjs");
await import("./scenarios/mistakes.mjs");
await import("./scenarios/questions.mjs");
await import("./scenarios/places.mjs");
await import("./scenarios/troubles.mjs");
await import("./scenarios/till.mjs");
await import("./scenarios/agent.mjs");
await import("./scenarios/screens.mjs");

after(closeBrowser);
