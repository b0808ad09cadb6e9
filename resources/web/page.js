// The page: takes files, lets the network answer, says what the answers come to as the program
// does. `window.model` is for who opens the browser's console, and for the tests.

const $ = (id) => document.getElementById(id);
const about = JSON.parse($("about-page").textContent);
const card = about.card;
const results = [];
let language = localeOf();
let session = null;
let checked = null;
let stopCamera = () => {};

class Refusal extends Error {}  // its message is the key of a text

function localeOf() {
  const wanted = (navigator.languages || [navigator.language || about.language]).map((each) => each.toLowerCase());
  for (const each of wanted) {
    if (each.startsWith("zh")) return "zh_CN";
    if (each.startsWith("en")) return "en";
  }
  return about.language;
}

function say(key, values = {}) {
  const text = (about.texts[language] || about.texts.en)[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const percent = (share) => `${share > 0.995 && share < 1 ? "> 99" : Math.round(100 * share)} %`;
const number = (value) => (Math.abs(value) >= 1e4 && Math.abs(value) < 1e15 ? value.toFixed(0) : String(Number(value.toPrecision(4))));

// -- the network

async function block(id) {
  const text = $(id).textContent.trim(), raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function library(id) {
  const address = URL.createObjectURL(new Blob([await block(id)], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function open() {
  const runtime = await library("runtime");
  runtime.env.wasm.numThreads = 1;  // more need headers that a file has none of
  runtime.env.wasm.proxy = false;
  runtime.env.wasm.wasmBinary = (await block("wasm")).buffer;
  runtime.env.logLevel = "error";
  const network = await runtime.InferenceSession.create(await block("network"), { executionProviders: ["wasm"] });
  const reader = await makeReader();
  return { reader, run: async ({ values, dims }) => {
    const kind = values instanceof BigInt64Array ? "int64" : "float32";
    const found = await network.run({ input: new runtime.Tensor(kind, values, dims) });
    const row = (name) => Array.from(found[name].data, Number);
    return {
      values: about.outputs.flatMap(row),
      logits: row("logits"),
      unlike: about.unlike ? row("unlike")[0] : null,
    };
  } };
}

async function makeReader() {
  if (!$("tokenizer")) return new Reader(card.input);
  const { Tokenizer } = await library("tokenizers");
  const tree = JSON.parse(new TextDecoder().decode(await block("tokenizer")));
  return new Reader({ ...card.input, pad: about.pad }, new Tokenizer(tree, {}), about.cleaning);
}

// What the model says of a file: the mean of its parts, and how unlike the training data it is.
async function answer(file) {
  const rows = [];
  for (const sample of await session.reader.samples(file)) {
    rows.push(await session.run(sample));
    if (rows.length % 4 === 0) await pause();
  }
  const mean = (name) => rows[0][name].map((_, at) => rows.reduce((sum, row) => sum + row[name][at], 0) / rows.length);
  const strange = rows.map((row) => row.unlike).filter((each) => each !== null).sort((a, b) => a - b);
  const middle = strange.length ? (strange[(strange.length - 1) >> 1] + strange[strange.length >> 1]) / 2 : null;
  return { name: file.name, parts: rows.length, values: mean("values"), logits: mean("logits"), unlike: middle };
}

const pause = () => new Promise((done) => setTimeout(done));

// -- what an answer comes to, as of core/objectives

const OBJECTIVES = {
  one_class: (values) => {
    const best = values.indexOf(Math.max(...values));
    return { label: card.classes[best], sure: values[best], shares: ranked(card.classes, values).slice(0, 5) };
  },
  several_labels: (values) => {
    const limits = card.classes.map((_, at) => (card.fitted.length ? card.fitted[at] : 0.5));
    const names = card.classes.filter((_, at) => values[at] >= limits[at]);
    const sure = Math.min(...values.map((v, at) => (v >= limits[at] ? v : 1 - v)));
    return { label: names.join("; ") || say("no_label"), sure, shares: ranked(card.classes, values).slice(0, 8) };
  },
  several_questions: (values) => {
    let start = 0;
    const shares = [], best = [];
    card.targets.names.forEach((name, at) => {
      const answers = card.targets.answers[at], own = ranked(answers, values.slice(start, start + answers.length));
      start += answers.length;
      best.push(own[0]);
      shares.push([name, null], ...own.slice(0, 3));
    });
    return { label: best.map(([name]) => name).join(" · "), sure: Math.min(...best.map(([, share]) => share)), shares };
  },
  number: (values) => ({ label: `${number(values[0])} ${card.targets.unit}`.trim(), sure: null, shares: [] }),
};

const ranked = (names, values) => names.map((name, at) => [name, values[at]]).sort((a, b) => b[1] - a[1]);

function told(found) {
  const said = OBJECTIVES[about.objective](found.values);
  const unlike = found.unlike !== null && found.unlike > 1;
  const doubt = unlike ? "unlike" : said.sure !== null && said.sure < about.below ? "unsure" : "";
  return { ...said, doubt, withheld: Boolean(doubt) && about.withholds };
}

// -- what is shown

function element(kind, properties = {}, ...children) {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children.filter(Boolean));
  return made;
}

function show(result) {
  const { file, found, failed } = result, item = result.item;
  item.replaceChildren();
  const main = element("div");
  if (about.modality === "image" && !failed) {
    result.address ||= URL.createObjectURL(file);
    item.append(element("img", { src: result.address, alt: "" }));
  }
  item.append(main);
  main.append(element("div", { className: "name", textContent: nameOf(result) }));
  if (failed) {
    main.append(element("div", { className: "danger", textContent: say(failed) }));
    return;
  }
  if (!found) {
    main.append(element("div", { className: "name", textContent: say("working") }));
    return;
  }
  const said = told(found);
  main.append(element("div", { className: "said", textContent: said.withheld ? say("withheld") : said.label }));
  if (said.doubt) main.append(element("div", { className: "warning", textContent: say(said.doubt) }));
  const grid = element("div", { className: "shares" });
  for (const [name, share] of said.shares) {
    if (share === null) {
      grid.append(element("span", { className: "question", textContent: name }));
      continue;
    }
    const fill = element("i");
    fill.style.width = `${Math.max(0, Math.min(100, 100 * share))}%`;
    grid.append(element("span", { textContent: name }), element("span", { className: "bar" }, fill), element("span", { textContent: percent(share) }));
  }
  main.append(grid);
  if (about.modality === "audio") {
    result.address ||= URL.createObjectURL(file);
    item.append(element("audio", { src: result.address, controls: true, preload: "none" }));
  }
}

function nameOf({ file, found }) {
  if (about.modality === "text" && file.text_shown) return file.text_shown;
  return found && found.parts > 1 ? say("clips", { name: file.name, count: found.parts }) : file.name;
}

async function add(files) {
  const mine = Array.from(files, (file) => ({ file, item: element("li", { className: "answer" }) }));
  for (const result of mine.slice().reverse()) $("answers").prepend(result.item);
  results.unshift(...mine);
  mine.forEach(show);
  refresh();
  for (const result of mine) {
    await pause();
    if (!results.includes(result)) continue;
    try {
      result.found = await answer(result.file);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      result.failed = error instanceof Refusal ? error.message : "failed";
    }
    show(result);
    refresh();
  }
}

function refresh() {
  const some = results.length > 0;
  $("none").hidden = some;
  $("save").hidden = !results.some((each) => each.found);
  $("clear").hidden = !some;
}

function clear() {
  for (const each of results) if (each.address) URL.revokeObjectURL(each.address);
  results.length = 0;
  $("answers").replaceChildren();
  refresh();
}

// A table for a spreadsheet program; what one would run as a formula gets an apostrophe, as in the
// program's own tables (core/base/cells.py).
const FORMULA = /^'*[=+\-@\t\r]/;
const UNIT = "\\p{L}{1,10}[²³]?";
const NUMBER = new RegExp(`^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?( ${UNIT}(/${UNIT})?| ?[%°€$£])?$`, "u");

function cell(value) {
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table() {
  const names = about.columns;
  const rows = [["file", "prediction", "confidence", ...names, "note"]];
  for (const { file, found } of results) {
    if (!found) continue;
    const said = told(found);
    const label = said.withheld ? "" : said.label, sure = said.sure === null ? "" : said.sure.toPrecision(6);
    rows.push([file.text_shown || file.name, label, sure, ...found.values.map((v) => v.toPrecision(6)), said.doubt]);
  }
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function save() {
  const address = URL.createObjectURL(new Blob([table()], { type: "text/csv" }));
  element("a", { href: address, download: "predictions.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

// -- where files are taken

function asking() {
  const place = $("ask"), typedBefore = $("text")?.value || "";
  stopCamera();
  place.replaceChildren();
  if (about.modality === "text") {
    const area = element("textarea", { id: "text", placeholder: say("type_here") });
    area.setAttribute("aria-label", say("type_here"));
    area.value = typedBefore;
    const typed = () => {
      const file = new File([area.value], "text.txt", { type: "text/plain" });
      file.text_shown = area.value.length > 200 ? `${area.value.slice(0, 200)}…` : area.value;
      if (area.value.trim()) add([file]);
    };
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) typed();
    });
    place.append(area, element("div", { className: "row" }, element("button", { type: "button", className: "main", textContent: say("predict"), onclick: typed })));
  }
  const input = element("input", { type: "file", multiple: true, id: "files", accept: about.accept });
  const label = element("label", { className: about.modality === "text" ? "button" : "button main", textContent: say("choose") });
  label.htmlFor = "files";
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  const drop = element("div", { className: "drop" }, input, label, element("p", { className: "hint", textContent: say("drop") }));
  if (about.modality === "image" && navigator.mediaDevices) drop.append(camera());
  place.append(drop);
}

function camera() {
  const video = element("video", { muted: true, playsInline: true, hidden: true });
  const start = element("button", { type: "button", textContent: say("camera") });
  const stop = element("button", { type: "button", textContent: say("camera_off"), hidden: true });
  const line = element("p", { className: "warning" });
  let stream = null;
  const off = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.textContent = say("camera");
  };
  start.onclick = async () => {
    line.textContent = "";
    if (stream) {
      const canvas = element("canvas", { width: video.videoWidth, height: video.videoHeight });
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob((blob) => blob && add([new File([blob], "camera.png", { type: "image/png" })]));
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      stream.getTracks()[0].onended = off;
      video.srcObject = stream;
      await video.play();
      video.hidden = stop.hidden = false;
      start.textContent = say("take");
    } catch {
      off();
      line.textContent = say("no_camera");
    }
  };
  stop.onclick = stopCamera = off;
  return element("div", {}, video, element("div", { className: "row", style: "justify-content: center" }, start, stop), line);
}

function translate() {
  document.documentElement.lang = language === "zh_CN" ? "zh" : "en";
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text, about.values);
  $("language").textContent = language === "zh_CN" ? "English" : "中文";
  $("doubt").textContent = say("doubted");
  $("doubt").hidden = !about.doubted;
  const rows = about.described.flatMap(({ term, text, values }) => {
    const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value[language] || value]));
    return [element("dt", { textContent: say(term) }), element("dd", { textContent: say(text, said) })];
  });
  $("about-model").replaceChildren(...rows);
  if (session) asking();
  results.forEach(show);
  tell();
}

function tell() {
  if (!checked) return;
  const wrong = !checked.same;
  $("state").textContent = wrong ? say("self_check_failed") : "";
  $("state").className = wrong ? "note danger" : "note";
  $("check").textContent = say("self_check", { difference: checked.difference.toExponential(0) });
  $("check").hidden = wrong;
}

// Examples that the program made and answered before it wrote this page: this browser must come to
// the same.
async function selfCheck() {
  let difference = 0;
  for (const { name, type, data, logits } of about.probes) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const found = await answer(new File([bytes], name, { type }));
    const scale = Math.max(1, ...logits.map(Math.abs));
    logits.forEach((wanted, at) => {
      const off = Math.abs(wanted - found.logits[at]) / scale;
      difference = Math.max(difference, Number.isFinite(off) ? off : Infinity);
    });
  }
  return { difference, same: difference <= about.tolerance };
}

async function start() {
  translate();
  $("state").textContent = say("opening");
  $("language").onclick = () => {
    language = language === "zh_CN" ? "en" : "zh_CN";
    translate();
    if (!checked) $("state").textContent = say("opening");
  };
  $("save").onclick = save;
  $("clear").onclick = clear;
  try {
    session = await open();
    checked = await selfCheck();
  } catch (error) {
    console.error(error);
    $("state").className = "note danger";
    $("state").textContent = say("cannot_open");
    throw error;
  }
  tell();
  $("ask").hidden = false;
  asking();
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.querySelector(".drop")?.classList.add("over");
  });
  for (const kind of ["dragleave", "drop"]) {
    document.addEventListener(kind, () => document.querySelector(".drop")?.classList.remove("over"));
  }
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer?.files.length) add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) add(event.clipboardData.files);
  });
  return checked;
}

const ready = start();
ready.catch(() => {});
window.model = { ready, answer, told, table, cell };
