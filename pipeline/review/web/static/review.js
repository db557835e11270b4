// Keys and focus of the review page. Everything works without this file; it decides nothing.
"use strict";
(() => {
  const BUTTONS = { a: "approve", s: "suggest", k: "skip", u: "undo" };
  const FIELDS = { r: "reason", e: "replace", g: "add_value", "/": "search" };
  const STORE = "review-single-keys";

  const on = () => localStorage.getItem(STORE) !== "off";
  const typing = (node) => node.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const press = (id, event) => {
    const button = document.getElementById(id);
    if (button && !button.disabled) {
      event.preventDefault();
      button.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      if (target.id === "reason") return press("refuse", event);
      if (target.id === "add_value") return press("add", event);
      if ((event.ctrlKey || event.metaKey) && target.closest("#editor")) return press("approve", event);
    }
    if (event.key === "Escape" && typing(target)) {
      target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target) || !on()) return;
    if (BUTTONS[event.key]) return press(BUTTONS[event.key], event);
    const field = document.getElementById(FIELDS[event.key]);
    if (field) {
      event.preventDefault();
      field.focus();
      if (field.select) field.select();
    }
  });

  // Counts follow what is typed, a moment after the last key.
  let waiting = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#match, #replace, .examples textarea")) return;
    const examples = event.target.closest(".examples") ? "" : ",#examples"; // not under the hands that type there
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const form = document.getElementById("editor");
      if (!form || !window.htmx) return;
      htmx.ajax("POST", form.action, {
        source: form, target: "#effects", select: "#effects", swap: "outerHTML",
        values: { do: "count" }, selectOOB: "#corpora,#contexts,#checked" + examples,
      });
    }, 350);
  });

  // A decision brings the next candidate: its heading is read out and the page begins at its top.
  let decided = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.getAttribute("id") === "editor") decided = event.detail.elt.action; // not the request for counts
  });
  // Counts of a candidate that is leaving must not arrive in the page of the next one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const effects = document.getElementById("effects");
    if (event.target.id === "main" && effects) htmx.trigger(effects, "htmx:abort");
  });
  const settle = () => {
    const form = document.getElementById("editor");
    const active = document.activeElement;
    if ((form ? form.action : "") !== decided) {
      const heading = document.getElementById("heading");
      if (heading) heading.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    } else if (!active || active === document.body) {
      const chosen = document.querySelector("#main [autofocus]") || document.getElementById("main");
      chosen.focus({ preventScroll: true });
    }
    ready();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "main" || event.detail.elt.id === "main") settle();
  });
  document.addEventListener("htmx:responseError", () => say("The server did not take that. Load the page again."));
  document.addEventListener("htmx:sendError", () => say("The server does not answer. Is pipeline review still running?"));
  const say = (text) => {
    const said = document.getElementById("said");
    if (said) said.textContent = text;
  };

  const ready = () => {
    const box = document.getElementById("keys");
    if (!box) return;
    box.checked = on();
    box.closest("label").hidden = false;
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  };
  ready();
})();
