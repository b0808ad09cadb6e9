// From a recording to what the network takes: float32 [T], one channel at the model's rate, as the
// program prepares it. WAV files are read here, number by number; other files are decoded by the
// browser at the rate at which they are stored, so that it does not resample them in its own way.

const LONGER = 1.5;     // a file of more than so many clips is more than one sample
const FINEST = 1000, ZEROS = 6, ROLLOFF = 0.99;  // of the filter that changes the rate
const CANCELLED = 0.1, AS_LOUD = 0.9;            // see heard()
const SCALES = [[8, 1], [2 ** 16, 2 ** 15], [2 ** 24, 2 ** 23], [2 ** 32, 2 ** 31]];
const UNKNOWN_RATE = 48000;

class Reader {
  constructor(options) {
    this.options = options;
    this.mean = true;
    this.filters = new Map();
  }

  async samples(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const sound = wave(bytes) || (await decoded(bytes));
    const { seconds, rate } = this.options, frames = sound.channels[0].length, duration = frames / sound.rate;
    if (!frames) throw new Refusal("no_sound");
    const clip = (start, length) => {
      const part = heard(sound, start, length);
      const mean = part.reduce((sum, v) => sum + v, 0) / part.length;
      const changed = this.resampled(part.map((v) => v - mean), sound.rate);
      return { values: placed(changed, evenRound(seconds * rate)), dims: [1, evenRound(seconds * rate)] };
    };
    if (duration <= LONGER * seconds) return [{ name: file.name, ...clip(0, LONGER * seconds) }];
    return Array.from({ length: Math.floor(duration / seconds + 0.5) }, (_, at) => {
      const start = evenRound(1000 * seconds * at);
      return { name: `${file.name}#${start}`, ...clip(start / 1000, seconds) };
    });
  }

  // Band-limited interpolation (Smith 2002, https://ccrma.stanford.edu/~jos/resample/).
  resampled(values, from) {
    const [wanted, rate] = ratio(this.options.rate, from);
    if (wanted === rate) return values;
    if (!this.filters.has(from)) this.filters.set(from, filters(rate, wanted));
    const { sincs, margin } = this.filters.get(from), length = 2 * margin + rate;
    const count = Math.ceil((wanted * values.length) / rate), found = new Float32Array(count);
    for (let at = 0; at < count; at++) {
      const start = Math.floor(at / wanted) * rate - margin, filter = sincs[at % wanted];
      const first = Math.max(0, -start), last = Math.min(length, values.length - start);
      let sum = 0;
      for (let k = first; k < last; k++) sum += filter[k] * values[start + k];
      found[at] = sum;
    }
    return found;
  }
}

// Windowed sincs [wanted][2 * margin + rate], and how far they reach to each side.
function filters(rate, wanted) {
  const base = Math.min(rate, wanted) * ROLLOFF, margin = Math.ceil((ZEROS * rate) / base);
  const sincs = Array.from({ length: wanted }, (_, phase) => Float32Array.from({ length: 2 * margin + rate }, (_, k) => {
    const turns = Math.max(-ZEROS, Math.min(ZEROS, ((k - margin) / rate - phase / wanted) * base));
    const window = Math.cos((turns * Math.PI) / ZEROS / 2) ** 2;
    const sinc = turns === 0 ? 1 : Math.sin(Math.PI * turns) / (Math.PI * turns);
    return (sinc * window * base) / rate;
  }));
  return { sincs, margin };
}

// wanted / rate in lowest terms, with a denominator of at most FINEST (Fraction.limit_denominator).
function ratio(wanted, rate) {
  const gcd = (a, b) => (b ? gcd(b, a % b) : a), common = gcd(wanted, rate);
  let [n, d] = [wanted / common, rate / common];
  if (d <= FINEST) return [n, d];
  const [whole, parts] = [n, d];
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  for (;;) {
    const a = Math.floor(n / d), q2 = q0 + a * q1;
    if (q2 > FINEST) break;
    [p0, q0, p1, q1] = [p1, q1, p0 + a * p1, q2];
    [n, d] = [d, n - a * d];
  }
  const k = Math.floor((FINEST - q0) / q1);
  const one = [p0 + k * p1, q0 + k * q1], other = [p1, q1];
  const off = ([a, b]) => Math.abs(a / b - whole / parts);
  return off(other) <= off(one) ? other : one;
}

// The middle of a sound, or all of it with silence around.
function placed(values, wanted) {
  const before = Math.floor((wanted - values.length) / 2), found = new Float32Array(wanted);
  if (before < 0) found.set(values.subarray(-before, wanted - before));
  else found.set(values, before);
  return found;
}

