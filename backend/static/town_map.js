// A map of the town. Without pictures of a map it is a grid, which needs nobody else's server.
"use strict";

const townMap = (() => {
  const STEP = 0.001; // degrees, about 100 metres

  function grid(map) {
    const lines = L.layerGroup().addTo(map);
    const draw = () => {
      lines.clearLayers();
      const bounds = map.getBounds();
      let step = STEP;
      while ((bounds.getEast() - bounds.getWest()) / step > 40) step *= 10;
      const style = { weight: 1, color: "#9fb4bd", interactive: false };
      const first = (edge) => Math.ceil(edge / step) * step;
      for (let lng = first(bounds.getWest()); lng < bounds.getEast(); lng += step) {
        L.polyline([[bounds.getSouth(), lng], [bounds.getNorth(), lng]], style).addTo(lines);
      }
      for (let lat = first(bounds.getSouth()); lat < bounds.getNorth(); lat += step) {
        L.polyline([[lat, bounds.getWest()], [lat, bounds.getEast()]], style).addTo(lines);
      }
    };
    map.on("moveend", draw);
    draw();
  }

  return (box, centre, zoom) => {
    const map = L.map(box, { attributionControl: false }).setView(centre, zoom);
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(map);
    else grid(map);
    return map;
  };
})();
