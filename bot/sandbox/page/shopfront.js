/** Draws a shop front on a street: sky, wall, sign, awning, windows with goods, a door, plants. */

const NAMES = [
  'Corner Market', 'Sunrise Mart', 'Old Town Grocers', 'Green Basket', 'Riverside Deli', '好邻居便利店', '福满家超市', '春风食品店', '大江烟酒', '阳光生活馆',
];
const SIGNS = [['#1f5f4b', '#fff4d6'], ['#b3312c', '#fff6e6'], ['#20406f', '#ffffff'], ['#f2b632', '#40270b'], ['#3a2d28', '#f7d794'], ['#0d7a80', '#ffffff']];
const AWNINGS = [['#d6453d', '#fff7ee'], ['#2b7a5b', '#f6fff9'], ['#2f6db3', '#f5faff'], ['#e38b29', '#fff8ec']];

function sky(context, luck, width) {
  const dusk = luck.chance(0.3);
  const colours = context.createLinearGradient(0, 0, 0, 420);
  colours.addColorStop(0, dusk ? '#7d8fc4' : '#8cc3ee');
  colours.addColorStop(1, dusk ? '#f7cfa4' : '#e6f3fb');
  context.fillStyle = colours;
  context.fillRect(0, 0, width, 480);
  context.fillStyle = 'rgba(255, 255, 255, .75)';
  for (let cloud = 0; cloud < 3; cloud += 1) {
    const [left, top] = [luck.between(0, width), luck.between(20, 90)];
    for (let puff = 0; puff < 4; puff += 1) {
      context.beginPath();
      context.ellipse(left + puff * 34, top + luck.between(-8, 8), 42, 20, 0, 0, 7);
      context.fill();
    }
  }
}

function wall(context, luck, { left, top, width, height }) {
  const hue = luck.pick([14, 24, 36, 205, 190]);
  const [most, light] = [luck.between(18, 42), luck.between(56, 72)];
  context.fillStyle = `hsl(${hue} ${most}% ${light}%)`;
  context.fillRect(left, top, width, height);
  for (let row = 0; row * 24 < height; row += 1) {
    for (let column = -1; column * 62 < width; column += 1) {
      context.fillStyle = `hsl(${hue} ${most}% ${light + luck.between(-5, 4)}%)`;
      const from = Math.max(left, left + column * 62 + (row % 2) * 31);
      const to = Math.min(left + width, left + column * 62 + (row % 2) * 31 + 58);
      if (to > from) context.fillRect(from, top + row * 24, to - from, 20);
    }
  }
}

function upperWindows(context, luck, { left, width }) {
  const count = luck.whole(4, 6);
  for (let index = 0; index < count; index += 1) {
    const at = left + (width / count) * (index + 0.5) - 48;
    context.fillStyle = '#f3efe6';
    context.fillRect(at - 9, 121, 114, 138);
    const glass = context.createLinearGradient(at, 130, at + 96, 250);
    const lit = luck.chance(0.3);
    glass.addColorStop(0, lit ? '#ffe9b0' : '#5f7f97');
    glass.addColorStop(1, lit ? '#f3c871' : '#a9c4d4');
    context.fillStyle = glass;
    context.fillRect(at, 130, 96, 120);
    context.fillStyle = '#f3efe6';
    context.fillRect(at + 45, 130, 6, 120);
    context.fillRect(at, 186, 96, 6);
  }
}

function sign(context, luck, { left, width }) {
  const [back, front] = luck.pick(SIGNS);
  context.fillStyle = 'rgba(0, 0, 0, .25)';
  context.fillRect(left + 30, 300, width - 60, 104);
  context.fillStyle = back;
  context.fillRect(left + 24, 290, width - 48, 104);
  context.strokeStyle = front;
  context.lineWidth = 4;
  context.strokeRect(left + 34, 300, width - 68, 84);
  context.fillStyle = front;
  context.font = '800 58px system-ui, "Noto Sans SC", sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(luck.pick(NAMES), left + width / 2, 344, width - 110);
}

