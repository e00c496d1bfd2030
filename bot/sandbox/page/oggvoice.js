/** Makes a small, valid Ogg Opus file of silence: a voice message for a visitor without a microphone. */

const RATE = 48_000;
const FRAME_MS = 20;
const SILENT_FRAME = [0xf8, 0xff, 0xfe];      // Opus TOC and payload of 20 ms of silence (RFC 6716)
const FRAMES_A_PAGE = 50;

const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

function checksum(bytes) {
  return bytes.reduce((sum, byte) => ((sum << 8) ^ CRC[((sum >>> 24) ^ byte) & 0xff]) >>> 0, 0);
}

const little = (value, size) => Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);
const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));

/** One Ogg page (RFC 3533); flags: 2 begins the stream, 4 ends it. */
function page(packets, { flags = 0, samples = 0, number }) {
  const head = [...letters('OggS'), 0, flags, ...little(samples, 8), ...little(0x726f756e, 4), ...little(number, 4)];
  const lacing = [packets.length, ...packets.map((packet) => packet.length)];
  const body = packets.flat();
  const sum = checksum([...head, 0, 0, 0, 0, ...lacing, ...body]);
  return [...head, ...little(sum, 4), ...lacing, ...body];
}

/** An audio/ogg Blob of that many seconds. */
export function silentVoice(seconds) {
  const head = [...letters('OpusHead'), 1, 1, ...little(0, 2), ...little(RATE, 4), 0, 0, 0];
  const tags = [...letters('OpusTags'), ...little(7, 4), ...letters('sandbox'), ...little(0, 4)];
  const bytes = [...page([head], { flags: 2, number: 0 }), ...page([tags], { number: 1 })];
  const frames = (seconds * 1000) / FRAME_MS;
  for (let from = 0, number = 2; from < frames; from += FRAMES_A_PAGE, number += 1) {
    const count = Math.min(FRAMES_A_PAGE, frames - from);
    const samples = ((from + count) * FRAME_MS * RATE) / 1000;
    const flags = from + count >= frames ? 4 : 0;
    bytes.push(...page(Array(count).fill(SILENT_FRAME), { flags, samples, number }));
  }
  return new Blob([new Uint8Array(bytes)], { type: 'audio/ogg' });
}
