// What the console's pages need beyond htmx: signs that something takes time, and what to say
// when a request gets no answer. Every page works without it.
"use strict";

const root = document.documentElement;
const said = () => document.getElementById("said");

function say(template) {
  said().replaceChildren(document.getElementById(template).content.cloneNode(true));
  said().scrollIntoView({ block: "center" });
}

// A form that was sent cannot be sent again by an impatient second press.
document.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (event.defaultPrevented && !event.target.hasAttribute("hx-boost")) return;
  root.classList.add("waits");
  // After the browser has read which button was pressed; unless the answer is there already.
  setTimeout(() => {
    if (!root.classList.contains("waits")) return;
    pressed?.setAttribute("aria-busy", "true");
    for (const button of event.target.querySelectorAll("button")) button.disabled = true;
  });
});

function settle() {
  root.classList.remove("waits");
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
}

// Also when the browser shows a page that it kept, as it was when it was left.
addEventListener("pageshow", settle);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form")) settle();
});
document.addEventListener("htmx:sendError", () => say("no-answer"));
document.addEventListener("htmx:timeout", () => say("no-answer"));
document.addEventListener("htmx:responseError", (event) => {
  say("went-wrong");
  try {
    const problem = JSON.parse(event.detail.xhr.responseText);
    said().firstElementChild.textContent = problem.detail || problem.title;
  } catch {
    // The answer says nothing: the general sentence stands.
  }
});

// A page that was swapped in is read from its top, like one that was loaded.
document.addEventListener("htmx:pushedIntoHistory", () => document.getElementById("main")?.focus());
