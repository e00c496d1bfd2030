/** Draws a location, a live location or a venue in the chat as a small map with its bar. */

import { h, icon } from './dom.js';
import { clockTime, distance } from './format.js';
import { drawGlimpse } from './land.js';
import { t } from './words.js';

/** Whether a live location still moves at `now` (milliseconds). */
export function isLive(message, now) {
  const period = message.location?.live_period;
  return Boolean(period) && (message.date + period) * 1000 > now;
}

function glimpse(place, live, actions) {
  const canvas = h('canvas', { class: 'glimpse', width: 600, height: 320 });
  drawGlimpse(canvas, place, actions.places());
  return h('button', {
    type: 'button', class: live ? 'place-map live' : 'place-map', title: t('location'), onclick: () => actions.pickPlace({ centre: place }),
  }, canvas, h('span', { class: 'place-marker' }, live ? null : icon('pin', 34)));
}

function liveBar(message, live, actions) {
  const until = clockTime((message.date + message.location.live_period) * 1000);
  const updated = clockTime((message.edit_date ?? message.date) * 1000);
  return h('div', { class: live ? 'live-bar live' : 'live-bar' },
    h('span', { class: 'live-dot' }),
    h('span', { class: 'live-about' },
      h('b', {}, t('liveLocation')),
      h('span', {}, live ? `${t('liveUntil', { time: until })} · ${t('liveUpdated', { time: updated })}` : t('liveEnded'))),
    live && message.outgoing ? h('span', { class: 'live-buttons' },
      h('button', { type: 'button', class: 'quiet', 'data-testid': 'live-move', onclick: () => actions.pickPlace({}) }, t('move')),
      h('button', { type: 'button', class: 'quiet stop', 'data-testid': 'live-stop', onclick: () => actions.stopLive(message) }, t('stopLive'))) : null);
}

/** message: one with `location` (and perhaps `venue`); now: milliseconds of the sandbox's clock. */
export function placeCard(message, now, actions) {
  const place = message.location ?? message.venue.location;
  const live = isLive(message, now);
  const wasLive = Boolean(place.live_period) || Boolean(message.edit_date);
  const about = [];
  if (message.venue) about.push(h('div', { class: 'venue' }, h('b', {}, message.venue.title), h('span', {}, message.venue.address)));
  else if (place.live_period) about.push(liveBar(message, live, actions));
  else if (wasLive) about.push(h('div', { class: 'live-bar' }, h('span', { class: 'live-dot' }), h('b', {}, `${t('liveLocation')} · ${t('liveEnded')}`)));
  else if (place.horizontal_accuracy) {
    about.push(h('div', { class: 'place-accuracy' }, `${t('accuracy')} ± ${distance(place.horizontal_accuracy)}`));
  }
  return h('div', { class: 'place', 'data-testid': live ? 'live-location' : 'location' }, glimpse(place, live, actions), about);
}
