/** Builds DOM nodes: data only ever enters as text nodes and attributes, so nothing a person or bot writes becomes markup. */

const SVG = 'http://www.w3.org/2000/svg';

/** h('div', {class: 'x', onclick: f, 'data-testid': 'y'}, 'text', node): null, undefined and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'style') node.style.cssText = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// 24 x 24 line drawings; `fill` ones are solid.
const DRAWINGS = {
  send: { fill: 'M3.4 20.4 21 12 3.4 3.6 3.4 10l12 2-12 2z' },
  attach: { line: 'M20 11.5 12.4 19a5 5 0 0 1-7-7L13 4.3a3.3 3.3 0 0 1 4.7 4.7l-7.4 7.4a1.7 1.7 0 0 1-2.4-2.4l6.9-6.8' },
  menu: { line: 'M4 7h16M4 12h16M4 17h16' },
  close: { line: 'M6 6l12 12M18 6 6 18' },
  keyboard: { line: 'M4 5h16v14H4zM8 9.2h.01M12 9.2h.01M16 9.2h.01M8 12.4h.01M12 12.4h.01M16 12.4h.01M9 15.8h6' },
  down: { line: 'M6 9.5l6 6 6-6' },
  back: { line: 'M15 5l-7 7 7 7' },
  more: { fill: 'M12 4a1.8 1.8 0 1 1 0 3.6A1.8 1.8 0 0 1 12 4zm0 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zm0 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z' },
  pin: { line: 'M12 21s7-6.1 7-11.5A7 7 0 0 0 5 9.5C5 14.9 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z' },
  live: { line: 'M12 12h.01M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8' },
  photo: { line: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01' },
  shelf: { line: 'M4 4v16M20 4v16M4 12h16M4 20h16M8 12V8h3v4M14 12V6.5h2.5V12M8 20v-4h4v4' },
  file: { line: 'M7 3h7l5 5v13H7zM14 3v5h5' },
  person: { line: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-3.6 3.7-6 7.5-6s6.9 2.4 7.5 6' },
  smile: { line: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c.8 1.2 2 1.9 3.5 1.9s2.7-.7 3.5-1.9M9 9.7h.01M15 9.7h.01' },
  mic: { line: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21' },
  play: { fill: 'M7.5 4.8v14.4L19.5 12z' },
  pause: { fill: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z' },
  copy: { line: 'M9 9h11v11H9zM5 15H4V4h11v1' },
  edit: { line: 'M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z' },
  forward: { line: 'M13 5l7 6.5-7 6.5v-4c-5 0-8 1.5-9.5 4.5.3-5 3-9.3 9.5-9.5z' },
  check: { line: 'M5 12.5l4.5 4.5L19 7.5' },
  ticks: { line: 'M2.5 12.8l4 4L15 8M10.5 15.8l1.2 1L20.5 8' },
  block: { line: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.7l12.6 12.6' },
  plus: { line: 'M12 5v14M5 12h14' },
  minus: { line: 'M5 12h14' },
  again: { line: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4' },
  link: { line: 'M9 15l6-6M10.5 6.5l1.8-1.8a4 4 0 0 1 5.7 5.7l-1.8 1.8M13.5 17.5l-1.8 1.8A4 4 0 0 1 6 13.6l1.8-1.8' },
  search: { line: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5' },
};

export function icon(name, size = 22) {
  const { fill, line } = DRAWINGS[name];
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true' })) {
    svg.setAttribute(key, value);
  }
  svg.classList.add('icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', fill ?? line);
  const look = fill
    ? { fill: 'currentColor' }
    : { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [key, value] of Object.entries(look)) path.setAttribute(key, value);
  svg.append(path);
  return svg;
}

/** A round button that is only a drawing; its name is for screen readers and the tooltip. */
export function iconButton(name, label, onclick, attributes = {}) {
  return h('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label, onclick, ...attributes }, icon(name));
}

/** Calls back on a long press or a right click, the two ways a phone and a desktop ask for a menu. */
export function onLongPress(node, ask) {
  let timer = null;
  const cancel = () => clearTimeout(timer);
  node.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    ask(event.clientX, event.clientY);
  });
  node.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return;
    timer = setTimeout(() => ask(event.clientX, event.clientY), 500);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointermove']) node.addEventListener(end, cancel);
}
