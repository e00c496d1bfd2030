/** What a phone lays over its chat: toasts, alerts, small menus, the enlarged photo. */

import { h, icon, iconButton } from './dom.js';
import { t } from './words.js';

const TOAST_MS = 3500;

/** The dark strip at the bottom: answers to taps, and what went wrong. */
export function toast(layer, text) {
  const node = h('div', { class: 'toast', role: 'status', 'data-testid': 'toast' }, text);
  for (const old of layer.querySelectorAll('.toast')) old.remove();
  node.style.bottom = `${(layer.parentElement.querySelector('.composer')?.offsetHeight ?? 0) + 12}px`;
  layer.append(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

/** A dialog in the phone: buttons [{text, primary?, testid?, action?}], closed by each of them. */
export function dialog(layer, { title = null, text = '', content = null, buttons, testid = 'alert' }) {
  const shade = h('div', { class: 'shade', 'data-testid': testid, role: 'alertdialog', 'aria-modal': 'true' });
  const close = () => shade.remove();
  shade.append(h('div', { class: 'dialog' },
    title ? h('h2', {}, title) : null,
    text ? h('p', {}, text) : null,
    content,
    h('div', { class: 'dialog-buttons' }, buttons.map(({ text: label, primary, testid: name, action }) => h('button', {
      type: 'button', class: primary ? 'text-button strong' : 'text-button', 'data-testid': name, onclick: () => {
        close();
        action?.();
      },
    }, label)))));
  shade.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  layer.append(shade);
  shade.querySelector('input, .strong')?.focus({ preventScroll: true });
  return close;
}

/** A menu near (x, y) of the page: items [{text, icon?, testid?, action, detail?, node?}]. */
export function popup(layer, { x, y, items, testid = 'popup', above = false }) {
  const cover = h('div', { class: 'cover' });
  const close = () => cover.remove();
  const box = h('div', { class: 'popup', role: 'menu', 'data-testid': testid }, items.map((item) => h('button', {
    type: 'button', role: 'menuitem', class: item.danger ? 'danger' : null, 'data-testid': item.testid, onclick: () => {
      close();
      item.action();
    },
  }, item.icon ? icon(item.icon, 19) : item.node ?? null, h('span', {}, item.text), item.detail ? h('small', {}, item.detail) : null)));
  cover.append(box);
  cover.addEventListener('pointerdown', (event) => { if (event.target === cover) close(); });
  cover.addEventListener('contextmenu', (event) => event.preventDefault());
  cover.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  layer.append(cover);
  const frame = layer.getBoundingClientRect();
  const left = Math.min(Math.max(6, x - frame.left), frame.width - box.offsetWidth - 6);
  const top = above ? y - frame.top - box.offsetHeight : Math.min(y - frame.top, frame.height - box.offsetHeight - 6);
  box.style.left = `${Math.max(6, left)}px`;
  box.style.top = `${Math.max(6, top)}px`;
  box.querySelector('button')?.focus({ preventScroll: true });
  return close;
}

/** The photo over the whole page; a click anywhere, or Escape, puts it back. */
export function enlarge(address, caption) {
  const viewer = h('div', { class: 'viewer', 'data-testid': 'viewer', role: 'dialog', tabindex: -1 },
    h('img', { src: address, alt: caption ?? t('photo') }),
    caption ? h('p', {}, caption) : null,
    iconButton('close', t('close'), () => viewer.remove(), { 'data-testid': 'viewer-close' }));
  viewer.addEventListener('click', () => viewer.remove());
  viewer.addEventListener('keydown', (event) => { if (event.key === 'Escape') viewer.remove(); });
  document.body.append(viewer);
  viewer.focus();
}

/** Copies a text; a page that may not use the clipboard (no https, no permission) selects it the old way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h('textarea', { class: 'offscreen' });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
