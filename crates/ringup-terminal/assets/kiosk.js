// Spares the flicker and follows the state. Every button works without it.
"use strict";
(() => {
  const LOOK_EVERY_MS = 400;
  let busy = false;

  const show = (html) => {
    const next = new DOMParser().parseFromString(html, "text/html");
    if (!next.documentElement.dataset.version) return;
    const typed = document.activeElement?.matches?.("input") ? document.activeElement.id : null;
    for (const name of ["lang", "data-version", "data-large", "data-contrast"]) {
      const value = next.documentElement.getAttribute(name);
      if (value === null) document.documentElement.removeAttribute(name);
      else document.documentElement.setAttribute(name, value);
    }
    document.title = next.title;
    document.body.replaceChildren(...next.body.children);
    const field = document.querySelector("[autofocus]") ?? (typed && document.getElementById(typed));
    if (field) {
      field.focus();
      if (field.setSelectionRange) field.setSelectionRange(field.value.length, field.value.length);
    }
  };

  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const form = event.target;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (answer.ok) show(await answer.text());
    } catch {
      // The program starts again by itself; the next look finds it.
    } finally {
      busy = false;
    }
  });

  // A scanner types like a keyboard, wherever the focus is.
  document.addEventListener("keydown", (event) => {
    const number = document.getElementById("number");
    if (!number || document.activeElement === number) return;
    if (/^[0-9]$/.test(event.key)) {
      number.focus();
    } else if (event.key === "Enter" && document.activeElement === document.body) {
      number.form.requestSubmit();
    }
  });

  const isTyping = () => {
    const field = document.activeElement;
    return field?.matches?.("input") && field.value !== field.defaultValue;
  };

  setInterval(async () => {
    if (busy) return;
    try {
      const version = await (await fetch("/state")).text();
      if (busy || version === document.documentElement.dataset.version) return;
      const html = await (await fetch("/")).text();
      // Whoever is typing keeps what he typed, unless the warning or another screen comes.
      if (busy || (isTyping() && !html.includes('class="warning"') && html.includes(`id="${document.activeElement.id}"`))) return;
      show(html);
    } catch {
      // As above.
    }
  }, LOOK_EVERY_MS);
})();
