// The review page by keyboard: S same, B not the same, R not sure, 1 to 9 choose records, U undo.
// Without this script the same is done with buttons and boxes.
"use strict";
const form = document.querySelector("form[data-keys]");
const reason = form.elements.alasan;
// The answer that waits for its reason.
let waiting = "";
const send = (answer) => form.requestSubmit(form.querySelector(`button[value=${answer}]`));
reason.addEventListener("keydown", (event) => {
  if (event.key === "Escape") reason.blur();
  if (event.key !== "Enter" || !waiting || !reason.value.trim()) return;
  event.preventDefault();
  send(waiting);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const answer = { s: "sama", b: "beda", r: "ragu" }[key];
  if (answer) {
    event.preventDefault();
    if (reason.value.trim()) return send(answer);
    waiting = answer;
    reason.focus();
  } else if (key >= "1" && key <= "9") {
    form.querySelectorAll("input[type=checkbox]")[key - 1]?.click();
  } else if (key === "u") {
    document.querySelector(".done button")?.click();
  }
});
