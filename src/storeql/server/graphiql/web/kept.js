/** Carries values from one example to the next: a cart's token, the total to confirm. */

const STORAGE_KEY = "storeql:kept";
const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** Values made anew for each request, for idempotency keys and the like. */
const FRESH = { freshKey: randomKey };

export class KeptValues {
  constructor(tabs) {
    this.sources = tabs.flatMap(({ title, keep }) =>
      Object.entries(keep).map(([name, path]) => ({ name, path: path.split("."), title })),
    );
  }

  /** The variables with every placeholder filled, and those that have no value yet. */
  fill(variables) {
    const values = read();
    const missing = new Map();
    const filled = JSON.parse(JSON.stringify(variables ?? {}), (_, value) =>
      typeof value === "string" ? this.#fillText(value, values, missing) : value,
    );
    return { variables: filled, missing: [...missing.values()] };
  }

  /** Keeps what the result holds at the paths that the examples name. */
  remember(result) {
    if (!result?.data) return;
    const values = read();
    for (const { name, path } of this.sources) {
      const found = path.reduce((value, key) => value?.[key], result.data);
      if (found !== undefined && found !== null) values[name] = found;
    }
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(values));
  }

  #fillText(text, values, missing) {
    const whole = text.match(/^\{\{(\w+)\}\}$/);
    const valueOf = (name) => FRESH[name]?.() ?? values[name] ?? this.#miss(name, missing);
    // A placeholder that is the whole string may stand for a number or an object.
    return whole ? valueOf(whole[1]) : text.replace(PLACEHOLDER, (_, name) => valueOf(name));
  }

  #miss(name, missing) {
    const source = this.sources.find((candidate) => candidate.name === name)?.title;
    missing.set(name, { name, source });
    return "";
  }
}

function read() {
  return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "{}");
}

function randomKey() {
  // crypto.randomUUID is missing on plain HTTP away from localhost.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
