#!/bin/sh
# Copies what the console serves of others out of node_modules, with the licence of each.
set -eu
cd "$(dirname "$0")/node_modules"
into=../../static/vendor
rm -rf "$into"
mkdir -p "$into/pico" "$into/htmx" "$into/leaflet/images"
cp @picocss/pico/css/pico.min.css @picocss/pico/LICENSE.md "$into/pico/"
cp htmx.org/dist/htmx.min.js htmx.org/LICENSE "$into/htmx/"
cp leaflet/dist/leaflet.css leaflet/LICENSE "$into/leaflet/"
# Without its last line, which names a source map that is not served.
grep -v '^//# sourceMappingURL=' leaflet/dist/leaflet.js >"$into/leaflet/leaflet.js"
cp leaflet/dist/images/*.png "$into/leaflet/images/"
fonts=@expo-google-fonts/be-vietnam-pro
mkdir -p "$into/be-vietnam-pro"
cp "$fonts/400Regular/BeVietnamPro_400Regular.ttf" "$fonts/700Bold/BeVietnamPro_700Bold.ttf" "$fonts/LICENSE_FONT" "$into/be-vietnam-pro/"
