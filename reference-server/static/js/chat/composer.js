// The line one writes in. Enter sends where there is a keyboard; on a phone Enter is a new line, as people expect.

import { digits, text } from '../texts.js';
import { counter } from './counter.js';

// images: the picture that was picked. actions: say(content), change(seq, content), typing().
export function composer(root, images, actions) {
  const form = root.querySelector('[data-form]');
  const input = root.querySelector('[data-input]');
  const editing = root.querySelector('[data-editing]');
  const alert = root.querySelector('[data-notice]');
  const hasKeyboard = matchMedia('(pointer: fine)').matches;
  const count = counter(input, root.querySelector('[data-count]'), Number(root.dataset.charsMax));
  // The message that is being changed, and what was being written before.
  let target = 0;
  let draft = '';

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const content = input.value.trim();
    if (count.over() > 0) return notice(`${digits(count.over())} ${text('too-long')}`);
    if (target > 0) {
      if (content === '') return undefined;
      actions.change(target, content);
      return stop();
    }
    if (content === '' && !images.picked()) return undefined;
    write('');
    // What the form was refused for.
    notice('');
    input.focus();
    if (!images.picked()) return actions.say(content);
    return (await images.send(content)) ? undefined : write(content);
  });

  input.addEventListener('input', () => {
    count.show();
    if (target === 0 && input.value.trim() !== '') actions.typing();
  });

  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && target > 0) stop();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !hasKeyboard) return;
    event.preventDefault();
    form.requestSubmit();
  });

  input.addEventListener('paste', (event) => {
    const file = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'));
    if (!file || target > 0) return;
    event.preventDefault();
    images.pick(file);
  });

  root.querySelector('[data-stop-editing]').addEventListener('click', stop);
  count.show();

  function notice(words) {
    alert.hidden = words === '';
    alert.querySelector('[data-notice-text]').textContent = words;
  }

  function write(words) {
    input.value = words;
    count.show();
  }

  function stop() {
    target = 0;
    editing.hidden = true;
    form.removeAttribute('data-changes');
    write(draft);
    notice('');
    input.focus();
  }

  return {
    notice,
    edit(seq, content) {
      if (target === 0) draft = input.value;
      target = seq;
      editing.hidden = false;
      form.dataset.changes = '';
      write(content);
      input.focus();
    },
    // What is being changed was taken back elsewhere.
    gone(seq) {
      if (seq === target) stop();
    },
    // Nothing can be sent here any more.
    close() {
      for (const control of form.elements) control.disabled = true;
    },
  };
}
