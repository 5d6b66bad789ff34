// Shows reporters what they sent, where this device holds the report's token: kept from filing,
// or brought by the link behind a "#", which browsers send to no server.
import { keep, mine } from "./mine.js";

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

async function showPhotos(photos) {
  const place = own.querySelector("[data-own=photos]");
  for (const [index, photo] of photos.entries()) {
    const answer = await fetch(photo.thumbnail_url, { headers: { "X-Access-Token": token } });
    if (!answer.ok) continue;
    const image = document.createElement("img");
    image.src = URL.createObjectURL(await answer.blob());
    image.alt = place.dataset.alt.replace("{number}", index + 1);
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
  own.hidden = false;
  await showPhotos(report.photos);
}

if (token) showOwn();
