// Sends a photo in pieces by the tus protocol, so that a connection that breaks costs one piece.
const PIECE = 256 * 1024;
const TUS = { "Tus-Resumable": "1.0.0" };

async function reasonOf(answer) {
  const said = await answer.json().catch(() => ({}));
  const named = Object.values(said.errors ?? {}).flat();
  return named.length ? named.join(" ") : said.detail ?? String(answer.status);
}

/**
 * Send *photo*, {blob, upload}, of *report*, {id, access_token}; go on where it broke off.
 * Answers why it was refused, or nothing. Throws TypeError without a connection; *remember* is
 * called once the photo knows the address of its upload.
 */
export async function sendPhoto(report, photo, remember = async () => {}) {
  const headers = { ...TUS, "X-Access-Token": report.access_token };
  let offset = photo.upload ? await standing(photo, headers) : null;
  if (offset === null) {
    const begun = await fetch(`/api/v1/reports/${report.id}/photos/uploads`, {
      method: "POST",
      headers: { ...headers, "Upload-Length": String(photo.blob.size) },
    });
    if (begun.status === 429 || begun.status >= 500) throw new TypeError("later");
    if (!begun.ok) return reasonOf(begun);
    photo.upload = new URL(begun.headers.get("Location")).pathname;
    await remember();
    offset = 0;
  }
  while (offset < photo.blob.size) {
    const answer = await fetch(photo.upload, {
      method: "PATCH",
      headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
      body: photo.blob.slice(offset, offset + PIECE),
    });
    if (answer.status === 409 && (await standing(photo, headers)) > offset) {
      offset = await standing(photo, headers);
      continue;
    }
    if (answer.status === 429 || answer.status >= 500) throw new TypeError("later");
    if (!answer.ok) return reasonOf(answer);
    offset = Number(answer.headers.get("Upload-Offset"));
  }
  return "";
}

/** How far it has come; null where the town has forgotten it. */
async function standing(photo, headers) {
  const answer = await fetch(photo.upload, { method: "HEAD", headers });
  return answer.ok ? Number(answer.headers.get("Upload-Offset")) : null;
}
