// Lets the pages for reporting open without a connection, and sends what waits when there is one.
import { sendAll } from "/static/outbox.js";

const CACHE = "town-1";
const PAGES = ["/report", "/track"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PAGES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isOurs = origin === self.location.origin && (PAGES.includes(pathname) || pathname.startsWith("/static/"));
  if (request.method === "GET" && isOurs) event.respondWith(fresh(request));
});

async function fresh(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) (await caches.open(CACHE)).put(request, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw failure;
  }
}

self.addEventListener("push", (event) => {
  const { title, body, tag, link, image, silent, delivery_id } = event.data?.json() ?? {};
  if (!title) return;
  const shown = { body, tag, image, silent: Boolean(silent), icon: "/static/favicon.svg", data: { link, delivery_id } };
  event.waitUntil(Promise.all([self.registration.showNotification(title, shown), receipt(delivery_id, "delivered")]));
});

self.addEventListener("notificationclick", (event) => {
  const { link, delivery_id } = event.notification.data ?? {};
  event.notification.close();
  event.waitUntil(Promise.all([self.clients.openWindow(link || "/"), receipt(delivery_id, "opened")]));
});

async function receipt(delivery_id, event) {
  try {
    const device = await (await caches.match("/device", { cacheName: "device" }))?.text();
    if (!device || !delivery_id) return;
    await fetch(`/api/v1/devices/${device}/receipts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ delivery_id, event, at: new Date().toISOString() }),
    });
  } catch {
    // The message was shown: that alone matters.
  }
}

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendAll());
});
