/** One phone: its frame, header, chat and composer, always showing what the server says this person sees. */

import { Account, SimError } from './api.js';
import { Composer } from './composer.js';
import { Deeds } from './deeds.js';
import { h, icon, iconButton } from './dom.js';
import { formatted } from './entities.js';
import { clockTime, languageName } from './format.js';
import { dialog, popup, toast } from './overlays.js';
import { choosePerson } from './persons.js';
import { whereabouts } from './placepicker.js';
import { Timeline } from './timeline.js';
import { t } from './words.js';

const AT_ONCE = 300;         // messages read at a time; a reader who scrolls up asks for more
const TYPING_MS = 5000;      // how long Telegram shows a chat action
const TYPING = {
  upload_photo: 'sendingPhoto', upload_document: 'sendingFile', upload_video: 'sendingFile', upload_voice: 'sendingFile',
};

export class Phone {
  /** stage: {clock, places, people(), phones, colour(seed), changePerson(index, id), addPerson(...)} from app.js. */
  constructor(stage, index, person) {
    Object.assign(this, { stage, index, person, personId: person.id, chat: null, seenNotices: null, missed: 0, limit: AT_ONCE });
    this.account = new Account(person.id);
    this.deeds = new Deeds(this);
    this.timeline = new Timeline(this.deeds, () => this.readOlder());
    this.composer = new Composer(this.deeds);
    this.layer = h('div', { class: 'layer' });
    this.empty = h('div', { class: 'empty', hidden: true });
    this.placeBar = h('button', { type: 'button', class: 'place-bar', hidden: true, 'data-testid': 'place', onclick: () => this.deeds.pickPlace({}) });
    this.screen = h('div', { class: 'screen' },
      this.statusBar(), this.header(), this.placeBar,
      h('div', { class: 'wallpaper' }, this.timeline.node, this.empty), this.composer.node, this.layer);
    this.node = h('article', { class: 'phone', 'data-testid': `phone-${index}`, 'data-person': person.id }, this.owner(), h('div', { class: 'frame' }, this.screen));
    this.acceptDrops();
    this.showPlace();
  }

  owner() {
    const { first_name: first, last_name: last, language_code: code, id } = this.person;
    return h('button', {
      type: 'button', class: 'owner', 'data-testid': `person-${this.index}`, title: t('choosePerson'),
      onclick: (event) => choosePerson(this.stage, this, event.currentTarget),
    }, h('span', { class: 'avatar small', style: this.stage.colour(id) }, [...first][0]),
    h('b', {}, [first, last].filter(Boolean).join(' ')), h('span', { class: 'chip' }, languageName(code)), icon('down', 16));
  }

  statusBar() {
    this.statusTime = h('time', {});
    return h('div', { class: 'status-bar', 'aria-hidden': 'true' }, this.statusTime,
      h('span', { class: 'signal' }, [4, 6, 8, 10].map((height) => h('i', { style: `height:${height}px` }))), h('span', { class: 'battery' }));
  }

  header() {
    this.botAvatar = h('span', { class: 'avatar' });
    this.title = h('b', { 'data-testid': 'bot-name' });
    this.subtitle = h('span', { class: 'subtitle', 'data-testid': 'subtitle' }, t('connecting'));
    const more = iconButton('more', t('more'), () => this.askMore(more), { 'data-testid': 'more' });
    return h('header', { class: 'chat-head' }, this.botAvatar, h('div', { class: 'chat-about' }, this.title, this.subtitle), more);
  }

  askMore(button) {
    const box = button.getBoundingClientRect();
    const blocked = this.blocked();
    popup(this.layer, {
      x: box.right - 210, y: box.bottom, items: [
        { text: t('location'), icon: 'pin', testid: 'more-location', action: () => this.deeds.pickPlace({}) },
        {
          text: t(blocked ? 'unblock' : 'block'), icon: 'block', testid: blocked ? 'unblock' : 'block', danger: !blocked,
          action: () => this.deeds.block(!blocked),
        },
      ],
    });
  }

  blocked() {
    return Boolean(this.chat?.blocked);
  }

  /** Reads the chat again; calls that arrive meanwhile become one more reading. */
  async refresh() {
    if (this.reading) {
      this.stale = true;
      return this.reading;
    }
    this.reading = this.read();
    try {
      return await this.reading;
    } finally {
      this.reading = null;
    }
  }

  async read() {
    do {
      this.stale = false;
      try {
        const chat = await this.account.chat(this.limit);
        if (!this.gone) this.show(chat);
      } catch (error) {
        if (!(error instanceof SimError || error instanceof TypeError)) throw error;
        this.subtitle.textContent = t('noBot');
      }
    } while (this.stale && !this.gone);
  }

