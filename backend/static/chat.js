// The conversation: what is said goes to the API, what comes back is drawn as text, never as HTML.
import { inTownTime } from "./times.js";

const log = document.getElementById("log");
const form = document.getElementById("composer");
const field = document.getElementById("text");
const error = document.getElementById("chat-error");
const again = document.getElementById("begin-again");
const positionButton = document.getElementById("position");
const language = document.documentElement.lang;
const KEPT = "conversation";
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
  drawSources(answer.sources);
}

function keep(turn) {
  conversation.turns = [...conversation.turns, turn].slice(-60);
  sessionStorage.setItem(KEPT, JSON.stringify(conversation));
  again.hidden = false;
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
  drawMine(turn.words);
  drawAnswer(turn.answer);
}
if (conversation.turns.length) {
  again.hidden = false;
  showEnd();
}
