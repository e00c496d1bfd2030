/** The bar above the phones: the sandbox's time, the buttons that turn it, and the acts that can be played. */

import * as api from './api.js';
import { h, icon } from './dom.js';
import { clockTime, setTimeZone, weekdayAndDay } from './format.js';
import { language, t } from './words.js';

const NARROW = matchMedia('(max-width: 640px)');

/** The sandbox's clock as the server last told it; between two tellings it runs like any other. */
export class Clock {
  constructor() {
    this.ahead = 0;
    this.zone = 'UTC';
  }

  async read() {
    this.take(await api.clock());
  }

  take({ now, offset_s: offset, time_zone: zone }) {
    const instant = typeof now === 'number' ? now * 1000 : Date.parse(now);
    this.ahead = Number.isFinite(instant) ? instant - Date.now() : (offset ?? 0) * 1000;
    this.zone = zone || 'UTC';
    setTimeZone(this.zone);
  }

  now() {
    return Date.now() + this.ahead;
  }
}

export class ClockBar {
  constructor(stage) {
    this.stage = stage;
    this.acts = [];
    this.time = h('span', { class: 'time', 'data-testid': 'clock-time' });
    this.day = h('span', { class: 'weekday', 'data-testid': 'clock-day' });
    this.zone = h('span', { class: 'zone' });
    this.buttons = h('div', { class: 'clock-buttons' },
      this.button(t('clockHour'), 'clock-hour', { advance_s: 3600 }),
      this.button(t('clockEvening'), 'clock-evening', { until: '18:00' }),
      this.button(t('clockMorning'), 'clock-morning', { until: 'morning' }));
    this.actList = h('div', { class: 'acts' });
    this.node = h('div', { class: 'clock-bar' },
      h('div', { class: 'clock', title: t('clockTitle') }, this.time, h('span', { class: 'date' }, this.day, this.zone)),
      this.buttons, this.actList);
  }

  button(text, testid, change) {
    const node = h('button', { type: 'button', class: 'pill', 'data-testid': testid, onclick: async () => {
      node.disabled = true;
      try {
        this.stage.clock.take(await api.turnClock(change));
        this.stage.tick();
      } catch (error) {
        this.stage.tell(error);
      } finally {
        node.disabled = false;
      }
    } }, text);
    return node;
  }

  tick() {
    const now = this.stage.clock.now();
    this.time.textContent = clockTime(now);
    this.day.textContent = weekdayAndDay(now, NARROW.matches);
    this.zone.textContent = this.stage.clock.zone.split('/').pop().replace(/_/g, ' ');
  }

  async readActs() {
    this.showActs(await api.acts());
  }

  showActs(acts) {
    this.actList.replaceChildren(...acts.map(({ id, title, running, failed }) => h('button', {
      type: 'button', class: running ? 'pill act running' : 'pill act', disabled: running, title: failed || null, 'data-testid': `act-${id}`,
      onclick: async (event) => {
        event.currentTarget.disabled = true;
        try {
          await api.startAct(id);
        } catch (error) {
          this.stage.tell(error);
        } finally {
          await this.readActs();
        }
      },
    }, running ? h('span', { class: 'live-dot' }) : icon('play', 15), title[language()] ?? title.en ?? id)));
  }
}
