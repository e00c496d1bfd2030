/** The 📎 of a phone: photos, sample photos, files, places, the own contact, stickers, a voice message. */

import { h, icon } from './dom.js';
import { popup } from './overlays.js';
import { silentVoice } from './oggvoice.js';
import { PhotoSheet } from './photosheet.js';
import { t } from './words.js';

const STICKERS = ['👍', '🙏', '🎉', '😄', '🤝', '☕', '🚗', '❤️', '🤔', '😴', '🔥', '🐼'];

/** Asks the visitor for files of his disk. */
function chooseFiles(phone, { accept, take }) {
  const field = h('input', { type: 'file', multiple: true, accept, hidden: true, 'data-testid': 'file-input' });
  field.addEventListener('change', () => {
    field.remove();
    if (field.files.length) take([...field.files]);
  });
  field.addEventListener('cancel', () => field.remove());
  phone.screen.append(field);
  field.click();
}

/** Shows photos before they go: files of the disk, or drawn samples when there are none. */
export function offerPhotos(phone, files) {
  phone.openSheet(new PhotoSheet({
    files,
    onSend: (chosen, options) => phone.deeds.attempt(() => phone.account.photo(chosen, options)),
    onClose: () => phone.closed(),
  }));
}

/** Files as they are, one message each. */
export async function sendFiles(phone, files) {
  for (const file of files) await phone.deeds.attempt(() => phone.account.document({ name: file.name, blob: file }));
}

function askSticker(phone, box) {
  const cover = h('div', { class: 'cover' });
  const close = () => cover.remove();
  cover.append(h('div', { class: 'popup stickers', 'data-testid': 'stickers', style: `left:8px; bottom:${box.bottom}px` },
    STICKERS.map((emoji) => h('button', {
      type: 'button', 'aria-label': emoji, onclick: () => {
        close();
        phone.deeds.send({ sticker: emoji });
      },
    }, emoji))));
  cover.addEventListener('pointerdown', (event) => { if (event.target === cover) close(); });
  phone.layer.append(cover);
}

function sendVoice(phone) {
  const seconds = 2 + Math.floor(Math.random() * 8);
  const file = { name: 'voice.ogg', blob: silentVoice(seconds) };
  return phone.deeds.attempt(() => phone.account.voice(file, seconds));
}

/** Opens the menu above the button. */
export function openAttachMenu(phone, button) {
  const box = button.getBoundingClientRect();
  const bottom = phone.layer.getBoundingClientRect().bottom - box.top + 8;
  const colours = { photo: '#3f8fe8', shelf: '#27a69a', file: '#7b6be0', pin: '#3bb35a', person: '#f09a37', smile: '#e0578d', mic: '#d9534a' };
  const item = (name, drawing, action) => ({
    text: t(name), testid: `attach-${{ photoOrVideo: 'photo', samples: 'sample' }[name] ?? name}`, action,
    node: h('i', { class: 'round', style: `background:${colours[drawing]}` }, icon(drawing, 18)),
  });
  popup(phone.layer, {
    x: box.right - 190, y: box.top - 8, above: true, testid: 'attach-menu', items: [
      item('photoOrVideo', 'photo', () => chooseFiles(phone, { accept: 'image/*,.heic,.heif', take: (files) => offerPhotos(phone, files) })),
      item('samples', 'shelf', () => offerPhotos(phone, null)),
      item('file', 'file', () => chooseFiles(phone, { accept: null, take: (files) => sendFiles(phone, files) })),
      item('location', 'pin', () => phone.deeds.pickPlace({})),
      item('contact', 'person', () => phone.deeds.shareContact()),
      item('sticker', 'smile', () => askSticker(phone, { bottom })),
      item('voice', 'mic', () => sendVoice(phone)),
    ],
  });
}
