// A till's keys, its printer, its enrolment, and what it does when the line is down.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const PENDING = "ringup-till-sale";
  const PRINTED = "ringup-till-printed";

  // Enrolling: a key is made here, and only its public half goes out.
  const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const keep = (value) => new Promise((resolve, reject) => {
    const request = indexedDB.open("ringup-till", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("keys");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction("keys", "readwrite");
      transaction.objectStore("keys").put(value, "till");
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
    };
  });

  const startWorker = async () => {
    const registration = await navigator.serviceWorker.register("/store/worker.js", { scope: "/store" });
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    if (worker && worker.state !== "activated") {
      await new Promise((resolve) => worker.addEventListener("statechange", () => {
        if (worker.state === "activated") resolve();
      }));
    }
  };

  const setUpEnrol = (form) => {
    const error = byId("enrol-error");
    const say = (what) => {
      const text = error.querySelector("span");
      text.textContent = text.dataset[what];
      error.hidden = false;
      delete form.dataset.sent;
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.hidden = true;
      try {
        const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
        const body = new URLSearchParams(new FormData(form));
        body.set("algorithm", "ecdsa-p256-sha256");
        body.set("public_key", base64url(await crypto.subtle.exportKey("raw", pair.publicKey)));
        const response = await fetch("/store/enrol", { method: "POST", body, credentials: "same-origin" });
        if (!response.ok) { say("code"); return; }
        const { device } = await response.json();
        await keep({ device, key: pair.privateKey });
        await startWorker();
        location.assign("/store");
      } catch { say("script"); }
    });
  };

  // Keys: F1 to F7 choose the amount, Enter goes on, the rest is written beside what it does.
  const press = (element) => {
    if (element.type === "radio") {
      element.checked = true;
      element.dispatchEvent(new Event("change", { bubbles: true }));
      byId("cash")?.focus();
    } else if (element.tagName === "INPUT") {
      element.focus();
      element.select();
    } else {
      element.click();
    }
  };

  const setUpKeys = () => {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Escape" && byId("sale")) { event.preventDefault(); location.assign("/store"); return; }
      if (!/^F\d+$/.test(event.key)) return;
      const element = document.querySelector(`[data-key="${event.key}"]`);
      if (!element) return;
      event.preventDefault();
      press(element);
    });
  };

  const setUpEnter = (sale) => {
    const next = {
      card: () => sale.querySelector('input[name="amount"]:checked') ? byId("cash") : byId("amount"),
      other: () => byId("cash"),
      cash: () => byId("sell"),
    };
    sale.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !next[event.target.id]) return;
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
      next[event.target.id]()?.focus();
    });
    // Choosing with the arrows or a finger goes on to the cash as well.
    sale.querySelectorAll('input[name="amount"]').forEach((tile) => tile.addEventListener("click", () => byId("cash")?.focus()));
  };

  // What is given back, told while the cash is typed. The server counts it again.
  const minorOf = (text, decimals) => {
    const found = text.normalize("NFKC").replace(/[\s,]/g, "").match(/^(\d{1,12})(?:\.(\d*))?$/);
    if (!found || (found[2] ?? "").length > decimals) return null;
    return BigInt(found[1] + (found[2] ?? "").padEnd(decimals, "0"));
  };
  const written = (minor, decimals) => {
    const digits = String(minor).padStart(decimals + 1, "0");
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  };
  const showChange = () => {
    const [line, price, cash] = [byId("change"), byId("price"), byId("cash")];
    if (!line) return;
    const decimals = Number(price?.dataset.decimals ?? 0);
    const given = price && cash.value.trim() !== "" ? minorOf(cash.value, decimals) : null;
    const change = given === null ? null : given - BigInt(price.dataset.pays);
    line.hidden = change === null || change < 0n;
    if (!line.hidden) line.querySelector("strong").textContent = line.querySelector("strong").dataset.sign + written(change, decimals);
  };

  // The slip of the sale that was just made is printed once, however often the page is looked at.
  const setUpPrinting = () => {
    const sold = document.querySelector("[data-sold]");
    if (!sold || sessionStorage.getItem(PRINTED) === sold.dataset.sold) return;
    sessionStorage.setItem(PRINTED, sold.dataset.sold);
    if (sold.dataset.printUrl) sendToPrinter(sold.dataset.printUrl);
    else window.print();
  };

  // A printer that the server reaches says whether the slip really came out.
  const sendToPrinter = async (url) => {
    const line = document.querySelector(".printed");
    try {
      const response = await fetch(url, { method: "POST" });
      const { state, text } = await response.json();
      line.textContent = text;
      line.dataset.state = state;
      line.hidden = false;
    } catch { line.hidden = true; }
  };

  const setUpPrintAgain = () => {
    const button = document.querySelector("button[data-print-url]");
    button?.addEventListener("click", () => sendToPrinter(button.dataset.printUrl));
  };

  // The line: a sale goes out under its own key. When no answer comes, the server is asked by that key what became of it.
  const offline = (is) => {
    const banner = byId("offline");
    if (banner) banner.hidden = !is;
    const button = byId("sell");
    if (button) button.disabled = is;
  };

  const ask = async (key) => {
    const response = await fetch(`/store/keys/${encodeURIComponent(key)}`, { headers: { accept: "application/json" } });
    if (response.ok) return (await response.json()).url;
    if (response.status === 404) return null;
    throw new Error("no answer");
  };

  const waitForLine = async (then) => {
    offline(true);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      try {
        const response = await fetch("/store/alive");
        if (response.ok || response.status === 401) { offline(false); return await then(); }
      } catch { /* still down */ }
    }
  };

  const resume = async () => {
    const pending = JSON.parse(localStorage.getItem(PENDING) ?? "null");
    if (!pending) return;
    try {
      const url = await ask(pending.key);
      localStorage.removeItem(PENDING);
      if (url) { location.assign(url); return; }
      // Nothing was sold: what was typed is still there, and may be sent again under the same key.
      const sale = byId("sale");
      if (!sale) return;
      for (const [name, value] of Object.entries(pending.fields)) {
        const field = sale.elements.namedItem(name);
        if (field instanceof RadioNodeList) field.value = value;
        else if (field && field.type !== "hidden") field.value = value;
      }
      sale.elements.namedItem("idempotency_key").value = pending.key;
      byId("offer")?.dispatchEvent(new Event("till-quote"));
      byId("sell")?.focus();
    } catch { await waitForLine(resume); }
  };

  const setUpSale = (sale) => {
    sale.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (byId("sell").disabled) return;
      offline(false);
      const data = new FormData(sale);
      const kept = ["card", "amount", "other", "cash"];
      // A payment code is as good as money: it is kept nowhere.
      const isCode = ([name, value]) => name === "cash" && /^[\d\s]{16,}$/.test(value);
      const fields = Object.fromEntries([...data].filter((field) => kept.includes(field[0]) && !isCode(field)));
      localStorage.setItem(PENDING, JSON.stringify({ key: data.get("idempotency_key"), fields }));
      let response;
      try {
        const headers = { accept: "application/json, text/html" };
        response = await fetch(sale.action, { method: "POST", headers, body: new URLSearchParams(data) });
      } catch { await waitForLine(resume); return; }
      if (response.status >= 500) { await waitForLine(resume); return; }
      localStorage.removeItem(PENDING);
      if (response.headers.get("content-type")?.startsWith("application/json")) {
        location.assign((await response.json()).url);
        return;
      }
      // Something is to be put right: the same page with what was typed, and what is wrong with it.
      const shown = new DOMParser().parseFromString(await response.text(), "text/html");
      document.body.replaceWith(document.adoptNode(shown.body));
      window.htmx?.process(document.body);
      setUp();
    });
    sale.addEventListener("input", showChange);
  };

  const setUp = () => {
    const enrol = byId("enrol");
    if (enrol) setUpEnrol(enrol);
    const sale = byId("sale");
    if (sale) { setUpSale(sale); setUpEnter(sale); showChange(); }
    (document.querySelector("[autofocus]") ?? document.querySelector(".notice.danger[tabindex]"))?.focus();
  };

  document.addEventListener("DOMContentLoaded", () => {
    if ("serviceWorker" in navigator && !byId("enrol")) startWorker().catch(() => {});
    setUp();
    setUpKeys();
    ["htmx:after:swap", "htmx:afterSwap"].forEach((swapped) => document.addEventListener(swapped, showChange));
    setUpPrinting();
    setUpPrintAgain();
    // The buyer is asked by his app: the page asks how it stands until he has answered.
    if (document.querySelector("[data-waiting]")) setTimeout(() => location.reload(), 2000);
    resume();
    window.addEventListener("offline", () => waitForLine(resume));
  });
})();
