// One conversation, live. The page already shows the newest messages; from its last seq this module goes on over
// the socket, which repeats nothing and leaves nothing out (see the contract: ready, message, ack, reset).

import { Log } from './chat/log.js';
import { Outbox } from './chat/outbox.js';
import { composer } from './chat/composer.js';
import { history } from './chat/history.js';
import { Socket } from './socket.js';
import { lang, text } from './texts.js';

const root = document.querySelector('[data-chat]');
// A page of the past stays a page: it has a link to the newest messages.
if (root && root.dataset.past === undefined) start(root);

function start(root) {
  const { room, client, me } = root.dataset;
  const owner = root.dataset.owner !== undefined;
  const who = owner ? { room_id: room, client_id: client } : { room_id: room };
  const log = new Log(root, me);
  const outbox = new Outbox(`${room}:${client}:${me}`);
  const offline = root.querySelector('[data-offline]');
  const offlineText = root.querySelector('[data-offline-text]');
  const presence = root.querySelector('[data-presence]');
  const state = { epoch: root.dataset.epoch, after: Number(root.dataset.lastSeq), ready: false, others: 0 };
  const past = history(root, log, who);

  const say = (text) => {
    offline.hidden = text === '';
    if (text) offlineText.textContent = text;
  };

  const address = () => {
    const query = new URLSearchParams({ epoch: state.epoch, after: String(state.after) });
    if (owner) query.set('client_id', client);
    return `/ws/chat/${encodeURIComponent(room)}/?${query}`;
  };

  const sendAll = () => {
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
      showPresence(Array.isArray(frame.online) ? frame.online.some((user) => user !== me) : frame.online === true);
      sendAll();
      state.others = Math.max(state.others, state.after);
      markRead();
    },
    message({ message }) {
      state.after = message.seq;
      log.put(message);
      if (message.sender_id === me) {
        outbox.remove(message.client_message_id);
      } else {
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
    },
    ack(frame) {
      const entry = outbox.all().find(({ client_message_id: id }) => id === frame.client_message_id);
      outbox.remove(frame.client_message_id);
      // The message's own frame may be before or after the acknowledgement; either shows it once.
      if (entry && !log.bySeq(frame.seq)) {
        log.put({ ...entry, seq: frame.seq, sender_id: me, timestamp: frame.timestamp });
      }
    },
    read(frame) {
      if (frame.user_id !== me) log.readTo(frame.up_to);
    },
    presence(frame) {
      if (frame.user_id !== me) showPresence(frame.online);
    },
    async reset(frame) {
      state.epoch = String(frame.epoch);
      state.after = frame.last_seq;
      await past.reload();
    },
    error(frame) {
      if (!frame.client_message_id) return;
      if (frame.retry_ms !== undefined) {
        setTimeout(sendAll, frame.retry_ms);
        return;
      }
      outbox.remove(frame.client_message_id);
      // The frame says more, in English.
      log.failed(frame.client_message_id, (lang === 'en' && frame.detail) || text('not-sent'));
    },
    bye(frame) {
      socket.retryAfter(frame.retry_ms ?? 1_000);
    },
    revoked() {
      say(text('closed'));
    },
  };

  const socket = new Socket(address, {
    frame: (frame) => frames[frame.type]?.(frame),
    down() {
      state.ready = false;
      showPresence(false);
      say(text(outbox.all().length > 0 ? 'kept' : 'no-connection'));
    },
    over: (code) => say(reasons[code] ?? text('over')),
  }, { pings: true });

  function showPresence(online) {
    presence.textContent = online ? text('online') : '';
  }

  const send = (content) => {
    const entry = outbox.add(content);
    log.putPending(entry);
    if (state.ready) socket.send({ type: 'message', ...entry });
  };
  const input = composer(root, send);
  input.onRetry();
  for (const entry of outbox.all()) log.putPending(entry);
  document.addEventListener('visibilitychange', markRead);
}

const reasons = {
  4401: text('logged-out'),
  4402: text('closed'),
  4403: text('closed'),
  4429: text('too-many'),
};