// Channels are mixed; where they would cancel each other, the loudest one is taken.
function heard({ rate, channels, scale }, start, seconds) {
  const at = evenRound(start * rate), parts = channels.map((each) => each.subarray(at, at + evenRound(seconds * rate)));
  const length = parts[0].length, mixed = new Float32Array(length);
  const sums = new Float64Array(parts.length + 1), squares = new Float64Array(parts.length + 1);
  for (let t = 0; t < length; t++) {
    let total = 0;
    parts.forEach((part, c) => {
      total += part[t];
      sums[c] += part[t];
      squares[c] += part[t] ** 2;
    });
    sums[parts.length] += total;
    squares[parts.length] += total ** 2;
    mixed[t] = total / parts.length;
  }
  const powers = Array.from(squares, (each, c) => each / length - (sums[c] / length) ** 2), all = powers.pop();
  const single = parts.length > 1 && all < CANCELLED * powers.reduce((sum, p) => sum + p, 0);
  const chosen = single ? parts[powers.findIndex((p) => p >= AS_LOUD * Math.max(...powers))] : mixed;
  if (!chosen.every(Number.isFinite)) throw new Refusal("no_sound");
  return scale === 1 ? chosen.slice() : chosen.map((v) => v / scale);
}

// -- what a file holds: { rate, channels: [Float32Array], scale }

function wave(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 44 || text(0) !== "RIFF" || text(8) !== "WAVE") return null;
  let format = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true), begin = at + 8;
    if (text(at) === "fmt ") {
      const kind = view.getUint16(begin, true);
      format = {
        kind: kind === 0xfffe ? view.getUint16(begin + 24, true) : kind,
        channels: view.getUint16(begin + 2, true), rate: view.getUint32(begin + 4, true),
        block: view.getUint16(begin + 12, true), bits: view.getUint16(begin + 14, true),
      };
    }
    if (text(at) === "data" && format) return pcm(view, begin, Math.min(length, bytes.length - begin), format);
    at = begin + length + (length % 2);
  }
  return null;
}

function pcm(view, begin, length, { kind, channels, rate, block, bits }) {
  const numbers = {
    "1/8": [1, (at) => (view.getUint8(at) - 128) / 128],
    "1/16": [2, (at) => view.getInt16(at, true) / 2 ** 15],
    "1/24": [3, (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23],
    "1/32": [4, (at) => view.getInt32(at, true) / 2 ** 31],
    "3/32": [4, (at) => view.getFloat32(at, true)],
    "3/64": [8, (at) => view.getFloat64(at, true)],
  }[`${kind}/${bits}`];
  if (!numbers || !channels || block !== channels * numbers[0]) return null;  // left to the browser
  const [size, read] = numbers, frames = Math.floor(length / block);
  const found = Array.from({ length: channels }, (_, c) => Float32Array.from({ length: frames }, (_, t) => read(begin + t * block + c * size)));
  return { rate, channels: found, scale: kind === 3 ? fullScale(found) : 1 };
}

// What stands for 1: some programs write whole numbers of 16 bits as floating-point numbers.
function fullScale(channels) {
  let peak = 0;
  for (const values of channels) for (const v of values) if (Number.isFinite(v)) peak = Math.max(peak, Math.abs(v));
  const scale = SCALES.find(([limit]) => peak <= limit);
  if (!scale) throw new Refusal("no_sound");
  return scale[1];
}

async function decoded(bytes) {
  const rate = storedRate(bytes);
  let buffer;
  try {
    buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.slice().buffer);
  } catch {
    throw new Refusal("no_sound");
  }
  const frames = Math.max(buffer.length, vorbisFrames(bytes, buffer.length));
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, c) => {
    const values = new Float32Array(frames);
    values.set(buffer.getChannelData(c));
    return values;
  });
  return { rate, channels, scale: 1 };
}

// The samples of an Ogg Vorbis: Chromium leaves out the last ones, which would move the middle.
function vorbisFrames(bytes, found) {
  if (String.fromCharCode(...bytes.subarray(29, 35)) !== "vorbis") return 0;
  let at = bytes.length - 14;
  while (at > 0 && !(bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53)) at--;
  const stated = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 6, true);
  return stated - found < 8192 ? stated : 0;
}

// The rate of a FLAC, Ogg or MP3, from its header.
function storedRate(bytes) {
  const text = (at, n) => String.fromCharCode(...bytes.subarray(at, at + n));
  const little = (at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  if (text(0, 4) === "fLaC") return (bytes[18] << 12) | (bytes[19] << 4) | (bytes[20] >> 4);
  if (text(0, 4) === "OggS") return text(29, 6) === "vorbis" ? little(40) : UNKNOWN_RATE;  // Opus: 48 kHz
  let at = text(0, 3) === "ID3" ? 10 + ((bytes[6] << 21) | (bytes[7] << 14) | (bytes[8] << 7) | bytes[9]) : 0;
  for (const end = Math.min(bytes.length - 4, at + 4096); at < end; at++) {
    if (bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) continue;
    const version = (bytes[at + 1] >> 3) & 3, layer = (bytes[at + 1] >> 1) & 3, index = (bytes[at + 2] >> 2) & 3;
    if (version !== 1 && layer && index < 3) return [44100, 48000, 32000][index] / { 3: 1, 2: 2, 0: 4 }[version];
  }
  return UNKNOWN_RATE;
}

function evenRound(x) {  // Python's round(): halves go to the even number
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
