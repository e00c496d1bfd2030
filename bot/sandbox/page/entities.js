/** Turns a text with Bot API entities into DOM; links, commands and start links act on the phone that shows them. */

import { h, icon } from './dom.js';
import { t } from './words.js';

const LINKED = new Set(['text_link', 'url', 'mention', 'bot_command', 'email', 'phone_number', 'text_mention', 'code', 'pre']);
// What Telegram marks by itself; the sandbox's bot may have sent plain text.
const FOUND = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}，。；：！？）】]|\bt\.me\/[\w/?=&-]+)|(?<![\w/])\/([a-z][a-z0-9_]{0,31})(?![\w/])/gi;

/** The token of a t.me/<bot>?start=TOKEN link to this bot, '' without a token, null when it is another address. */
export function startToken(address, botName) {
  const found = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)\/?(?:\?(.*))?$/i.exec(address);
  if (!found || found[1].toLowerCase() !== (botName ?? '').toLowerCase()) return null;
  return new URLSearchParams(found[2] ?? '').get('start') ?? '';
}

/** Only addresses that a browser may open: a bot must not be able to run script in the page. */
export function safeAddress(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  return /^(https?|mailto|tel):/i.test(whole) ? whole : null;
}

function link(text, address, actions) {
  const token = startToken(address, actions.botName());
  if (token !== null) {
    return h('span', { class: 'start-link' },
      h('a', { href: '#', 'data-testid': 'start-link', 'data-start': token, onclick: (event) => {
        event.preventDefault();
        actions.openStart(token);
      }, oncontextmenu: (event) => {
        event.preventDefault();
        event.stopPropagation();
        actions.askStart(token, address, event.clientX, event.clientY);
      } }, text),
      h('button', { type: 'button', class: 'copy-link', title: t('copyLink'), 'aria-label': t('copyLink'), onclick: (event) => {
        actions.askStart(token, address, event.clientX, event.clientY);
      } }, icon('copy', 14)));
  }
  const href = safeAddress(address);
  return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text) : h('span', {}, text);
}

const command = (text, actions) =>
  h('a', { href: '#', class: 'command', onclick: (event) => {
    event.preventDefault();
    actions.say(text);
  } }, text);

function plain(text, linked, actions) {
  if (linked) return [text];
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(FOUND)) {
    parts.push(text.slice(from, found.index), found[1] ? link(found[0], found[0], actions) : command(found[0], actions));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== '');
}

function quote(children, expandable) {
  const node = h('blockquote', { class: expandable ? 'expandable' : null }, h('div', { class: 'quoted' }, children));
  if (expandable) node.addEventListener('click', () => node.classList.toggle('expanded'));
  return node;
}

function spoiler(children) {
  const node = h('span', { class: 'spoiler', role: 'button', tabindex: 0 }, children);
  node.addEventListener('click', (event) => {
    if (!node.classList.contains('shown')) event.preventDefault();
    node.classList.add('shown');
  }, true);
  return node;
}

function styled(entity, text, children, actions) {
  switch (entity.type) {
    case 'bold': return h('b', {}, children);
    case 'italic': return h('i', {}, children);
    case 'underline': return h('u', {}, children);
    case 'strikethrough': return h('s', {}, children);
    case 'code': return h('code', { title: t('copy'), onclick: () => actions.copy(text) }, children);
    case 'pre': return h('pre', {}, entity.language ? h('div', { class: 'code-language' }, entity.language) : null, children);
    case 'spoiler': return spoiler(children);
    case 'blockquote': return quote(children, false);
    case 'expandable_blockquote': return quote(children, true);
    case 'text_link': return link(children, entity.url, actions);
    case 'url': return link(children, text, actions);
    case 'email': return h('a', { href: `mailto:${text}` }, children);
    case 'phone_number': return h('a', { href: `tel:${text}` }, children);
    case 'mention': return h('a', { href: '#', onclick: (event) => event.preventDefault() }, children);
    case 'bot_command': return command(text, actions);
    case 'text_mention': case 'hashtag': case 'cashtag': return h('span', { class: 'mention' }, children);
    default: return h('span', {}, children);
  }
}

const isBlock = (node) => node instanceof HTMLElement && ['BLOCKQUOTE', 'PRE'].includes(node.tagName);

/** A quote and a code block end their own line, so the line break beside them must not show as an empty line. */
function withoutDoubleBreaks(nodes) {
  return nodes.map((node, index) => {
    if (typeof node !== 'string') return node;
    let text = node;
    if (isBlock(nodes[index - 1])) text = text.replace(/^\n/, '');
    if (isBlock(nodes[index + 1])) text = text.replace(/\n$/, '');
    return text;
  });
}

function span(text, from, to, entities, linked, actions) {
  const nodes = [];
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    index += 1;
    if (start >= end) continue;
    nodes.push(...plain(text.slice(at, start), linked, actions));
    const inside = [];
    while (index < entities.length && entities[index].offset < end) {
      inside.push(entities[index]);
      index += 1;
    }
    const children = span(text, start, end, inside, linked || LINKED.has(entity.type), actions);
    nodes.push(styled(entity, text.slice(start, end), children, actions));
    at = end;
  }
  nodes.push(...plain(text.slice(at, to), linked, actions));
  return withoutDoubleBreaks(nodes);
}

/** Nodes of `text`; offsets are UTF-16 units, which is what JavaScript counts in. actions: see phone.js. */
export function formatted(text, entities, actions) {
  const ordered = [...(entities ?? [])].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return span(text, 0, text.length, ordered, false, actions);
}