function showWindow(context, luck, left, top, width, height) {
  context.fillStyle = '#2e3a40';
  context.fillRect(left - 10, top - 10, width + 20, height + 20);
  const glass = context.createLinearGradient(left, top, left + width, top + height);
  glass.addColorStop(0, '#fdf3d7');
  glass.addColorStop(1, '#d9b878');
  context.fillStyle = glass;
  context.fillRect(left, top, width, height);
  for (let shelf = 1; shelf <= 3; shelf += 1) {
    const floor = top + (height / 3) * shelf - 8;
    context.fillStyle = '#8a6a45';
    context.fillRect(left, floor, width, 7);
    for (let at = left + 10; at < left + width - 26; at += luck.between(26, 44)) {
      context.fillStyle = `hsl(${luck.whole(0, 360)} 55% ${luck.between(42, 64)}%)`;
      const tall = luck.between(26, height / 3 - 30);
      context.fillRect(at, floor - tall, luck.between(16, 24), tall);
    }
  }
  context.fillStyle = 'rgba(255, 255, 255, .2)';
  context.beginPath();
  for (const [x, y] of [[0.1, 0], [0.32, 0], [0.02, 1], [-0.2, 1]]) context.lineTo(Math.max(left, left + width * x), top + height * y);
  context.fill();
}

function door(context, luck, left, top, height) {
  context.fillStyle = luck.pick(['#274c3c', '#5b2b24', '#27394f', '#4b3a2a']);
  context.fillRect(left, top - 10, 190, height + 34);
  const glass = context.createLinearGradient(left, top, left + 190, top + height);
  glass.addColorStop(0, '#cfe3ea');
  glass.addColorStop(1, '#6d8a97');
  context.fillStyle = glass;
  context.fillRect(left + 24, top + 14, 142, height - 60);
  context.fillStyle = '#e8c56a';
  context.fillRect(left + 150, top + height / 2, 10, 54);
  context.fillStyle = '#fdfdf8';
  context.fillRect(left + 60, top + 60, 70, 34);
  context.fillStyle = '#b3312c';
  context.font = '800 20px system-ui, sans-serif';
  context.textAlign = 'center';
  context.fillText('OPEN', left + 95, top + 79);
}

function awning(context, luck, { left, width }) {
  const colours = luck.pick(AWNINGS);
  const stripes = luck.whole(14, 20);
  const step = width / stripes;
  for (let stripe = 0; stripe < stripes; stripe += 1) {
    context.fillStyle = colours[stripe % 2];
    const at = left + stripe * step;
    context.beginPath();
    context.moveTo(at + 6, 404);
    context.lineTo(at + step + 6, 404);
    context.lineTo(at + step, 470);
    context.arc(at + step / 2, 470, step / 2, 0, Math.PI);
    context.closePath();
    context.fill();
  }
  context.fillStyle = 'rgba(0, 0, 0, .18)';
  context.fillRect(left, 404, width, 8);
}

function pavement(context, luck, width, height) {
  const stone = context.createLinearGradient(0, 810, 0, height);
  stone.addColorStop(0, '#b9b4ab');
  stone.addColorStop(1, '#8d8a84');
  context.fillStyle = stone;
  context.fillRect(0, 810, width, height - 810);
  context.strokeStyle = 'rgba(0, 0, 0, .12)';
  context.lineWidth = 3;
  for (let line = -8; line < 18; line += 1) {
    context.beginPath();
    context.moveTo(width / 2 + (line - 5) * 110, 810);
    context.lineTo(width / 2 + (line - 5) * 240, height);
    context.stroke();
  }
}

function plant(context, luck, left) {
  context.fillStyle = luck.pick(['#a3512c', '#4d5a63', '#d9d2c3']);
  context.fillRect(left - 38, 780, 76, 76);
  for (let leaf = 0; leaf < 46; leaf += 1) {
    context.fillStyle = `hsl(${luck.between(95, 145)} 42% ${luck.between(26, 46)}%)`;
    context.beginPath();
    context.ellipse(left + luck.between(-56, 56), 742 + luck.between(-62, 42), 20, 10, luck.between(0, 3), 0, 7);
    context.fill();
  }
}

export function drawShopFront(context, luck, { width, height }) {
  const house = { left: luck.between(20, 90), top: 90, width: width - luck.between(110, 180), height: 720 };
  sky(context, luck, width);
  context.fillStyle = `hsl(${luck.whole(190, 230)} 10% ${luck.between(58, 74)}%)`;
  context.fillRect(0, luck.between(150, 240), width, height);      // the houses next door
  wall(context, luck, house);
  upperWindows(context, luck, house);
  const doorLeft = house.left + house.width * luck.pick([0.08, 0.42, 0.76]);
  for (const part of [0.04, 0.37, 0.7]) {
    const left = house.left + house.width * part;
    if (Math.abs(left - doorLeft) > 120) showWindow(context, luck, left, 480, house.width * 0.25, 280);
  }
  door(context, luck, doorLeft, 490, 320);
  sign(context, luck, house);
  awning(context, luck, { left: house.left + 10, width: house.width - 20 });
  pavement(context, luck, width, height);
  plant(context, luck, house.left + 30);
  if (luck.chance(0.7)) plant(context, luck, house.left + house.width - 20);
}
