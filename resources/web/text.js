// From a text to the numbers of its tokens: int64 [tokens], as the program prepares it, by the
// library @huggingface/tokenizers and the tokenizer.json of the model.

const LONGEST = 64;     // characters of a token, where only the beginning of a text is wanted

class Reader {
  constructor(options, tokenizer, cleaning) {
    this.options = options;
    this.mean = false;
    this.tokenizer = tokenizer;
    this.pad = options.pad;
    this.cleaning = cleaning.map(([pattern, content]) => [new RegExp(pattern, "gu"), content]);
  }

  async samples(file) {
    return [{ name: file.name, ...this.prepared(await file.text()) }];
  }

  prepared(text) {
    const wanted = this.options.tokens, most = LONGEST * wanted;
    let letters = Array.from(text.replace(/^\ufeff/, ""));
    if (letters.length > most) letters = Array.from(this.clean(letters.slice(0, 4 * most).join(""))).slice(0, most);
    const ids = this.cut(letters.join(""), wanted);
    const values = BigInt64Array.from({ length: wanted }, (_, at) => BigInt(at < ids.length ? ids[at] : this.pad));
    return { values, dims: [1, wanted] };
  }

  // Too many tokens are cut off before those that the network wants at the end.
  cut(text, wanted) {
    const whole = this.tokenizer.encode(text).ids;
    if (whole.length <= wanted) return whole;
    const bare = this.tokenizer.encode(text, { add_special_tokens: false }).ids;
    const before = whole.findIndex((id, at) => id === bare[0] && at + bare.length <= whole.length && bare.every((b, k) => whole[at + k] === b));
    const after = whole.slice(before + bare.length);
    return [...whole.slice(0, before), ...bare.slice(0, wanted - before - after.length), ...after];
  }

  clean(text) {
    return this.cleaning.reduce((said, [pattern, content]) => said.replace(pattern, content), text).trim();
  }
}
