// The page's own words: its template holds them, in its language.

const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);
const changes = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });

function say(name, number, given = {}) {
  const forms = words[name];
  const text = typeof forms === "string" ? forms : forms[plurals.select(number)] ?? forms.other;
  const values = { ...given, n: number === undefined ? "" : figures.format(number) };
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}
