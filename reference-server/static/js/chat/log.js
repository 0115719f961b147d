// The list of bubbles. The server wrote the first ones; patterns in <template> make the rest, and what people wrote
// only ever goes in as text.

import { text } from '../texts.js';
import { clock, dateOf, dayName } from './clock.js';

export class Log {
  #list;
  #empty;
  #scroll;
  #me;
  #patterns = {};

  constructor(root, me) {
    this.#list = root.querySelector('[data-log]');
    this.#empty = root.querySelector('[data-empty]');
    this.#scroll = root.querySelector('[data-scroll]');
    this.#me = me;
    for (const pattern of root.querySelectorAll('template[data-pattern]')) {
      this.#patterns[pattern.dataset.pattern] = pattern.content.firstElementChild;
    }
  }

  // The oldest seq shown, for paging back; Infinity if there is none.
  get oldest() {
    const seqs = [...this.#list.querySelectorAll('[data-seq]')].map((item) => Number(item.dataset.seq)).filter(Boolean);
    return Math.min(...seqs);
  }

  bySeq(seq) {
    return this.#list.querySelector(`[data-seq="${Number(seq)}"]`);
  }

  pending(id) {
    return this.#list.querySelector(`[data-pending="${CSS.escape(id)}"]`);
  }

  // A message of the log, in its place by seq. One that was pending is taken over, not doubled.
  put(message) {
    const waiting = message.sender_id === this.#me && message.client_message_id ? this.pending(message.client_message_id) : null;
    waiting?.remove();
    const item = this.bySeq(message.seq) ?? this.#make(message);
    this.#fill(item, message);
    if (!item.isConnected) this.#place(item, message.seq);
    this.#changed();
  }

  putPending(entry) {
    if (this.pending(entry.client_message_id)) return;
    const item = this.#patterns.mine.cloneNode(true);
    item.dataset.pending = entry.client_message_id;
    item.dataset.state = 'sending';
    item.querySelector('[data-text]').textContent = entry.content;
    item.querySelector('[data-time]').textContent = clock(new Date());
    item.dataset.date = dateOf(new Date());
    this.#list.append(item);
    this.#changed();
    this.#scroll.scrollTop = 0;
  }

  failed(id, reason) {
    const item = this.pending(id);
    if (!item) return;
    item.dataset.state = 'failed';
    item.querySelector('[data-reason]').textContent = reason;
  }

  edit(seq, content) {
    const item = this.bySeq(seq);
    if (!item) return;
    item.querySelector('[data-text]').textContent = content;
    item.querySelector('[data-edited]').hidden = false;
  }

  remove(seq) {
    const item = this.bySeq(seq);
    if (!item) return;
    item.dataset.deleted = '';
    item.querySelector('[data-text]').textContent = text('deleted');
    item.querySelector('[data-edited]').hidden = true;
    item.querySelector('img')?.closest('a').remove();
  }

  // The other person has read this far.
  readTo(seq) {
    for (const item of this.#list.querySelectorAll('.bubble-mine[data-state="sent"]')) {
      if (Number(item.dataset.seq) <= seq) item.dataset.state = 'read';
    }
  }

  clear() {
    for (const item of this.#list.querySelectorAll('[data-seq]:not([data-pending])')) item.remove();
    this.#changed();
  }

  #make(message) {
    return this.#patterns[message.sender_id === this.#me ? 'mine' : 'theirs'].cloneNode(true);
  }

  #fill(item, message) {
    const at = new Date(message.timestamp);
    item.dataset.seq = message.seq;
    item.dataset.date = dateOf(at);
    if (item.dataset.state !== 'read') item.dataset.state = message.read_status ? 'read' : 'sent';
    const time = item.querySelector('[data-time]');
    time.dateTime = message.timestamp;
    time.textContent = clock(at);
    item.querySelector('[data-text]').textContent = message.content ?? '';
    item.querySelector('[data-edited]').hidden = !message.edited_at;
    if (message.image && !item.querySelector('img')) item.querySelector('.bubble-body').prepend(picture(message.image));
    if (message.deleted) {
      delete item.dataset.deleted;
      item.dataset.deleted = '';
      item.querySelector('[data-text]').textContent = text('deleted');
    }
  }

  #place(item, seq) {
    const items = [...this.#list.querySelectorAll('[data-seq]:not([data-pending])')];
    const before = items.findLast((other) => Number(other.dataset.seq) < seq);
    if (before) before.after(item);
    else this.#list.prepend(item);
  }

  #changed() {
    this.#empty.classList.toggle('hidden', this.#list.querySelector('.bubble') !== null);
    for (const mark of this.#list.querySelectorAll('.chat-day')) mark.remove();
    let shown = '';
    for (const item of this.#list.querySelectorAll('.bubble')) {
      if (item.dataset.date === shown) continue;
      shown = item.dataset.date;
      const mark = this.#patterns.day.cloneNode(true);
      mark.firstElementChild.textContent = dayName(shown);
      item.before(mark);
    }
  }
}

function picture(url) {
  const link = document.createElement('a');
  const image = document.createElement('img');
  // Only our own pictures: the address comes from a frame.
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) return link;
  link.href = image.src = address.href;
  image.className = 'bubble-image';
  image.alt = text('picture');
  link.append(image);
  return link;
}
