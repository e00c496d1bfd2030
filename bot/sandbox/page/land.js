/** Draws an invented but steady city: land, blocks, parks, a river and streets, the same at the same place every time. */

import { citiesOf, metresBetween, Plane } from './geo.js';

const COLOURS = {
  land: '#f3f1ea', block: '#edeae1', shops: '#f6ecdd', park: '#d3e8c5', river: '#b5d9ee', riverEdge: '#a3cde6', building: '#e1ddd1',
  street: '#ffffff', streetEdge: '#dcd8cc', avenue: '#fdeec2', avenueEdge: '#e6d29a',
};
const AVENUE = 1600;    // metres between avenues
const STREET = 400;
const LANE = STREET / 3;
const GARDEN = 800;     // metres, the side of a large park
const RIVER = 90;       // metres, half the river's width

/** A number from 0 to 1 that is the same for the same cell. */
function chance(i, j, salt) {
  let mixed = (Math.imul(i | 0, 374761393) + Math.imul(j | 0, 668265263) + Math.imul(salt | 0, 974634541)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 1274126177);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
}

/** A city's own ground: how its grid is turned and bent, and where its river runs. */
class Ground {
  constructor(centre, places) {
    this.plane = new Plane(centre);
    this.salt = Math.round(centre.latitude * 10) * 7919 + Math.round(centre.longitude * 10);
    this.turn = (chance(this.salt, 1, 1) - 0.5) * 0.7;
    this.cos = Math.cos(this.turn);
    this.sin = Math.sin(this.turn);
    this.river = this.dryShift(places.map((place) => this.plane.at(place)));
  }

  /** From the straight grid (u, v) to the bent and turned plane. */
  bend(u, v) {
    const x = u + 55 * Math.sin(v / 640 + this.salt) + 18 * Math.sin(v / 211);
    const y = v + 55 * Math.sin(u / 710 + this.salt) + 18 * Math.sin(u / 187);
    return [x * this.cos - y * this.sin, x * this.sin + y * this.cos];
  }

  riverAt(x, shift) {
    return shift + 1300 * Math.sin(x / 5200 + this.salt) + 420 * Math.sin(x / 1700 + 2) + x * 0.18;
  }

  /** The river's course that keeps farthest from everybody's door, so that nobody lives in the water. */
  dryShift(points) {
    let best = { shift: 0, score: -Infinity };
    for (let shift = -4000; shift <= 4000; shift += 160) {
      const clear = points.reduce((least, { x, y }) => Math.min(least, Math.abs(y - this.riverAt(x, shift))), 600);
      const score = clear - Math.abs(shift) / 40;
      if (score > best.score) best = { shift, score };
    }
    return best.shift;
  }
}

const grounds = new WeakMap();

/** The grounds of a list of places, made once for that list: [{ground, centre}]. */
function groundsOf(places) {
  if (!grounds.has(places)) {
    grounds.set(places, citiesOf(places).map(({ centre, places: own }) => ({ centre, ground: new Ground(centre, own) })));
  }
  return grounds.get(places);
}

/** The ground under a point: its city's, or one of its own where no places are known near by. */
export function groundAt(point, places) {
  const near = groundsOf(places).filter(({ centre }) => metresBetween(centre, point) < 80_000)
    .sort((one, other) => metresBetween(one.centre, point) - metresBetween(other.centre, point))[0];
  if (near) return near.ground;
  const round = (degrees) => Math.round(degrees * 5) / 5;
  return new Ground({ latitude: round(point.latitude), longitude: round(point.longitude) }, []);
}

class Sheet {
  constructor(context, ground, view) {
    Object.assign(this, { context, ground, view });
    const reach = Math.hypot(view.width, view.height) / 2 / view.scale + 150;
    const u = view.x * ground.cos + view.y * ground.sin;
    const v = -view.x * ground.sin + view.y * ground.cos;
    this.box = { left: u - reach, right: u + reach, top: v - reach, bottom: v + reach };
  }

  pixel(x, y) {
    const { view } = this;
    return [(x - view.x) * view.scale + view.width / 2, (y - view.y) * view.scale + view.height / 2];
  }

  /** Adds a straight piece of the grid to the current path, bent every few dozen metres. */
  trace(u1, v1, u2, v2, start) {
    const pieces = Math.max(1, Math.ceil(Math.hypot(u2 - u1, v2 - v1) / Math.max(60, 5 / this.view.scale)));
    for (let piece = start ? 0 : 1; piece <= pieces; piece += 1) {
      const part = piece / pieces;
      const [x, y] = this.pixel(...this.ground.bend(u1 + (u2 - u1) * part, v1 + (v2 - v1) * part));
      if (start && piece === 0) this.context.moveTo(x, y);
      else this.context.lineTo(x, y);
    }
  }

  cells(size, draw) {
    const { left, right, top, bottom } = this.box;
    for (let i = Math.floor(left / size); i <= Math.floor(right / size); i += 1) {
      for (let j = Math.floor(top / size); j <= Math.floor(bottom / size); j += 1) draw(i, j);
    }
  }

  area(u, v, width, height, colour) {
    const { context } = this;
    context.beginPath();
    this.trace(u, v, u + width, v, true);
    this.trace(u + width, v, u + width, v + height, false);
    this.trace(u + width, v + height, u, v + height, false);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
  }

