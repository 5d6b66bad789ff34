// The conversation: what is said goes to the API, what comes back is drawn as text, never as HTML.
import { inTownTime } from "./times.js";

const log = document.getElementById("log");
const form = document.getElementById("composer");
const field = document.getElementById("text");
const error = document.getElementById("chat-error");
const again = document.getElementById("begin-again");
const positionButton = document.getElementById("position");
const photoButton = document.getElementById("send-photo");
const photoField = document.getElementById("photo");
const language = document.documentElement.lang;
const KEPT = "conversation";
const HEARD_EVERY = 4000;
const PHOTO = '/inform{"choice":"photo"}';
const PAGES = {
  place: (id) => `/places/${id}`,
  article: (id) => `/announcements/${id}`,
  report: (id) => `/reports/${id}`,
  beach: () => "/#beaches",
  contact: () => "/contacts",
};

const greeting = [...log.children];
let conversation = JSON.parse(sessionStorage.getItem(KEPT) ?? '{"turns": []}');
let location_ = null;
let waiting = false;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function link(title, url) {
  const anchor = make("a", null, title);
  anchor.href = url;
  if (new URL(url, document.baseURI).origin !== window.location.origin) anchor.rel = "noopener noreferrer";
  return anchor;
}

function drawMine(text) {
  const turn = make("div", "turn mine");
  turn.append(make("p", "bubble", text));
  log.append(turn);
}

function drawReply(reply) {
  const turn = make("div", "turn");
  if (reply.text) turn.append(make("p", "bubble", reply.text));
  if (reply.image) {
    const image = make("img");
    image.src = reply.image;
    image.alt = "";
    turn.append(image);
  }
  const choices = make("div", "choices");
  for (const { title, url } of reply.links) {
    const anchor = link(title, url);
    anchor.className = "button quiet";
    choices.append(anchor);
  }
  for (const { title, payload } of reply.buttons) {
    const button = make("button", "button quiet", title);
    button.type = "button";
    button.addEventListener("click", () => say({ payload }, title));
    choices.append(button);
  }
  if (choices.children.length) turn.append(choices);
  log.append(turn);
}

function drawSources(sources) {
  if (!sources.length) return;
  const list = make("ul", "sources");
  for (const source of sources) {
    const item = make("li");
    const page = source.id && PAGES[source.type]?.(encodeURIComponent(source.id));
    item.append(page ? link(source.title, page) : source.title);
    if (source.updated_at) {
      const when = inTownTime(source.updated_at);
      item.append(" – ", log.dataset.updated.replace("{when}", when));
    }
    list.append(item);
  }
  log.lastElementChild.append(list);
}

function drawAnswer(answer) {
  answer.replies.forEach(drawReply);
  if (answer.replies.length) drawSources(answer.sources);
}

function drawOfficer(message) {
  const turn = make("div", "turn officer");
  turn.append(make("p", "soft small", message.by === "officer" ? log.dataset.officer : log.dataset.notice));
  turn.append(make("p", "bubble", message.text));
  log.append(turn);
}

function drawRating(messageId) {
  const choices = make("div", "choices rating");
  for (const [helpful, title] of [[true, log.dataset.helpful], [false, log.dataset.useless]]) {
    const button = make("button", "button quiet small", title);
    button.type = "button";
    button.addEventListener("click", async () => {
      const answer = await fetch(addressOf("rating"), {
        method: "POST",
        headers: { "Content-Type": "application/json", ...token() },
        body: JSON.stringify({ message_id: Number(messageId), helpful }),
      });
      if (answer.ok) choices.replaceChildren(make("span", "soft small", log.dataset.rated));
    });
    choices.append(button);
  }
  log.lastElementChild.append(choices);
}

function addressOf(part) {
  return `${log.dataset.conversations}/${conversation.conversation_id}/${part}`;
}

function token() {
  return { "X-Conversation-Token": conversation.conversation_token };
}

function keep(turn) {
  conversation.turns = [...conversation.turns, turn].slice(-60);
  sessionStorage.setItem(KEPT, JSON.stringify(conversation));
  again.hidden = false;
}

