/** Draws one row of the chat: a bubble (or an album) with its tail, time and inline keyboard. */

import { h, icon, onLongPress } from './dom.js';
import { formatted } from './entities.js';
import { clockTime, dayName } from './format.js';
import { inlineKeys } from './inlinekeys.js';
import * as media from './media.js';
import { placeCard } from './placecard.js';
import { t } from './words.js';

export const dayRow = (row, now) => h('div', { class: 'day' }, h('span', {}, dayName(row.at, now)));

function forwardedName(origin) {
  return origin.sender_user?.first_name ?? origin.sender_user_name ?? origin.sender_chat?.title ?? origin.chat?.title ?? '?';
}

function carried(messages, now, actions) {
  const [message] = messages;
  if (messages.length > 1) return media.album(messages, actions);
  if (message.photo) return media.photo(message, actions);
  if (message.venue || message.location) return placeCard(message, now, actions);
  if (message.contact) return media.contact(message, actions);
  if (message.voice) return media.voice(message);
  if (message.video_note) return media.videoNote(message);
  if (message.sticker || message.dice) return media.sticker(message);
  if (message.document || message.audio || message.video || message.animation) return media.file(message);
  if (message.poll) return media.poll(message);
  return null;
}

function meta(message) {
  const edited = message.edit_date && !message.edit_hidden && !message.location;
  return h('span', { class: 'meta' },
    edited ? h('span', { class: 'edited' }, t('edited')) : null,
    h('time', {}, clockTime(message.date * 1000)),
    message.outgoing ? icon('ticks', 16) : null);
}

const KINDS = ['photo', 'document', 'location', 'contact', 'sticker', 'voice'];

function replyQuote(message) {
  const replied = message.reply_to_message;
  if (!replied) return null;
  const kind = KINDS.find((name) => replied[name]) ?? 'message';
  const text = message.quote?.text ?? replied.text ?? replied.caption ?? t(kind);
  return h('div', { class: 'reply-quote' }, text);
}

function written(message, actions) {
  const text = message.text ?? message.caption;
  if (text === undefined) return null;
  return h('div', { class: 'text', dir: 'auto' }, formatted(text, message.entities ?? message.caption_entities, actions), meta(message));
}

function bubble(messages, now, actions) {
  const message = messages.find((one) => one.caption) ?? messages[0];
  const origin = messages[0].forward_origin;
  const content = carried(messages, now, actions);
  const text = written(message, actions) ?? (content ? null : h('div', { class: 'text' }, h('i', {}, t('unsupported')), meta(message)));
  const parts = message.show_caption_above_media ? [text, content] : [content, text];
  const bare = Boolean(message.sticker || message.dice || message.video_note) && !origin;
  const kind = content ? (text ? 'mixed' : 'pure') : 'words';
  return h('div', { class: `bubble ${kind}${bare ? ' bare' : ''}` },
    origin ? h('div', { class: 'forwarded' }, t('forwardedFrom', { name: forwardedName(origin) })) : null,
    replyQuote(message), parts, text ? null : meta(message));
}

/** row: {messages, outgoing, last} from timeline.js; now: milliseconds of the sandbox's clock. */
export function messageRow(row, now, actions) {
  const main = row.messages[row.messages.length - 1];
  const box = bubble(row.messages, now, actions);
  onLongPress(box, (x, y) => actions.askMessage(row.messages[0], x, y));
  return h('div', {
    class: `row ${row.outgoing ? 'out' : 'in'}${row.last ? ' tail' : ''}`,
    'data-testid': row.outgoing ? 'message-out' : 'message-in',
    'data-message-id': main.message_id,
  }, h('div', { class: main.reply_markup?.inline_keyboard?.length ? 'stack keyed' : 'stack' }, box, inlineKeys(main, actions)));
}
