/** Keeps the scrolling list of a chat: only rows that changed are drawn again, and the reader's place never jumps. */

import { dayRow, messageRow } from './bubble.js';
import { h, icon } from './dom.js';
import { dayKey } from './format.js';
import { isLive } from './placecard.js';
import { t } from './words.js';

const WINDOW = 120;        // rows drawn at first: a few screens; thousands would make every update slow
const AT_BOTTOM = 48;      // pixels from the end that still count as reading the end
const NEAR_TOP = 300;      // pixels from the top at which earlier messages are fetched
const DAY_SHOWN_MS = 1200;

/** Rows of a chat: day separators, messages, and albums as one row; `last` closes a run of one side and gets the tail. */
export function rowsOf(messages) {
  const rows = [];
  let day = '';
  for (const message of messages) {
    const at = message.date * 1000;
    const today = dayKey(at);
    if (today !== day) rows.push({ key: `day-${today}`, at });
    day = today;
    const before = rows[rows.length - 1];
    if (message.media_group_id && before.album === message.media_group_id && message.photo) before.messages.push(message);
    else {
      rows.push({
        key: `message-${message.message_id}`, messages: [message], outgoing: Boolean(message.outgoing),
        album: message.photo ? message.media_group_id : undefined,
      });
    }
  }
  rows.forEach((row, index) => {
    const next = rows[index + 1];
    row.last = !next?.messages || next.outgoing !== row.outgoing;
  });
  return rows;
}

export class Timeline {
  constructor(actions, readOlder) {
    this.actions = actions;
    this.readOlder = readOlder;
    this.messages = [];
    this.drawn = new Map();
    this.shown = WINDOW;
    this.pinned = true;
    this.unread = 0;
    this.highest = 0;
    this.list = h('div', { class: 'rows', role: 'log', 'aria-live': 'polite' });
    this.scroller = h('div', { class: 'scroller', 'data-testid': 'messages', tabindex: 0 }, this.list);
    this.badge = h('span', { class: 'badge' });
    this.jump = h('button', { type: 'button', class: 'jump', hidden: true, 'data-testid': 'jump', onclick: () => this.toBottom(true) },
      icon('down', 24), this.badge);
    this.floating = h('div', { class: 'day floating', 'aria-hidden': 'true' }, h('span', {}));
    this.node = h('div', { class: 'timeline' }, this.scroller, this.floating, this.jump);
    this.lastTop = 0;
    this.scroller.addEventListener('scroll', () => this.onScroll());
    // A keyboard that opens, or a photo sheet that closes, changes the height below the reader.
    this.sizes = new ResizeObserver(() => { if (this.pinned) this.toBottom(); });
    this.sizes.observe(this.scroller);
    this.sizes.observe(this.list);
  }

  close() {
    this.sizes.disconnect();
    clearTimeout(this.dayEnds);
  }

  onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atBottom = scrollHeight - scrollTop - clientHeight < AT_BOTTOM;
    // Only a person scrolls up. A chat that grew under a reader of its end has not moved away from him.
    if (atBottom) this.pinned = true;
    else if (scrollTop < this.lastTop - 1) this.pinned = false;
    this.lastTop = scrollTop;
    if (!this.pinned) this.showDay();
    if (this.pinned) this.unread = 0;
    this.showJump();
    if (scrollTop >= NEAR_TOP) return;
    if (this.hidden > 0) {
      this.shown += WINDOW;
      this.draw(false);
    } else this.readOlder();
  }

  /** While somebody scrolls, says which day he looks at. */
  showDay() {
    const days = [...this.list.querySelectorAll('.day')].filter((day) => day.offsetTop < this.scroller.scrollTop);
    if (!days.length) return;
    this.floating.firstChild.textContent = days[days.length - 1].textContent;
    this.floating.classList.add('shown');
    clearTimeout(this.dayEnds);
    this.dayEnds = setTimeout(() => this.floating.classList.remove('shown'), DAY_SHOWN_MS);
  }

  showJump() {
    this.jump.hidden = this.pinned;
    this.badge.textContent = this.unread ? String(this.unread) : '';
    this.jump.setAttribute('aria-label', t('unread', { count: this.unread }));
  }

  toBottom(smoothly = false) {
    this.pinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smoothly ? 'smooth' : 'instant' });
    this.unread = 0;
    this.showJump();
  }

  /** Shows these messages; returns how many of them came in from the bot since the last time. */
  show(messages) {
    const first = this.highest === 0;
    const fresh = messages.filter((message) => message.message_id > this.highest);
    const arrived = first ? 0 : fresh.filter((message) => !message.outgoing).length;
    for (const message of fresh) this.highest = Math.max(this.highest, message.message_id);
    if (fresh.some((message) => message.outgoing) && !first) this.pinned = true;
    if (!this.pinned) this.unread += arrived;
    // Older messages have come for a reader who waits at the top, where no more scrolling will ask for them.
    if (!this.pinned && this.scroller.scrollTop < NEAR_TOP && messages.length > this.messages.length) this.shown += WINDOW;
    this.messages = messages;
    this.draw(!first);
    return arrived;
  }

  /** Draws again what depends on the time of day: live locations that ended, "Today". */
  refresh() {
    if (this.messages.length) this.draw(false);
  }

  draw(animated) {
    const rows = rowsOf(this.messages);
    this.hidden = Math.max(0, rows.length - this.shown);
    const place = this.pinned ? null : this.readingPlace();
    this.reconcile(rows.slice(this.hidden), animated);
    if (this.pinned) this.toBottom();
    else this.restore(place);
    this.showJump();
  }

  reconcile(rows, animated) {
    const now = this.actions.now();
    const today = dayKey(now);
    const kept = new Set();
    let before = null;
    for (const row of rows) {
      const sign = row.messages
        ? JSON.stringify([row.messages, row.last, row.messages.map((message) => isLive(message, now))])
        : today;
      let drawn = this.drawn.get(row.key);
      if (!drawn || drawn.sign !== sign) {
        const node = row.messages ? messageRow(row, now, this.actions) : dayRow(row, now);
        if (drawn) drawn.node.replaceWith(node);
        else if (animated) node.classList.add('arriving');
        drawn = { node, sign };
        node.dataset.row = row.key;
        this.drawn.set(row.key, drawn);
      }
      const expected = before ? before.nextSibling : this.list.firstChild;
      if (drawn.node !== expected) this.list.insertBefore(drawn.node, expected);
      before = drawn.node;
      kept.add(row.key);
    }
    for (const [key, { node }] of this.drawn) {
      if (kept.has(key)) continue;
      node.remove();
      this.drawn.delete(key);
    }
  }

  /** The first row on the screen and how far below the top it is. */
  readingPlace() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const node of this.list.children) {
      const box = node.getBoundingClientRect();
      if (box.bottom > top) return { key: node.dataset.row, offset: box.top - top };
    }
    return null;
  }

  restore(place) {
    const node = place && this.drawn.get(place.key)?.node;
    if (!node) return;
    const moved = node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top - place.offset;
    if (Math.abs(moved) > 0.5) this.scroller.scrollTop += moved;
  }
}
