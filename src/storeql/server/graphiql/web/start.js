/** Starts GraphiQL on the page: the shop's examples as tabs, the explorer, and one fetcher. */

import { examplesPlugin } from "./examples.js";
import { shopFetcher } from "./fetcher.js";
import { KeptValues } from "./kept.js";

const { createElement } = React;
const place = document.getElementById("graphiql");

// The name under which the menus of GraphiQL look for the nonce of the style element they add.
globalThis.__webpack_nonce__ = place.dataset.styleNonce;

async function loadTabs() {
  const response = await fetch("/graphiql/tabs");
  if (!response.ok) throw new Error(`the examples answered ${response.status}`);
  return (await response.json()).tabs;
}

function explorer(tabs) {
  const kept = new KeptValues(tabs);
  const storage = storageFor(tabs);
  return createElement(
    GraphiQL,
    {
      fetcher: shopFetcher({ endpoint: place.dataset.endpoint, kept }),
      storage,
      plugins: [GraphiQLPluginExplorer.explorerPlugin(), examplesPlugin(tabs)],
      defaultTabs: tabs.map(({ query, variables }) => ({ query, variables })),
      defaultEditorToolsVisibility: "variables",
      inputValueDeprecation: true,
    },
    // The page's bar already says where we are.
    createElement(GraphiQL.Logo, null, " "),
  );
}

/** What GraphiQL remembers. Of a first visit it keeps the first tab's query but not its variables, shows
 * none, and takes the pair for a tab of its own when the page is opened again: so they are put there. */
function storageFor(tabs) {
  const storage = GraphiQL.createLocalStorage({ namespace: "storeql" });
  if (storage.length === 0 && tabs.length > 0) storage.setItem("graphiql:variables", tabs[0].variables);
  return storage;
}

try {
  ReactDOM.createRoot(place).render(explorer(await loadTabs()));
} catch (problem) {
  place.firstElementChild.textContent = `GraphiQL could not start: ${problem.message}. Reload the page to try again.`;
}
