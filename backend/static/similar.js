// Shows open reports nearby that may mean the same, before another is filed.
const form = document.getElementById("report");
const section = document.getElementById("similar");
const words = section.dataset;
const list = section.querySelector("ul");
const template = section.querySelector("template").content;
let newest = 0;

function row(found) {
  const item = template.cloneNode(true).firstElementChild;
  const [link, said, button] = item.children;
  link.href = `/reports/${encodeURIComponent(found.code)}`;
  link.textContent = found.description || found.category.name;
  said.textContent = `${words.away.replace("{metres}", found.distance_m)} · ${found.status_label}`;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await fetch(`/api/v1/reports/${found.id}/confirmations`, { method: "POST" }).catch(() => null);
    if (answer?.ok) return button.replaceWith(words.thanks);
    button.disabled = false;
    if (answer) said.textContent = (await answer.json()).detail;
  });
  return item;
}

async function look() {
  const number = ++newest;
  const { lat, lng, category, description } = form.elements;
  if (!lat.value) { section.hidden = true; return; }
  const asked = new URLSearchParams({
    lat: lat.value, lng: lng.value, category: category.value, text: description.value.slice(0, 500),
  });
  const answer = await fetch(`${words.url}?${asked}`).catch(() => null);
  if (!answer?.ok || number !== newest) return;
  const { items } = await answer.json();
  list.replaceChildren(...items.map(row));
  section.hidden = !items.length;
}

form.elements.lat.addEventListener("change", look);
form.elements.description.addEventListener("change", look);
