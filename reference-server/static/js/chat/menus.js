// The menus of a chat: one open at a time, shut by Escape, by a choice, and by a press beside it.

export function menus(root) {
  const shut = (but = null) => {
    for (const menu of root.querySelectorAll('[data-menu][open]')) if (menu !== but) menu.open = false;
  };

  document.addEventListener('click', (event) => {
    // A switch in a menu is turned in sight.
    const chose = event.target.closest('.menu :is(a, button):not([role="switch"])');
    if (chose || !event.target.closest('[data-menu]')) shut();
  });

  document.addEventListener('keydown', (event) => {
    const open = event.key === 'Escape' && root.querySelector('[data-menu][open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  root.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.matches('[data-menu]')) shut(event.target);
  }, true);
}
