import { mine } from "./mine.js";
import { inTownTime } from "./times.js";

const section = document.getElementById("mine");
for (const { code, filed_at } of mine()) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/reports/${encodeURIComponent(code)}`;
  link.className = "item";
  const name = document.createElement("strong");
  name.textContent = code;
  link.append(name, ` – ${inTownTime(filed_at)}`);
  item.append(link);
  section.querySelector("ul").append(item);
  section.hidden = false;
}
