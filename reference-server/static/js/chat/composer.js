// The line one writes in. Enter sends where there is a keyboard; on a phone Enter is a new line, as people expect.

export function composer(root, send) {
  const form = root.querySelector('[data-form]');
  const input = root.querySelector('[data-input]');
  const hasKeyboard = matchMedia('(pointer: fine)').matches;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const content = input.value.trim();
    if (content === '') return;
    input.value = '';
    // What the form without this module was refused for.
    form.querySelector('[role="alert"]')?.remove();
    send(content);
    input.focus();
  });

  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !hasKeyboard) return;
    event.preventDefault();
    form.requestSubmit();
  });

  return {
    // A message that was refused goes out again as a new one.
    onRetry() {
      root.querySelector('[data-log]').addEventListener('click', (event) => {
        if (!event.target.closest('[data-retry]')) return;
        const item = event.target.closest('.bubble');
        const content = item.querySelector('[data-text]').textContent;
        item.remove();
        send(content);
      });
    },
  };
}
