// Reporting and blocking the other without leaving the chat. Each link leads to a page that asks; where this module
// runs, the same form asks in a dialog. A report goes out from there; a block is posted as from the page, and the chat
// comes back as the server then has it.

import { text } from '../texts.js';

export function protecting(root, who) {
  const form = root.querySelector('[data-dialog="report"] form');
  const refused = form.querySelector('[data-refused]');
  const { message_id: about, reason } = form.elements;

  root.addEventListener('click', (event) => {
    const link = event.target.closest('[data-asks], [data-cancel]');
    // Another key with it asks for another tab.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.cancel !== undefined) return link.closest('dialog').close();
    if (link.dataset.asks === 'report') prepare(new URL(link.href).searchParams.get('message_id') ?? '');
    // Where the focus goes back to, as the menu shuts over the link.
    link.closest('[data-menu]').querySelector('summary').focus();
    return root.querySelector(`[data-dialog="${link.dataset.asks}"]`).showModal();
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    form.setAttribute('aria-busy', 'true');
    refuse('');
    const wrong = await report({ ...who, message_id: about.value || undefined, reason: reason.value });
    form.removeAttribute('aria-busy');
    if (wrong) return refuse(text(wrong));
    form.reset();
    form.closest('dialog').close();
    return tell(text('reported'));
  });

  // The dialog of one message is not yet that of the next.
  function prepare(message) {
    if (about.value !== message) reason.value = '';
    about.value = message;
    refuse('');
    for (const title of root.querySelectorAll('[data-about]')) title.hidden = (title.dataset.about === 'message') !== (message !== '');
  }

  function refuse(words) {
    refused.hidden = words === '';
    refused.querySelector('[data-refused-text]').textContent = words;
  }

  function tell(words) {
    const done = root.querySelector('template[data-pattern="done"]').content.firstElementChild.cloneNode(true);
    done.querySelector('span').textContent = words;
    root.querySelector('[data-done]').replaceChildren(done);
  }
}

// The name of what to say when it was not taken; nothing when it was.
async function report(body) {
  try {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const answer = await fetch('/api/conversations/report/', { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.ok) return '';
    return answer.status === 401 ? 'logged-out' : 'report-refused';
  } catch {
    return 'report-lost';
  }
}
