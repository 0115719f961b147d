// Messages and changes on their way. Each keeps its client_message_id until the server says "ack" or a final "error",
// across lost connections and across a reload of the page, so that sending again never says anything twice.

export class Outbox {
  #key;
  #entries;

  constructor(key) {
    this.#key = `kotha-outbox:${key}`;
    this.#entries = read(this.#key);
  }

  // In the order of writing.
  all() {
    return [...this.#entries];
  }

  get(id) {
    return this.#entries.find((entry) => entry.client_message_id === id);
  }

  // A frame for the server, which gets its id here.
  add(frame) {
    const entry = { ...frame, client_message_id: newId() };
    this.#entries.push(entry);
    this.#keep();
    return entry;
  }

  remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.client_message_id !== id);
    this.#keep();
  }

  #keep() {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#entries));
    } catch {
      // No storage (private window, full): the messages live as long as the page does.
    }
  }
}

function read(key) {
  try {
    const entries = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

// crypto.randomUUID exists only on https and localhost; this exists everywhere.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `w-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
