/** Opens the page: three phones, the clock bar above them, and the stream of events that keeps them true. */

import * as api from './api.js';
import { Clock, ClockBar } from './clockbar.js';
import { h, icon } from './dom.js';
import { languageName } from './format.js';
import { toast } from './overlays.js';
import { askNewPerson, choosePerson } from './persons.js';
import { Phone } from './phone.js';
import { language, setLanguage, t } from './words.js';

const PHONES = 3;
const SLOW_TICK_MS = 15_000;
const LANGUAGE = 'page-language';

const AVATARS = [
  ['#ff8a5c', '#f0574f'], ['#6ec9ff', '#3d8fe0'], ['#9be27a', '#3fa957'], ['#ffce66', '#f0973a'], ['#b79bff', '#7a5fd8'], ['#ff9fc0', '#e0578d'], ['#6fe0d4', '#259c97'],
];

class Stage {
  constructor() {
    this.clock = new Clock();
    this.everybody = [];
    this.places = [];
    this.phones = [];
    this.root = document.getElementById('app');
    this.query = new URLSearchParams(location.search);
  }

  colour(seed) {
    const [light, dark] = AVATARS[Math.abs(Number(seed)) % AVATARS.length];
    return `background:linear-gradient(180deg, ${light}, ${dark})`;
  }

  nameBot(name) {
    document.title = name;
    this.brand.textContent = name;
  }

  async open() {
    await Promise.all([this.readPeople(), this.clock.read(), this.readPlaces()]);
    const wanted = (this.query.get('people') ?? '').split(',').map(Number);
    const chosen = wanted.filter((id) => this.everybody.some((person) => person.id === id));
    const rest = this.everybody.map((person) => person.id).filter((id) => !chosen.includes(id));
    this.ids = [...chosen, ...rest].slice(0, PHONES);
    this.build();
    this.listen();
    setInterval(() => this.tick(), 1000);
    setInterval(() => this.age(), SLOW_TICK_MS);
  }

  async readPeople() {
    this.everybody = await api.people();
  }

  async readPlaces() {
    this.places = await api.places();
  }

  /** Builds everything anew, which is how a change of the page's language reaches every word. */
  build() {
    for (const phone of this.phones) phone.leave();
    this.bar = new ClockBar(this);
    this.brand = h('b', { class: 'brand' });
    this.offline = h('span', { class: 'offline', hidden: true, role: 'status' }, t('offline'));
    this.tabs = h('nav', { class: 'tabs', 'aria-label': t('people') });
    this.row = h('main', { class: 'phones' });
    this.root.replaceChildren(
      h('header', { class: 'top' }, h('div', { class: 'name' }, this.brand, h('span', { class: 'local' }, t('local')), this.offline), this.bar.node, this.languageSwitch()),
      this.hint(), this.tabs, this.row);
    this.phones = this.ids.map((id, index) => this.newPhone(index, id));
    this.row.append(...(this.phones.length ? this.phones.map((phone) => phone.node) : this.nobody()));
    this.row.onscroll = () => this.markTab();
    this.showTabs();
    this.tick();
    this.refreshAll();
  }

  hint() {
    const words = this.ids.length ? t('hint', { menu: '\0menu\0', attach: '\0attach\0' }) : t('noPeople');
    const node = h('p', { class: 'hint', 'data-testid': 'hint' });
    // Text, drawing, and what follows the drawing without a space, in turn.
    words.split(/\0(\w+)\0(\S*)/).forEach((part, index, parts) => {
      if (index % 3 === 0) node.append(part);
      else if (index % 3 === 1) node.append(h('span', { class: 'together' }, icon(part, 15), parts[index + 1]));
    });
    return node;
  }

  /** A sandbox without people has no phone to add one from. */
  nobody() {
    const layer = h('div', { class: 'layer' });
    // The new person's own event gives him a phone.
    return [h('button', { type: 'button', class: 'pill', 'data-testid': 'add-person', onclick: () => askNewPerson(this, layer, () => {}) }, icon('plus', 17), t('newPerson')), layer];
  }

  /** Shows what went wrong outside the chats. */
  tell(error) {
    const layer = this.phones[this.visiblePhone()]?.layer;
    if (layer) toast(layer, error.message);
  }

  newPhone(index, id) {
    return new Phone(this, index, this.everybody.find((person) => person.id === id));
  }

