// Warnings and announcements in this browser: asked for by a press, and left by another.
const section = document.querySelector("[data-push]");
const [on, off, said] = ["on", "off", "said"].map((name) => section.querySelector(`[data-push-${name}]`));

async function kept() {
  const cache = await caches.open("device");
  const known = await (await cache.match("/device"))?.text();
  if (known) return known;
  const made = crypto.randomUUID();
  await cache.put("/device", new Response(made));
  return made;
}

async function api(method, path, body) {
  const answer = await fetch(`/api/v1/devices/${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
  return answer.status === 204 || !answer.ok ? null : answer.json();
}

async function register(subscription) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  await api("PUT", await kept(), {
    kind: "webpush",
    address: JSON.stringify(subscription),
    platform: "web",
    language: document.documentElement.lang,
    timezone: timeZone || "Asia/Ho_Chi_Minh",
  });
}

function show(subscribed, words = "") {
  on.hidden = subscribed;
  off.hidden = !subscribed;
  said.textContent = words;
}

async function begin() {
  const { public_key } = await api("GET", "webpush/key");
  if (!public_key) return;
  const worker = await navigator.serviceWorker.register("/sw.js", { type: "module" });
  const subscription = await worker.pushManager.getSubscription();
  show(Boolean(subscription));
  section.hidden = false;
  if (subscription) await register(subscription); // so that the town knows that it still listens
  on.addEventListener("click", () =>
    press(async () => {
      const options = { userVisibleOnly: true, applicationServerKey: public_key };
      await register(await worker.pushManager.subscribe(options));
      show(true, section.dataset.done);
    }),
  );
  off.addEventListener("click", () =>
    press(async () => {
      await (await worker.pushManager.getSubscription())?.unsubscribe();
      await api("DELETE", await kept());
      show(false, section.dataset.left);
    }),
  );
}

async function press(act) {
  on.disabled = off.disabled = true;
  try {
    await act();
  } catch {
    said.textContent = section.dataset.failed;
  }
  on.disabled = off.disabled = false;
}

if ("serviceWorker" in navigator && "PushManager" in window) begin().catch(() => {});
