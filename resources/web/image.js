// From a picture file to what the network takes: float32 [3, size, size] in [0, 1], as the program
// prepares it. Browsers scale pictures each in a way of its own; so the file is decoded here by the
// browser and brought to its size by the arithmetic of Pillow, which the program uses.

const LONGEST = 4;      // of a picture longer than this many times its width, the middle is kept
const MAX_PIXELS = 178e6;
const GAP = 3;          // Pillow's reducing_gap
const BITS = 22;        // of the fixed-point weights of Pillow's resampling
const GROUNDS = { white: [255, 255, 255], black: [0, 0, 0], gray: [128, 128, 128] };
const FILTERS = {
  bilinear: { support: 1, at: (x) => (Math.abs(x) < 1 ? 1 - Math.abs(x) : 0) },
  bicubic: {
    support: 2,
    at: (x) => {
      x = Math.abs(x);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
    },
  },
};

class Reader {
  constructor(options) {
    this.options = options;
    this.mean = false;
  }

  async samples(file) {
    const options = this.options;
    const draft = 2 * Math.max(options.size, options.resize);
    const picture = FITS[options.fit](await decoded(file, draft, options), options);
    return [{ name: file.name, values: planes(picture, options.size), dims: [1, 3, options.size, options.size] }];
  }
}

// Upright RGB of 8 bits; a large JPEG as libjpeg decodes it smaller, which the program lets it do.
async function decoded(file, shorter, options) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const png = bytes[0] === 0x89 && bytes[1] === 0x50;
  if (png && bytes[24] === 16) throw new Refusal("deep");
  let bitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: file.type }), {
      colorSpaceConversion: "none", premultiplyAlpha: "none", imageOrientation: "from-image",
    });
  } catch {
    throw new Refusal("no_picture");
  }
  const { width, height } = bitmap;
  if (width * height > MAX_PIXELS) throw new Refusal("too_large");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Refusal("too_large");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgb = onGround(context.getImageData(0, 0, width, height), GROUNDS[options.ground] || GROUNDS.white);
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const least = Math.min(Math.floor(width / shorter), Math.floor(height / shorter));
  const by = jpeg ? [8, 4, 2, 1].find((s) => least >= s || s === 1) : 1;
  return by > 1 ? dctScaled(rgb, by) : rgb;
}

function onGround({ width, height, data }, ground) {
  const values = new Uint8ClampedArray(3 * width * height);
  for (let at = 0, to = 0; at < data.length; at += 4) {
    const alpha = data[at + 3];
    for (let c = 0; c < 3; c++, to++) {
      values[to] = alpha === 255 ? data[at + c] : (data[at + c] * alpha + ground[c] * (255 - alpha)) / 255;
    }
  }
  return { width, height, values };
}

// Blocks of 8 x 8 pixels as the lowest frequencies of their cosine transform give them: what
// libjpeg does when it decodes at 1/2, 1/4 or 1/8.
function dctScaled(picture, by) {
  const n = 8 / by;
  const weights = Array.from({ length: n }, (_, i) => Array.from({ length: 8 }, (_, k) => {
    let sum = 0;
    for (let u = 0; u < n; u++) {
      const scale = u === 0 ? 1 / 8 : 2 / 8;
      sum += scale * Math.cos(((2 * i + 1) * u * Math.PI) / (2 * n)) * Math.cos(((2 * k + 1) * u * Math.PI) / 16);
    }
    return sum;
  }));
  const across = blocks(picture.values, picture.width, picture.height, 3, 3 * picture.width, weights, by);
  const width = Math.ceil(picture.width / by), height = Math.ceil(picture.height / by);
  const found = new Uint8ClampedArray(3 * width * height);
  for (let x = 0; x < width; x++) {
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < height; y++) {
        const start = Math.floor((y * by) / 8) * 8, row = weights[y % n];
        let sum = 0;
        for (let k = 0; k < 8; k++) {
          sum += row[k] * across[3 * (Math.min(start + k, picture.height - 1) * width + x) + c];
        }
        found[3 * (y * width + x) + c] = sum;
      }
    }
  }
  return { width, height, values: found };
}

function blocks(values, length, lines, step, stride, weights, by) {
  const short = Math.ceil(length / by), n = 8 / by;
  const found = new Float32Array(3 * short * lines);
  for (let line = 0; line < lines; line++) {
    for (let x = 0; x < short; x++) {
      const start = Math.floor((x * by) / 8) * 8, row = weights[x % n];
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < 8; k++) {
          sum += row[k] * values[line * stride + step * Math.min(start + k, length - 1) + c];
        }
        found[3 * (line * short + x) + c] = sum;
      }
    }
  }
  return found;
}

// -- as much of a picture as the network gets

function crop(picture, options) {
  const side = Math.max(options.resize, options.size), short = Math.min(picture.width, picture.height);
  const width = Math.min(picture.width, LONGEST * short), height = Math.min(picture.height, LONGEST * short);
  const left = (picture.width - width) / 2, top = (picture.height - height) / 2;
  const size = [Math.floor((side * width) / short), Math.floor((side * height) / short)];
  return resized(picture, size, options.interpolation, [left, top, left + width, top + height]);
}

