// The list of bubbles. The server wrote the first ones; patterns in <template> make the rest, and what people wrote
// only ever goes in as text.

import { text } from '../texts.js';
import { clock, dateOf, dayName } from './clock.js';
import { fitted } from './picture-file.js';

export class Log {
  #list;
  #empty;
  #scroll;
  #me;
  #patterns = {};
  #pictures;

  constructor(root, me) {
    this.#list = root.querySelector('[data-log]');
    this.#empty = root.querySelector('[data-empty]');
    this.#scroll = root.querySelector('[data-scroll]');
    this.#me = me;
    const { pictureSide, pictureMine, pictureTheirs } = root.dataset;
    this.#pictures = { side: Number(pictureSide), mine: pictureMine, theirs: pictureTheirs };
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

  put(message) {
    this.putAll([message]);
  }

  // Messages of the log, each in its place by seq. One that was pending is taken over, not doubled.
  putAll(messages) {
    for (const message of messages) {
      const waiting = message.sender_id === this.#me && message.client_message_id ? this.pending(message.client_message_id) : null;
      waiting?.remove();
      const item = this.bySeq(message.seq) ?? this.#make(message);
      this.#fill(item, message);
      if (!item.isConnected) this.#place(item, message.seq);
    }
    this.#changed();
  }

  // Messages of the past: whoever scrolled back reads them there, so they are not read out as they come.
  putPast(messages) {
    const live = this.#list.closest('[aria-live]');
    live.setAttribute('aria-live', 'off');
    this.putAll(messages);
    // Once the browser has told of them.
    requestAnimationFrame(() => requestAnimationFrame(() => live.setAttribute('aria-live', 'polite')));
  }

  // A message on its way; `picture` is a canvas.
  putPending({ client_message_id: id, content, picture }) {
    if (this.pending(id)) return;
    const item = this.#patterns.mine.cloneNode(true);
    const now = new Date();
    item.dataset.pending = id;
    item.dataset.state = 'sending';
    item.dataset.date = dateOf(now);
    item.querySelector('[data-text]').textContent = content;
    item.querySelector('[data-time]').textContent = clock(now);
    if (picture) item.querySelector('[data-text]').before(this.#preview(picture));
    this.#list.append(item);
    this.#changed();
    this.#scroll.scrollTop = 0;
  }

  // Shows how far the picture of a pending message is; the bar, or nothing when the message is here already.
  uploading(id) {
    const item = this.pending(id);
    if (!item) return null;
    item.querySelector('.bubble-failed')?.remove();
    item.dataset.state = 'sending';
    const uploading = this.#patterns.uploading.cloneNode(true);
    item.querySelector('.bubble-meta').before(uploading);
    return uploading.querySelector('progress');
  }

  // A pending message that did not get through; `final` when the same again would not either.
  failed(id, reason, { final = false } = {}) {
    const item = this.pending(id);
    if (!item) return;
    item.querySelector('.bubble-uploading, .bubble-failed')?.remove();
    item.dataset.state = 'failed';
    const failed = this.#patterns.failed.cloneNode(true);
    failed.querySelector('[data-reason]').textContent = reason;
    if (final) failed.querySelector('[data-retry]').remove();
    item.querySelector('.bubble-body').append(failed);
  }

  // A pending message that its writer lets go.
  discard(id) {
    this.pending(id)?.remove();
    this.#changed();
  }

  // A change is on its way, and shows until the log has it.
  changing(seq) {
    this.bySeq(seq)?.setAttribute('data-changing', '');
  }

  unchanged(seq) {
    this.bySeq(seq)?.removeAttribute('data-changing');
  }

  edit(seq, content) {
    const item = this.bySeq(seq);
    if (!item) return;
    this.unchanged(seq);
    item.querySelector('[data-text]').textContent = content;
    item.querySelector('[data-edited]').hidden = false;
  }

  remove(seq) {
    const item = this.bySeq(seq);
    if (item) empty(item);
  }

  // The other person has read this far.
  readTo(seq) {
    for (const item of this.#list.querySelectorAll('.bubble-mine[data-state="sent"]')) {
      if (Number(item.dataset.seq) <= seq) item.dataset.state = 'read';
    }
  }

  // Whether earlier messages are being asked for: something stands in their place until they are there.
  waiting(are) {
    this.#list.querySelector('.chat-waiting')?.remove();
    if (are) this.#list.prepend(this.#patterns.waiting.cloneNode(true));
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
    if (message.image && !item.querySelector('.bubble-picture')) item.querySelector('[data-text]').before(this.#picture(message));
    const report = item.querySelector('[data-asks="report"]');
    // A copy of a pattern knows no base for an address before it is in the page: its href is but a text.
    if (report) report.setAttribute('href', `${report.getAttribute('href').split('?')[0]}?message_id=${encodeURIComponent(message.id)}`);
    if (message.deleted) empty(item);
  }

  #place(item, seq) {
    const items = [...this.#list.querySelectorAll('[data-seq]:not([data-pending])')];
    const before = items.findLast((other) => Number(other.dataset.seq) < seq);
    if (before) before.after(item);
    else this.#list.prepend(item);
  }

  // A day stands before its first message. Marks that are right stay as they are: what is put into the log is read out.
  #changed() {
    this.#empty.classList.toggle('hidden', this.#list.querySelector('.bubble') !== null);
    const right = new Set();
    let shown = '';
    for (const item of this.#list.querySelectorAll('.bubble')) {
      if (item.dataset.date === shown) continue;
      shown = item.dataset.date;
      const before = item.previousElementSibling;
      const mark = before?.dataset.day === shown ? before : this.#patterns.day.cloneNode(true);
      mark.dataset.day = shown;
      // Also of a mark that stays: today becomes yesterday.
      const name = dayName(shown);
      if (mark.firstElementChild.textContent !== name) mark.firstElementChild.textContent = name;
      if (mark !== before) item.before(mark);
      right.add(mark);
    }
    for (const mark of this.#list.querySelectorAll('.chat-day')) if (!right.has(mark)) mark.remove();
  }

  // The small file, in the room that it will take, and a link to the large one.
  #picture({ image: url, image_width: width, image_height: height, sender_id: sender }) {
    const link = document.createElement('a');
    const image = document.createElement('img');
    link.className = 'bubble-picture';
    // Only our own pictures: the address comes from a frame.
    const address = new URL(url, location.href);
    if (address.origin !== location.origin) return link;
    link.href = address.href;
    Object.assign(image, fitted(width, height, this.#pictures.side));
    image.className = 'bubble-image';
    image.alt = sender === this.#me ? this.#pictures.mine : this.#pictures.theirs;
    image.decoding = 'async';
    image.src = `${address.href}?size=small`;
    link.append(image);
    return link;
  }

  #preview(canvas) {
    const place = document.createElement('span');
    place.className = 'bubble-picture';
    canvas.className = 'bubble-image';
    canvas.style.width = `${fitted(canvas.width, canvas.height, this.#pictures.side).width}px`;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', this.#pictures.mine);
    place.append(canvas);
    return place;
  }
}

// What is left of a message that was taken back.
function empty(item) {
  item.dataset.deleted = '';
  item.removeAttribute('data-changing');
  item.querySelector('[data-text]').textContent = text('deleted');
  item.querySelector('[data-edited]').hidden = true;
  item.querySelector('.bubble-picture')?.remove();
  item.querySelector('[data-menu]')?.remove();
}
