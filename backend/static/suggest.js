// Suggests, while somebody writes, what it may be about. The person decides.
const form = document.getElementById("start");
const text = document.getElementById("text");
const place = document.getElementById("guesses");
const template = document.getElementById("guess").content;
const PAUSE = 400; // milliseconds without a key
let waiting = 0;
let newest = 0;

form.querySelector("#suggest").hidden = true;

function show(guesses) {
  const list = document.createElement("ul");
  list.className = "tiles";
  for (const { code, name, probability } of guesses) {
    const item = template.cloneNode(true);
    const [title, sure] = item.querySelectorAll("span");
    item.querySelector("button").value = code;
    title.textContent = name;
    sure.textContent = `(${form.dataset.sure.replace("{share}", `${Math.round(probability * 100)}%`)})`;
    list.append(item);
  }
  place.replaceChildren(...(guesses.length ? [list] : []));
}

async function ask() {
  const number = ++newest;
  const written = text.value.trim();
  if (written.length < 3) return show([]);
  try {
    const answer = await fetch(form.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: written }),
    });
    if (answer.ok && number === newest) show((await answer.json()).items);
  } catch {
    // Without a connection the list below is enough.
  }
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.name === "category") return;
  event.preventDefault();
  ask();
});
if (text.value) ask();
