// Reports that wait on this device for a connection, each with the key that lets it be filed once.
// Used by pages and by the service worker.
import { sendPhoto } from "./photos.js";

const NAME = "town";
const STORE = "outbox";
const REPORTS = "/api/v1/reports";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** What waits: {key, body, photos: [{blob}], at, problem, filed}. */
export const waiting = () => within("readonly", (store) => store.getAll());
export const put = (item) => within("readwrite", (store) => store.put(item));
export const remove = (key) => within("readwrite", (store) => store.delete(key));
const find = (key) => within("readonly", (store) => store.get(key));

/** Send what waits; pages and the worker take turns. A connection that is lost ends it. */
export async function sendAll() {
  const send = async () => {
    for (const item of await waiting()) {
      if (!item.problem && !(await sent(item))) return;
    }
  };
  await (navigator.locks ? navigator.locks.request("outbox", send) : send());
}

async function sent(item) {
  try {
    if (!item.filed && !(await filed(item))) return Boolean(item.problem);
    for (const photo of [...item.photos]) {
      const reason = await sendPhoto(item.filed, photo, () => put(item));
      item.photos = item.photos.filter((other) => other !== photo);
      if (reason) item.photoProblem = reason;
      await put(item);
    }
    return true;
  } catch (failure) {
    if (failure instanceof TypeError) return false; // no connection: later
    throw failure;
  }
}

/** Whether the report is on file; a refusal is kept with its reason, so that nothing is lost. */
async function filed(item) {
  const answer = await fetch(REPORTS, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": item.key },
    body: JSON.stringify(item.body),
  });
  if (answer.status >= 500 || answer.status === 429) return false;
  const said = await answer.json();
  if (!(await find(item.key))) return false; // sent by hand or given up meanwhile
  if (answer.ok) item.filed = { id: said.id, code: said.code, access_token: said.access_token };
  else item.problem = [said.detail, ...Object.values(said.errors ?? {})].flat(2).filter((text) => typeof text === "string").join(" ");
  await put(item);
  return answer.ok;
}
