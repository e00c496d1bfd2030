/** Sample photos for visitors without files: drawn on the fly from a seed, so no two are alike. */

import { drawReceipt } from './receipt.js';
import { drawShelf } from './shelf.js';
import { drawShopFront } from './shopfront.js';

const WIDTH = 1280;
const HEIGHT = 960;
const QUALITY = 0.88;

/** Numbers from 0 to 1 that a seed repeats, with the few draws that pictures need. */
class Luck {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  between(low, high) { return low + this.next() * (high - low); }
  whole(low, high) { return Math.floor(this.between(low, high + 1)); }
  pick(list) { return list[Math.floor(this.next() * list.length)]; }
  chance(share) { return this.next() < share; }
}

/** Light from one side, dark corners and a little grain make a drawing look taken rather than made. */
function develop(context, luck) {
  const light = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  light.addColorStop(0, 'rgba(255, 246, 224, .16)');
  light.addColorStop(0.5, 'rgba(255, 255, 255, 0)');
  light.addColorStop(1, 'rgba(20, 24, 60, .16)');
  context.fillStyle = light;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const corners = context.createRadialGradient(WIDTH / 2, HEIGHT / 2, HEIGHT * 0.45, WIDTH / 2, HEIGHT / 2, WIDTH * 0.7);
  corners.addColorStop(0, 'rgba(0, 0, 0, 0)');
  corners.addColorStop(1, 'rgba(0, 0, 0, .26)');
  context.fillStyle = corners;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let grain = 0; grain < 2600; grain += 1) {
    context.fillStyle = luck.chance(0.5) ? 'rgba(255, 255, 255, .05)' : 'rgba(0, 0, 0, .05)';
    context.fillRect(luck.between(0, WIDTH), luck.between(0, HEIGHT), 2, 2);
  }
}

const KINDS = [['shelf', drawShelf], ['shop', drawShopFront], ['receipt', drawReceipt]];

/** One picture-to-be: draws itself at any size, and becomes a 1280 x 960 JPEG. */
class Sample {
  constructor(kind, draw, seed) {
    Object.assign(this, { kind, drawing: draw, seed, name: `${kind}-${seed % 10_000}.jpg` });
  }

  drawn(width) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = Math.round((width * HEIGHT) / WIDTH);
    const context = canvas.getContext('2d');
    context.scale(width / WIDTH, width / WIDTH);
    const luck = new Luck(this.seed);
    this.drawing(context, luck, { width: WIDTH, height: HEIGHT });
    develop(context, luck);
    return canvas;
  }

  preview() {
    return this.drawn(320);
  }

  blob() {
    return new Promise((resolve) => { this.drawn(WIDTH).toBlob(resolve, 'image/jpeg', QUALITY); });
  }
}

/** `count` new samples, the kinds in turn. */
export function newSamples(count) {
  const [base] = crypto.getRandomValues(new Uint32Array(1));
  return Array.from({ length: count }, (_, index) => {
    const [kind, draw] = KINDS[index % KINDS.length];
    return new Sample(kind, draw, (base + index * 7919) >>> 0);
  });
}
