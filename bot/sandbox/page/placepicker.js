/** The sheet in which a person chooses where he stands, sends the place, or shares it live and walks about. */

import { h, icon, iconButton } from './dom.js';
import { distance } from './format.js';
import { citiesOf, nearest } from './geo.js';
import { gradeColour, GRADES, MapView } from './mapview.js';
import { language, t } from './words.js';

const LIVE_S = 3600;
const LEAST = 5;            // metres: what a phone under the open sky knows
const MOST = 1500;          // metres: Bot API's bound of horizontal_accuracy
const STREETS = 0.34;       // pixels a metre: a neighbourhood
const NEAR = 25;            // metres within which one stands "at" a place

const cityLists = new WeakMap();

function citiesFor(places) {
  if (!cityLists.has(places)) cityLists.set(places, citiesOf(places));
  return cityLists.get(places);
}

/** "At Corner Café", "120 m from Corner Café", or the bare coordinates far from everything. */
export function whereabouts(place, places) {
  const near = nearest(place, places);
  if (!near || near.metres > 5000) return `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  if (near.metres <= NEAR) return t('standsAt', { name: near.place.name });
  return t('standsNear', { name: near.place.name, metres: distance(near.metres) });
}

// The slider is logarithmic: the difference between 5 m and 50 m matters, that between 1,400 m and 1,500 m does not.
const toSlider = (metres) => Math.round((1000 * Math.log(metres / LEAST)) / Math.log(MOST / LEAST));
const fromSlider = (value) => Math.round(LEAST * (MOST / LEAST) ** (value / 1000));

export class PlacePicker {
  /**
   * actions: see phone.js. options: centre (look there first), onSend(place) (what "send" does instead of sending a
   * location message), title.
   */
  constructor(actions, { centre = null, onSend = null, title = t('location') } = {}) {
    const places = actions.places();
    Object.assign(this, { actions, onSend, places, cities: citiesFor(places) });
    const standing = actions.standing();
    this.accuracy = standing?.horizontal_accuracy ?? 15;
    this.place = standing;
    this.map = new MapView({ places, cities: this.cities, choose: (place) => this.choose(place) });
    this.node = h('section', { class: 'sheet place-picker', 'data-testid': 'place-picker' },
      h('header', { class: 'sheet-head' }, h('h2', {}, title), iconButton('close', t('close'), () => this.close(), { 'data-testid': 'map-close' })),
      this.search(), this.map.node, this.foot());
    this.map.node.append(this.zoomButtons(), this.legend());
    this.map.whenSized(() => this.lookAtFirst(centre ?? standing));
    this.update();
  }

  lookAtFirst(place) {
    if (place) this.map.look(place, STREETS);
    else if (this.cities.length) this.map.fit(this.cities[0]);
    else this.map.look({ latitude: 31.2304, longitude: 121.4737 }, 0.1);
    this.update();
  }

  search() {
    const results = h('div', { class: 'results', hidden: true });
    const field = h('input', { type: 'search', placeholder: t('findPlace'), 'aria-label': t('findPlace'), 'data-testid': 'map-search', autocomplete: 'off' });
    const show = () => {
      const words = field.value.trim().toLowerCase();
      const found = words ? this.places.filter((place) => place.name.toLowerCase().includes(words)).slice(0, 8) : [];
      results.hidden = !found.length;
      results.replaceChildren(...found.map((place) => h('button', {
        type: 'button', 'data-testid': 'map-result', onclick: () => {
          field.value = '';
          results.hidden = true;
          this.map.look(place, STREETS);
          this.choose({ latitude: place.latitude, longitude: place.longitude });
        },
      }, h('i', { class: 'dot', style: `background:${gradeColour(place.grade)}` }), place.name)));
    };
    field.addEventListener('input', show);
    const cities = this.cities.length < 2 ? null : h('div', { class: 'cities' }, this.cities.slice(0, 6).map((city, index) => h('button', {
      type: 'button', class: 'city', 'data-testid': `map-city-${index}`, onclick: () => this.map.fit(city),
    }, city.names?.[language()] ?? t('city', { number: index + 1 }), h('small', {}, String(city.places.length)))));
    return h('div', { class: 'map-search' }, h('label', { class: 'search' }, icon('search', 18), field), results, cities);
  }

  zoomButtons() {
    return h('div', { class: 'zoom' },
      iconButton('plus', t('zoomIn'), () => this.map.zoom(1.8), { 'data-testid': 'map-zoom-in' }),
      iconButton('minus', t('zoomOut'), () => this.map.zoom(1 / 1.8), { 'data-testid': 'map-zoom-out' }));
  }

  legend() {
    const grades = Object.keys(GRADES).filter((grade) => this.places.some((place) => gradeColour(place.grade) === GRADES[grade]));
    return h('div', { class: 'legend' }, grades.map((grade) => h('span', {}, h('i', { class: 'dot', style: `background:${GRADES[grade]}` }), grade)));
  }

  foot() {
    this.where = h('div', { class: 'where', 'data-testid': 'map-where' });
    this.accuracyText = h('output', {});
    const slider = h('input', {
      type: 'range', min: 0, max: 1000, value: toSlider(this.accuracy), 'data-testid': 'map-accuracy', 'aria-label': t('accuracy'),
    });
    slider.addEventListener('input', () => {
      this.accuracy = fromSlider(Number(slider.value));
      this.update();
    });
    this.sendButton = h('button', { type: 'button', class: 'primary', 'data-testid': 'map-send', onclick: () => this.send() }, t('sendPlace'));
    this.liveButton = h('button', { type: 'button', class: 'secondary', 'data-testid': 'map-live', onclick: () => this.share() }, icon('live', 18), t('shareLive'));
    this.stopButton = h('button', {
      type: 'button', class: 'secondary stop', 'data-testid': 'map-stop', onclick: () => this.actions.stopLive(this.actions.liveMessage()),
    }, t('stopLive'));
    return h('footer', { class: 'map-foot' }, this.where,
      h('label', { class: 'accuracy' }, h('span', {}, t('accuracy')), slider, this.accuracyText),
      h('div', { class: 'map-buttons' }, this.liveButton, this.stopButton, this.sendButton));
  }

  /** Called again by the phone when its chat changed: a live location may have begun or ended. */
  update() {
    const live = Boolean(this.actions.liveMessage());
    this.accuracyText.textContent = `± ${distance(this.accuracy)}`;
    this.where.textContent = this.place ? whereabouts(this.place, this.places) : t('tapTheMap');
    this.where.classList.toggle('live', live);
    if (live && this.place) this.where.textContent += ` · ${t('liveMove')}`;
    this.sendButton.disabled = this.liveButton.disabled = !this.place;
    this.liveButton.hidden = live || Boolean(this.onSend);
    this.stopButton.hidden = !live;
    this.map.stand(this.place, { accuracy: this.accuracy, live });
  }

  choose(place) {
    this.place = { latitude: Number(place.latitude.toFixed(6)), longitude: Number(place.longitude.toFixed(6)) };
    this.actions.standAt({ ...this.place, horizontal_accuracy: this.accuracy });
    this.update();
  }

  chosen() {
    const place = { latitude: this.place.latitude, longitude: this.place.longitude, horizontal_accuracy: this.accuracy };
    this.actions.standAt(place);
    return place;
  }

  send() {
    const place = this.chosen();
    this.close();
    if (this.onSend) this.onSend(place);
    else this.actions.send({ location: place });
  }

  share() {
    const place = this.chosen();
    this.close();
    this.actions.send({ location: { ...place, live_period: LIVE_S } });
  }

  close() {
    this.map.close();
    this.node.remove();
    this.actions.closed(this);
  }
}
