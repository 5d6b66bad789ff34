// A script of its own, because the content security policy allows none within the page.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: place.dataset.specs, domNode: place, docExpansion: "none" });
