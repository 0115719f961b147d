// Why a chat's connection is refused, as the final close code that says the same: the session ended, the access, or the
// other closed the chat.

const codes = { 401: 4401, 402: 4402, 403: 4403, 404: 4402 };

export async function refused(who) {
  const query = new URLSearchParams({ ...who, limit: '1' });
  const answer = await fetch(`/api/messages/?${query}`, { headers: { Accept: 'application/json' } });
  if (!answer.ok) return codes[answer.status];
  // What was said can be read also where nothing can be said: that the page knows.
  const page = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  return page.ok && (await page.text()).includes(' data-closed=') ? 4403 : undefined;
}