  readOlder() {
    if (this.reading || (this.chat?.messages.length ?? 0) < this.limit) return;
    this.limit += AT_ONCE;
    this.refresh();
  }

  show(chat) {
    this.chat = chat;
    this.person = { ...this.person, ...chat.person };
    const name = chat.bot.first_name || chat.bot.username;
    this.title.textContent = name;
    this.botAvatar.textContent = [...name][0];
    this.botAvatar.style.cssText = this.stage.colour(chat.bot.id);
    this.stage.nameBot(name);
    const arrived = this.timeline.show(chat.messages);
    if (arrived) this.stage.arrived(this, arrived);
    this.showNotices(chat.notices ?? []);
    this.showTyping(chat.typing, arrived);
    this.showEmpty(chat);
    this.showComposer(chat);
    this.showPlace();
    this.sheet?.update?.();
  }

  showComposer(chat) {
    let wide = null;
    if (this.blocked()) wide = { text: t('restart'), testid: 'restart', action: () => this.deeds.block(false) };
    else if (!chat.messages.length) wide = { text: t('start'), testid: 'start', action: () => this.deeds.say('/start') };
    this.composer.show({ commands: chat.commands ?? [], keyboard: chat.keyboard, menu: chat.menu_button, wide });
  }

  showEmpty(chat) {
    this.empty.hidden = chat.messages.length > 0;
    if (this.empty.hidden) return;
    const description = chat.bot.description;
    this.empty.replaceChildren(description
      ? h('div', { class: 'about-bot' }, h('b', {}, t('whatCanIDo')), h('div', { class: 'text' }, formatted(description, [], this.deeds)))
      : h('div', { class: 'about-bot short' }, t('emptyChat')));
  }

  showTyping(typing, arrived) {
    clearTimeout(this.typingEnds);
    const action = typeof typing === 'object' && typing ? typing.action : typing;
    const shown = Boolean(action) && !arrived;
    this.subtitle.classList.toggle('typing', shown);
    this.subtitle.replaceChildren(shown ? t(TYPING[action] ?? 'typing') : t('bot'), shown ? h('span', { class: 'dots' }, h('i'), h('i'), h('i')) : '');
    if (shown) this.typingEnds = setTimeout(() => this.showTyping(null), TYPING_MS);
  }

  /** Answers to taps: each is shown once; those from before the page was opened are history. */
  showNotices(notices) {
    const keys = notices.map((notice) => String(notice.id ?? `${notice.at} ${notice.text}`));
    const fresh = this.seenNotices ? notices.filter((_, index) => !this.seenNotices.has(keys[index])) : [];
    this.seenNotices = new Set(keys);
    for (const notice of fresh) {
      if (!notice.text) continue;
      if (notice.show_alert) dialog(this.layer, { text: notice.text, buttons: [{ text: t('ok'), primary: true, testid: 'alert-ok' }] });
      else toast(this.layer, notice.text);
    }
  }

  paintWaiting() {
    for (const row of this.timeline.list.querySelectorAll('[data-message-id]')) {
      const message = { message_id: Number(row.dataset.messageId) };
      for (const key of row.querySelectorAll('.inline-key')) key.classList.toggle('waiting', this.deeds.isWaiting(message, key.dataset.callback));
    }
  }

  showPlace() {
    const { place } = this.deeds;
    this.placeBar.hidden = !place;
    if (!place) return;
    const live = Boolean(this.deeds.liveMessage());
    this.placeBar.classList.toggle('live', live);
    this.placeBar.replaceChildren(live ? h('span', { class: 'live-dot' }) : icon('pin', 15),
      h('span', {}, whereabouts(place, this.stage.places)), h('b', {}, t('move')));
  }

  tick() {
    this.statusTime.textContent = clockTime(this.stage.clock.now());
  }

  age() {
    this.timeline.refresh();
    this.showPlace();
    this.sheet?.update?.();
  }

  /** Sheets cover the chat one at a time. */
  openSheet(sheet) {
    this.sheet?.close();
    this.sheet = sheet;
    this.screen.append(sheet.node);
  }

  closed() {
    this.sheet = null;
  }

  acceptDrops() {
    const mark = (on) => (event) => {
      event.preventDefault();
      this.screen.classList.toggle('dropping', on);
    };
    this.screen.dataset.drop = t('dropHere');
    this.screen.addEventListener('dragover', mark(true));
    this.screen.addEventListener('dragleave', mark(false));
    this.screen.addEventListener('drop', (event) => {
      mark(false)(event);
      if (event.dataTransfer.files.length) this.deeds.drop([...event.dataTransfer.files]);
    });
  }

  leave() {
    this.gone = true;
    clearTimeout(this.typingEnds);
    this.sheet?.close();
    this.timeline.close();
    this.node.remove();
  }
}
