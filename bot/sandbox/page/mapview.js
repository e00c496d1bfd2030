/** The map a person drags, zooms and taps: land, places with names, and where he stands. */

import { h } from './dom.js';
import { distance } from './format.js';
import { Plane } from './geo.js';
import { drawLand, groundAt } from './land.js';
import { language, t } from './words.js';

export const GRADES = { A: '#e2483d', B: '#f29a2e', C: '#2f8fe0', D: '#7a8794' };
const NO_GRADE = '#8a63d2';
const NEAREST = 1.6;       // pixels a metre
const FARTHEST = 0.0006;
const NAMED = 0.045;       // pixels a metre from which names are readable
const REACH = 12;          // pixels around a dot that still mean the dot

export const gradeColour = (grade) => GRADES[String(grade ?? '').slice(0, 1).toUpperCase()] ?? NO_GRADE;

export class MapView {
  /** choose(place, dot): called with {latitude, longitude} and the tapped place's record, or null. */
  constructor({ places, cities, choose }) {
    Object.assign(this, { places, cities, choose, standing: null, pointers: new Map(), dragged: 0 });
    this.canvas = h('canvas', { 'data-testid': 'map', 'aria-label': t('tapTheMap'), tabindex: 0 });
    this.me = h('div', { class: 'me', 'data-testid': 'map-me', hidden: true });
    this.scaleBar = h('div', { class: 'scale-bar' });
    this.node = h('div', { class: 'map-view' }, this.canvas, this.me, this.scaleBar, h('div', { class: 'drawn' }, t('drawn')));
    this.listen();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.node);
  }

  close() {
    this.sizes.disconnect();
  }

  /** Puts a place in the middle; scale in pixels a metre. */
  look(place, scale) {
    this.ground = groundAt(place, this.places);
    Object.assign(this, this.ground.plane.at(place), { scale });
    this.redraw();
  }

  /** Shows all of a city's places. */
  fit(city) {
    const plane = new Plane(city.centre);
    const points = city.places.map((place) => plane.at(place));
    const span = (field) => [Math.min(...points.map((point) => point[field])), Math.max(...points.map((point) => point[field]))];
    const [[left, right], [top, bottom]] = [span('x'), span('y')];
    const room = (pixels, metres) => pixels / Math.max(metres, 800);
    const scale = 0.84 * Math.min(room(this.width || 400, right - left), room(this.height || 400, bottom - top));
    this.look(plane.place({ x: (left + right) / 2, y: (top + bottom) / 2 }), scale);
  }

  stand(place, { accuracy, live }) {
    this.standing = place && { ...place, accuracy };
    this.me.hidden = !place;
    this.me.classList.toggle('live', Boolean(live));
    this.redraw();
  }

  resize() {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.width = this.node.clientWidth;
    this.height = this.node.clientHeight;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ratio = ratio;
    this.onFirstSize?.();
    this.onFirstSize = null;
    this.draw();
  }

  /** Runs once the map knows how large it is. */
  whenSized(action) {
    if (this.width) action();
    else this.onFirstSize = action;
  }

  pixel(place) {
    const { x, y } = this.ground.plane.at(place);
    return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
  }

  placeAt(left, top) {
    return this.ground.plane.place({ x: this.x + (left - this.width / 2) / this.scale, y: this.y + (top - this.height / 2) / this.scale });
  }

  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const held = this.placeAt(left, top);
    this.scale = Math.min(NEAREST, Math.max(FARTHEST, this.scale * factor));
    const [nowLeft, nowTop] = this.pixel(held);
    this.pan(left - nowLeft, top - nowTop);
  }

  pan(right, down) {
    this.x -= right / this.scale;
    this.y -= down / this.scale;
    const middle = this.placeAt(this.width / 2, this.height / 2);
    const ground = groundAt(middle, this.places);
    // Close to another city its own ground takes over; from afar no streets show, and nothing jumps.
    if (this.scale > 0.003 && ground.salt !== this.ground.salt) this.look(middle, this.scale);
    else this.redraw();
  }

  redraw() {
    if (!this.waiting) this.waiting = requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.waiting);
    this.waiting = null;
    if (!this.width || !this.ground) return;
    const context = this.canvas.getContext('2d');
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    drawLand(context, this.ground, this);
    if (this.standing) this.drawStanding(context);
    this.drawPlaces(context);
    this.drawScaleBar();
    const middle = this.placeAt(this.width / 2, this.height / 2);
    Object.assign(this.canvas.dataset, {
      latitude: middle.latitude.toFixed(6), longitude: middle.longitude.toFixed(6), metresPerPixel: (1 / this.scale).toFixed(4),
    });
  }

  drawStanding(context) {
    const [left, top] = this.pixel(this.standing);
    this.me.style.transform = `translate(${left}px, ${top}px)`;
    context.beginPath();
    context.arc(left, top, this.standing.accuracy * this.scale, 0, 7);
    context.fillStyle = 'rgba(51, 144, 236, .14)';
    context.fill();
    context.strokeStyle = 'rgba(51, 144, 236, .45)';
    context.lineWidth = 1;
    context.stroke();
  }

  drawPlaces(context) {
    const radius = this.scale > NAMED ? 6 : this.scale > 0.01 ? 4.5 : 3;
    const seen = [];
    for (const place of this.places) {
      const [left, top] = this.pixel(place);
      if (left < -80 || top < -20 || left > this.width + 80 || top > this.height + 20) continue;
      context.beginPath();
      context.arc(left, top, radius, 0, 7);
      context.fillStyle = gradeColour(place.grade);
      context.fill();
      context.strokeStyle = '#fff';
      context.lineWidth = 1.6;
      context.stroke();
      seen.push({ text: place.name, left, top: top + radius + 11, place });
    }
    if (this.scale > NAMED) this.drawNames(context, seen, '500 11.5px');
    else if (this.scale < 0.006) {
      this.drawNames(context, this.cities.filter((city) => city.names).map((city) => {
        const [left, top] = this.pixel(city.centre);
        return { text: city.names[language()], left, top: top - 12 };
      }), '600 14px');
    }
  }

  drawNames(context, labels, font) {
    const taken = [];
    context.font = `${font} system-ui, "Noto Sans SC", "PingFang SC", sans-serif`;
    context.textAlign = 'center';
    context.lineJoin = 'round';
    for (const { text, left, top } of labels) {
      const short = text.length > 26 ? `${text.slice(0, 25)}…` : text;
      const half = context.measureText(short).width / 2 + 3;
      const box = [left - half, top - 12, left + half, top + 4];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      context.strokeStyle = 'rgba(255, 255, 255, .92)';
      context.lineWidth = 3.5;
      context.strokeText(short, left, top);
      context.fillStyle = '#2b3945';
      context.fillText(short, left, top);
    }
  }

  drawScaleBar() {
    const most = 90 / this.scale;
    const power = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((times) => times * power).find((length) => length <= most);
    this.scaleBar.style.width = `${(metres * this.scale).toFixed(1)}px`;
    this.scaleBar.textContent = distance(metres);
  }

  dotAt(left, top) {
    let best = null;
    for (const place of this.places) {
      const [x, y] = this.pixel(place);
      const away = Math.hypot(x - left, y - top);
      if (away < REACH && (!best || away < best.away)) best = { place, away };
    }
    return best?.place ?? null;
  }

  tap(left, top) {
    const dot = this.dotAt(left, top);
    this.choose(dot ? { latitude: dot.latitude, longitude: dot.longitude } : this.placeAt(left, top), dot);
  }

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => this.onDown(event));
    canvas.addEventListener('pointermove', (event) => this.onMove(event));
    canvas.addEventListener('pointerup', (event) => this.onUp(event));
    canvas.addEventListener('pointercancel', (event) => this.pointers.delete(event.pointerId));
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * 0.0016), ...this.spot(event));
    }, { passive: false });
    canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (step) this.pan(...step);
      else if (event.key === '+' || event.key === '=') this.zoom(1.5);
      else if (event.key === '-') this.zoom(1 / 1.5);
      else if (event.key === 'Enter') this.tap(this.width / 2, this.height / 2);
    });
  }

  onDown(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.spot(event));
    this.dragged = 0;
    const [left, top] = this.spot(event);
    const [meLeft, meTop] = this.standing ? this.pixel(this.standing) : [-99, -99];
    this.carrying = Math.hypot(left - meLeft, top - meTop) < 16;
  }

  onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      this.canvas.title = this.dotAt(...this.spot(event))?.name ?? '';
      return;
    }
    const now = this.spot(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    this.dragged += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (other) {
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      this.zoom(apart(now) / Math.max(1, apart(before)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else if (this.carrying && this.dragged > 4) this.choose(this.placeAt(...now), null);
    else if (this.dragged > 4) this.pan(now[0] - before[0], now[1] - before[1]);
  }

  onUp(event) {
    const tapped = this.pointers.delete(event.pointerId) && this.dragged <= 4;
    if (tapped) this.tap(...this.spot(event));
  }
}
