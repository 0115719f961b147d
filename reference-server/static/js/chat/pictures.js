// Pictures on their way. Each is picked, shown small, and posted beside its words; until the server has it, it can be
// sent again as the same message, or let go. It lives as long as the page does, which asks before it is left.

import { lang, text } from '../texts.js';
import { newId } from './outbox.js';
import { prepare } from './picture-file.js';

export function pictures(root, log, who, notice) {
  const picked = root.querySelector('[data-picked]');
  const preview = root.querySelector('[data-preview]');
  const pickedText = root.querySelector('[data-picked-text]');
  const field = root.querySelector('[data-image]');
  const bytesMax = Number(root.dataset.pictureBytesMax);
  // By client_message_id: the picture, its words, the request while there is one, and whether the network lost it.
  const waiting = new Map();
  let chosen = null;

  field.addEventListener('change', () => {
    const [file] = field.files;
    // The same file may be picked again.
    field.value = '';
    if (file) pick(file);
  });

  root.querySelector('[data-unpick]').addEventListener('click', unpick);

  addEventListener('beforeunload', (event) => {
    if (waiting.size > 0) event.preventDefault();
  });

  async function pick(file) {
    const mine = prepare(file);
    chosen = mine;
    notice('');
    try {
      const { blob, canvas } = await mine;
      if (chosen !== mine) return;
      if (blob.size > bytesMax) throw new Error('too large');
      preview.replaceChildren(canvas);
      pickedText.textContent = text('picture');
      picked.hidden = false;
    } catch (error) {
      if (chosen !== mine) return;
      unpick();
      notice(text(error.message === 'too large' ? 'picture-refused' : 'picture-unreadable'));
    }
  }

  function unpick() {
    chosen = null;
    preview.replaceChildren();
    picked.hidden = true;
  }

  function start(id) {
    const entry = waiting.get(id);
    const bar = log.uploading(id);
    entry.lost = false;
    entry.request = post(form(id, entry), bar, (answer) => settled(id, answer));
  }

  function form(id, { blob, content }) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...who, client_message_id: id, content })) form.set(name, value);
    form.set('image', blob, 'picture');
    return form;
  }

  function settled(id, { status, body }) {
    const entry = waiting.get(id);
    if (!entry) return;
    entry.request = null;
    if (status === 200 || status === 201) {
      waiting.delete(id);
      log.put(body);
      return;
    }
    entry.lost = status === 0;
    const final = [402, 403, 404, 409, 413, 415, 422].includes(status);
    if (final) waiting.delete(id);
    log.failed(id, reason(status, body), { final });
  }

  return {
    pick,
    picked: () => chosen !== null,
    // Sends what was picked; whether there was a picture in it.
    async send(content) {
      let picture;
      try {
        picture = await chosen;
      } catch {
        return false;
      }
      unpick();
      const id = newId();
      waiting.set(id, { blob: picture.blob, content, request: null, lost: false });
      log.putPending({ client_message_id: id, content, picture: picture.canvas });
      start(id);
      return true;
    },
    // Whether it is a picture that was sent again.
    retry(id) {
      if (!waiting.has(id)) return false;
      start(id);
      return true;
    },
    discard(id) {
      waiting.get(id)?.request?.abort();
      waiting.delete(id);
    },
    // The network is back.
    resume() {
      for (const [id, { lost }] of waiting) if (lost) start(id);
    },
  };
}

// fetch can't tell how far an upload is.
function post(form, bar, done) {
  const request = new XMLHttpRequest();
  request.open('POST', '/api/messages/send/');
  request.setRequestHeader('Accept', 'application/json');
  request.responseType = 'json';
  request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
    if (bar && lengthComputable) bar.value = loaded / total;
  };
  // All of it is there; the server still has to look at it.
  request.upload.onload = () => bar?.removeAttribute('value');
  request.onload = () => done({ status: request.status, body: request.response });
  request.onerror = () => done({ status: 0, body: null });
  request.send(form);
  return request;
}

function reason(status, body) {
  const wrong = body?.errors?.find(({ field }) => field === 'image');
  if (wrong) return `${text('picture-is')} ${wrong.message}`;
  if (status === 0) return text('picture-lost');
  if (status === 401) return text('logged-out');
  if (status === 413 || status === 415) return text('picture-refused');
  if ([402, 403, 404].includes(status)) return text('closed');
  if (status === 429 || status >= 500) return text('picture-later');
  // The problem says more, in English.
  return (lang === 'en' && body?.detail) || text('not-sent');
}
