// What Ringup's pages do better with JavaScript. Every page works without it.
(() => {
  "use strict";

  const digitsOf = (text) => text.normalize("NFKC").replace(/\D/g, "");

  // The Luhn check: the last digit of a card number is made from the others, so that a typing error shows.
  const passesCheck = (digits) => {
    let sum = 0;
    [...digits].reverse().forEach((digit, place) => {
      const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
    return sum % 10 === 0;
  };

  // Groups the number in fours while it is typed, and keeps the caret behind the same digit.
  const groupDigits = (field) => {
    const before = digitsOf(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
    const digits = digitsOf(field.value).slice(0, 19);
    const grouped = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
    if (grouped === field.value) return;
    field.value = grouped;
    const caret = before + Math.floor(Math.max(before - 1, 0) / 4);
    if (document.activeElement === field) field.setSelectionRange(caret, caret);
  };

  const showMistyped = (field, wrong) => {
    const message = document.getElementById(`${field.id}-mistyped`);
    if (!message) return;
    message.hidden = !wrong;
    field.setAttribute("aria-invalid", String(wrong));
  };

  const setUpCardNumber = (field) => {
    groupDigits(field);
    field.addEventListener("input", () => { groupDigits(field); showMistyped(field, false); });
    field.addEventListener("change", () => {
      const digits = digitsOf(field.value);
      showMistyped(field, digits !== "" && !passesCheck(digits));
    });
  };

  // The other amount and the tiles are one choice.
  const setUpOtherAmount = (field) => {
    const tiles = field.form.querySelectorAll('input[name="amount"]');
    field.addEventListener("input", () => { if (field.value !== "") tiles.forEach((tile) => { tile.checked = false; }); });
    tiles.forEach((tile) => tile.addEventListener("change", () => { field.value = ""; }));
  };

  // Counts by the server's clock: the page says how many seconds were left when it was made.
  const setUpCountdown = (element) => {
    const words = element.textContent;
    const end = performance.now() + Number(element.dataset.countdown) * 1000;
    const show = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      element.textContent = words.replace("0:00", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
      if (left === 0) clearInterval(timer);
    };
    const timer = setInterval(show, 1000);
    element.hidden = false;
    show();
  };

  // A second press of the same button sends nothing again. (The server would not book it twice either.)
  const setUpForm = (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => { delete form.dataset.sent; });
  };

  // Asks the browser where the visitor is, and only when he presses the button. A thousandth of a degree is about 100 m: nearer
  // than that nobody is told.
  const setUpLocate = (button) => {
    if (!navigator.geolocation) return;
    const failed = document.getElementById("locate-failed");
    const found = ({ coords }) => {
      button.form.elements.near.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
      button.form.submit();
    };
    const notFound = () => { failed.hidden = false; button.disabled = false; };
    button.hidden = false;
    document.getElementById("locate-hint").hidden = false;
    button.addEventListener("click", () => {
      failed.hidden = true;
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(found, notFound, { maximumAge: 60_000, timeout: 15_000 });
    });
    window.addEventListener("pageshow", () => { button.disabled = false; });
  };

  const each = (selector, setUp) => document.querySelectorAll(selector).forEach(setUp);
  document.addEventListener("DOMContentLoaded", () => {
    each("input.card-number", setUpCardNumber);
    each("input[data-other-amount]", setUpOtherAmount);
    each("[data-countdown]", setUpCountdown);
    each("form[method=post]", setUpForm);
    each("[data-locate]", setUpLocate);
    each("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });
    document.querySelector(".notice.danger[tabindex]")?.focus();
  });
})();