function pad(picture, options) {
  const { size } = options, scale = size / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width, picture.height].map((l) => Math.max(1, evenRound(l * scale)));
  const inner = resized(picture, [width, height], options.interpolation);
  const values = new Uint8ClampedArray(3 * size * size);
  const colour = options.mean.map((mean) => evenRound(255 * mean));
  for (let at = 0; at < values.length; at++) values[at] = colour[at % 3];
  const left = Math.floor((size - width) / 2), top = Math.floor((size - height) / 2);
  for (let y = 0; y < height; y++) {
    values.set(inner.values.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * size + left));
  }
  return { width: size, height: size, values };
}

const squash = (picture, options) => resized(picture, [options.size, options.size], options.interpolation);
const FITS = { crop, pad, squash };

function planes({ width, height, values }, size) {
  const left = evenRound((width - size) / 2), top = evenRound((height - size) / 2);
  const found = new Float32Array(3 * size * size);
  for (let c = 0, to = 0; c < 3; c++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++, to++) found[to] = values[3 * ((top + y) * width + left + x) + c] / 255;
    }
  }
  return found;
}

// Python's round(): halves go to the even number.
function evenRound(x) {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

// -- Image.resize(size, filter, box, reducing_gap=3) of Pillow, with its rounding

function resized(picture, size, name, box = [0, 0, picture.width, picture.height]) {
  const filter = FILTERS[name];
  const whole = box[0] === 0 && box[1] === 0 && box[2] === picture.width && box[3] === picture.height;
  if (whole && picture.width === size[0] && picture.height === size[1]) return picture;
  const scale = [(box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]];
  const factor = scale.map((each) => Math.trunc(each / GAP) || 1);
  if (factor[0] > 1 || factor[1] > 1) {
    const reach = scale.map((each) => (filter.support - 0.5) * each);
    const safe = [
      Math.max(0, Math.trunc(box[0] - reach[0])), Math.max(0, Math.trunc(box[1] - reach[1])),
      Math.min(picture.width, Math.ceil(box[2] + reach[0])), Math.min(picture.height, Math.ceil(box[3] + reach[1])),
    ];
    picture = reduced(picture, factor, safe);
    box = box.map((each, at) => (each - safe[at % 2]) / factor[at % 2]);
  }
  if (size[0] !== picture.width || box[0] !== 0 || box[2] !== size[0]) picture = pass(picture, size[0], box[0], box[2], filter, true);
  if (size[1] !== picture.height || box[1] !== 0 || box[3] !== size[1]) picture = pass(picture, size[1], box[1], box[3], filter, false);
  return picture;
}

function reduced(picture, [across, down], [left, top, right, bottom]) {
  const width = Math.ceil((right - left) / across), height = Math.ceil((bottom - top) / down);
  const values = new Uint8ClampedArray(3 * width * height);
  for (let y = 0; y < height; y++) {
    const y0 = top + y * down, y1 = Math.min(y0 + down, bottom);
    for (let x = 0; x < width; x++) {
      const x0 = left + x * across, x1 = Math.min(x0 + across, right), count = (x1 - x0) * (y1 - y0);
      for (let c = 0; c < 3; c++) {
        let sum = count >> 1;
        for (let v = y0; v < y1; v++) {
          for (let u = x0, at = 3 * (v * picture.width + x0) + c; u < x1; u++, at += 3) sum += picture.values[at];
        }
        values[3 * (y * width + x) + c] = Math.floor(sum / count);
      }
    }
  }
  return { width, height, values };
}

function pass(picture, length, from, to, filter, across) {
  const old = across ? picture.width : picture.height;
  const scale = (to - from) / length, wide = Math.max(scale, 1), support = filter.support * wide;
  const width = across ? length : picture.width, height = across ? picture.height : length;
  const step = across ? 3 : 3 * picture.width;
  const values = new Uint8ClampedArray(3 * width * height);
  for (let at = 0; at < length; at++) {
    const centre = from + (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(old, Math.trunc(centre + support + 0.5));
    let weights = Array.from({ length: last - first }, (_, k) => filter.at((k + first - centre + 0.5) / wide));
    const total = weights.reduce((sum, w) => sum + w, 0);
    weights = weights.map((w) => (total ? w / total : w) * 2 ** BITS).map((w) => Math.trunc(w < 0 ? w - 0.5 : w + 0.5));
    const lines = across ? picture.height : picture.width;
    for (let line = 0; line < lines; line++) {
      const start = across ? 3 * (line * picture.width + first) : 3 * (first * picture.width + line);
      const target = 3 * (across ? line * width + at : at * width + line);
      for (let c = 0; c < 3; c++) {
        let sum = 2 ** (BITS - 1);
        for (let k = 0, place = start + c; k < weights.length; k++, place += step) sum += picture.values[place] * weights[k];
        values[target + c] = Math.floor(sum / 2 ** BITS);  // clamped by the array
      }
    }
  }
  return { width, height, values };
}
