/** Draws a till receipt on a wooden table: lines, sums, a bar code, a torn edge. */

const SHOPS = ['CORNER MARKET', 'SUNRISE MART', 'GREEN BASKET', '好邻居便利店', '福满家超市', '阳光生活馆'];
const GOODS = [
  'Spring water 550ml', 'Green tea 500ml', 'Soy milk 1L', 'Rice crackers', 'Noodles, beef', 'Orange juice', '矿泉水 550ml', '乌龙茶 500ml',
  '纯牛奶 250ml', '红烧牛肉面', '苏打饼干', '鲜橙汁 1L', 'Dish soap', '洗洁精 1kg', 'Tissue x 6', '抽纸 6包',
];

function table(context, luck, width, height) {
  const hue = luck.between(20, 34);
  for (let board = 0; board < 6; board += 1) {
    const top = (height / 6) * board;
    const light = luck.between(30, 42);
    context.fillStyle = `hsl(${hue} 38% ${light}%)`;
    context.fillRect(0, top, width, height / 6);
    for (let grain = 0; grain < 26; grain += 1) {
      context.strokeStyle = `hsl(${hue} 40% ${light + luck.between(-7, 6)}% / .5)`;
      context.lineWidth = luck.between(1, 3);
      const line = top + luck.between(4, height / 6 - 4);
      context.beginPath();
      context.moveTo(0, line);
      context.bezierCurveTo(width * 0.3, line + luck.between(-10, 10), width * 0.6, line + luck.between(-10, 10), width, line);
      context.stroke();
    }
    context.fillStyle = 'rgba(0, 0, 0, .4)';
    context.fillRect(0, top, width, 3);
  }
}

function paper(context, luck, width, height) {
  context.shadowColor = 'rgba(0, 0, 0, .5)';
  context.shadowBlur = 34;
  context.shadowOffsetX = 10;
  context.shadowOffsetY = 14;
  context.beginPath();
  context.moveTo(0, 0);
  for (let at = 0; at <= width; at += 14) context.lineTo(at, (at / 14) % 2 ? 8 : 0);
  for (let at = width; at >= 0; at -= 14) context.lineTo(at, height - ((at / 14) % 2 ? 8 : 0));
  context.closePath();
  context.fillStyle = '#fbfaf5';
  context.fill();
  context.shadowColor = 'transparent';
  const folds = context.createLinearGradient(0, 0, width, height);
  folds.addColorStop(0, 'rgba(0, 0, 0, .03)');
  folds.addColorStop(0.48, 'rgba(255, 255, 255, 0)');
  folds.addColorStop(0.5, 'rgba(0, 0, 0, .07)');
  folds.addColorStop(1, 'rgba(0, 0, 0, .02)');
  context.fillStyle = folds;
  context.fill();
}

function line(context, left, right, top, width, size = 24) {
  context.font = `500 ${size}px ui-monospace, "DejaVu Sans Mono", "Noto Sans SC", monospace`;
  context.textAlign = 'left';
  context.fillText(left, 34, top, width - 190);
  context.textAlign = 'right';
  context.fillText(right, width - 34, top);
}

function dashes(context, top, width) {
  context.setLineDash([9, 7]);
  context.lineWidth = 2;
  context.strokeStyle = '#4a4f55';
  context.beginPath();
  context.moveTo(34, top);
  context.lineTo(width - 34, top);
  context.stroke();
  context.setLineDash([]);
}

function bars(context, luck, top, width) {
  let at = 90;
  while (at < width - 90) {
    const wide = luck.pick([2, 3, 4, 6]);
    context.fillRect(at, top, wide, 62);
    at += wide + luck.pick([3, 4, 6]);
  }
}

export function drawReceipt(context, luck, { width, height }) {
  table(context, luck, width, height);
  const [wide, tall] = [560, 850];
  context.save();
  context.translate(width / 2 + luck.between(-120, 120), height / 2 + luck.between(-6, 18));
  context.rotate(luck.between(-0.1, 0.1));
  context.translate(-wide / 2, -tall / 2);
  paper(context, luck, wide, tall);
  context.fillStyle = '#2a2f36';
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  context.font = '800 40px system-ui, "Noto Sans SC", sans-serif';
  context.fillText(luck.pick(SHOPS), wide / 2, 84, wide - 60);
  line(context, `No. ${luck.whole(100000, 999999)}`, `${luck.whole(8, 20)}:${String(luck.whole(0, 59)).padStart(2, '0')}`, 128, wide, 22);
  dashes(context, 150, wide);
  let [top, sum] = [194, 0];
  for (let item = luck.whole(6, 10); item > 0; item -= 1) {
    const [count, price] = [luck.whole(1, 6), luck.whole(20, 490) / 10];
    line(context, `${luck.pick(GOODS)}`, `${count} × ${price.toFixed(2)}`, top, wide);
    sum += count * price;
    top += 42;
  }
  dashes(context, top - 14, wide);
  line(context, 'TOTAL', `¥${sum.toFixed(2)}`, top + 34, wide, 34);
  bars(context, luck, tall - 150, wide);
  context.textAlign = 'center';
  context.font = '500 22px system-ui, sans-serif';
  context.fillText('Thank you · 谢谢惠顾', wide / 2, tall - 46);
  context.restore();
}
