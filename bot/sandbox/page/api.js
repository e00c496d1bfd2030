/** Speaks to the sandbox's /sim over HTTP: one function for each thing that a person can do or see. */

const bot = new URLSearchParams(location.search).get('bot');

/** Several bots can share one sandbox; `?bot=<id>` on the page picks whose chats it shows. */
function address(path, values = {}) {
  const query = new URLSearchParams(bot ? { ...values, bot } : values).toString();
  return query ? `${path}?${query}` : path;
}

/** What the server refused, in its own words. */
export class SimError extends Error {}

async function call(method, path, body, values) {
  const request = { method };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { 'Content-Type': 'application/json' };
  }
  const response = await fetch(address(path, values), request);
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = { error: text.slice(0, 200) };
  }
  if (!response.ok) throw new SimError(String(answer?.error ?? answer?.description ?? `${response.status} ${response.statusText}`));
  return answer;
}

function form(files, field, values) {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '' && value !== false) data.append(name, String(value));
  }
  for (const file of files) data.append(field, file.blob, file.name);
  return data;
}

export const fileAddress = (fileId) => address(`/sim/files/${encodeURIComponent(fileId)}`);
export const people = () => call('GET', '/sim/people');
export const addPerson = (person) => call('POST', '/sim/people', person);
export const clock = () => call('GET', '/sim/clock');
export const turnClock = (change) => call('POST', '/sim/clock', change);
export const places = () => call('GET', '/sim/places');
export const acts = () => call('GET', '/sim/acts');
export const startAct = (id) => call('POST', `/sim/acts/${encodeURIComponent(id)}/start`, {});

/** Everything that one person can do on his phone. */
export class Account {
  constructor(personId) {
    this.path = `/sim/people/${encodeURIComponent(personId)}`;
  }

  /** The newest `limit` messages and everything around them. */
  chat(limit) { return call('GET', `${this.path}/chat`, undefined, { limit }); }
  send(message) { return call('POST', `${this.path}/send`, message); }
  tap(tapped) { return call('POST', `${this.path}/tap`, tapped); }
  move(message) { return call('POST', `${this.path}/move`, message); }
  stop(messageId) { return call('POST', `${this.path}/stop`, { message_id: messageId }); }
  edit(messageId, text) { return call('POST', `${this.path}/edit`, { message_id: messageId, text }); }
  block(blocked) { return call('POST', `${this.path}/block`, { blocked }); }

  /** files: [{blob, name}]; more than one becomes an album, as in Telegram. */
  photo(files, { caption = '', asDocument = false } = {}) {
    const values = { caption, as_document: asDocument, album: files.length > 1 };
    return call('POST', `${this.path}/photo`, form(files, 'photo', values));
  }

  document(file, caption = '') { return call('POST', `${this.path}/document`, form([file], 'document', { caption })); }
  voice(file, seconds) { return call('POST', `${this.path}/voice`, form([file], 'voice', { duration: seconds })); }
}

/** Calls back with every event of the server, and when the line to it breaks and stands again. */
export function listen({ onEvent, onUp, onDown }) {
  const source = new EventSource(address('/sim/events'));
  source.onopen = onUp;
  source.onerror = onDown;
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  return source;
}
