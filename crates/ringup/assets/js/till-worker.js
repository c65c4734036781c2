// Signs what a till asks, with a key that never leaves it (RFC 9421 over method, path, query and the body's digest).
//
// A service worker, so that every request below /store is signed: those of forms and links as well as those of scripts.
"use strict";

const STORE = "keys";
const LABEL = "till";

const database = () => new Promise((resolve, reject) => {
  const request = indexedDB.open("ringup-till", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const enrolled = async () => {
  const opened = await database();
  return new Promise((resolve, reject) => {
    const request = opened.transaction(STORE).objectStore(STORE).get(LABEL);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).finally(() => opened.close());
};

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const signed = async (request, till) => {
  const url = new URL(request.url);
  const body = await request.clone().arrayBuffer();
  const digest = `sha-256=:${base64(await crypto.subtle.digest("SHA-256", body))}:`;
  const nonce = base64(crypto.getRandomValues(new Uint8Array(18)));
  const created = Math.floor((Date.now() + (till.clockAhead ?? 0)) / 1000);
  const params = `("@method" "@path" "@query" "content-digest");created=${created}`
    + `;keyid="${till.device}";alg="ecdsa-p256-sha256";nonce="${nonce}"`;
  const lines = [
    `"@method": ${request.method}`,
    `"@path": ${url.pathname}`,
    `"@query": ${url.search === "" ? "?" : url.search}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ];
  const text = new TextEncoder().encode(lines.join("\n"));
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, till.key, text);
  const headers = new Headers(request.headers);
  headers.set("content-digest", digest);
  headers.set("signature-input", `${LABEL}=${params}`);
  headers.set("signature", `${LABEL}=:${base64(signature)}:`);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  return new Request(url, {
    method: request.method,
    headers,
    body: hasBody ? body : undefined,
    credentials: "same-origin",
    // A redirect after a form is followed by the browser itself, and comes through here again.
    redirect: request.mode === "navigate" ? "manual" : request.redirect,
    referrer: request.referrer,
    referrerPolicy: "same-origin",
    cache: "no-store",
  });
};

const answer = async (request) => {
  const till = await enrolled().catch(() => undefined);
  if (!till) return fetch(request);
  return fetch(await signed(request, till));
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isTills = url.origin === self.location.origin && (url.pathname === "/store" || url.pathname.startsWith("/store/"));
  if (isTills && !["/store/enrol", "/store/worker.js"].includes(url.pathname)) event.respondWith(answer(event.request));
});
