// What was said before the messages on the page, a page at a time, as one scrolls back.

const pageSize = 50;
// How far above the first message in sight the one before is asked for.
const aheadPixels = 400;

export function history(root, log, who) {
  const link = root.querySelector('[data-older]');
  let busy = false;

  async function page(before) {
    const query = new URLSearchParams({ ...who, limit: String(pageSize) });
    if (Number.isFinite(before)) query.set('before', String(before));
    const answer = await fetch(`/api/messages/?${query}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`history answered ${answer.status}`);
    const { messages, has_more: more } = await answer.json();
    log.waiting(false);
    log.putPast(messages);
    if (link) link.parentElement.hidden = !more;
  }

  async function older(onFailure) {
    if (busy) return;
    busy = true;
    link.setAttribute('aria-busy', 'true');
    log.waiting(true);
    try {
      await page(log.oldest);
    } catch {
      onFailure();
    } finally {
      busy = false;
      log.waiting(false);
      link.removeAttribute('aria-busy');
    }
  }

  link?.addEventListener('click', (event) => {
    event.preventDefault();
    // The link goes to the same messages by way of the server.
    older(() => location.assign(link.href));
  });

  if (link) {
    const near = new IntersectionObserver(([entry]) => {
      // Where that fails the link is still there.
      if (entry.isIntersecting) older(() => {});
    }, { root: root.querySelector('[data-scroll]'), rootMargin: `${aheadPixels}px 0px` });
    near.observe(link);
  }

  return {
    // The log is another one now: show its newest page.
    async reload() {
      log.clear();
      log.waiting(true);
      try {
        await page(Number.POSITIVE_INFINITY);
      } catch {
        location.reload();
      }
    },
  };
}
