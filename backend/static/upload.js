// How far an upload is: large pictures take a while from a phone at the beach.
"use strict";

document.addEventListener("htmx:xhr:progress", (event) => {
  if (event.target.id !== "upload" || !event.detail.lengthComputable) return;
  const line = document.getElementById("uploading");
  const done = Math.round((100 * event.detail.loaded) / event.detail.total);
  line.hidden = false;
  line.querySelector("progress").value = done;
  const said = line.querySelector("[role=status]");
  said.textContent = done < 100 ? `${done}%` : said.dataset.done;
});

// What was sent is answered: the bar has said all it can say.
document.addEventListener("htmx:afterRequest", (event) => {
  const line = document.getElementById("uploading");
  if (event.target.id === "upload" && line) line.hidden = true;
});
