// A map to drop a pin on.
"use strict";

(() => {
  function begin() {
    const box = document.getElementById("map");
    if (!box || box.dataset.ready) return;
    box.dataset.ready = "yes";
    const fields = ["lat", "lng"].map((name) => document.getElementById(name));
    const written = () => {
      const numbers = fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
      return numbers.every(Number.isFinite) ? numbers : null;
    };
    const centre = written() ?? [Number(box.dataset.lat), Number(box.dataset.lng)];
    const map = townMap(box, centre, written() ? 16 : 14);
    for (const point of JSON.parse(box.dataset.points)) {
      const dot = { radius: 5, weight: 1, color: "#46575f", fillOpacity: 0.7 };
      L.circleMarker([point.lat, point.lng], dot).bindTooltip(point.name).addTo(map);
    }
    const icon = L.divIcon({ className: "pin", iconSize: [28, 28], iconAnchor: [14, 28] });
    let pin = null;
    function show(point) {
      pin ??= L.marker(point, { icon, draggable: true, keyboard: false }).addTo(map);
      pin.setLatLng(point);
      pin.off("dragend").on("dragend", () => write(pin.getLatLng()));
    }
    function write({ lat, lng }) {
      fields[0].value = lat.toFixed(5);
      fields[1].value = lng.toFixed(5);
      show([lat, lng]);
      fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (written()) show(written());
    map.on("click", (event) => write(event.latlng));
    for (const field of fields) {
      field.addEventListener("change", () => {
        const point = written();
        if (!point) return;
        show(point);
        map.panTo(point);
      });
    }
    const button = document.getElementById("stand-here");
    const said = document.getElementById("stand-said");
    button.addEventListener("click", () => {
      said.textContent = button.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          said.textContent = `± ${Math.round(coords.accuracy)} m`;
          write({ lat: coords.latitude, lng: coords.longitude });
          map.setView([coords.latitude, coords.longitude], 17);
        },
        () => { said.textContent = button.dataset.failed; },
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
  }

  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("htmx:load", begin);
})();
