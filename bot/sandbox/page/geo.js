/** Flat metres around a city, distances, and which places belong to one city. */

const RADIUS = 6378137;     // metres, WGS 84's equatorial radius, as web maps use it
const RAD = Math.PI / 180;
const CITY_GAP = 40_000;    // metres; places nearer than this to a city's others belong to it

const mercator = (latitude) => RADIUS * Math.log(Math.tan(Math.PI / 4 + (latitude * RAD) / 2));

/** A plane in ground metres with its origin at a place: x to the east, y to the south. */
export class Plane {
  constructor(origin) {
    this.origin = origin;
    this.stretch = Math.cos(origin.latitude * RAD);
    this.north = mercator(origin.latitude);
  }

  at({ latitude, longitude }) {
    return {
      x: RADIUS * (longitude - this.origin.longitude) * RAD * this.stretch,
      y: (this.north - mercator(latitude)) * this.stretch,
    };
  }

  place({ x, y }) {
    const up = this.north - y / this.stretch;
    return {
      latitude: (2 * Math.atan(Math.exp(up / RADIUS)) - Math.PI / 2) / RAD,
      longitude: this.origin.longitude + x / (RADIUS * RAD * this.stretch),
    };
  }
}

/** Metres between two places, along a great circle. */
export function metresBetween(one, other) {
  const north = Math.sin(((other.latitude - one.latitude) * RAD) / 2);
  const east = Math.sin(((other.longitude - one.longitude) * RAD) / 2);
  const chord = north * north + Math.cos(one.latitude * RAD) * Math.cos(other.latitude * RAD) * east * east;
  return 2 * RADIUS * Math.asin(Math.sqrt(chord));
}

/** The place nearest to a point and how far it is: {place, metres}, or null when there are none. */
export function nearest(point, places) {
  let best = null;
  for (const place of places) {
    const metres = metresBetween(point, place);
    if (!best || metres < best.metres) best = { place, metres };
  }
  return best;
}

// Only to write a name over a cluster of places; a city that is missing here is called by its number.
const CITIES = [
  ['Beijing', '北京', 39.904, 116.407], ['Shanghai', '上海', 31.23, 121.474], ['Guangzhou', '广州', 23.129, 113.264],
  ['Shenzhen', '深圳', 22.543, 114.058], ['Hangzhou', '杭州', 30.274, 120.155], ['Suzhou', '苏州', 31.299, 120.585],
  ['Nanjing', '南京', 32.06, 118.797], ['Chengdu', '成都', 30.573, 104.066], ['Chongqing', '重庆', 29.563, 106.551],
  ['Wuhan', '武汉', 30.593, 114.305], ['Xi’an', '西安', 34.342, 108.94], ['Tianjin', '天津', 39.343, 117.362],
  ['Qingdao', '青岛', 36.067, 120.383], ['Xiamen', '厦门', 24.48, 118.089], ['Changsha', '长沙', 28.228, 112.939],
  ['Ningbo', '宁波', 29.868, 121.544], ['Wuxi', '无锡', 31.491, 120.312], ['Dongguan', '东莞', 23.021, 113.752],
  ['Foshan', '佛山', 23.022, 113.122], ['Dalian', '大连', 38.914, 121.615], ['Shenyang', '沈阳', 41.806, 123.432],
  ['Jinan', '济南', 36.651, 117.12], ['Zhengzhou', '郑州', 34.747, 113.625], ['Hefei', '合肥', 31.821, 117.227],
  ['Fuzhou', '福州', 26.075, 119.296], ['Kunming', '昆明', 25.039, 102.718], ['Hong Kong', '香港', 22.302, 114.177],
  ['Taipei', '台北', 25.033, 121.565], ['Singapore', '新加坡', 1.352, 103.82], ['Tokyo', '东京', 35.69, 139.692],
  ['Seoul', '首尔', 37.567, 126.978], ['London', '伦敦', 51.507, -0.128], ['Manchester', '曼彻斯特', 53.481, -2.242],
  ['Birmingham', '伯明翰', 52.486, -1.89], ['Bristol', '布里斯托', 51.454, -2.588], ['Leeds', '利兹', 53.801, -1.549],
  ['Dublin', '都柏林', 53.35, -6.26], ['Paris', '巴黎', 48.857, 2.352], ['Lyon', '里昂', 45.764, 4.836],
  ['Berlin', '柏林', 52.52, 13.405], ['Hamburg', '汉堡', 53.551, 9.994], ['Munich', '慕尼黑', 48.135, 11.582],
  ['Madrid', '马德里', 40.417, -3.704], ['Barcelona', '巴塞罗那', 41.387, 2.17], ['Rome', '罗马', 41.903, 12.496],
  ['New York', '纽约', 40.713, -74.006], ['Boston', '波士顿', 42.36, -71.059], ['Chicago', '芝加哥', 41.878, -87.63],
  ['San Francisco', '旧金山', 37.775, -122.419], ['Los Angeles', '洛杉矶', 34.052, -118.244],
  ['Bangkok', '曼谷', 13.756, 100.502], ['Jakarta', '雅加达', -6.209, 106.846], ['Dubai', '迪拜', 25.205, 55.271],
  ['Sydney', '悉尼', -33.869, 151.209], ['Melbourne', '墨尔本', -37.814, 144.963],
];

function middle(places) {
  const mean = (field) => places.reduce((sum, place) => sum + place[field], 0) / places.length;
  return { latitude: mean('latitude'), longitude: mean('longitude') };
}

/** Groups places that lie close together: [{places, centre, names: {en, zh} | null}], the largest first. */
export function citiesOf(places) {
  const cities = [];
  for (const place of places) {
    const near = cities.filter((city) => city.places.some((other) => metresBetween(place, other) < CITY_GAP));
    const joined = { places: [place, ...near.flatMap((city) => city.places)] };
    cities.splice(0, cities.length, ...cities.filter((city) => !near.includes(city)), joined);
  }
  for (const city of cities) {
    city.centre = middle(city.places);
    const known = CITIES.map(([en, zh, latitude, longitude]) => ({ en, zh, metres: metresBetween(city.centre, { latitude, longitude }) }))
      .sort((one, other) => one.metres - other.metres)[0];
    city.names = known.metres < 2 * CITY_GAP ? known : null;
  }
  return cities.sort((one, other) => other.places.length - one.places.length);
}
