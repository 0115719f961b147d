// One conversation, live. The page already shows the newest messages; from its last seq this module goes on over
// the socket, which repeats nothing and leaves nothing out (see the contract: ready, message, ack, reset).

import { changing } from './chat/changing.js';
import { composer } from './chat/composer.js';
import { history } from './chat/history.js';
import { Log } from './chat/log.js';
import { menus } from './chat/menus.js';
import { Outbox } from './chat/outbox.js';
import { pictures } from './chat/pictures.js';
import { presence } from './chat/presence.js';
import { protecting } from './chat/protecting.js';
import { refused } from './chat/refused.js';
import { reopening } from './chat/reopening.js';
import { Socket } from './socket.js';
import { lang, text } from './texts.js';

// The server passes on one sign of typing in this time, so more would be for nothing.
const typingEveryMs = 3_000;

const root = document.querySelector('[data-chat]');
// A page of the past stays a page: it has a link to the newest messages.
if (root && root.dataset.past === undefined) start(root);

function start(root) {
  const { room, client, me } = root.dataset;
  const owner = root.dataset.owner !== undefined;
  const closed = root.dataset.closed !== undefined;
  const who = owner ? { room_id: room, client_id: client } : { room_id: room };
  const log = new Log(root, me);
  const outbox = new Outbox(`${room}:${client}:${me}`);
  const offline = root.querySelector('[data-offline]');
  const offlineText = root.querySelector('[data-offline-text]');
  const other = presence(root.querySelector('[data-presence]'));
  const state = { epoch: root.dataset.epoch, after: Number(root.dataset.lastSeq), ready: false, others: 0, typed: 0, retry: 0 };
  const past = history(root, log, who);

  const say = (words) => {
    offline.hidden = words === '';
    if (words) offlineText.textContent = words;
  };

  const address = () => {
    const query = new URLSearchParams({ epoch: state.epoch, after: String(state.after) });
    if (owner) query.set('client_id', client);
    return `/ws/chat/${encodeURIComponent(room)}/?${query}`;
  };

  const sendAll = () => {
    state.retry = 0;
    for (const entry of outbox.all()) socket.send({ type: 'message', ...entry });
  };

  const markRead = () => {
    if (state.ready && !document.hidden && state.others > 0) socket.send({ type: 'read', up_to: state.others });
  };

  const frames = {
    ready(frame) {
      state.ready = true;
      state.epoch = String(frame.epoch);
      say('');
      for (const [user, seq] of Object.entries(frame.read ?? {})) if (user !== me) log.readTo(seq);
      other.online(Array.isArray(frame.online) ? frame.online.some((user) => user !== me) : frame.online === true);
      sendAll();
      images.resume();
      state.others = Math.max(state.others, state.after);
      markRead();
    },
    message({ message }) {
      state.after = message.seq;
      log.put(message);
      if (message.sender_id === me) {
        outbox.remove(message.client_message_id);
      } else {
        other.wrote();
        state.others = message.seq;
        markRead();
      }
    },
    edit(frame) {
      state.after = frame.seq;
      log.edit(frame.target, frame.content);
    },
    delete(frame) {
      state.after = frame.seq;
      log.remove(frame.target);
      input.gone(frame.target);
    },
    ack(frame) {
      const entry = outbox.get(frame.client_message_id);
      outbox.remove(frame.client_message_id);
      // The message's own frame may be before or after the acknowledgement; either shows it once.
      if (entry && isMessage(entry) && !log.bySeq(frame.seq)) {
        log.put({ ...entry, seq: frame.seq, sender_id: me, timestamp: frame.timestamp });
      }
    },
    read(frame) {
      if (frame.user_id !== me) log.readTo(frame.up_to);
    },
    typing(frame) {
      if (frame.user_id !== me) other.typing();
    },
    presence(frame) {
      if (frame.user_id !== me) other.online(frame.online);
    },
    async reset(frame) {
      state.epoch = String(frame.epoch);
      state.after = frame.last_seq;
      await past.reload();
    },
    error(frame) {
      if (!frame.client_message_id) return;
      if (frame.retry_ms !== undefined) {
        state.retry ||= setTimeout(sendAll, frame.retry_ms);
        return;
      }
      const entry = outbox.get(frame.client_message_id);
      outbox.remove(frame.client_message_id);
      // The frame says more, in English; what is blocked is said in our own words.
      const detail = frame.code === 'blocked' ? text('blocked') : lang === 'en' && frame.detail;
      if (entry && !isMessage(entry)) {
        log.unchanged(entry.seq);
        input.notice(detail || text('change-refused'));
      } else {
        log.failed(frame.client_message_id, detail || text('not-sent'));
      }
    },
    bye(frame) {
      socket.retryAfter(frame.retry_ms ?? 1_000);
    },
    revoked() {
      say(text('closed'));
    },
  };

  // A closed chat hears nothing.
  const socket = closed ? null : new Socket(address, {
    frame: (frame) => frames[frame.type]?.(frame),
    down() {
      state.ready = false;
      other.online(false);
      say(text(outbox.all().length > 0 ? 'kept' : 'no-connection'));
    },
    over(code) {
      other.online(false);
      input.close();
      say(reasons[code] ?? text('over'));
      // What was being written stays in sight until one goes on.
      const way = root.querySelector('[data-offline-way]');
      way.hidden = code === 4403;
      way.textContent = text(code === 4401 ? 'log-in' : 'load-again');
      way.href = code === 4401 ? `/login/?next=${encodeURIComponent(location.pathname)}` : location.pathname;
      if (code === 4403) reopening(address);
    },
    refused: () => refused(who),
  }, { pings: true });

  const send = (entry) => {
    const kept = outbox.add(entry);
    if (isMessage(kept)) log.putPending(kept);
    if (state.ready) socket.send(kept);
  };

  const images = pictures(root, log, who, (words) => input.notice(words));
  const input = composer(root, images, {
    say: (content) => send({ type: 'message', content }),
    change(seq, content) {
      log.changing(seq);
      send({ type: 'edit', seq, content });
    },
    typing() {
      if (Date.now() - state.typed >= typingEveryMs && socket?.send({ type: 'typing' })) state.typed = Date.now();
    },
  });

  if (root.dataset.closed === 'other') reopening(address);
  menus(root);
  protecting(root, who);
  changing(root, {
    edit: (seq, content) => input.edit(seq, content),
    remove(seq) {
      log.changing(seq);
      send({ type: 'delete', seq });
    },
    // A message that was refused goes out again as a new one, a picture that was lost as the same.
    retry(id, content) {
      if (images.retry(id)) return;
      log.discard(id);
      send({ type: 'message', content });
    },
    discard(id) {
      images.discard(id);
      outbox.remove(id);
      log.discard(id);
    },
  });

  for (const entry of outbox.all()) if (isMessage(entry)) log.putPending(entry);
  document.addEventListener('visibilitychange', markRead);
  root.dataset.live = '';
}

function isMessage(entry) {
  return (entry.type ?? 'message') === 'message';
}

const reasons = {
  4401: text('logged-out'),
  4402: text('closed'),
  4403: text('blocked'),
  4429: text('too-many'),
};
