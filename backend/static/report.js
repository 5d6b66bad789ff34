// Files the report by the API, once: the key in the form is the same for every try.
import { keep } from "./mine.js";
import { put, remove } from "./outbox.js";
import { sendPhoto } from "./photos.js";
import { inTownTime } from "./times.js";

const form = document.getElementById("report");
const words = form.dataset;
const summary = document.getElementById("summary");
const progress = document.getElementById("progress");
const submit = form.querySelector("[type=submit]");
const photoField = document.getElementById("photos");
const MOST_PHOTOS = 5;
// A page that was kept for want of a connection has been shown before, key and all.
if (crypto.randomUUID) form.elements.key.value = crypto.randomUUID();
let consentedAt = null;

/* Where */
const locate = document.getElementById("locate");
const positionState = document.getElementById("position-state");
document.getElementById("position").hidden = !("geolocation" in navigator);

function setPosition(coords) {
  form.elements.lat.value = coords?.latitude.toFixed(6) ?? "";
  form.elements.lng.value = coords?.longitude.toFixed(6) ?? "";
  locate.setAttribute("aria-pressed", String(Boolean(coords)));
  form.elements.lat.dispatchEvent(new Event("change", { bubbles: true }));
  positionState.textContent = coords ? words.position.replace("{metres}", Math.ceil(coords.accuracy)) : "";
}

locate.addEventListener("click", () => {
  if (form.elements.lat.value) return setPosition(null);
  locate.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { locate.disabled = false; setPosition(coords); },
    () => { locate.disabled = false; positionState.textContent = words.noPosition; },
    { enableHighAccuracy: true, timeout: 20000 },
  );
});

/* Photos */
// What the camera takes, one at a time, joins those that were chosen.
document.getElementById("camera").addEventListener("change", ({ target }) => {
  const all = new DataTransfer();
  for (const file of [...photoField.files, ...target.files]) all.items.add(file);
  photoField.files = all.files;
  target.value = "";
  photoField.dispatchEvent(new Event("change"));
});
photoField.addEventListener("change", () => {
  const thumbs = document.getElementById("thumbs");
  thumbs.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  thumbs.replaceChildren(...[...photoField.files].slice(0, MOST_PHOTOS).map((file) => {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    return image;
  }));
  showErrors(photoField.files.length > MOST_PHOTOS ? { photos: words.tooMany } : {});
});

/* Consent: the moment it was given, the same for every try */
form.elements.consent.addEventListener("change", ({ target }) => {
  consentedAt = target.checked ? new Date().toISOString() : null;
});

/* Errors, next to their fields */
function flat(errors, prefix = "") {
  return Object.entries(errors).reduce((found, [name, value]) => {
    const path = prefix + name;
    const inner = value && typeof value === "object" && !Array.isArray(value);
    return { ...found, ...(inner ? flat(value, `${path}.`) : { [path]: [value].flat().join(" ") }) };
  }, {});
}

function showErrors(errors) {
  for (const place of form.querySelectorAll("[data-error-of]")) {
    const name = place.dataset.errorOf;
    const own = Object.entries(errors).filter(([path]) => path === name || path.startsWith(`${name}.`));
    place.textContent = own.map(([, text]) => text).join(" ");
    document.getElementById(name)?.toggleAttribute("aria-invalid", false);
    if (own.length) document.getElementById(name)?.setAttribute("aria-invalid", "true");
  }
}

function tell(text) {
  summary.textContent = text;
  summary.hidden = !text;
  if (text) summary.focus();
}

/* Sending */
function filled(name) {
  return form.elements[name].value.trim() || undefined;
}

function written() {
  const contact = { name: filled("contact.name"), phone: filled("contact.phone"), email: filled("contact.email") };
  const attributes = {};
  for (const field of form.querySelectorAll("[name^='attributes.']")) {
    const answer = field.value.trim();
    const isNumber = field.dataset.number && /^\d[\d.,\s]*$/.test(answer);
    if (answer) attributes[field.name.slice("attributes.".length)] = isNumber ? Number(answer.replace(/\D/g, "")) : answer;
  }
  const { lat, lng } = form.elements;
  return {
    source: "page",
    category: form.elements.category.value,
    description: filled("description"),
    location: lat.value ? { lat: Number(lat.value), lng: Number(lng.value) } : null,
    place_text: filled("place_text"),
    quarter: filled("quarter"),
    attributes,
    contact: Object.values(contact).some(Boolean) ? contact : undefined,
    consent: consentedAt ? { version: words.consentVersion, at: consentedAt } : undefined,
  };
}

