// The sandbox's switches: what goes wrong in the world outside.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
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

/** The mail to this address, once the mail server has it. */
export const mailTo = async (address) => {
  for (;;) {
    const mails = await (await fetch(`${sandboxUrl}/_sandbox/mails`)).json();
    const mail = mails.find((taken) => taken.to.includes(address));
    if (mail) return mail;
    await setTimeout(100);
  }
};

const asks = async (path, body) => {
  const answer = await fetch(`${sandboxUrl}/_sandbox/${path}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `the sandbox takes ${path}: ${answer.status}`);
  return answer.json();
};

/** What the payer's phone shows at a till: a payment code. */
export const showsCode = async (provider, payer) => (await asks("codes", { provider, payer })).code;

/** Every payer who has been asked to confirm does so. */
export const confirmsEverything = async (provider) => {
  const orders = await (await fetch(`${sandboxUrl}/_sandbox/orders`)).json();
  const waiting = orders.filter((order) => order.provider === provider && order.state === "waiting");
  assert.ok(waiting.length > 0, JSON.stringify(orders.at(-1)));
  for (const { out_trade_no } of waiting) await asks("pay", { provider, out_trade_no, outcome: "pay" });
};
