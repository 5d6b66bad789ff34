// The officer's desk: keys, the map of the list, words for replies. All of it works without.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll(".reports > li")];
  const present = () => rows().findIndex((row) => row.contains(document.activeElement));

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const at = present();
    const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
    all[next].querySelector("a").focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    x: () => rows()[present()]?.querySelector("input[type=checkbox]").click(),
    "/": () => document.getElementById("q")?.focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("change", (event) => {
    const id = event.target.dataset.fills;
    if (!id) return;
    const words = JSON.parse(event.target.selectedOptions[0].dataset.words ?? "{}");
    for (const [code, text] of Object.entries(words)) {
      const field = document.getElementById(`${id}-${code}`);
      if (field) field.value = text;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-prints]")) print();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("map");
    if (!box) return;
    const placed = rows().filter((row) => row.dataset.lat);
    const map = townMap(box, [Number(box.dataset.lat), Number(box.dataset.lng)], 13);
    const points = placed.map((row) => {
      const point = [Number(row.dataset.lat), Number(row.dataset.lng)];
      const link = row.querySelector("a");
      const isOpen = row.hasAttribute("aria-current");
      L.circleMarker(point, { radius: isOpen ? 9 : 6, weight: 2, color: isOpen ? "#a31515" : "#0a4d68", fillOpacity: 0.7 })
        .bindTooltip(link.textContent)
        .on("click", () => link.click())
        .addTo(map);
      return point;
    });
    if (points.length) map.fitBounds(points, { padding: [20, 20], maxZoom: 16 });
  });
})();
