// What an explorer needs of Jupyter is a model that remembers its traits and tells who listens: on a page without a
// kernel, that much.
const modelOf = (traits) => {
  const listeners = {};
  return {
    get: (name) => traits[name], save_changes() {},
    set(name, value) { traits[name] = value; for (const tell of listeners[`change:${name}`] ?? []) tell(); },
    on(event, tell) { (listeners[event] ??= new Set()).add(tell); }, off(event, tell) { listeners[event]?.delete(tell); },
  };
};
