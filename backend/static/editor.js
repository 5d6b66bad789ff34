// The editor: preview in a frame, marks for the text, a word before leaving what is not saved.
// Everything listens on the document, because a page that was saved is swapped into this one.
"use strict";

(() => {
  const form = () => document.getElementById("editor");
  let unsaved = false;
  let leaving = false;

  // The preview is a whole page of the public site, so it is shown in a frame of its own.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const frame = event.detail.target;
    if (frame.id !== "preview" || event.detail.xhr.status !== 200) return;
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
    frame.srcdoc = event.detail.xhr.responseText;
  });

  document.addEventListener("input", (event) => {
    if (!form()?.contains(event.target) || event.target.name === "preview_language") return;
    unsaved = true;
    stillHere();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form()) leaving = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form()) return;
    leaving = false;
    if (event.detail.successful) unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving && form()?.dataset.guard) event.preventDefault();
  });

  // Ctrl+S saves, as everywhere.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || !form()) return;
    event.preventDefault();
    form().requestSubmit(form().querySelector("button[value=save]"));
  });

  // Who writes is still here; a page that lies open is not, and its lock lapses.
  let told = 0;
  function stillHere() {
    if (Date.now() - told < 60_000) return;
    told = Date.now();
    document.body.dispatchEvent(new Event("still-here"));
  }
  addEventListener("pagehide", () => {
    const address = document.getElementById("lock")?.getAttribute("hx-post");
    if (!address) return;
    const said = new URLSearchParams({ close: "yes", csrf_token: document.querySelector("meta[name=csrf-token]").content });
    navigator.sendBeacon(address, said);
  });

  // Marks of Markdown, for people who do not want to know it.
  function insert(field, before, after, placeholder) {
    const { selectionStart: from, selectionEnd: to, value } = field;
    const inner = value.slice(from, to) || placeholder;
    field.setRangeText(before + inner + after, from, to, "end");
    field.setSelectionRange(from + before.length, from + before.length + inner.length);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function insertLines(field, mark) {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const lines = field.value.slice(start, field.selectionEnd).split("\n");
    field.setRangeText(lines.map((line) => mark + line).join("\n"), start, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".tools button");
    if (!button) return;
    const field = document.getElementById(button.parentElement.dataset.for);
    const { around, before, link } = button.dataset;
    if (around) insert(field, around, around, "…");
    if (before) insertLines(field, before);
    if (link) insert(field, "[", `](${link})`, "…");
  });

  // A file of the library is chosen in a dialog: it stands in the text where the cursor was, or
  // in the list of a form's field.
  const picker = () => document.getElementById("picker");
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-pick]");
    if (!opener || !picker()) return;
    picker().dataset.for = opener.dataset.pick;
    picker().replaceChildren();
    picker().showModal();
    const from = `${picker().dataset.from}?kind=${opener.dataset.kind}`;
    htmx.ajax("GET", from, { target: picker(), swap: "innerHTML" });
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-picked]");
    if (!chosen) return;
    const field = document.getElementById(picker().dataset.for);
    picker().close();
    if (field.matches("textarea")) {
      insert(field, "![", `](media:${chosen.dataset.picked})`, chosen.dataset.alt);
      return;
    }
    const list = field.querySelector("ul");
    if ("one" in field.dataset) list.replaceChildren();
    const line = `/console/media/picked?name=${field.dataset.name}&id=${chosen.dataset.picked}`;
    htmx.ajax("GET", line, { target: list, swap: "beforeend" }).then(() => changed(field));
  });
  document.addEventListener("click", (event) => {
    const away = event.target.closest("[data-unpick]");
    if (!away) return;
    const field = away.closest(".picked");
    away.closest("li").remove();
    changed(field);
    field.querySelector("[data-pick]").focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#picker [data-close]") || event.target.id === "picker") picker().close();
  });
  // Lists that are written row by row: another row, or one less. The server counts them anew.
  document.addEventListener("click", (event) => {
    const adds = event.target.closest("[data-add]");
    if (!adds) return;
    const list = adds.closest(".many");
    const row = list.querySelector("template").content.cloneNode(true).firstElementChild;
    const number = 1 + Math.max(-1, ...[...list.querySelectorAll(".one")].map((one) => Number(one.id.split(".").at(-1))));
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes(`${list.id}.N`)) element.setAttribute(name, value.replaceAll(`${list.id}.N`, `${list.id}.${number}`));
      }
    }
    adds.before(row);
    list.querySelector(".one:last-of-type").querySelector("input, select, textarea").focus();
  });
  document.addEventListener("click", (event) => {
    const removes = event.target.closest("[data-remove]");
    if (!removes) return;
    const list = removes.closest(".many");
    removes.closest(".one").remove();
    changed(list);
    list.querySelector("[data-add]").focus();
  });
  function changed(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();
