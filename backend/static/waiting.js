// Shows the reports that wait on this device, and sends them when there is a connection.
import { keep } from "./mine.js";
import { remove, sendAll, waiting } from "./outbox.js";

const section = document.getElementById("waiting");
const words = section.dataset;
const template = section.querySelector("template").content;
const sentList = section.querySelector("div[data-sent]");
const AGAIN = 30_000; // milliseconds

function row(item) {
  const shown = template.cloneNode(true).firstElementChild;
  const [text, state, drop] = shown.children;
  text.textContent = (item.body.description ?? "").slice(0, 120);
  state.textContent = item.problem || words.waits;
  drop.addEventListener("click", async () => {
    await remove(item.key);
    show();
  });
  return shown;
}

async function show() {
  const items = await waiting();
  const done = items.filter((item) => item.filed && !item.photos.length);
  for (const { key, filed, photoProblem } of done) {
    keep({ code: filed.code, token: filed.access_token, filed_at: new Date().toISOString() });
    await remove(key);
    document.dispatchEvent(new CustomEvent("outbox:filed", { detail: { key, filed, photoProblem } }));
    const link = document.createElement("a");
    link.href = `/reports/${encodeURIComponent(filed.code)}`;
    link.textContent = words.sent.replace("{code}", filed.code) + (photoProblem ? ` ${photoProblem}` : "");
    const said = document.createElement("p");
    said.className = "message good";
    said.append(link);
    sentList.append(said);
  }
  const left = items.filter((item) => !done.includes(item));
  section.querySelector("ul").replaceChildren(...left.map(row));
  section.querySelector("[data-list]").hidden = !left.length;
  section.hidden = !left.length && !sentList.children.length;
  return left.filter((item) => !item.problem).length;
}

async function send() {
  if (!(await show())) return;
  await sendAll();
  await show();
}

async function prepare() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const registration = await serviceWorker.register("/sw.js", { type: "module" });
  await registration.sync?.register("outbox").catch(() => {});
  if (navigator.connection?.saveData) return;
  // So that a form opens on the beach too, where there is no connection.
  const cache = await caches.open("town-1");
  for (const { href } of document.querySelectorAll("a[data-keep]")) {
    if (!(await cache.match(href))) await cache.add(href);
  }
}

if ("indexedDB" in window) {
  window.addEventListener("online", send);
  document.addEventListener("outbox:put", show);
  setInterval(() => navigator.onLine && send(), AGAIN);
  send().catch(() => {}); // a private window may keep nothing
}
window.addEventListener("load", () => prepare().catch(() => {}));
