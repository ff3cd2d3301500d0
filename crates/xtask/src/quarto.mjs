// Makes a page of slides from a Quarto source by pandoc, the part of Quarto that writes slides.
// Called with the module of pandoc, the source, the page to write, the folder of reveal.js as the page sees it, and a style sheet.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [, , pandoc, source, page, reveal, sheet] = process.argv;
const { convert } = await import(pathToFileURL(pandoc));
const text = await readFile(source, "utf8");

async function run(options, files) {
  const { stdout, stderr, warnings } = await convert({ from: "markdown", standalone: true, ...options }, text, files);
  const said = [stderr, ...warnings.filter(({ verbosity }) => verbosity !== "INFO").map(({ message, pretty }) => pretty || message)].join("").trim();
  if (said || !stdout) throw new Error(said || "pandoc has written nothing.");
  return stdout;
}

// What Quarto takes from `format: revealjs:` are pandoc's variables, in the words of reveal.js.
const { format } = JSON.parse(await run({ to: "plain", template: "settings" }, { settings: "$meta-json$" }));
const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const variables = Object.fromEntries(Object.entries(format.revealjs).filter(([name]) => name !== "css").map(([name, value]) => [camel(name), value]));
// The themes of reveal.js carry a megabyte of letters each; the deck's own sheet stands where one would.
variables["revealjs-url"] = reveal;
variables.theme = sheet;

const slides = await run({ to: "revealjs", "slide-level": 2, "html-math-method": { method: "mathml" }, variables }, {});
// Without the first of these, browsers look for a picture that is not there; the second is a name that they have given up.
const mended = slides.replace("<head>", '<head>\n  <link rel="icon" href="data:," />').replace('"apple-mobile-web-app-capable"', '"mobile-web-app-capable"');
await writeFile(page, mended);
