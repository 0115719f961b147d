// What one may do with a bubble: change a message or take it back, send again what was not sent, or leave it.

export function changing(root, actions) {
  const log = root.querySelector('[data-log]');
  const confirm = root.querySelector('[data-confirm]');
  let asked = 0;

  log.addEventListener('click', (event) => {
    const item = event.target.closest('.bubble');
    const chose = (name) => event.target.closest(`[data-${name}]`) !== null;
    if (!item) return;
    const content = item.querySelector('[data-text]').textContent;
    if (chose('edit')) actions.edit(Number(item.dataset.seq), content);
    if (chose('delete')) {
      asked = Number(item.dataset.seq);
      confirm.returnValue = 'keep';
      confirm.showModal();
    }
    if (chose('retry')) actions.retry(item.dataset.pending, content);
    if (chose('discard')) actions.discard(item.dataset.pending);
  });

  confirm.addEventListener('close', () => {
    if (confirm.returnValue === 'delete') actions.remove(asked);
  });
}