  stroke(colour, metres, least) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = Math.max(least, metres * this.view.scale);
    context.stroke();
  }
}

function drawBlocks(sheet) {
  const { salt } = sheet.ground;
  sheet.cells(STREET, (i, j) => {
    const kind = chance(i, j, salt);
    if (kind < 0.1) sheet.area(i * STREET, j * STREET, STREET, STREET, COLOURS.park);
    else if (kind < 0.22) sheet.area(i * STREET, j * STREET, STREET, STREET, COLOURS.shops);
    else if (kind < 0.55) sheet.area(i * STREET, j * STREET, STREET, STREET, COLOURS.block);
  });
}

function drawBuildings(sheet) {
  const { salt } = sheet.ground;
  sheet.cells(LANE, (i, j) => {
    if (chance(Math.floor(i / 3), Math.floor(j / 3), salt) < 0.1) return;    // a park
    for (let part = 0; part < 4; part += 1) {
      const grown = chance(i * 4 + part, j, salt + 5);
      if (grown < 0.18) continue;
      const width = 24 + grown * 22;
      const depth = 22 + chance(i, j * 4 + part, salt + 6) * 24;
      sheet.area(i * LANE + 14 + (part % 2) * 56, j * LANE + 14 + (part >> 1) * 56, width, depth, COLOURS.building);
    }
  });
}

function drawGardens(sheet) {
  sheet.cells(AVENUE, (i, j) => {
    if (chance(i, j, sheet.ground.salt + 9) > 0.14) return;
    const [u, v] = [i * AVENUE + GARDEN * (chance(i, j, 11) > 0.5), j * AVENUE + GARDEN * (chance(i, j, 12) > 0.5)];
    sheet.area(u, v, GARDEN, GARDEN, COLOURS.park);
  });
}

function drawGrid(sheet, spacing, style) {
  const { context, ground } = sheet;
  context.beginPath();
  sheet.cells(spacing, (i, j) => {
    const inPark = style.parks && chance(Math.floor(i / 3), Math.floor(j / 3), ground.salt) < 0.1;
    if (inPark) return;
    if (!style.gaps || (i % 3 !== 0 && chance(i, j, ground.salt + 2) > style.gaps)) {
      sheet.trace(i * spacing, j * spacing, i * spacing, (j + 1) * spacing, true);
    }
    if (!style.gaps || (j % 3 !== 0 && chance(i, j, ground.salt + 3) > style.gaps)) {
      sheet.trace(i * spacing, j * spacing, (i + 1) * spacing, j * spacing, true);
    }
  });
  if (style.edge) sheet.stroke(style.edge, style.metres + 5, style.least + 1.2);
  sheet.stroke(style.colour, style.metres, style.least);
}

function drawRiver(sheet) {
  const { context, ground, view } = sheet;
  const from = view.x - view.width / 2 / view.scale - 300;
  const to = view.x + view.width / 2 / view.scale + 300;
  const step = Math.max(60, 6 / view.scale);
  context.beginPath();
  for (let x = Math.floor(from / step) * step; x <= to; x += step) {
    context.lineTo(...sheet.pixel(x, ground.riverAt(x, ground.river)));
  }
  sheet.stroke(COLOURS.riverEdge, 2 * RIVER + 14, 4);
  sheet.stroke(COLOURS.river, 2 * RIVER, 3);
}

/** view: {x, y (plane metres at the middle), scale (pixels a metre), width, height}. */
export function drawLand(context, ground, view) {
  const sheet = new Sheet(context, ground, view);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.fillStyle = COLOURS.land;
  context.fillRect(0, 0, view.width, view.height);
  if (view.scale > 0.006) {
    if (view.scale > 0.03) drawBlocks(sheet);
    if (view.scale > 0.32) drawBuildings(sheet);
    if (view.scale > 0.13) drawGrid(sheet, LANE, { colour: COLOURS.street, metres: 7, least: 1, gaps: 0.25, parks: true });
    if (view.scale > 0.03) drawGrid(sheet, STREET, { colour: COLOURS.street, edge: view.scale > 0.1 && COLOURS.streetEdge, metres: 12, least: 1 });
    drawGardens(sheet);
    drawRiver(sheet);
    drawGrid(sheet, AVENUE, { colour: view.scale > 0.05 ? COLOURS.avenue : COLOURS.street, edge: view.scale > 0.05 ? COLOURS.avenueEdge : COLOURS.streetEdge, metres: 22, least: 1.2 });
    drawGrid(sheet, 3 * AVENUE, { colour: COLOURS.avenue, edge: COLOURS.avenueEdge, metres: 30, least: 2.2 });
  }
}

/** Fills a canvas with the streets around one place, 2.5 metres a pixel. */
export function drawGlimpse(canvas, place, places) {
  const ground = groundAt(place, places);
  const view = { ...ground.plane.at(place), scale: 0.5, width: canvas.width, height: canvas.height };
  const context = canvas.getContext('2d');
  drawLand(context, ground, view);
  if (!place.horizontal_accuracy) return;
  context.beginPath();
  context.arc(canvas.width / 2, canvas.height / 2, Math.max(16, place.horizontal_accuracy * view.scale), 0, 7);
  context.fillStyle = 'rgba(51, 144, 236, .16)';
  context.fill();
}
