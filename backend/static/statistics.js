// The fields of the table as a map: the darker, the more reports. Without it there is the table.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("map");
  if (!box || typeof townMap === "undefined") return;
  const map = townMap(box, [Number(box.dataset.lat), Number(box.dataset.lng)], 14);
  const rows = [...document.querySelectorAll("#cells [data-box]")];
  const most = Math.max(...rows.map((row) => Number(row.dataset.received)));
  const fields = rows.map((row) => {
    const [south, west, north, east] = row.dataset.box.split(",").map(Number);
    const received = Number(row.dataset.received);
    return L.rectangle([[south, west], [north, east]], {
      weight: 1, color: "#a31515", fillColor: "#a31515", fillOpacity: 0.1 + 0.75 * (received / most),
    })
      .bindTooltip(String(received))
      .on("click", () => row.querySelector("a").click())
      .addTo(map);
  });
  if (fields.length) map.fitBounds(L.featureGroup(fields).getBounds(), { padding: [20, 20], maxZoom: 16 });
});