  languageSwitch() {
    const choose = (code) => {
      localStorage.setItem(LANGUAGE, code);
      setLanguage(code);
      this.build();
    };
    return h('div', { class: 'languages', role: 'group', 'aria-label': t('languageSwitch') }, [['en', 'English'], ['zh', '中文']].map(([code, text]) => h('button', {
      type: 'button', 'aria-pressed': String(code === language()), 'data-testid': `language-${code}`, onclick: () => choose(code),
    }, text)));
  }

  /** Another person takes a phone; if he held one already, the two change places. */
  changePerson(index, id) {
    const held = this.ids.indexOf(id);
    if (held === index) return;
    if (held >= 0) this.ids[held] = this.ids[index];
    this.ids[index] = id;
    for (const changed of held >= 0 ? [index, held] : [index]) {
      const old = this.phones[changed];
      const fresh = this.newPhone(changed, this.ids[changed]);
      old.node.replaceWith(fresh.node);
      old.leave();
      this.phones[changed] = fresh;
      fresh.refresh();
      fresh.tick();
    }
    this.showTabs();
  }

  showTabs() {
    this.tabs.replaceChildren(...this.phones.map((phone) => h('button', {
      type: 'button', 'data-testid': `tab-${phone.index}`, onclick: (event) => this.onTab(phone, event.currentTarget),
    }, h('span', { class: 'avatar small', style: this.colour(phone.personId) }, [...phone.person.first_name][0]),
    h('span', { class: 'tab-name' }, phone.person.first_name), h('span', { class: 'chip' }, languageName(phone.person.language_code)),
    h('span', { class: 'badge' }))));
    this.markTab();
  }

  /** A tab shows its phone; tapped again, it asks whose phone that is. */
  onTab(phone, tab) {
    if (phone.index === this.visiblePhone()) choosePerson(this, phone, tab);
    else phone.node.scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' });
  }

  visiblePhone() {
    return Math.round(this.row.scrollLeft / Math.max(1, this.row.clientWidth));
  }

  markTab() {
    const visible = this.visiblePhone();
    [...this.tabs.children].forEach((tab, index) => {
      tab.setAttribute('aria-current', String(index === visible));
      if (index !== visible) return;
      this.phones[index].missed = 0;
      tab.querySelector('.badge').textContent = '';
    });
  }

  /** Messages came to a phone that a narrow screen may not be showing. */
  arrived(phone, count) {
    const narrow = this.row.scrollWidth > this.row.clientWidth + 10;
    if (!narrow || phone.index === this.visiblePhone()) return;
    phone.missed += count;
    this.tabs.children[phone.index].querySelector('.badge').textContent = String(phone.missed);
  }

  tick() {
    this.bar.tick();
    for (const phone of this.phones) phone.tick();
  }

  /** What ends by itself as time goes by, such as live sharing. */
  age() {
    for (const phone of this.phones) phone.age();
  }

  refreshAll() {
    for (const phone of this.phones) phone.refresh();
    this.bar.readActs();
  }

  listen() {
    let lost = false;
    api.listen({
      onEvent: (event) => this.onEvent(event),
      onDown: () => {
        lost = true;
        this.offline.hidden = false;
      },
      onUp: async () => {
        this.offline.hidden = true;
        if (!lost) return;
        lost = false;
        await Promise.all([this.readPeople(), this.clock.read(), this.readPlaces()]);
        this.refreshAll();
      },
    });
  }

  async onEvent(event) {
    if (event.kind === 'clock') {
      await this.clock.read();
      this.tick();
      this.age();
    } else if (event.kind === 'act' || event.kind === 'acts') await this.bar.readActs();
    else if (event.kind === 'places') await this.readPlaces();
    else if (event.kind === 'person') await this.welcome();
    else {
      // A change that names nobody, such as the bot's new commands, concerns every phone.
      for (const phone of this.phones.filter((one) => (event.person_id ?? one.personId) === one.personId)) {
        if (event.kind === 'answer') phone.deeds.onAnswer(event);
        phone.refresh();
      }
    }
  }

  /** Somebody new: he gets a phone if one is free. */
  async welcome() {
    await this.readPeople();
    const free = this.everybody.map((person) => person.id).filter((id) => !this.ids.includes(id)).slice(0, PHONES - this.ids.length);
    if (!free.length) return;
    this.ids.push(...free);
    this.build();
  }
}

const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(LANGUAGE) ?? navigator.language;
setLanguage(/^zh/i.test(asked) ? 'zh' : 'en');
await new Stage().open();
