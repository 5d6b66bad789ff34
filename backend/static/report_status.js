// Shows reporters what they sent and what the office said, and lets them answer, rate, open
// again and withdraw, where this device holds the report's token: kept from filing, or brought
// by the link behind a "#", which browsers send to no server.
import { keep, mine } from "./mine.js";
import { inTownTime } from "./times.js";

const own = document.getElementById("own");
const { code, url } = own.dataset;
const brought = decodeURIComponent(window.location.hash.slice(1));
const token = brought || mine().find((report) => report.code === code)?.token;

function show(name, text) {
  const place = own.querySelector(`[data-own=${name}]`);
  place.textContent = text;
  const row = [place, place.previousElementSibling];
  if (place.tagName === "DD") row.forEach((element) => { element.hidden = !text; });
}

async function showPhotos(photos, place) {
  const words = own.querySelector("[data-own=photos]").dataset.alt;
  for (const [index, photo] of photos.entries()) {
    const answer = await fetch(photo.thumbnail_url, { headers: { "X-Access-Token": token } });
    if (!answer.ok) continue;
    const image = document.createElement("img");
    image.src = URL.createObjectURL(await answer.blob());
    image.alt = words.replace("{number}", index + 1);
    place.append(image);
  }
}

async function showOwn() {
  const answer = await fetch(url, { headers: { "X-Access-Token": token } });
  const report = answer.ok ? await answer.json() : {};
  if (!report.id) return;
  if (brought) {
    keep({ code, token, filed_at: report.created_at });
    window.history.replaceState(null, "", window.location.pathname);
  }
  const point = report.location && `${report.location.lat}, ${report.location.lng}`;
  show("description", report.description);
  show("place", [report.place_text, point].filter(Boolean).join(" – "));
  show("reason", report.history.map(({ reason }) => reason).filter(Boolean).at(-1) ?? "");
  if (report.duplicate_of) {
    const link = own.querySelector("[data-own=other]");
    link.textContent = link.dataset.words.replace("{code}", report.duplicate_of.code);
    link.href = `/reports/${encodeURIComponent(report.duplicate_of.code)}`;
    link.hidden = false;
  }
  own.hidden = false;
  offerActs(report);
  await showPhotos(report.photos, own.querySelector("[data-own=photos]"));
  await showTalk(report);
  await showLooks(report.id);
}

async function showTalk({ comments, replies }) {
  const list = document.querySelector("[data-own=talk]");
  const said = [
    ...comments.map((comment) => ({ ...comment, who: list.dataset.you, photos: [] })),
    ...replies.map((reply) => ({
      ...reply,
      who: reply.kind === "question" ? list.dataset.question : list.dataset.office,
    })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  for (const { who, at, text, photos } of said) {
    const item = document.createElement("li");
    const head = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = who;
    head.append(name, ` – ${inTownTime(at)}`);
    const body = document.createElement("p");
    body.className = "prose";
    body.textContent = text;
    const thumbs = document.createElement("div");
    thumbs.className = "thumbs";
    item.append(head, body, thumbs);
    list.append(item);
    await showPhotos(photos, thumbs);
  }
  if (said.length) document.getElementById("talk").hidden = false;
}

async function showLooks(id) {
  const answer = await fetch(`/api/v1/reports/${id}/access-log`, { headers: { "X-Access-Token": token } });
  const { items } = answer.ok ? await answer.json() : { items: [] };
  const section = document.getElementById("looks");
  section.querySelector("ol").replaceChildren(...items.map((look) => {
    const item = document.createElement("li");
    const who = document.createElement("strong");
    who.textContent = look.office_name || section.dataset.staff;
    item.append(who, ` – ${inTownTime(look.at)}${look.reason ? `: ${look.reason}` : ""}`);
    return item;
  }));
  section.hidden = !items.length;
}

// What the reporter may do now; the server decides again.
function offerActs(report) {
  const isOpen = !report.closed_at;
  document.getElementById("comments").hidden = !isOpen;
  if (isOpen) document.getElementById("talk").hidden = false;
  document.getElementById("withdraw").hidden = !isOpen;
  if (report.reopen_until && new Date(report.reopen_until) > new Date()) {
    const until = document.querySelector("[data-own=until]");
    until.textContent = until.dataset.words.replace("{time}", inTownTime(report.reopen_until));
    const given = report.rating?.rating;
    if (given) document.querySelector(`[name=rating][value="${given}"]`).checked = true;
    document.getElementById("verdict").hidden = false;
  }
  for (const form of document.querySelectorAll("form[data-act]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, report.id);
    });
  }
}

async function send(form, id) {
  const body = Object.fromEntries(new FormData(form));
  if (body.rating) body.rating = Number(body.rating);
  const button = form.querySelector("button");
  const problem = form.querySelector("[role=alert]");
  button.disabled = true;
  problem.hidden = true;
  try {
    const answer = await fetch(`/api/v1/reports/${id}/${form.dataset.act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Access-Token": token },
      body: JSON.stringify(body),
    });
    if (answer.ok) {
      window.location.reload();
      return;
    }
    const { title, detail, errors } = await answer.json();
    problem.textContent = Object.values(errors ?? {}).flat().join(" ") || detail || title;
  } catch {
    problem.textContent = own.dataset.failed;
  }
  problem.hidden = false;
  button.disabled = false;
}

if (token) showOwn();
