/** Draws what a message carries besides text: photos, albums, files, voice, stickers, contacts. */

import { fileAddress } from './api.js';
import { h, icon } from './dom.js';
import { fileSize, playTime } from './format.js';
import { t } from './words.js';

const largest = (sizes) => sizes.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best));

// Shapes beyond these would leave a sliver or a tower in the chat.
const shape = (size) => Math.min(1.8, Math.max(0.7, (size.width || 4) / (size.height || 3)));

function picture(message, look, actions) {
  const size = largest(message.photo);
  const image = h('img', {
    src: fileAddress(size.file_id), alt: message.caption || t('photo'), loading: 'lazy', decoding: 'async', draggable: 'false',
  });
  return h('button', {
    type: 'button', class: message.has_media_spoiler ? 'picture veiled' : 'picture', style: look, 'data-testid': 'photo',
    onclick: (event) => {
      if (event.currentTarget.classList.contains('veiled')) event.currentTarget.classList.remove('veiled');
      else actions.enlarge(fileAddress(size.file_id), message.caption);
    },
  }, image);
}

/** One photo at its own shape. */
export function photo(message, actions) {
  return h('div', { class: 'media' }, picture(message, `aspect-ratio:${shape(largest(message.photo)).toFixed(3)}`, actions));
}

const ROWS = [[], [1], [2], [1, 2], [2, 2], [2, 3], [3, 3], [2, 2, 3], [2, 3, 3], [3, 3, 3], [2, 3, 2, 3]];

/** An album: rows of pictures, each row as wide as the bubble. */
export function album(messages, actions) {
  const rows = [];
  let from = 0;
  for (const count of ROWS[messages.length] ?? [messages.length]) {
    const row = messages.slice(from, from + count);
    const shapes = row.map((message) => Math.max(0.8, shape(largest(message.photo))));
    const whole = shapes.reduce((sum, one) => sum + one, 0);
    rows.push(h('div', { class: 'album-row', style: `aspect-ratio:${whole.toFixed(3)}` },
      row.map((message, index) => picture(message, `flex:${shapes[index].toFixed(3)} 1 0`, actions))));
    from += count;
  }
  return h('div', { class: 'media album', 'data-testid': 'album' }, rows);
}

/** A file: a card with its name, size and, for an image, a glimpse. */
export function file(message) {
  const found = message.document ?? message.audio ?? message.video ?? message.animation;
  const name = found.file_name ?? found.title ?? t('document');
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '';
  const badge = h('span', { class: 'file-badge' }, ending ? ending.toUpperCase() : icon('file'));
  if (/^image\/(jpeg|png|webp|gif)$/.test(found.mime_type ?? '')) {
    const glimpse = h('img', { src: fileAddress(found.thumbnail?.file_id ?? found.file_id), alt: '', loading: 'lazy' });
    glimpse.addEventListener('error', () => glimpse.remove());
    badge.append(glimpse);
  }
  return h('a', { class: 'file', href: fileAddress(found.file_id), target: '_blank', rel: 'noopener', download: name, 'data-testid': 'file' },
    badge,
    h('span', { class: 'file-about' },
      h('span', { class: 'file-name' }, name),
      h('span', { class: 'file-size' }, found.file_size === undefined ? ending : fileSize(found.file_size))));
}

/** Bars that differ by voice but never between two drawings of the same one. */
function wave(seed) {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
  return Array.from({ length: 28 }, () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return h('i', { style: `height:${18 + (state >>> 25) * 0.62}%` });
  });
}

export function voice(message) {
  const player = new Audio();
  const button = h('button', { type: 'button', class: 'play', 'aria-label': t('voice') }, icon('play', 26));
  const showState = () => button.replaceChildren(icon(player.paused ? 'play' : 'pause', 26));
  button.addEventListener('click', async () => {
    player.src ||= fileAddress(message.voice.file_id);
    if (player.paused) await player.play().catch(() => button.classList.add('broken'));
    else player.pause();
  });
  for (const change of ['play', 'pause', 'ended']) player.addEventListener(change, showState);
  return h('div', { class: 'voice', 'data-testid': 'voice' }, button,
    h('span', {},
      h('span', { class: 'wave' }, wave(message.voice.file_unique_id ?? message.voice.file_id)),
      h('span', { class: 'voice-time' }, playTime(message.voice.duration ?? 0))));
}

export function videoNote(message) {
  return h('video', { class: 'video-note', src: fileAddress(message.video_note.file_id), controls: true, preload: 'metadata' });
}

export function sticker(message) {
  return h('div', { class: 'sticker', 'data-testid': 'sticker' }, message.sticker?.emoji ?? message.dice?.emoji ?? '🙂');
}

export function contact(message, actions) {
  const { first_name: first, last_name: last, phone_number: number } = message.contact;
  const name = [first, last].filter(Boolean).join(' ');
  return h('div', { class: 'contact', 'data-testid': 'contact' },
    h('span', { class: 'avatar', style: actions.colour(message.contact.user_id ?? name.length) }, [...name][0] ?? '?'),
    h('span', { class: 'contact-about' }, h('b', {}, name), h('span', {}, number)));
}

export function poll(message) {
  return h('div', { class: 'poll' }, h('b', {}, message.poll.question),
    message.poll.options.map((option) => h('div', { class: 'poll-option' }, option.text)));
}
