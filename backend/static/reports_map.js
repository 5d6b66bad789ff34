// Shows the reports of the list on a map. Without pictures of a map they stand on plain ground.
const box = document.getElementById("reports-map");

async function show() {
  const answer = await fetch(box.dataset.url);
  if (!answer.ok) return;
  const { features } = await answer.json();
  if (!features.length) return;
  box.hidden = false;
  const map = L.map(box, { attributionControl: false });
  map.setView([Number(box.dataset.lat), Number(box.dataset.lng)], 13);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const points = L.geoJSON(features, {
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 8, weight: 2, color: "#0a4d68", fillOpacity: 0.5 }),
    onEachFeature({ properties }, layer) {
      const link = document.createElement("a");
      link.href = `/reports/${encodeURIComponent(properties.code)}`;
      link.textContent = `${properties.category_name} – ${properties.status_label}`;
      layer.bindPopup(link);
    },
  }).addTo(map);
  map.fitBounds(points.getBounds(), { maxZoom: 16, padding: [24, 24] });
}

if (box) show();