// What officers say comes by asking for it; nothing is asked while nobody was called.
async function hearOfficers() {
  if (!conversation.waits || waiting || document.hidden) return;
  const answer = await fetch(`${addressOf("messages")}?after=${conversation.last ?? 0}`, { headers: token() });
  if (!answer.ok || waiting) return;
  const { items } = await answer.json();
  for (const message of items) {
    conversation.last = message.id;
    if (message.by !== "officer" && message.by !== "system") continue;
    drawOfficer(message);
    keep({ officer: { by: message.by, text: message.text } });
    showEnd();
  }
}

function showEnd() {
  log.lastElementChild?.scrollIntoView({ block: "nearest" });
  window.scrollTo({ top: document.body.scrollHeight });
}

async function say(message, words) {
  if (waiting) return;
  waiting = true;
  error.textContent = "";
  drawMine(words);
  const typing = document.getElementById("typing").content.firstElementChild.cloneNode(true);
  log.append(typing);
  showEnd();
  const { conversation_id, conversation_token } = conversation;
  try {
    const answer = await fetch(log.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        ...message, lang: language, conversation_id, conversation_token, location: location_,
      }),
    });
    if (answer.status === 403) delete conversation.conversation_id;
    if (!answer.ok) throw new Error(answer.status === 429 ? log.dataset.busy : (await answer.json()).detail);
    const heard = await answer.json();
    typing.remove();
    drawAnswer(heard);
    conversation.conversation_id = heard.conversation_id;
    conversation.conversation_token = heard.conversation_token;
    conversation.last = heard.message_id ?? conversation.last;
    conversation.waits ||= heard.handed_over || ["request_human", "express_frustration"].includes(heard.intent?.name);
    photoButton.disabled = false;
    if (heard.intent && heard.sources.length && heard.message_id) drawRating(heard.message_id);
    keep({ words, answer: { replies: heard.replies, sources: heard.sources } });
  } catch (failure) {
    typing.remove();
    log.lastElementChild.remove();
    field.value ||= message.text ?? "";
    error.textContent = failure instanceof TypeError ? log.dataset.lost : failure.message || log.dataset.lost;
  } finally {
    waiting = false;
    showEnd();
  }
}

function forget() {
  sessionStorage.removeItem(KEPT);
  conversation = { turns: [] };
  log.replaceChildren(...greeting);
  again.hidden = true;
  photoButton.disabled = true;
  field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || waiting) return;
  field.value = "";
  say({ text }, text);
});

log.addEventListener("click", (event) => {
  const words = event.target.dataset.say;
  if (words) say({ text: words }, words);
});

again.addEventListener("click", forget);

photoButton.addEventListener("click", () => photoField.click());

photoField.addEventListener("change", async () => {
  const [file] = photoField.files;
  photoField.value = "";
  if (!file || waiting) return;
  error.textContent = "";
  const body = new FormData();
  body.append("photo", file);
  try {
    const answer = await fetch(addressOf("photos"), { method: "POST", headers: token(), body });
    const kept = await answer.json();
    if (!answer.ok) throw new Error(Object.values(kept.errors ?? {}).flat()[0] ?? kept.detail ?? kept.title);
    await say({ payload: PHOTO, photo_id: kept.photo_id }, `📷 ${file.name}`);
  } catch (failure) {
    error.textContent = failure instanceof TypeError ? log.dataset.lost : failure.message;
  }
});

positionButton.addEventListener("click", () => {
  if (location_) {
    location_ = null;
    positionButton.setAttribute("aria-pressed", "false");
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      location_ = { lat: coords.latitude, lng: coords.longitude };
      positionButton.setAttribute("aria-pressed", "true");
    },
    () => { error.textContent = log.dataset.noPosition; },
    { enableHighAccuracy: true, timeout: 15000 },
  );
});

for (const turn of conversation.turns) {
  if (turn.officer) {
    drawOfficer(turn.officer);
    continue;
  }
  drawMine(turn.words);
  drawAnswer(turn.answer);
}
photoButton.disabled = !conversation.conversation_id;
if (conversation.turns.length) {
  again.hidden = false;
  showEnd();
}
setInterval(() => hearOfficers().catch(() => {}), HEARD_EVERY);
