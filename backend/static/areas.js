// The areas that this browser follows, and what it was told of them. It has a secret id of its own.
import { inTownTime } from "./times.js";

const KEPT = "installation";
const section = document.getElementById("areas");
const words = section.dataset;
const find = (id) => document.getElementById(id);
const quarterNames = new Map([...find("quarter").options].map(({ value, text }) => [value, text]));
let installation = kept();
let point = null;
let circle = null;
let map = null;

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

const address = (rest = "") => `/api/v1/devices/${installation}${rest}`;

async function call(method, path, body) {
  const options = { method, headers: { "Accept-Language": words.language } };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) {
    const wrong = Object.values(said.errors ?? {}).flat().filter((each) => typeof each === "string");
    throw new Error([...new Set(wrong)].join(" ") || said.detail || words.broken, { cause: answer.status });
  }
  return said;
}

function say(text, button) {
  const box = find("said");
  box.replaceChildren(text, ...(button ? [" ", button] : []));
  box.hidden = !text;
}

async function register() {
  const known = installation;
  installation ??= crypto.randomUUID();
  // Without an address for pushes: the inbox below has what is told.
  const body = { kind: "fid", address: null, platform: "web", language: words.language, timezone: words.timezone };
  await call("PUT", address(), body);
  if (!known) localStorage.setItem(KEPT, installation);
}

function named({ quarter, location, radius }) {
  if (quarter) return quarterNames.get(quarter) ?? quarter;
  const at = `${location.lat.toFixed(4)}, ${location.lng.toFixed(4)}`;
  return words.around.replace("{radius}", radius).replace("{point}", at);
}

async function follow(wish) {
  try {
    await register();
    const area = await call("POST", address("/areas"), wish);
    await show();
    say(words.followed.replace("{area}", named(area)));
  } catch (error) {
    say(error instanceof TypeError ? words.broken : error.message);
  }
}

async function leave(area) {
  try {
    await call("DELETE", address(`/areas/${area.id}`));
    await show();
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button quiet";
    again.textContent = words.undo;
    const { quarter, location, radius } = area;
    again.addEventListener("click", () => follow(quarter ? { quarter } : { location, radius }));
    say(words.left.replace("{area}", named(area)), again);
    again.focus();
  } catch {
    say(words.broken);
  }
}

function row(area) {
  const item = document.createElement("li");
  item.className = "spread";
  const name = document.createElement("strong");
  name.textContent = named(area);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = words.leave;
  button.setAttribute("aria-label", words.leaveWhat.replace("{area}", named(area)));
  button.addEventListener("click", () => leave(area));
  item.append(name, " ", button);
  return item;
}

function told({ title, body, link, created_at }) {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.className = "item";
  anchor.textContent = body || title;
  const at = document.createElement("p");
  at.className = "soft small";
  at.textContent = inTownTime(created_at);
  item.append(anchor, at);
  return item;
}

function fill(id, none, rows) {
  find(id).replaceChildren(...rows);
  find(id).hidden = !rows.length;
  find(none).hidden = rows.length > 0;
}

async function show() {
  if (!installation) return;
  const { items } = await call("GET", address("/areas"));
  fill("followed", "none", items.map(row));
  const inbox = await call("GET", address("/inbox?limit=50"));
  fill("news", "no-news", inbox.items.filter(({ kind }) => kind === "nearby").map(told));
}

function choose({ lat, lng }) {
  point = { lat: Number(lat.toFixed(6)), lng: Number(lng.toFixed(6)) };
  find("point").textContent = `${point.lat.toFixed(4)}, ${point.lng.toFixed(4)}`;
  if (!map) return;
  circle ??= L.circle(point, { radius: 500, color: "#0a4d68", weight: 2 }).addTo(map);
  circle.setLatLng(point).setRadius(Number(find("radius").value));
  map.fitBounds(circle.getBounds(), { padding: [16, 16] });
}

find("by-quarter").addEventListener("submit", (event) => {
  event.preventDefault();
  follow({ quarter: find("quarter").value });
});

find("by-point").addEventListener("submit", (event) => {
  event.preventDefault();
  if (point) follow({ location: point, radius: Number(find("radius").value) });
  else say(words.nowhere);
});

find("radius").addEventListener("change", () => point && choose(point));

find("locate").addEventListener("click", () => {
  find("point").textContent = words.wait;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => choose({ lat: coords.latitude, lng: coords.longitude }),
    () => { find("point").textContent = words.lost; },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
});

section.hidden = false;
const box = find("area-map");
map = townMap(box, [Number(box.dataset.lat), Number(box.dataset.lng)], 14);
map.on("click", ({ latlng }) => choose(latlng));
show().catch((error) => {
  if (error.cause === 404) installation = null; // forgotten by the town: begin anew
  else say(words.broken);
});
