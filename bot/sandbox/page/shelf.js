/** Draws a shop's shelf: boards, facings of bottles, cans and boxes, price tags, and here and there a gap. */

const PALETTES = [
  ['#d8434e', '#f6f1e7'], ['#1f6fb2', '#ffffff'], ['#2f9e63', '#fff6d8'], ['#f0a52b', '#7a3412'], ['#7a4fb5', '#fdeaff'],
  ['#16323f', '#f2c14e'], ['#ef7b8f', '#ffffff'], ['#0f8f8c', '#eafff8'], ['#8c5a2b', '#fbead0'], ['#e4572e', '#fff1d6'],
];
const BRANDS = ['SUNNY', 'LOTUS', 'Fresh+', 'NOVA', 'Alpen', '山泉', '好味', '晨露', 'BREEZE', 'Koko', '金穗', 'PURE'];

function rounded(context, left, top, width, height, radius) {
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
  context.fill();
}

function shine(context, left, top, width, height) {
  const light = context.createLinearGradient(left, 0, left + width, 0);
  light.addColorStop(0, 'rgba(0, 0, 0, .22)');
  light.addColorStop(0.22, 'rgba(255, 255, 255, .34)');
  light.addColorStop(0.5, 'rgba(255, 255, 255, 0)');
  light.addColorStop(1, 'rgba(0, 0, 0, .3)');
  context.fillStyle = light;
  rounded(context, left, top, width, height, 8);
}

function label(context, brand, left, top, width, height, [back, front]) {
  context.fillStyle = front;
  context.fillRect(left, top, width, height);
  context.fillStyle = back;
  context.font = `800 ${Math.min(30, width / (0.52 * brand.length + 0.8))}px system-ui, "Noto Sans SC", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(brand, left + width / 2, top + height / 2, width - 6);
}

const FACINGS = {
  bottle(context, left, floor, width, height, colours, brand) {
    const neck = width * 0.36;
    context.fillStyle = colours[0];
    rounded(context, left, floor - height * 0.72, width, height * 0.72, 14);
    rounded(context, left + (width - neck) / 2, floor - height * 0.94, neck, height * 0.3, 8);
    context.fillStyle = colours[1];
    rounded(context, left + (width - neck) / 2 - 3, floor - height, neck + 6, height * 0.09, 5);
    label(context, brand, left, floor - height * 0.5, width, height * 0.27, colours);
    shine(context, left, floor - height * 0.72, width, height * 0.72);
  },
  can(context, left, floor, width, height, colours, brand) {
    const tall = height * 0.66;
    context.fillStyle = '#c9ced3';
    rounded(context, left + 3, floor - tall - 5, width - 6, tall + 5, 10);
    context.fillStyle = colours[0];
    rounded(context, left, floor - tall + 6, width, tall - 12, 10);
    label(context, brand, left, floor - tall * 0.66, width, tall * 0.3, colours);
    shine(context, left, floor - tall, width, tall);
  },
  box(context, left, floor, width, height, colours, brand) {
    const tall = height * 0.84;
    context.fillStyle = colours[0];
    context.fillRect(left, floor - tall, width, tall);
    context.fillStyle = colours[1];
    context.beginPath();
    context.arc(left + width / 2, floor - tall * 0.34, width * 0.3, 0, 7);
    context.fill();
    label(context, brand, left, floor - tall * 0.94, width, tall * 0.26, colours);
    context.fillStyle = 'rgba(0, 0, 0, .14)';
    context.fillRect(left + width * 0.86, floor - tall, width * 0.14, tall);
  },
};

function priceTag(context, luck, left, top) {
  const special = luck.chance(0.18);
  context.fillStyle = special ? '#ffdf3d' : '#fdfdfb';
  rounded(context, left, top, 84, 36, 4);
  context.fillStyle = special ? '#c01f2b' : '#23303a';
  context.font = '700 22px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(`¥${luck.whole(2, 68)}.${luck.pick(['00', '50', '80', '90'])}`, left + 42, top + 19);
}

function fillBoard(context, luck, { left, right, floor, room }) {
  let at = left + luck.between(6, 20);
  while (at < right - 70) {
    const kind = luck.pick(['bottle', 'bottle', 'can', 'box']);
    const width = { bottle: luck.between(58, 78), can: luck.between(62, 80), box: luck.between(88, 122) }[kind];
    const [colours, brand, count] = [luck.pick(PALETTES), luck.pick(BRANDS), luck.whole(2, 4)];
    const height = room * luck.between(0.72, 0.9);
    const from = at;
    for (let facing = 0; facing < count && at + width < right; facing += 1, at += width + 5) {
      if (luck.chance(0.08)) continue;      // sold out
      context.fillStyle = 'rgba(0, 0, 0, .28)';
      rounded(context, at + 6, floor - 9, width, 12, 6);
      FACINGS[kind](context, at, floor, width, height, colours, brand);
    }
    priceTag(context, luck, from + Math.max(0, (at - from - 84) / 2), floor + 9);
    at += luck.between(4, 26);
  }
}

export function drawShelf(context, luck, { width, height }) {
  const back = context.createLinearGradient(0, 0, 0, height);
  const hue = luck.whole(28, 215);
  back.addColorStop(0, `hsl(${hue} 18% 84%)`);
  back.addColorStop(1, `hsl(${hue} 16% 64%)`);
  context.fillStyle = back;
  context.fillRect(0, 0, width, height);
  const boards = luck.whole(3, 4);
  const room = (height - 60) / boards;
  for (let board = 0; board < boards; board += 1) {
    const floor = 20 + room * (board + 1) - 50;
    const shade = context.createLinearGradient(0, floor - room + 60, 0, floor - room + 150);
    shade.addColorStop(0, 'rgba(0, 0, 0, .38)');
    shade.addColorStop(1, 'rgba(0, 0, 0, 0)');
    context.fillStyle = shade;
    context.fillRect(0, floor - room + 50, width, 110);
    context.fillStyle = '#eef0ef';
    context.fillRect(0, floor, width, 52);
    context.fillStyle = 'rgba(0, 0, 0, .16)';
    context.fillRect(0, floor + 46, width, 8);
    fillBoard(context, luck, { left: 26, right: width - 26, floor: floor + 2, room: room - 62 });
  }
  context.fillStyle = '#b9bfc2';
  for (const left of [0, width - 26]) context.fillRect(left, 0, 26, height);
}
