/** A pane that lists the shop's examples and puts the chosen one into a tab. */

const { createElement, useRef, useEffect } = React;
const { useEditorContext } = GraphiQL.React;

export function examplesPlugin(tabs) {
  return {
    title: "Examples",
    icon: BasketIcon,
    content: () => createElement(ExampleList, { tabs }),
  };
}

function ExampleList({ tabs }) {
  const open = useOpenExample();
  return createElement(
    "section",
    { "aria-label": "Examples" },
    createElement("div", { className: "graphiql-doc-explorer-title" }, "Examples"),
    createElement(
      "ol",
      { className: "examples" },
      tabs.map((tab) => createElement("li", { key: tab.title }, exampleButton(tab, open))),
    ),
  );
}

function exampleButton(tab, open) {
  return createElement(
    "button",
    { type: "button", onClick: () => open(tab) },
    createElement("b", null, tab.title),
    createElement("span", null, tab.about),
  );
}

/** Opens an example in the tab that has its operation, or else in a new one. */
function useOpenExample() {
  const editor = useEditorContext({ nonNull: true });
  const wanted = useRef(null);
  const { activeTabIndex, queryEditor, variableEditor } = editor;
  const show = ({ query, variables }) => {
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
  };
  // The editors take the text of the new tab first; the example follows.
  useEffect(() => {
    if (wanted.current) show(wanted.current);
    wanted.current = null;
  }, [activeTabIndex]);
  return (example) => {
    const index = editor.tabs.findIndex(({ title }) => operationNames(example).includes(title));
    if (index === activeTabIndex) return show(example);
    wanted.current = example;
    return index < 0 ? editor.addTab() : editor.changeTab(index);
  };
}

/** GraphiQL names a tab after the operation that was run last. */
function operationNames({ query }) {
  return [...query.matchAll(/^(?:query|mutation|subscription)\s+(\w+)/gm)].map(([, name]) => name);
}

function BasketIcon() {
  return createElement(
    "svg",
    { viewBox: "3.5 4 17 17", fill: "none", stroke: "currentColor", strokeWidth: 1.5 },
    createElement("path", { d: "M5 9h14l-1.2 11H6.2zM8.5 9a3.5 3.5 0 0 1 7 0", strokeLinejoin: "round" }),
  );
}
