// Several files in one page: the tree and the tabs open a file in the editor, without a new page. Tabs are kept for this
// window, so that they are there after a reload; the texts are on the server.

const nameOf = (path) => path.split("/").pop();

export function openFiles({ form, view, show, stateOf, current }) {
  const bar = document.querySelector("nav.tabs");
  const key = `tabs ${location.pathname}`;
  const held = new Map();
  let tabs = kept(key).filter((path) => linkTo(path));
  let opening = 0;

  const remember = () => {
    if (!tabs.includes(current().path)) tabs.push(current().path);
    sessionStorage.setItem(key, JSON.stringify(tabs));
    draw();
  };

  const draw = () => {
    bar.hidden = false;
    bar.firstElementChild.replaceChildren(...tabs.map(tab));
    for (const link of document.querySelectorAll(".files a[data-path]")) mark(link, link.dataset.path);
  };

  const tab = (path) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `?file=${encodeURIComponent(path)}`;
    link.dataset.path = path;
    link.title = path;
    link.textContent = nameOf(path);
    mark(link, path);
    item.append(link);
    if (tabs.length > 1) item.append(closing(path));
    return item;
  };

  const closing = (path) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "×";
    button.setAttribute("aria-label", `${bar.dataset.closes} ${path}`);
    button.addEventListener("click", () => close(path));
    return button;
  };

  const mark = (link, path) => {
    if (path === current().path) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  };

  const close = async (path) => {
    const place = tabs.indexOf(path);
    if (path === current().path && !(await open(tabs[place + 1] ?? tabs[place - 1]))) return;
    tabs = tabs.filter((each) => each !== path);
    remember();
    bar.querySelector("[aria-current]").focus();
  };

  // Whether the file is shown now. What was typed in the one before is saved first.
  const open = async (path, { byHistory = false } = {}) => {
    const mine = ++opening;
    if (path === current().path) return true;
    if (!(await form.workspace.save())) return false;
    const file = await fetched(path);
    if (!file || mine !== opening) return false;
    // Somebody changed files in another window: what is held here is old.
    if (String(file.version) !== String(form.workspace.version)) held.clear();
    held.set(current().path, view.state);
    const state = held.get(path);
    show(file, state?.doc.toString() === file.text ? state : stateOf(file));
    if (!byHistory) history.pushState(null, "", `?file=${encodeURIComponent(path)}`);
    remember();
    return true;
  };

  const fetched = async (path) => {
    const answer = await fetch(`?file=${encodeURIComponent(path)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-path]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await open(link.dataset.path)) view.focus();
  }, { capture: true });

  window.addEventListener("popstate", () => {
    const path = new URLSearchParams(location.search).get("file");
    if (path) open(path, { byHistory: true });
  });

  remember();
}

const linkTo = (path) => [...document.querySelectorAll(".files a[data-path]")].find((link) => link.dataset.path === path);

const kept = (key) => {
  try {
    const found = JSON.parse(sessionStorage.getItem(key));
    return Array.isArray(found) ? found.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
};