function advance(text, share) {
  progress.hidden = false;
  progress.querySelector("[role=status]").textContent = text;
  progress.querySelector("progress").value = share;
}

async function sendPhotos(report, photos) {
  const left = [];
  let reason = "";
  for (const [index, photo] of photos.entries()) {
    advance(
      words.sendingPhoto.replace("{number}", index + 1).replace("{all}", photos.length),
      (index + 1) / (photos.length + 1),
    );
    try {
      const refused = await sendPhoto(report, photo);
      if (refused) {
        reason = refused;
        left.push({ blob: photo.blob });
      }
    } catch {
      left.push(photo);
    }
  }
  progress.hidden = true;
  return { left, reason };
}

function showPrices(place, prices) {
  const list = place.querySelector("ul");
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "VND" });
  list.replaceChildren(...prices.map(({ item, place: shop, price_vnd, price_max_vnd, times }) => {
    const line = document.createElement("li");
    const amounts = [price_vnd, price_max_vnd].filter(Boolean).map((amount) => money.format(amount)).join(" – ");
    const more = times ? ` (${list.dataset.times.replace("{count}", times)})` : "";
    line.textContent = `${[item, shop].filter(Boolean).join(", ")}: ${amounts}${more}`;
    return line;
  }));
  place.hidden = !prices.length;
}

async function showFiled(report, photos) {
  keep({ code: report.code, token: report.access_token, filed_at: new Date().toISOString() });
  const place = document.getElementById("filed");
  const part = (name) => place.querySelector(`[data-filed=${name}]`);
  part("code").textContent = report.code;
  part("expected_at").textContent = inTownTime(report.expected_at);
  part("link").href = `/reports/${report.code}#${report.access_token}`;
  showPrices(part("prices"), report.posted_prices ?? []);
  const notice = document.getElementById("photos-left");
  const { left, reason } = await sendPhotos(report, photos);
  notice.hidden = !left.length;
  notice.querySelector("span").textContent = `${words.photosLeft} ${reason}`;
  notice.querySelector("button").onclick = () => showFiled(report, left);
  form.hidden = true;
  place.hidden = false;
  place.focus();
}

/* Without a connection the report waits on this device, under the same key */
async function keptForLater(photos) {
  const { key } = form.elements;
  try {
    await put({ key: key.value, body: written(), photos: photos.map((blob) => ({ blob })), at: Date.now() });
    document.dispatchEvent(new Event("outbox:put"));
    return words.kept;
  } catch {
    return words.lost;
  }
}

document.addEventListener("outbox:filed", async ({ detail }) => {
  if (detail.key !== form.elements.key.value || form.hidden) return;
  const answer = await fetch(`${words.url}/${detail.filed.code}`);
  if (answer.ok) showFiled({ ...(await answer.json()), ...detail.filed }, []);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (submit.disabled) return;
  const photos = [...photoField.files];
  tell("");
  showErrors({});
  if (photos.length > MOST_PHOTOS) {
    showErrors({ photos: words.tooMany });
    return tell(words.wrong);
  }
  submit.disabled = true;
  advance(words.sending, 0);
  try {
    const answer = await fetch(words.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": form.elements.key.value },
      body: JSON.stringify(written()),
    });
    const heard = await answer.json();
    if (answer.ok) {
      await remove(form.elements.key.value).catch(() => {});
      return await showFiled(heard, photos.map((blob) => ({ blob })));
    }
    showErrors(flat(heard.errors ?? {}));
    tell(heard.errors ? words.wrong : heard.detail ?? words.failed);
  } catch (failure) {
    tell(failure instanceof TypeError ? await keptForLater(photos) : words.failed);
  } finally {
    submit.disabled = false;
    progress.hidden = true;
  }
});
