/** Sends operations to the shop: queries and mutations by POST, subscriptions by graphql-transport-ws. */

const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/** A GraphiQL fetcher that fills placeholders before it sends and keeps values from what comes back. */
export function shopFetcher({ endpoint, kept }) {
  const send = GraphiQL.createFetcher({
    url: endpoint,
    subscriptionUrl: socketUrl(endpoint),
    enableIncrementalDelivery: false,
    fetch: fetchJson,
  });
  return async (operation, options) => {
    const { variables, missing } = kept.fill(declaredVariables(operation, options?.documentAST));
    if (missing.length > 0) return { errors: missing.map(explainMissing) };
    const result = await send({ ...operation, variables }, options);
    kept.remember(result);
    return result;
  };
}

/** The variables that the chosen operation declares: a document may hold several with needs of their own. */
function declaredVariables({ operationName, variables = {} }, documentAST) {
  const chosen = documentAST?.definitions.find(({ name }) => name?.value === operationName);
  const names = chosen?.variableDefinitions?.map(({ variable }) => variable.name.value);
  if (!names) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
}

function socketUrl(endpoint) {
  const url = new URL(endpoint, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function fetchJson(url, init) {
  const response = await fetch(url, { ...init, headers: { ...init.headers, accept: ACCEPT } });
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) {
    throw new Error(`The server answered ${response.status} ${response.statusText} without JSON.`);
  }
  return response;
}

function explainMissing({ name, source }) {
  const first = source ? `Run the example “${source}” first: its answer fills {{${name}}}.` : "";
  return { message: `{{${name}}} has no value yet. ${first} Or write a value into the variables.` };
}
