/** The inline keyboard under a bubble: taps, links and copy buttons. */

import { h, icon } from './dom.js';
import { safeAddress, startToken } from './entities.js';

function mark(button) {
  if (button.url !== undefined) return icon('link', 14);
  if (button.copy_text !== undefined) return icon('copy', 14);
  return null;
}

function press(message, button, actions) {
  if (button.callback_data !== undefined) return actions.tap(message, button.callback_data);
  if (button.copy_text !== undefined) return actions.copy(button.copy_text.text);
  if (button.url === undefined) return null;
  const token = startToken(button.url, actions.botName());
  if (token !== null) return actions.openStart(token);
  const address = safeAddress(button.url);
  return address ? window.open(address, '_blank', 'noopener') : null;
}

/** The keyboard's node, or null when the message has none. */
export function inlineKeys(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h('div', { class: 'inline-keys', 'data-testid': 'inline-keys' }, rows.map((row) => h('div', { class: 'inline-row' },
    row.map((button) => h('button', {
      type: 'button',
      class: ['inline-key', button.style, actions.isWaiting(message, button.callback_data) ? 'waiting' : null].filter(Boolean).join(' '),
      title: button.text,
      'data-testid': 'inline-button',
      'data-callback': button.callback_data,
      onclick: () => press(message, button, actions),
    }, h('span', { class: 'label' }, button.text), mark(button), h('span', { class: 'spinner' }))))));
}
