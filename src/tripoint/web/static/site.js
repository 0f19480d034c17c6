// Conveniences only: every page works without this file.
"use strict";
(() => {
  const typing = (e) => e.target.closest("input, select, textarea");
  const go = (selector) => {
    const place = document.querySelector(selector);
    if (!place) return;
    if (place.tagName === "DETAILS") place.open = true;
    place.scrollIntoView({ block: "start" });
    (place.querySelector("summary, a, th") || place).focus?.();
  };
  const keys = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    t: () => go("details.figure-table, main table"),
    s: () => go("#sources"),
    d: () => go("#download"),
    "?": () => go("#keys"),
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || !keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "Copied";
    });
  }
  for (const range of document.querySelectorAll("input[type=range][data-output]")) {
    const shown = document.getElementById(range.dataset.output);
    range.addEventListener("input", () => { shown.textContent = range.value; });
  }
  for (const field of document.querySelectorAll("input[data-filter]")) {
    const rows = document.querySelectorAll(`#${field.dataset.filter} tbody tr`);
    field.closest("label").hidden = false;
    const show = () => {
      const wanted = field.value.trim().toLowerCase().split(/\s+/);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      }
    };
    field.value = new URLSearchParams(location.search).get("text") || "";
    field.addEventListener("input", show);
    show();
  }
})();
