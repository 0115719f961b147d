// What was said before the messages on the page, a page at a time.

const pageSize = 50;

export function history(root, log, who) {
  const link = root.querySelector('[data-older]');
  let busy = false;

  async function page(before) {
    const query = new URLSearchParams({ ...who, limit: String(pageSize) });
    if (Number.isFinite(before)) query.set('before', String(before));
    const answer = await fetch(`/api/messages/?${query}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`history answered ${answer.status}`);
    const { messages, has_more: more } = await answer.json();
    for (const message of messages) log.put(message);
    if (link) link.parentElement.hidden = !more;
  }

  async function older() {
    if (busy) return;
    busy = true;
    link.setAttribute('aria-busy', 'true');
    try {
      await page(log.oldest);
    } catch {
      // The link goes to the same messages by way of the server.
      location.assign(link.href);
    } finally {
      busy = false;
      link.removeAttribute('aria-busy');
    }
  }

  link?.addEventListener('click', (event) => {
    event.preventDefault();
    older();
  });

  return {
    // The log is another one now: show its newest page.
    async reload() {
      log.clear();
      try {
        await page(Number.POSITIVE_INFINITY);
      } catch {
        location.reload();
      }
    },
  };
}
