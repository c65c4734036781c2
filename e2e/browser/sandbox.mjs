// The sandbox's switches: what goes wrong in the world outside.

import assert from "node:assert/strict";
import { sandboxUrl } from "./browser.mjs";

const switches = `${sandboxUrl}/_sandbox/switches`;

/** Lets `work` happen while the providers have these faults (see the sandbox's README). */
export const whileFaulty = async (faults, work) => {
  for (const fault of faults) {
    const body = JSON.stringify(fault);
    const answer = await fetch(switches, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.ok(answer.ok, `the sandbox takes ${body}: ${answer.status}`);
  }
  try {
    return await work();
  } finally {
    await fetch(switches, { method: "DELETE" });
  }
};
