/** The sheet before photos go out: chosen files or drawn samples, a caption, as photos or as files. */

import { h, icon, iconButton } from './dom.js';
import { newSamples } from './samples.js';
import { t } from './words.js';

const SAMPLES = 6;
const LONGEST_SIDE = 1280;      // what Telegram's own apps reduce a photo to before sending
const ALBUM_MOST = 10;

/** A photo as an app would send it: at most 1280 pixels wide, JPEG, without metadata; null if it is no picture. */
async function compressed(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = h('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.87); });
  } catch {
    return null;
  }
}

/** A file from disk beside the drawn samples: the same three questions, `preview`, `blob` and `name`. */
class DiskFile {
  constructor(file) {
    this.file = file;
    this.name = file.name;
  }

  preview() {
    const address = URL.createObjectURL(this.file);
    const image = h('img', { src: address, alt: this.name });
    image.addEventListener('load', () => URL.revokeObjectURL(address));
    image.addEventListener('error', () => image.replaceWith(h('span', { class: 'no-preview' }, icon('file', 30), this.name)));
    return image;
  }

  async blob(asDocument) {
    // What the browser cannot decode goes out untouched: what to do with it is the bot's business.
    return asDocument ? this.file : (await compressed(this.file)) ?? this.file;
  }
}

export class PhotoSheet {
  /** files: File objects from disk, or null for drawn samples; onSend(files, {caption, asDocument}). */
  constructor({ files, onSend, onClose }) {
    Object.assign(this, { onSend, onClose, drawn: !files });
    this.grid = h('div', { class: 'photo-grid' });
    this.caption = h('input', { type: 'text', placeholder: t('caption'), 'aria-label': t('caption'), 'data-testid': 'photo-caption', maxlength: 1024 });
    this.asDocument = h('input', { type: 'checkbox', 'data-testid': 'photo-as-file' });
    this.button = h('button', { type: 'button', class: 'primary', 'data-testid': 'photo-send', onclick: () => this.send() });
    this.caption.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) this.send(); });
    this.node = h('section', { class: 'sheet photo-sheet', 'data-testid': 'photo-sheet' },
      h('header', { class: 'sheet-head' },
        h('h2', {}, t(this.drawn ? 'samples' : 'photo'), this.drawn ? h('small', {}, t('samplesHint')) : null),
        this.drawn ? iconButton('again', t('otherSamples'), () => this.fill(newSamples(SAMPLES)), { 'data-testid': 'sample-again' }) : null,
        iconButton('close', t('close'), () => this.close())),
      this.grid,
      h('footer', { class: 'photo-foot' }, this.caption,
        h('div', { class: 'photo-buttons' }, h('label', { class: 'check' }, this.asDocument, t('asFile')), this.button)));
    this.fill(files ? files.map((file) => new DiskFile(file)) : newSamples(SAMPLES));
    if (files) this.chosen = [...this.items];
    this.mark();
  }

  fill(items) {
    this.items = items;
    this.chosen = [];
    this.grid.replaceChildren(...items.map((item, index) => h('button', {
      type: 'button', class: 'thumb', 'data-testid': `${this.drawn ? 'sample' : 'thumb'}-${index}`, onclick: () => this.toggle(item),
    }, item.preview(), h('span', { class: 'number' }))));
    this.mark();
  }

  toggle(item) {
    if (this.chosen.includes(item)) this.chosen = this.chosen.filter((other) => other !== item);
    else this.chosen.push(item);
    this.mark();
  }

  mark() {
    [...this.grid.children].forEach((thumb, index) => {
      const number = this.chosen.indexOf(this.items[index]) + 1;
      thumb.classList.toggle('chosen', number > 0);
      thumb.lastChild.textContent = number ? String(number) : '';
    });
    this.button.disabled = !this.chosen.length;
    this.button.textContent = this.chosen.length > 1 ? t('sendCount', { count: this.chosen.length }) : t('send');
  }

  async send() {
    if (!this.chosen.length || this.button.disabled) return;
    this.button.disabled = true;
    const asDocument = this.asDocument.checked;
    const files = [];
    for (const item of this.chosen) files.push({ name: item.name, blob: await item.blob(asDocument) });
    this.close();
    for (let from = 0; from < files.length; from += ALBUM_MOST) {
      const caption = from ? '' : this.caption.value.trim();
      await this.onSend(files.slice(from, from + ALBUM_MOST), { caption, asDocument });
    }
  }

  close() {
    this.node.remove();
    this.onClose(this);
  }
}
